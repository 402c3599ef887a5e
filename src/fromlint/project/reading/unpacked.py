"""How large wheels are once they are installed: read in their directories, a few kilobytes of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fromlint.index import Piece
from fromlint.index.archives import Unreadable, members
from fromlint.model.index import File
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome
from fromlint.project.reading.contents import Archives

_KIND = "unpacked"
# Most directories are shorter; of a longer one the rest is asked for.
_TAIL = 64_000
_MOST = 500

Sizes = Mapping[str, tuple[int, int]]
"""By file name: the bytes of all files of a wheel, and those of its Python modules, of which pip makes bytecode."""


def read(resolutions: Iterable[Sequence[Resolution]], index: Archives) -> Sizes:
    """The sizes of the wheels that would be installed, as far as they can be had within the run's time.

    They are remembered for ever by the wheel's hash: its contents do not change.
    """
    wanted = {file.filename: file for file in _wheels(resolutions)}
    keys = {name: _key(file) for name, file in wanted.items()}
    known = index.recall_all(_KIND, keys.values()) if wanted else {}
    found = {name: sizes for name, key in keys.items() if (sizes := _from_bytes(known.get(key))) is not None}
    missing = [] if index.offline else [file for name, file in wanted.items() if name not in found][:_MOST]
    tails = index.read_ranges([(file.url or "", -_TAIL, 0) for file in missing]) if missing else []
    fresh: dict[str, bytes] = {}
    for file, tail in zip(missing, tails, strict=True):
        sizes = _read(file, tail, index)
        if sizes is not None:
            found[file.filename] = sizes
            fresh[keys[file.filename]] = b"%d %d" % sizes
    if fresh:
        index.remember_all(_KIND, fresh)
    return found


def _wheels(resolutions: Iterable[Sequence[Resolution]]) -> Iterator[File]:
    for installs in resolutions:
        for resolution in installs:
            for package in resolution.packages:
                for verdict in package.verdicts.values():
                    file = verdict.file
                    if verdict.outcome is not Outcome.WHEEL or file is None or package.kept:
                        continue
                    if (file.url or "").startswith(("http://", "https://")):
                        yield file


def _key(file: File) -> str:
    return file.hashes[0] if file.hashes else file.url or file.filename


def _from_bytes(data: bytes | None) -> tuple[int, int] | None:
    words = (data or b"").split()
    if len(words) != 2 or not all(word.isdigit() and len(word) < 15 for word in words):
        return None
    return int(words[0]), int(words[1])


def _read(file: File, tail: Piece, index: Archives) -> tuple[int, int] | None:
    """The sizes of a wheel, of which ``tail`` is the end; None where its directory cannot be had."""

    def part(start: int, end: int) -> bytes:
        piece = index.read_ranges([(file.url or "", start, end)])[0]
        if piece.failure is not None or len(piece.data) != end - start:
            raise Unreadable("a part of the wheel could not be had")
        return piece.data

    if tail.failure is not None:
        return None
    try:
        held = members(tail.data, tail.total, part)
    except Unreadable:
        return None
    return sum(member.size for member in held), sum(member.size for member in held if member.name.endswith(".py"))
