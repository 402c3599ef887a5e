"""From Dockerfiles to what is known and said of each: read and walked, one network phase in rounds, facts, rules."""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from errno import ELOOP

from fromlint import rules
from fromlint.discovery import repository
from fromlint.model.finding import Finding, Severity, Skipped
from fromlint.model.place import Span
from fromlint.model.project import Project
from fromlint.model.settings import Settings
from fromlint.named_tuple import NamedTuple
from fromlint.project.build import Draft
from fromlint.project.place import Place, Places
from fromlint.typed import TYPE_CHECKING
from fromlint.witness import looked_at

if TYPE_CHECKING:
    from fromlint.index import Index
    from fromlint.project.build import Gather, Look
    from fromlint.project.reading.local_files import Folder
    from fromlint.project.resolving.jobs import Job
    from fromlint.project.resolving.remembered import Resolved
    from fromlint.wheels.knowledge import Known

LARGEST_DOCKERFILE = 16_000_000
_STRICT = frozenset({"FL906", "FL907", "FL908"})


class Target(NamedTuple):
    """A Dockerfile to check: where it is, how its path is shown, and its bytes where they came from stdin."""

    path: str
    shown: str
    data: bytes | None = None


class Said(NamedTuple):
    """What is known and said of one Dockerfile; there is no project of one that cannot be read."""

    project: Project | None
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...] = ()


class Judged(NamedTuple):
    """What came of Dockerfiles, in their order. The rest is as in ``Report``."""

    said: tuple[Said, ...]
    notes: tuple[str, ...]
    good_until: float
    unasked: frozenset[str]


class Judge:
    """Judges Dockerfiles by the same settings. What declares builds is read once for all of them."""

    def __init__(
        self, settings: Settings, selected: frozenset[str], lines: Lines, buffers: Mapping[str, bytes] = {}
    ) -> None:
        """``selected`` are the codes of the rules that speak."""
        self._settings = settings
        self._selected = selected
        self._lines = lines
        self._buffers = buffers
        self._places = Places(settings, buffers)

    def judged(self, targets: Sequence[Target], index: Index) -> Judged:
        """What is known and said of Dockerfiles, all of which are in memory meanwhile: the index is asked once."""
        from fromlint.project import build
        from fromlint.project.doubts import worthwhile
        from fromlint.project.reading import archives, loaded
        from fromlint.project.reading.contents import Contents
        from fromlint.project.resolving.kept_needs import KeptNeeds
        from fromlint.project.walking.variants import joined

        settings = self._settings
        kept = KeptNeeds(index)
        with looking(settings, index) as look:
            read = drafts_of(targets, settings, self._places, kept.gather, look, self._buffers)
        kept.keep()
        drafts = [each for each in read if isinstance(each, Draft)]
        # A draft's number is its place here: first the Dockerfiles, then what they are on other platforms.
        every = [*drafts, *(variant for draft in drafts for variant in draft.variants)]
        settle = settling(index, [folder for draft in every for folder in draft.folders.values()])
        wanted = [job for number, draft in enumerate(every) for job in build.jobs(number, draft)]
        resolutions = settle(wanted)
        contents = Contents(archives.read(resolutions.values(), index), loaded.read(every, resolutions, index))
        own = build.by_draft(resolutions)
        finished = [build.finished(draft, own.get(number, {}), contents) for number, draft in enumerate(every)]
        skipped = [build.skipped(draft, own.get(number, {})) for number, draft in enumerate(every)]
        variants = iter(zip(finished[len(drafts) :], skipped[len(drafts) :], strict=True))
        projects = []
        for number, draft in enumerate(drafts):
            others = [next(variants) for _ in draft.variants]
            projects.append(joined(finished[number], [project for project, _ in others]))
            skipped[number] += tuple(entry for _, entries in others for entry in entries)
        # Other bases are looked at only where there is something that they could do better.
        doubtful = [number for number, project in enumerate(projects) if worthwhile(project)]
        if doubtful:
            from fromlint.project import comparison

            wanted = [job for number in doubtful for job in comparison.jobs(number, drafts[number])]
            answers = settle(wanted)
            contents = contents._replace(sdists={**contents.sdists, **archives.read(answers.values(), index)})
            for number in doubtful:
                alternatives = comparison.compared(number, drafts[number], answers, contents=contents)
                projects[number] = projects[number]._replace(alternatives=alternatives)
        said = []
        for number, project in enumerate(projects):
            said.append(self._said(project, skipped[number]))
            # What is only for rules of this one is dropped before those of the next one speak.
            projects[number] = project._replace(alternatives=())
        results = iter(said)
        unasked = index.unasked
        if settings.inspect and settings.offline:
            bases = (stage.environment for project in projects for stage in project.stages)
            unasked |= {base.image for base in bases if not base.known}
        return Judged(
            tuple(next(results) if isinstance(each, Draft) else Said(None, (each,)) for each in read),
            index.notes,
            0.0 if index.notes or settings.inspect else index.good_until,
            unasked,
        )

    def _said(self, project: Project, skipped: tuple[Skipped, ...]) -> Said:
        strict = self._settings.strict
        findings = _findings(project, self._selected, self._lines, strict=strict)
        if strict:
            findings += [_of_skipped(entry) for entry in skipped]
        # What each other base would bring was for the rules; of many Dockerfiles it is more than all the rest.
        compared = tuple(other._replace(by_platform=()) for other in project.alternatives)
        return Said(project._replace(alternatives=compared), tuple(findings), skipped)


