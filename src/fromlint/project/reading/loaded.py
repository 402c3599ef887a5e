"""Reads the wheels of packages that no data describes: which shared libraries they load and bring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from fromlint.index import SMALL, lasting_key
from fromlint.model.index import File
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome
from fromlint.named_tuple import NamedTuple
from fromlint.project.build import Draft
from fromlint.project.reading.contents import Archives
from fromlint.project.walking.shipping import running_stage
from fromlint.project.walking.walked import StageWalk
from fromlint.system.needs import described
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.system.shared import Refused, WheelLibraries

_KIND = "wheel"
# What a wheel brings is kept apart where nothing else of it was read.
_BRINGS = "wheel-brings"
# Of one wheel that is too large to be taken as a whole at most so much of its compiled modules, as they lie there.
_MOST_OF_ONE = 36_000_000
# … and of all wheels of a run.
_MOST_OF_ALL = 60_000_000
_MOST = 60


class _Native(NamedTuple):
    """A wheel with compiled modules that is installed for the stage in which it runs."""

    name: str
    file: File
    running: StageWalk


def read(
    drafts: Sequence[Draft], resolutions: Mapping[tuple[object, ...], Sequence[Resolution]], index: Archives
) -> dict[str, WheelLibraries]:
    """What the wheels load that nobody described, by file name, as far as they can be had within the run's time.

    Wheels that are installed beside one that lacks a library are looked at for what they bring. All are remembered for
    ever: the contents of a release's file do not change.
    """
    together = [group for group in _environments(drafts, resolutions) if group]
    wanted = [native for group in together for native in group if not described(native.name)]
    if not wanted:
        return {}
    from fromlint.system.shared import absent, libraries_from

    found = _read([native.file for native in wanted], index, _KIND, _MOST_OF_ONE)
    beside: list[File] = []
    for group in together:
        brought = frozenset(name for native in group for name in _provided(native, found))
        lacking = (
            native.file.filename in found
            and absent(
                libraries_from(found[native.file.filename], native.name, native.running.environment, brought),
                native.running.state,
            )
            for native in group
            if not described(native.name)
        )
        if any(lacking):
            beside += [native.file for native in group if native.file.filename not in found]
    return {**_read(beside, index, _BRINGS, 0), **found} if beside else found


def _provided(native: _Native, found: Mapping[str, WheelLibraries]) -> tuple[str, ...]:
    libraries = found.get(native.file.filename)
    return libraries.provided if libraries is not None else ()


def _environments(
    drafts: Sequence[Draft], resolutions: Mapping[tuple[object, ...], Sequence[Resolution]]
) -> Iterator[list[_Native]]:
    """For each environment on each platform that was asked for the native wheels of which a library may be lacking."""
    for key, found in resolutions.items():
        number, stage, _, platform, steps = key
        assert isinstance(number, int)
        assert isinstance(stage, int)
        assert isinstance(steps, tuple)
        made = drafts[number]
        if platform not in made.asked:
            continue
        natives = []
        for (owner, step), resolution in zip(steps, found, strict=True):
            walked = made.walks[owner]
            point = next(point for point in walked.points if point.step == step)
            running = running_stage(point, walked, made.walks)
            if running is not None and _may_lack(running):
                natives += [_Native(name, file, running) for name, file in _native(resolution, str(platform))]
        yield natives


def _may_lack(running: StageWalk) -> bool:
    """Whether anything can surely be said to be missing: published musllinux wheels bring what they load."""
    where = running.state.distribution
    return running.environment.libc == "glibc" and running.state.run_known and where is not None and where.indexed


def _native(resolution: Resolution, platform: str) -> Iterator[tuple[str, File]]:
    for package in resolution.packages:
        verdict = package.verdicts.get(platform)
        if verdict is None or verdict.outcome is not Outcome.WHEEL or verdict.file is None or package.kept:
            continue
        url = verdict.file.url or ""
        if url.startswith(("http://", "https://")) and not verdict.file.filename.endswith("-any.whl"):
            yield package.name, verdict.file


# --- reading ----------------------------------------------------------------------------------------------------


def _read(files: Iterable[File], index: Archives, kind: str, limit: int) -> dict[str, WheelLibraries]:
    """What is remembered of the wheels, and of the others what reading them gives; the small ones first."""
    from fromlint.system.shared import EDITION, Refused, from_json, to_json

    wanted = {file.filename: file for file in files}
    keys = {name: f"{EDITION}:{lasting_key(file)}" for name, file in wanted.items()}
    known = index.recall_all(kind, keys.values())
    answers = {name: from_json(known[key]) for name, key in keys.items() if key in known}
    if not index.offline:
        fresh = _fetched([file for name, file in wanted.items() if answers.get(name) is None], index, limit)
        index.remember_all(kind, {keys[name]: to_json(libraries) for name, libraries in fresh.items()})
        answers.update(fresh)
    return {name: answer for name, answer in answers.items() if answer is not None and not isinstance(answer, Refused)}


def _fetched(files: Iterable[File], index: Archives, limit: int) -> dict[str, WheelLibraries | Refused]:
    """What reading the wheels gives, but for those of which a part could not be had: that may be otherwise next time.

    What a server without ranges sends at all is taken as a whole: it would send the whole for every part.
    """
    from fromlint.system.shared import TAIL, from_bytes, from_ranges

    found: dict[str, WheelLibraries | Refused] = {}
    affordable = list(_affordable(files, limit))
    whole = {file.filename: file for file in affordable if limit and file.size is not None and file.size <= SMALL}
    ends = [file for file in affordable if file.filename not in whole]
    tails = index.read_ranges([(file.url or "", -TAIL, 0) for file in ends]) if ends else []
    large = []
    for file, piece in zip(ends, tails, strict=True):
        if piece.failure is None and limit and piece.total <= SMALL:
            whole[file.filename] = file._replace(size=piece.total)
        elif piece.failure is None:
            large.append((file, piece))
    asked = [(file.url or "", 0, file.size or 0) for file in whole.values()]
    for file, piece in zip(whole.values(), index.read_ranges(asked) if asked else (), strict=True):
        if piece.failure is None and len(piece.data) == piece.total and _as_listed(file, piece.data):
            found[file.filename] = from_bytes(piece.data, limit=limit)
    for file, piece in large:
        reader = _Reader(file.url or "", index)
        libraries = from_ranges(reader.read, piece.data, piece.total, limit=limit)
        if not reader.failed:
            found[file.filename] = libraries
    return found


def _affordable(files: Iterable[File], limit: int) -> Iterator[File]:
    """The smallest of the wheels, as many as a run reads."""
    left = _MOST_OF_ALL
    for file in sorted(files, key=lambda file: file.size or SMALL)[:_MOST]:
        left -= min(file.size or SMALL, limit)
        if left < 0:
            return
        yield file


def _as_listed(file: File, data: bytes) -> bool:
    """Whether a whole wheel has the hash that the index lists."""
    from hashlib import sha256

    listed = [text for text in file.hashes if text.startswith("sha256:")]
    return not listed or f"sha256:{sha256(data).hexdigest()}" in listed


class _Reader:
    """Reads parts of one wheel, and notes where one could not be had."""

    def __init__(self, url: str, index: Archives) -> None:
        self.failed = False
        self._url = url
        self._index = index

    def read(self, parts: Sequence[tuple[int, int]]) -> list[bytes | None]:
        """The bytes of each part, None for what could not be had."""
        pieces = self._index.read_ranges([(self._url, start, end) for start, end in parts])
        self.failed = self.failed or any(piece.failure is not None for piece in pieces)
        return [piece.data if piece.failure is None else None for piece in pieces]
