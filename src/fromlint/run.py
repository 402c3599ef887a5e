"""The one pipeline: discover, read, one network phase in rounds, facts, rules, ignores.

The command line and the editor both call it. Nothing here prints.
"""

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
from fromlint.model.project import Project, Report
from fromlint.model.settings import Settings
from fromlint.named_tuple import NamedTuple
from fromlint.project.build import Draft
from fromlint.project.place import Place, Places, copy_sources, shown
from fromlint.typed import TYPE_CHECKING, BinaryIO
from fromlint.witness import looked_at, looked_for

if TYPE_CHECKING:
    from fromlint.advice.substitutes import Substitute
    from fromlint.index import Index
    from fromlint.project.build import Gather, Look
    from fromlint.project.comparison import Wishes
    from fromlint.project.jobs import Job
    from fromlint.project.local_files import Folder
    from fromlint.project.remembered import Resolved
    from fromlint.wheels.knowledge import Known

Progress = Callable[[int, int], None]
STDIN = "-"
AnyPath = str | os.PathLike[str]
"""Paths are text in here: importing pathlib alone would be a twentieth of a run."""
LARGEST_DOCKERFILE = 16_000_000
_STRICT = frozenset({"FL906", "FL907", "FL908"})


class UsageError(Exception):
    """Wrong usage or settings, in one line."""


class Stdin(NamedTuple):
    """What is read for ``-``, and the path that it stands for."""

    stream: BinaryIO
    path: str | None


class Outcome(NamedTuple):
    """The report and what the exit code depends on. ``complaints`` are for stderr."""

    report: Report
    settings: Settings
    missing_paths: bool
    nothing_found: bool
    complaints: tuple[str, ...]


class Compared(NamedTuple):
    """A Dockerfile with its base and others compared (``project.alternatives``), and what could take the place of what
    is in the way. ``others`` are further Dockerfiles of the folder, which were left out. ``findings`` are those of a
    rule on what makes the image needlessly large whatever its base (FL507). ``elsewhere``: the project with the steps
    that it takes on other platforms, by platform, where these are not those of the first.
    """

    project: Project
    substitutes: tuple[Substitute, ...]
    skipped: tuple[Skipped, ...]
    notes: tuple[str, ...]
    others: tuple[str, ...]
    findings: tuple[Finding, ...]
    elsewhere: Mapping[str, Project]


class _Target(NamedTuple):
    """A Dockerfile to check: where it is, how its path is shown, and its bytes where they came from stdin."""

    path: str
    shown: str
    data: bytes | None = None


def check(
    paths: Sequence[AnyPath],
    given: Mapping[str, object],
    *,
    config: AnyPath | None = None,
    stdin: Stdin | None = None,
    hook: bool = False,
    buffers: Mapping[str, bytes] = {},
    progress: Progress | None = None,
) -> Outcome:
    """Check what the paths name, with the settings that the command line gives on top of the settings file.

    ``hook``: the paths are changed files, and the Dockerfiles that they belong to are checked. ``buffers`` are contents
    that stand for those of files, by absolute path without links; a path may be one that only a buffer has.
    ``progress`` is told how many questions the index has answered of those asked so far. Raises UsageError.
    """
    named = [os.fspath(path) for path in paths]
    settings = _settings(named, given, config, stdin)
    selected = _selected(settings)
    targets, missing, found_nothing = _targets(named, settings, stdin, hook, buffers)
    targets = [target._replace(data=buffers.get(os.path.realpath(target.path), target.data)) for target in targets]
    complaints = [f"{path}: no such file or folder" for path in missing]
    if found_nothing:
        complaints.append(f"no Dockerfile found in {', '.join(named)}")
    report = _report(targets, settings, selected, buffers, progress) if targets else Report((), (), (), {})
    return Outcome(report, settings, bool(missing), found_nothing and not missing, tuple(complaints))