# --- drafts ---------------------------------------------------------------------------------------------------


def settling(index: Index, folders: Iterable[Folder]) -> Callable[[Sequence[Job]], Resolved]:
    """Resolves jobs, one call after the other; what an earlier run resolved is recalled."""
    from functools import cache

    from fromlint.project.resolving.remembered import settled

    @cache
    def known() -> Known:
        from fromlint.project.resolving.resolution import known_before

        return known_before(folders)

    def anew(jobs: Sequence[Job]) -> Resolved:
        from fromlint.project.resolving.resolution import settle
        from fromlint.requirements.markers import evaluate

        return settle(jobs, index, evaluate, known())

    return lambda jobs: settled(jobs, index, anew)


@contextmanager
def looking(settings: Settings, index: Index) -> Iterator[Look | None]:
    """What looks at images where they lie, None where the user did not ask for it."""
    if not settings.inspect:
        yield None
        return
    from fromlint.inspection.look import Looking

    eyes = Looking(index, os.environ, offline=settings.offline, places=settings.images, folder=settings.folder or "")
    try:
        yield eyes.environment
    finally:
        eyes.close()


def drafts_of(
    targets: Sequence[Target],
    settings: Settings,
    places: Places,
    gather: Gather,
    look: Look | None,
    buffers: Mapping[str, bytes] = {},
) -> list[Draft | Finding]:
    """Every Dockerfile read and walked, or a finding in place of one that cannot be read."""
    from fromlint.dockerfile.parse import parse
    from fromlint.index import DEFAULT_INDEX_URL
    from fromlint.project import build
    from fromlint.project.siblings import Siblings

    as_of = datetime.date.fromisoformat(settings.as_of) if settings.as_of else datetime.date.today()

    def options(place: Place) -> build.Options:
        return build.Options(
            build_args={**place.build_args, **settings.build_arg},
            target=settings.target or place.target,
            platforms=settings.platform or place.platforms,
            images=settings.images,
            requirements=settings.requirements,
            index_url=settings.index_url or DEFAULT_INDEX_URL,
            as_of=as_of,
            gpu=place.gpu,
            context=place.context.root if place.context is not None else None,
            replaced=place.replaced,
            look=look,
            gather=gather,
        )

    siblings = Siblings(
        places, options, lambda path: buffers.get(os.path.realpath(path)) or read(path)[:LARGEST_DOCKERFILE]
    )
    found: list[Draft | Finding] = []
    for target in targets:
        try:
            data = target.data if target.data is not None else read(target.path)
        except OSError as error:
            found.append(_unreadable(target.shown, error.strerror or str(error)))
            continue
        if len(data) > LARGEST_DOCKERFILE:
            found.append(_unreadable(target.shown, f"larger than {LARGEST_DOCKERFILE // 1_000_000} MB"))
            continue
        dockerfile = parse(data, target.shown)
        place = places.of(target.path, dockerfile)
        own = options(place)._replace(sibling=siblings.seen_from(place, target.path))
        found.append(build.draft(dockerfile, own, place.context, place.contexts, place.unknown))
    return found


