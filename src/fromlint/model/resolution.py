"""What an install brings, as far as it is known."""

from __future__ import annotations

from fromlint.model.index import File
from fromlint.model.place import Unknown
from fromlint.model.verdict import Package
from fromlint.named_tuple import NamedTuple


class Conflict(NamedTuple):
    """A package that is asked for in ways that no release can serve together.

    ``asked``: who asks ("" for the project itself) and with which specifier.
    """

    name: str
    asked: tuple[tuple[str, str], ...]


class Resolution(NamedTuple):
    """A closure as far as it is known. Complete once nothing is wanted."""

    packages: tuple[Package, ...]
    wanted_pages: tuple[tuple[str, str], ...] = ()
    wanted_metadata: tuple[File, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    unknown: tuple[Unknown, ...] = ()
