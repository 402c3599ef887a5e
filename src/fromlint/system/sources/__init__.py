"""Sdists read as archives: what the build of a package that nobody described needs. Nothing of them is executed.

``read_sdist`` gives `SdistFacts` (to be remembered for ever by the sdist's hash, see ``to_bytes``), ``needs_from`` what
they mean in an environment.
"""

from fromlint.system.sources.conclusions import compilers, needs_from
from fromlint.system.sources.facts import EDITION, Refused, Rust, SdistFacts, Use, from_bytes, to_bytes
from fromlint.system.sources.reading import read_sdist
from fromlint.system.sources.unpack import LARGEST

__all__ = [
    "EDITION",
    "LARGEST",
    "Refused",
    "Rust",
    "SdistFacts",
    "Use",
    "compilers",
    "from_bytes",
    "needs_from",
    "read_sdist",
    "to_bytes",
]
