"""The one pipeline: discover, read, one network phase in rounds, facts, rules, ignores.

The command line and the editor both call it. Nothing here prints.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Callable, Iterable, Mapping, Sequence

from fromlint import judging, rules
from fromlint.discovery import repository
from fromlint.judging import LARGEST_DOCKERFILE, Target, read
from fromlint.model.finding import Finding, Skipped
from fromlint.model.project import Project, Report
from fromlint.model.settings import Settings
from fromlint.named_tuple import NamedTuple
from fromlint.project.place import Places, copy_sources, shown
from fromlint.typed import TYPE_CHECKING, BinaryIO
from fromlint.witness import looked_for

if TYPE_CHECKING:
    from fromlint.advice.substitutes import Substitute
    from fromlint.index import Index
    from fromlint.project.build import Draft
    from fromlint.project.comparison import Wishes

Progress = Callable[[int, int], None]
STDIN = "-"
AnyPath = str | os.PathLike[str]
"""Paths are text in here: importing pathlib alone would be a twentieth of a run."""
_FEW = 25
"""Dockerfiles up to which all are judged at once; more are judged by and by, so that not all are in memory."""


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


def check(
    paths: Sequence[AnyPath],
    given: Mapping[str, object],
    *,
    config: AnyPath | None = None,
    stdin: Stdin | None = None,
    hook: bool = False,
    buffers: Mapping[str, bytes] = {},
    jobs: int | None = 1,
    progress: Progress | None = None,
) -> Outcome:
    """Check what the paths name, with the settings that the command line gives on top of the settings file.

    ``hook``: the paths are changed files, and the Dockerfiles that they belong to are checked. ``buffers`` are contents
    that stand for those of files, by absolute path without links; a path may be one that only a buffer has. ``jobs``:
    how many processes share the work, None for as many as pay. ``progress`` is told how many questions the index has
    answered of those asked so far. Raises UsageError.
    """
    named = [os.fspath(path) for path in paths]
    settings = _settings(named, given, config, stdin)
    selected = _selected(settings)
    targets, missing, found_nothing = _targets(named, settings, stdin, hook, buffers)
    targets = [target._replace(data=buffers.get(os.path.realpath(target.path), target.data)) for target in targets]
    complaints = [f"{path}: no such file or folder" for path in missing]
    if found_nothing:
        complaints.append(f"no Dockerfile found in {', '.join(named)}")
    report = _report(targets, settings, selected, buffers, jobs, progress) if targets else Report((), (), (), {})
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
    from fromlint.project import build, comparison
    from fromlint.project.known.age import notes as old_facts
    from fromlint.project.reading import archives, loaded, unpacked
    from fromlint.project.reading.contents import Contents
    from fromlint.project.resolving.kept_needs import KeptNeeds

    path = os.fspath(path)
    settings = _settings([path], given, config)
    target, others = _one_target(path, settings)
    with _index(settings, progress) as index:
        kept = KeptNeeds(index)
        with judging.looking(settings, index) as look:
            draft = judging.drafts_of([target], settings, Places(settings), kept.gather, look)[0]
        kept.keep()
        if isinstance(draft, Finding):
            raise UsageError(f"{target.shown}: {draft.message}")
        # Bases are compared by what is done on the first platform.
        made = draft._replace(variants=())
        settle = judging.settling(index, made.folders.values())
        resolutions = settle(build.jobs(0, made))
        answers = settle(comparison.jobs(0, made, wishes))
        sdists = archives.read([*resolutions.values(), *answers.values()], index)
        contents = Contents(sdists, loaded.read([draft], resolutions, index))
        alternatives = comparison.compared(0, made, answers, wishes, contents, unpacked.read(answers.values(), index))
        instead = settle(substitutes.jobs(0, made, alternatives))
        notes = index.notes
    project = build.finished(made, resolutions, contents)._replace(alternatives=alternatives)
    variants = draft.variants
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


def _one_target(path: str, settings: Settings) -> tuple[Target, tuple[str, ...]]:
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
) -> tuple[list[Target], list[str], bool]:
    """The Dockerfiles, the named paths that are not there, and whether a folder search found none."""
    from fromlint.discovery import find

    targets: dict[str, Target] = {}
    missing: list[str] = []
    changed: list[str] = []
    searched, found_any = False, False
    for path in paths:
        looked_for(path)
        if path == STDIN:
            if stdin is None:
                raise UsageError("nothing to read from stdin")
            name = stdin.path or "Dockerfile"
            targets["-"] = Target(name, name, stdin.stream.read(LARGEST_DOCKERFILE + 1))
        elif hook:
            # Also one that is gone: what belonged to it may fail without it.
            changed.append(path)
        elif os.path.isdir(path):
            searched = True
            for dockerfile in find.dockerfiles(path, exclude=settings.exclude).dockerfiles:
                found_any = True
                targets.setdefault(os.path.abspath(dockerfile), Target(dockerfile, shown(dockerfile)))
        elif os.path.exists(path) or os.path.realpath(path) in buffers:
            targets.setdefault(os.path.abspath(path), Target(path, shown(path)))
        else:
            missing.append(path)
    for dockerfile in belonging(changed) if changed else ():
        targets.setdefault(os.path.abspath(dockerfile), Target(dockerfile, shown(dockerfile)))
    ordered = sorted(targets.values(), key=lambda target: target.shown)
    return ordered, missing, searched and not found_any and not targets and not hook


def belonging(changed: Sequence[str], *, root: str | None = None) -> tuple[str, ...]:
    """The Dockerfiles that changed files belong to, of all in their repository (or in ``root``)."""
    from fromlint.discovery import choose
    from fromlint.dockerfile.parse import parse

    def sources(dockerfile: str) -> Sequence[str]:
        try:
            return copy_sources(parse(read(dockerfile), dockerfile))
        except OSError:
            return ()

    return choose.belonging(changed, root=root, sources=sources)


# --- judging ---------------------------------------------------------------------------------------------------


def _index(settings: Settings, progress: Progress | None, *, asks: bool = True) -> Index:
    from fromlint.index import Index

    return Index(
        offline=settings.offline,
        budget=settings.index_timeout,
        allowed=settings.index_allow or None,
        progress=progress,
        asks=asks,
    )


def _report(
    targets: Sequence[Target],
    settings: Settings,
    selected: frozenset[str],
    buffers: Mapping[str, bytes],
    jobs: int | None,
    progress: Progress | None,
) -> Report:
    from fromlint.project.known.age import notes as old_facts

    lines = judging.Lines(targets, buffers)
    judge = judging.Judge(settings, selected, lines, buffers)
    # Images are looked at where they lie, which no process does in vain.
    if len(targets) == 1 or (len(targets) <= _FEW and jobs in (None, 1)) or settings.inspect:
        with _index(settings, progress) as index:
            judged = judge.judged(targets, index)
    else:
        from fromlint import shares

        judged = shares.judged(targets, judge, lambda *, asks: _index(settings, progress, asks=asks), jobs)
    projects = tuple(said.project for said in judged.said if said.project is not None)
    findings = sorted(dict.fromkeys(finding for said in judged.said for finding in said.findings), key=_order)
    skipped = tuple(dict.fromkeys(entry for said in judged.said for entry in said.skipped))
    files = {finding.span.file for finding in findings}
    files |= {label.span.file for finding in findings for label in finding.related}
    sources = {file: lines.of(file) for file in sorted(files)}
    # Old facts are old for the whole day: whatever is kept of this run may well leave that out.
    notes = (*judged.notes, *old_facts(projects))
    return Report(projects, tuple(findings), skipped, sources, notes, judged.good_until, judged.unasked)


def _order(finding: Finding) -> tuple[object, ...]:
    subject = finding.subject
    at = (subject.file, subject.line, subject.name) if subject is not None else ("", 0, "")
    return finding.span, finding.code, at, finding.message
