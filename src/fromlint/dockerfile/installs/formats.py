"""Which packages may come as wheels and which as sdists, from options given in an order."""

from __future__ import annotations

import re
from collections.abc import Iterable

from fromlint.named_tuple import NamedTuple

ALL, NONE = ":all:", ":none:"


class Formats(NamedTuple):
    """What is left of two options that exclude each other: normalised names and ``:all:``, in the order given."""

    first: tuple[str, ...]
    second: tuple[str, ...]


def normalised(name: str) -> str:
    """A project's name as PEP 503 compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def mutually_exclusive(given: Iterable[tuple[bool, str]]) -> Formats:
    """pip's rule (FormatControl and ReleaseControl, ``handle_mutual_excludes``) for values in the order given.

    ``True`` goes with the first of the two options. A name given to one is taken from the other; ``:all:`` clears both
    and stands alone, ``:none:`` clears its own.
    """
    sets: tuple[dict[str, None], dict[str, None]] = ({}, {})
    for first, value in given:
        target, other = sets if first else sets[::-1]
        names = value.split(",")
        if ALL in names:
            other.clear()
            target.clear()
            target[ALL] = None
            names = names[len(names) - names[::-1].index(ALL) :]
            if NONE not in names:
                continue
        for name in names:
            if name == NONE:
                target.clear()
            elif name:
                other.pop(normalised(name), None)
                target[normalised(name)] = None
    return Formats(tuple(sets[0]), tuple(sets[1]))


def listed(names: Iterable[str]) -> tuple[str, ...]:
    """uv's and poetry's rule for one option (uv's PackageNameSpecifiers): ``:all:``, ``:none:`` undo what was said."""
    kept: dict[str, None] = {}
    for name in names:
        if name == NONE:
            kept.clear()
        elif name == ALL:
            kept = {ALL: None}
        elif name and ALL not in kept:
            kept[normalised(name)] = None
    return tuple(kept)
