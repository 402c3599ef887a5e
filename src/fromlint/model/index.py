"""What a package index offers."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.named_tuple import NamedTuple


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
    ``releases`` are the same files by version, as their names spell it (``1.0`` and ``1.0.0`` are two keys, "" holds
    what has none), each decoded only when it is asked for: ask it rather than ``files`` where few versions matter.
    It is filled for every page that came from an index, the cache or the snapshot. ``regular``: every file there is
    the project's own and of the version that it stands under, so that whoever wants one release need see no other.
    ``partial`` are versions (so spelt) of which not all files are known. ``unreachable`` says why the index could not
    be asked although this answer is old: the answer stands in for its own.
    """

    name: str
    index_url: str
    files: tuple[File, ...]
    origin: str
    date: str
    complete: bool = True
    exists: bool = True
    failure: str | None = None
    releases: Mapping[str, tuple[File, ...]] = {}
    partial: frozenset[str] = frozenset()
    unreachable: str | None = None
    regular: bool = False


class Metadata(NamedTuple):
    """What a release depends on: ``requires_dist`` (PEP 508 text), ``provides_extra``, ``requires_python``.

    ``known`` is false where it could not be had without running a build backend (``failure`` says why).
    """

    requires_dist: tuple[str, ...]
    provides_extra: tuple[str, ...]
    requires_python: str | None
    known: bool = True
    failure: str | None = None