def compare(
    path: AnyPath,
    given: Mapping[str, object],
    wishes: Wishes,
    *,
    config: AnyPath | None = None,
    progress: Progress | None = None,
) -> Compared:
    """Compare the base of one Dockerfile with others; of a folder's, the one called Dockerfile at its top.

    ``progress`` as in `check`. Raises UsageError, also where no Dockerfile is found or it cannot be read.
    """
    from fromlint.advice import substitutes
    from fromlint.project import archives, build, comparison, loaded, unpacked
    from fromlint.project.age import notes as old_facts
    from fromlint.project.contents import Contents
    from fromlint.project.kept_needs import KeptNeeds

    path = os.fspath(path)
    settings = _settings([path], given, config)
    target, others = _one_target(path, settings)
    with _index(settings, progress) as index:
        kept = KeptNeeds(index)
        with _looking(settings, index) as look:
            drafts, unread = _drafts([target], settings, kept.gather, look)
        kept.keep()
        if not drafts:
            raise UsageError(f"{target.shown}: {unread[0].message}")
        # Bases are compared by what is done on the first platform.
        made = drafts[0]._replace(variants=())
        settle = _settling(index, made.folders.values())
        resolutions = settle(build.jobs(0, made))
        answers = settle(comparison.jobs(0, made, wishes))
        sdists = archives.read([*resolutions.values(), *answers.values()], index)
        contents = Contents(sdists, loaded.read(drafts, resolutions, index))
        alternatives = comparison.compared(0, made, answers, wishes, contents, unpacked.read(answers.values(), index))
        instead = settle(substitutes.jobs(0, made, alternatives))
        notes = index.notes
    project = build.finished(made, resolutions, contents)._replace(alternatives=alternatives)
    variants = drafts[0].variants
    if variants:
        names = ", ".join(variant.asked[0] for variant in variants)
        notes = (*notes, f"{target.shown} does other things on {names}: bases are compared by {project.platforms[0]}")
    return Compared(
        project,
        substitutes.substitutes(0, alternatives, instead),
        build.skipped(made, resolutions),
        (*notes, *old_facts([project])),
        others,
        tuple(rules.rule("FL507").check(project)),
        {variant.asked[0]: _walked_as(project, variant) for variant in variants},
    )


def _walked_as(project: Project, variant: Draft) -> Project:
    """The project with the steps of another platform."""
    walks = zip(project.stages, variant.walks, strict=True)
    return project._replace(
        stages=tuple(
            stage._replace(stage=other.stage, steps=other.steps, states=other.states) for stage, other in walks
        )
    )


def _one_target(path: str, settings: Settings) -> tuple[_Target, tuple[str, ...]]:
    """The Dockerfile that a path stands for, and those of its folder that it does not. Raises UsageError."""
    targets, missing, _ = _targets([path], settings, None, False)
    if missing:
        raise UsageError(f"{path}: no such file or folder")
    if not targets:
        raise UsageError(f"no Dockerfile found in {path}")
    if len(targets) == 1:
        return targets[0], ()
    wanted = os.path.abspath(os.path.join(path, "Dockerfile"))
    own = next((target for target in targets if os.path.abspath(target.path) == wanted), None)
    names = ", ".join(target.shown for target in targets[:6])
    if own is None:
        raise UsageError(
            f"{path} has several Dockerfiles, name one of them: {names}{', …' if len(targets) > 6 else ''}"
        )
    return own, tuple(target.shown for target in targets if target is not own)


def _index(settings: Settings, progress: Progress | None) -> Index:
    from fromlint.index import Index

    return Index(
        offline=settings.offline,
        budget=settings.index_timeout,
        allowed=settings.index_allow or None,
        progress=progress,
    )


# --- settings -------------------------------------------------------------------------------------------------


def _settings(
    paths: Sequence[str], given: Mapping[str, object], config: AnyPath | None, stdin: Stdin | None = None
) -> Settings:
    from fromlint.settings.read import SettingsError, nearest, read

    stands_for = stdin.path if stdin is not None and stdin.path else "."
    first = stands_for if paths and paths[0] == STDIN else next(iter(paths), ".")
    folder = os.path.abspath(first if os.path.isdir(first) else os.path.dirname(first))
    file = os.fspath(config) if config is not None else nearest(folder)
    try:
        settings = read(file) if file is not None else Settings()
    except SettingsError as error:
        raise UsageError(str(error)) from error
    if file is not None and config is None:
        _stays_inside(settings, given, file)
    stated = settings._asdict()
    stated.update((key, value) for key, value in given.items() if key in stated)
    settings = Settings(**stated)
    for platform in settings.platform:
        parts = platform.split("/")
        if len(parts) not in (2, 3) or not all(parts) or parts[0] != "linux":
            raise UsageError(f"platform {platform!r} is not of the form linux/ARCH or linux/ARCH/VARIANT")
    if settings.as_of is not None:
        try:
            datetime.date.fromisoformat(settings.as_of)
        except ValueError:
            raise UsageError(f"as-of {settings.as_of!r} is no day of the form YYYY-MM-DD") from None
    return settings


def _stays_inside(settings: Settings, given: Mapping[str, object], file: str) -> None:
    """Raises UsageError where a settings file that was found, not named, leads out of the repository: it may be the
    work of whoever made a pull request. The command line may lead anywhere."""
    for name in ("context", "baseline"):
        path = getattr(settings, name)
        if path is not None and name not in given and repository.is_outside(path, os.path.dirname(file) or "."):
            raise UsageError(f"{file}: {name} {path!r} is outside of the repository; --{name} may say so")