def read(path: str) -> bytes:
    """The bytes of a file of the project, one more than the largest Dockerfile has at most. Raises OSError."""
    looked_at(path)
    if repository.leads_out(path):
        raise OSError(ELOOP, "it is a link that leads out of the repository")
    with open(path, "rb") as file:
        return file.read(LARGEST_DOCKERFILE + 1)


def _unreadable(shown: str, why: str) -> Finding:
    return Finding(
        "FL901", "dockerfile-syntax", Severity.ERROR, f"the Dockerfile cannot be read: {why}", Span(shown, 1, 1, 1, 1)
    )


# --- rules ----------------------------------------------------------------------------------------------------


def _findings(project: Project, selected: frozenset[str], lines: Lines, *, strict: bool) -> list[Finding]:
    """What the selected rules say, less what inline ignores silence, and which of these silence nothing."""
    from fromlint.rules import occasions
    from fromlint.settings import inline

    ignores = list(inline.in_dockerfile(project.dockerfile))
    for file in dict.fromkeys(file for stage in project.stages for each in stage.installs for file in each.needs.read):
        if inline.MARK in lines.text(file):
            ignores += inline.in_requirements(file, lines.of(file))
    signs = occasions.given(project)
    speaking = [code for code in rules.CODES if code in selected and occasions.speaks(code, signs)]
    found = [finding for code in speaking for finding in rules.rule(code).check(project)]
    if strict:
        found = [finding._replace(severity=Severity.ERROR) if finding.code in _STRICT else finding for finding in found]
    kept, idle, _ = inline.split(found, ignores)
    if "FL909" in selected and idle:
        from fromlint.rules.fl909 import unused

        # An ignore for a rule that did not run may well be needed: nothing can be said of it.
        judged = [ignore for ignore in idle if all(_ran(word, selected) for word in ignore.rules)]
        kept = (*kept, *unused((ignore.span, ignore.rules) for ignore in judged))
    return list(kept)


def _ran(word: str, selected: frozenset[str]) -> bool:
    codes = rules.named(word)
    return not codes or all(code in selected for code in codes)


def _of_skipped(entry: Skipped) -> Finding:
    span = Span(entry.file, entry.line, 1, entry.line, 1)
    return Finding("FL906", "index-unreachable", Severity.ERROR, f"not checked: {entry.what}: {entry.why}", span)


class Lines:
    """The texts and lines of files by shown path, each read once: the Dockerfiles' and the requirements files'."""

    def __init__(self, targets: Iterable[Target], buffers: Mapping[str, bytes]) -> None:
        self._given = {target.shown: target.data for target in targets if target.data is not None}
        self._buffers = buffers
        self._texts: dict[str, str] = {}

    def of(self, file: str) -> tuple[str, ...]:
        return tuple(self.text(file).splitlines(keepends=True))

    def text(self, file: str) -> str:
        if file not in self._texts:
            self._texts[file] = self._read(file)
        return self._texts[file]

    def _read(self, file: str) -> str:
        data = self._given.get(file)
        if data is None and self._buffers:
            data = self._buffers.get(os.path.realpath(file))
        if data is None:
            try:
                data = read(file)
            except (OSError, ValueError):
                return ""
        if data[:1] > b"\x7f":
            # A byte order mark, as PowerShell writes it to requirements files, and pip reads it.
            from fromlint.requirements.decoding import readable

            return readable(data)
        return data.decode("utf-8", "replace")
