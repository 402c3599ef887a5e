"""Reads the sdists that would be compiled of packages that no data describes for certain: what their builds take."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fromlint.model.index import File
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome
from fromlint.project.reading.contents import Archives
from fromlint.system.needs import build_described
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.system.sources import SdistFacts

_KIND = "sdist"
# Larger ones are heavy packages, which the data describes; reading them would use up the run's time.
_LARGEST = 16_000_000
# … and of all sdists of a run.
_MOST_OF_ALL = 48_000_000
_MOST = 40


def read(resolutions: Iterable[Sequence[Resolution]], index: Archives) -> dict[str, SdistFacts]:
    """What the sdists that would be built say, by file name, as far as they can be had within the run's time.

    They are remembered for ever by their hash: the contents of a release's file do not change.
    """
    wanted = {file.filename: file for file in _undescribed(resolutions)}
    if not wanted:
        return {}
    from fromlint.system.sources import EDITION, Refused, from_bytes, read_sdist, to_bytes

    keys = {name: f"{EDITION}:{file.hashes[0] if file.hashes else file.url}" for name, file in wanted.items()}
    known = index.recall_all(_KIND, keys.values())
    found: dict[str, SdistFacts] = {}
    for name, key in keys.items():
        facts = from_bytes(known[key]) if key in known else None
        if facts is not None and not isinstance(facts, Refused):
            found[name] = facts
    unread = [file for name, file in wanted.items() if name not in found]
    missing = [] if index.offline else list(_affordable(unread))
    pieces = index.read_ranges([(file.url or "", 0, _LARGEST) for file in missing]) if missing else []
    fresh = {}
    for file, piece in zip(missing, pieces, strict=True):
        if piece.failure is not None or len(piece.data) < piece.total:
            continue
        sha256 = next((text[7:] for text in file.hashes if text.startswith("sha256:")), None)
        read_now = read_sdist(piece.data, file.filename, sha256=sha256, seconds=3.0)
        if not isinstance(read_now, Refused):
            found[file.filename] = read_now
            fresh[keys[file.filename]] = to_bytes(read_now)
    if fresh:
        index.remember_all(_KIND, fresh)
    return found


def _affordable(files: Iterable[File]) -> Iterable[File]:
    """The smallest of the sdists, as many as a run reads."""
    left = _MOST_OF_ALL
    for file in sorted(files, key=lambda file: file.size or 0)[:_MOST]:
        left -= file.size or 0
        if left < 0 or (file.size or 0) > _LARGEST:
            return
        yield file


def _undescribed(resolutions: Iterable[Sequence[Resolution]]) -> Iterable[File]:
    for installs in resolutions:
        for resolution in installs:
            for package in resolution.packages:
                for verdict in package.verdicts.values():
                    if verdict.outcome is not Outcome.SOURCE or verdict.file is None or package.kept:
                        continue
                    url = verdict.file.url or ""
                    if url.startswith(("http://", "https://")) and not build_described(package.name):
                        yield verdict.file