def _selected(settings: Settings) -> frozenset[str]:
    """The codes of the rules that run. Raises UsageError for a word that names no rule."""

    def codes(words: Iterable[str], setting: str) -> set[str]:
        found: set[str] = set()
        for word in words:
            named = rules.named(word)
            if not named:
                raise UsageError(f"{setting}: no rule is called {word!r}; fromlint rules lists them")
            found.update(named)
        return found

    if settings.select:
        # A beginning such as FL5 or "all" does not switch on what is off by default; its own name does.
        exact = {code for word in settings.select for code in rules.named(word) if _exactly(word)}
        selected = {code for code in codes(settings.select, "select") if code not in rules.OPT_IN} | exact
    else:
        selected = set(rules.CODES) - rules.OPT_IN
    return frozenset(selected - codes(settings.ignore, "ignore"))


def _exactly(word: str) -> bool:
    return word.upper() in rules.CODES or not word.upper().startswith("FL")


# --- what to check --------------------------------------------------------------------------------------------


def _targets(
    paths: Sequence[str],
    settings: Settings,
    stdin: Stdin | None,
    hook: bool,
    buffers: Mapping[str, bytes] = {},
) -> tuple[list[_Target], list[str], bool]:
    """The Dockerfiles, the named paths that are not there, and whether a folder search found none."""
    from fromlint.discovery import find

    targets: dict[str, _Target] = {}
    missing: list[str] = []
    changed: list[str] = []
    searched, found_any = False, False
    for path in paths:
        looked_for(path)
        if path == STDIN:
            if stdin is None:
                raise UsageError("nothing to read from stdin")
            name = stdin.path or "Dockerfile"
            targets["-"] = _Target(name, name, stdin.stream.read(LARGEST_DOCKERFILE + 1))
        elif hook:
            # Also one that is gone: what belonged to it may fail without it.
            changed.append(path)
        elif os.path.isdir(path):
            searched = True
            for dockerfile in find.dockerfiles(path, exclude=settings.exclude).dockerfiles:
                found_any = True
                targets.setdefault(os.path.abspath(dockerfile), _Target(dockerfile, shown(dockerfile)))
        elif os.path.exists(path) or os.path.realpath(path) in buffers:
            targets.setdefault(os.path.abspath(path), _Target(path, shown(path)))
        else:
            missing.append(path)
    for dockerfile in belonging(changed) if changed else ():
        targets.setdefault(os.path.abspath(dockerfile), _Target(dockerfile, shown(dockerfile)))
    ordered = sorted(targets.values(), key=lambda target: target.shown)
    return ordered, missing, searched and not found_any and not targets and not hook


def belonging(changed: Sequence[str], *, root: str | None = None) -> tuple[str, ...]:
    """The Dockerfiles that changed files belong to, of all in their repository (or in ``root``)."""
    from fromlint.discovery import choose
    from fromlint.dockerfile.parse import parse

    def sources(dockerfile: str) -> Sequence[str]:
        try:
            return copy_sources(parse(_read(dockerfile), dockerfile))
        except OSError:
            return ()

    return choose.belonging(changed, root=root, sources=sources)


# --- the pipeline ---------------------------------------------------------------------------------------------


def _settling(index: Index, folders: Iterable[Folder]) -> Callable[[Sequence[Job]], Resolved]:
    """Resolves jobs, one call after the other; what an earlier run resolved is recalled."""
    from functools import cache

    from fromlint.project.remembered import settled

    @cache
    def known() -> Known:
        from fromlint.project.resolution import known_before

        return known_before(folders)

    def anew(jobs: Sequence[Job]) -> Resolved:
        from fromlint.project.resolution import settle
        from fromlint.requirements.markers import evaluate

        return settle(jobs, index, evaluate, known())

    return lambda jobs: settled(jobs, index, anew)


