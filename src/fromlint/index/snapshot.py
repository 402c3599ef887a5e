"""The index as it was on the day this release was made, for some projects: file names, without addresses and hashes.

One file: a line that says what it is, the length of the contents in four bytes, the contents (compressed text: a
line a project with its name, where its entry starts and how long it is), then the entries. An entry is read
only when its project is asked for, so that loading one takes a fraction of a millisecond.

An entry is compressed too: the day on which it was true, whether all releases are in it, versions of which not
all files are known; then the page as ``packed`` makes it, and the metadata of some versions.

``scripts/refresh_snapshot.py`` writes it.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from struct import Struct, error

from fromlint.index import core_metadata
from fromlint.index.names import normalise, split
from fromlint.index.packed import Damaged, Packed, Releases
from fromlint.model.index import Metadata
from fromlint.named_tuple import NamedTuple
from fromlint.witness import looked_at

PATH = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data", "snapshot.bin")

_MAGIC = b"fromlint snapshot 1\n"
_LENGTH = Struct("<I")
_BETWEEN = "\x1e"
_LARGEST_CONTENTS = 4_000_000
_LARGEST_METADATA = 8_000_000


class Entry(NamedTuple):
    """A project in the snapshot. ``date`` is an ISO day; ``complete``: all its releases are here; ``partial``: versions
    of which not all files are known; ``metadata`` by version, as their file names spell it."""

    date: str
    complete: bool
    partial: frozenset[str]
    files: Packed
    metadata: Mapping[str, Metadata]


class Snapshot:
    """The snapshot in a file. Whatever is wrong with it, it just has nothing; ``note`` then says so."""

    def __init__(self, path: str = PATH) -> None:
        self.note: str | None = None
        self._path = path
        self._places: dict[str, tuple[int, int]] | None = None
        self._entries: dict[str, Entry | None] = {}

    def names(self) -> tuple[str, ...]:
        """The projects that it holds, sorted."""
        return tuple(sorted(self._contents()))

    def get(self, name: str) -> Entry | None:
        """What it holds of a project, by normalised name."""
        if name not in self._entries:
            self._entries[name] = self._read(name)
        return self._entries[name]

    def metadata(self, filename: str) -> Metadata | None:
        """What the release that a wheel or sdist belongs to depends on, as far as the snapshot knows it."""
        parts = filename.split("-")
        # a wheel's name has no "-"; that of an old sdist may have several
        for count in (1,) if filename.endswith(".whl") else range(len(parts) - 1, 0, -1):
            project = normalise("-".join(parts[:count]))
            entry = self.get(project)
            if entry is not None:
                return entry.metadata.get(split(filename, project)[1])
        return None

    def _contents(self) -> dict[str, tuple[int, int]]:
        if self._places is None:
            try:
                with open(looked_at(self._path), "rb") as file:
                    self._places = _contents(file.read(len(_MAGIC) + _LENGTH.size + _LARGEST_CONTENTS))
            except (OSError, ValueError, error):
                self._places = {}
                self.note = "the bundled snapshot of the index cannot be read"
        return self._places

    def _read(self, name: str) -> Entry | None:
        place = self._contents().get(name)
        if place is None:
            return None
        try:
            with open(looked_at(self._path), "rb") as file:
                file.seek(place[0])
                return _entry(file.read(min(place[1], _LARGEST_METADATA)))
        except (OSError, ValueError, OverflowError, error, Damaged):
            self.note = "the bundled snapshot of the index cannot be read"
            return None


def write(path: str, entries: Mapping[str, Entry]) -> None:
    """Make the file that holds ``entries``, by normalised name. Raises OSError."""
    from zlib import compress

    packed = [(name, _packed(entry)) for name, entry in sorted(entries.items())]
    lines, at = [], 0
    for name, piece in packed:
        lines.append(f"{name}\t{at}\t{len(piece)}")
        at += len(piece)
    contents = compress("\n".join(lines).encode("utf-8"), 9)
    with open(path, "wb") as file:
        file.write(_MAGIC + _LENGTH.pack(len(contents)) + contents)
        for _, piece in packed:
            file.write(piece)


def _contents(start: bytes) -> dict[str, tuple[int, int]]:
    """Where each entry is, from the start of the file. Raises ValueError, struct.error."""
    from zlib import decompressobj
    from zlib import error as damaged

    if not start.startswith(_MAGIC):
        raise ValueError("not a snapshot")
    (length,) = _LENGTH.unpack_from(start, len(_MAGIC))
    first = len(_MAGIC) + _LENGTH.size
    try:
        text = decompressobj().decompress(start[first : first + length], _LARGEST_CONTENTS).decode("utf-8")
    except damaged as problem:
        raise ValueError(str(problem)) from None
    places = {}
    for line in text.split("\n") if text else ():
        name, at, size = line.split("\t")
        places[name] = (first + length + int(at), int(size))
    return places


def _packed(entry: Entry) -> bytes:
    from zlib import compress

    head = f"{entry.date}\n{int(entry.complete)}\n" + "\t".join(sorted(entry.partial))
    # releases in a row mostly depend on the same: one text, and the versions that it holds for
    same: dict[bytes, list[str]] = {}
    for version, metadata in entry.metadata.items():
        same.setdefault(core_metadata.to_bytes(metadata), []).append(version)
    known = _BETWEEN.join("\t".join(versions) + "\n" + text.decode("utf-8") for text, versions in same.items())
    described = compress(known.encode("utf-8"), 9)
    return b"".join(
        (
            _LENGTH.pack(len(head.encode())) + head.encode(),
            _LENGTH.pack(len(described)) + described,
            entry.files.table,
        )
    )


def _entry(piece: bytes) -> Entry:
    """Raises ValueError, struct.error, Damaged."""
    from zlib import decompressobj
    from zlib import error as damaged

    (length,) = _LENGTH.unpack_from(piece, 0)
    at = _LENGTH.size
    date, complete, partial = piece[at : at + length].decode("utf-8").split("\n")
    at += length
    (length,) = _LENGTH.unpack_from(piece, at)
    at += _LENGTH.size
    try:
        known = decompressobj().decompress(piece[at : at + length], _LARGEST_METADATA).decode("utf-8")
    except damaged as problem:
        raise ValueError(str(problem)) from None
    metadata: dict[str, Metadata] = {}
    for block in known.split(_BETWEEN) if known else ():
        versions, _, text = block.partition("\n")
        found = core_metadata.from_bytes(text.encode("utf-8"))
        if found is not None:
            metadata.update(dict.fromkeys(versions.split("\t"), found))
    files = Packed(piece[at + length :], b"")
    Releases(files)
    return Entry(date, complete == "1", frozenset(partial.split("\t")) if partial else frozenset(), files, metadata)
