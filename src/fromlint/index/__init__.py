"""The package index: asked over HTTP, remembered in a cache, and for a few projects known from a bundled snapshot.

``Index`` is the way in. Importing this costs next to nothing; http, TLS and sqlite are imported when they are used.
"""

from fromlint.index.asking import (
    DEFAULT_INDEX_URL,
    SMALL,
    Index,
    Piece,
    Statistics,
    WouldAsk,
    describing,
    key,
    lasting_key,
)
from fromlint.index.budget import Times

__all__ = [
    "DEFAULT_INDEX_URL",
    "SMALL",
    "Index",
    "Piece",
    "Statistics",
    "Times",
    "WouldAsk",
    "describing",
    "key",
    "lasting_key",
]