def _report(
    targets: Sequence[_Target],
    settings: Settings,
    selected: frozenset[str],
    buffers: Mapping[str, bytes],
    progress: Progress | None,
) -> Report:
    from fromlint.project import archives, build, loaded
    from fromlint.project.age import notes as old_facts
    from fromlint.project.contents import Contents
    from fromlint.project.doubts import worthwhile
    from fromlint.project.kept_needs import KeptNeeds
    from fromlint.project.variants import joined

    with _index(settings, progress) as index:
        kept = KeptNeeds(index)
        with _looking(settings, index) as look:
            drafts, findings = _drafts(targets, settings, kept.gather, look, buffers)
        kept.keep()
        # A draft's number is its place here: first the Dockerfiles, then what they are on other platforms.
        every = [*drafts, *(variant for draft in drafts for variant in draft.variants)]
        settle = _settling(index, [folder for draft in every for folder in draft.folders.values()])
        wanted = [job for number, draft in enumerate(every) for job in build.jobs(number, draft)]
        resolutions = settle(wanted)
        contents = Contents(archives.read(resolutions.values(), index), loaded.read(every, resolutions, index))
        own = build.by_draft(resolutions)
        finished = [build.finished(draft, own.get(number, {}), contents) for number, draft in enumerate(every)]
        variants = iter(finished[len(drafts) :])
        projects = [
            joined(project, [next(variants) for _ in draft.variants])
            for project, draft in zip(finished, drafts, strict=False)
        ]
        # Other bases are looked at only where there is something that they could do better.
        doubtful = [number for number, project in enumerate(projects) if worthwhile(project)]
        if doubtful:
            from fromlint.project import comparison

            wanted = [job for number in doubtful for job in comparison.jobs(number, drafts[number])]
            others = settle(wanted)
            contents = contents._replace(sdists={**contents.sdists, **archives.read(others.values(), index)})
            for number in doubtful:
                alternatives = comparison.compared(number, drafts[number], others, contents=contents)
                projects[number] = projects[number]._replace(alternatives=alternatives)
        notes = index.notes
        good_until = index.good_until
        unasked = index.unasked
    if settings.inspect and settings.offline:
        bases = (stage.environment for project in projects for stage in project.stages)
        unasked |= {base.image for base in bases if not base.known}
    lines = _Lines(targets, buffers)
    skipped: list[Skipped] = []
    for number, project in enumerate(projects):
        findings += _findings(project, selected, lines, strict=settings.strict)
        # What each other base would bring was for the rules; of many Dockerfiles it is more than all the rest.
        compared = tuple(other._replace(by_platform=()) for other in project.alternatives)
        projects[number] = project._replace(alternatives=compared)
    for number, draft in enumerate(every):
        skipped += build.skipped(draft, own.get(number, {}))
    if settings.strict:
        findings += [_of_skipped(entry) for entry in skipped]
    findings = sorted(dict.fromkeys(findings), key=_order)
    files = {finding.span.file for finding in findings}
    files |= {label.span.file for finding in findings for label in finding.related}
    sources = {file: lines.of(file) for file in sorted(files)}
    if notes or settings.inspect:
        good_until = 0.0
    # Old facts are old for the whole day: whatever is kept of this run may well leave that out.
    notes = (*notes, *old_facts(projects))
    return Report(tuple(projects), tuple(findings), tuple(dict.fromkeys(skipped)), sources, notes, good_until, unasked)


@contextmanager
def _looking(settings: Settings, index: Index) -> Iterator[Look | None]:
    """What looks at images where they lie, None where the user did not ask for it."""
    if not settings.inspect:
        yield None
        return
    from fromlint.inspection.look import Looking

    looking = Looking(index, os.environ, offline=settings.offline, places=settings.images, folder=settings.folder or "")
    try:
        yield looking.environment
    finally:
        looking.close()


def _drafts(
    targets: Sequence[_Target],
    settings: Settings,
    gather: Gather,
    look: Look | None,
    buffers: Mapping[str, bytes] = {},
) -> tuple[list[Draft], list[Finding]]:
    """Every Dockerfile read and walked, and a finding for each that cannot be read."""
    from fromlint.dockerfile.parse import parse
    from fromlint.index import DEFAULT_INDEX_URL
    from fromlint.project import build
    from fromlint.project.siblings import Siblings

    as_of = datetime.date.fromisoformat(settings.as_of) if settings.as_of else datetime.date.today()
    places = Places(settings, buffers)

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
        places, options, lambda path: buffers.get(os.path.realpath(path)) or _read(path)[:LARGEST_DOCKERFILE]
    )
    drafts: list[Draft] = []
    unread: list[Finding] = []
    for target in targets:
        try:
            data = target.data if target.data is not None else _read(target.path)
        except OSError as error:
            unread.append(_unreadable(target.shown, error.strerror or str(error)))
            continue
        if len(data) > LARGEST_DOCKERFILE:
            unread.append(_unreadable(target.shown, f"larger than {LARGEST_DOCKERFILE // 1_000_000} MB"))
            continue
        dockerfile = parse(data, target.shown)
        place = places.of(target.path, dockerfile)
        own = options(place)._replace(sibling=siblings.seen_from(place, target.path))
        drafts.append(build.draft(dockerfile, own, place.context, place.contexts, place.unknown))
    return drafts, unread


def _read(path: str) -> bytes:
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


def _findings(project: Project, selected: frozenset[str], lines: _Lines, *, strict: bool) -> list[Finding]:
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


def _order(finding: Finding) -> tuple[object, ...]:
    subject = finding.subject
    at = (subject.file, subject.line, subject.name) if subject is not None else ("", 0, "")
    return finding.span, finding.code, at, finding.message


class _Lines:
    """The texts and lines of files by shown path, each read once: the Dockerfiles' and the requirements files'."""

    def __init__(self, targets: Iterable[_Target], buffers: Mapping[str, bytes]) -> None:
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
                data = _read(file)
            except (OSError, ValueError):
                return ""
        return data.decode("utf-8-sig", "replace")
