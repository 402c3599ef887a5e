"""Sdists read as archives: what the build of a package that nobody described needs. Nothing of them is executed.

``read_sdist`` gives `SdistFacts` (to be remembered for ever by the sdist's hash, see ``to_bytes``), ``needs_from`` what
they mean in an environment. What reads is imported when it is used: remembered facts do without it.
"""

from fromlint.system.sources.conclusions import compilers, confirmed, needs_from
from fromlint.system.sources.facts import EDITION, LARGEST, Refused, Rust, SdistFacts, Use, from_bytes, to_bytes

__all__ = [
    "EDITION",
    "LARGEST",
    "Refused",
    "Rust",
    "SdistFacts",
    "Use",
    "compilers",
    "confirmed",
    "from_bytes",
    "needs_from",
    "read_sdist",
    "to_bytes",
]


def read_sdist(data: bytes, filename: str, *, sha256: str | None = None, seconds: float = 10.0) -> SdistFacts | Refused:
    """What an sdist says about its build, or why it was not taken in. Never raises for any bytes.

    ``sha256`` (hex) is compared before anything is read. ``seconds`` bounds the unpacking; reading is bounded in steps.
    Nothing is written to disk, and nothing of it is executed.
    """
    from fromlint.system.sources.reading import read_tree
    from fromlint.system.sources.unpack import unpack

    tree = unpack(data, filename, sha256=sha256, seconds=seconds)
    return tree if isinstance(tree, Refused) else read_tree(tree)
