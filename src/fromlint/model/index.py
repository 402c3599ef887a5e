"""What a package index offers."""

from typing import NamedTuple


class File(NamedTuple):
    """A file of a release, as an index page (PEP 691) or a lock lists it.

    ``size`` in bytes, None where not said. ``yanked`` is None, or the reason ("" where none is given).
    ``hashes`` are ``sha256:…``. ``metadata``: a ``.metadata`` file exists beside it (PEP 658).
    """

    filename: str
    url: str | None = None
    requires_python: str | None = None
    yanked: str | None = None
    hashes: tuple[str, ...] = ()
    size: int | None = None
    metadata: bool = False
    uploaded: str | None = None


class Page(NamedTuple):
    """All files of one project on one index.

    ``origin``: index (asked in this run), cache, snapshot, lock. ``date`` is when it was true (ISO day).
    ``complete`` is false where only some releases are known (a snapshot). ``exists`` false: the index
    has no such project. ``failure`` says why nothing is known, and then ``files`` is empty.
    """

    name: str
    index_url: str
    files: tuple[File, ...]
    origin: str
    date: str
    complete: bool = True
    exists: bool = True
    failure: str | None = None


class Metadata(NamedTuple):
    """What a release depends on: ``requires_dist`` (PEP 508 text), ``provides_extra``, ``requires_python``.

    ``known`` is false where it could not be had without running a build backend (``failure`` says why).
    """

    requires_dist: tuple[str, ...]
    provides_extra: tuple[str, ...]
    requires_python: str | None
    known: bool = True
    failure: str | None = None
