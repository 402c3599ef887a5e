"""Wheels read for the shared libraries that their compiled modules load (ELF ``NEEDED``), whole or by ranges.

What reads is imported when it is used: remembered answers do without it.
"""

from fromlint.system.shared.conclusions import absent, libraries_from
from fromlint.system.shared.libraries import (
    EDITION,
    LIMIT,
    TAIL,
    Load,
    ReadMany,
    Refused,
    WheelLibraries,
    from_json,
    to_json,
)

__all__ = [
    "EDITION",
    "LIMIT",
    "TAIL",
    "Load",
    "ReadMany",
    "Refused",
    "WheelLibraries",
    "absent",
    "from_bytes",
    "from_json",
    "from_ranges",
    "libraries_from",
    "to_json",
]


def from_bytes(data: bytes, *, limit: int = LIMIT) -> WheelLibraries | Refused:
    """What a wheel that is at hand as a whole loads. Never raises for any bytes."""
    return from_ranges(lambda parts: [data[start:end] for start, end in parts], data, len(data), limit=limit)


def from_ranges(read: ReadMany, tail: bytes, total: int, *, limit: int = LIMIT) -> WheelLibraries | Refused:
    """The same of a wheel of ``total`` bytes of which ``tail`` is the end (`TAIL` bytes of it, as a rule).

    ``read`` is called a few times, each time with all that is wanted by then, of at most ``limit`` bytes for compiled
    members. With a limit of 0 only the names of what is inside are learned, from the directory.
    """
    from fromlint.system.shared.wheels import libraries

    return libraries(read, tail, total, limit)
