"""What a wheel's compiled modules load: the nouns, and their form in the cache."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from fromlint.named_tuple import NamedTuple

EDITION = 3
"""Counts up when reading gets better: what an earlier one left in a cache is then read again."""

LIMIT = 36_000_000
"""Bytes of a wheel that are read at most, as they lie in the archive."""

TAIL = 65_536
"""Bytes at the end of a wheel that are read first: they hold most directories."""

ReadMany = Callable[[Sequence[tuple[int, int]]], Sequence[bytes | None]]
"""Gives the bytes of a wheel for each pair of start and end; None for what could not be had."""


class Load(NamedTuple):
    """A library that is loaded: ``member`` is the file of the wheel that asks for it.

    ``at_import``: importing the wheel's modules loads it (true), does not (false), or that is not known (None).
    """

    soname: str
    member: str
    at_import: bool | None


class WheelLibraries(NamedTuple):
    """``needed`` are the libraries that must come from elsewhere, ``provided`` the names of those inside.

    ``complete`` is false where not every compiled member could be read: then more may be needed.
    """

    needed: tuple[Load, ...]
    provided: tuple[str, ...]
    complete: bool


class Refused(NamedTuple):
    """A wheel that could not be read, and why."""

    reason: str


def to_json(libraries: WheelLibraries | Refused) -> bytes:
    """The form in which an answer is remembered by the hash of the wheel."""
    if isinstance(libraries, Refused):
        return json.dumps({"edition": EDITION, "refused": libraries.reason}).encode()
    return json.dumps({"edition": EDITION, **libraries._asdict()}, separators=(",", ":")).encode()


def from_json(data: bytes) -> WheelLibraries | Refused | None:
    """The answer again; None where the bytes are not of this edition, or nothing that `to_json` gives."""
    try:
        value = json.loads(data)
        if value["edition"] != EDITION:
            return None
        if "refused" in value:
            return Refused(str(value["refused"]))
        needed = tuple(
            Load(str(soname), str(member), None if at_import is None else bool(at_import))
            for soname, member, at_import in value["needed"]
        )
        return WheelLibraries(needed, tuple(map(str, value["provided"])), bool(value["complete"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
