"""Wheels read for the shared libraries that their compiled modules load (ELF ``NEEDED``), whole or by ranges."""

from fromlint.system.shared.conclusions import absent, libraries_from
from fromlint.system.shared.wheels import (
    EDITION,
    LIMIT,
    TAIL,
    Load,
    Refused,
    WheelLibraries,
    from_bytes,
    from_json,
    from_ranges,
    to_json,
)

__all__ = [
    "EDITION",
    "LIMIT",
    "TAIL",
    "Load",
    "Refused",
    "WheelLibraries",
    "absent",
    "from_bytes",
    "from_json",
    "from_ranges",
    "libraries_from",
    "to_json",
]
