"""What a change makes worse: today's findings less those that a git revision had already."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from contextlib import chdir
from pathlib import Path

from fromlint import run
from fromlint.cachefolder import folder as cache_folder
from fromlint.discovery import repository
from fromlint.history.identity import new, worst
from fromlint.history.moves import lost_wheels
from fromlint.history.revision import RevisionError, changed, checked_out
from fromlint.model.project import Report


def check(paths: Sequence[str], given: Mapping[str, object], revision: str, *, config: str | None) -> run.Outcome:
    """Check the Dockerfiles that differ from a revision, or that changed files belong to; report what is worse now.

    Of all such Dockerfiles those that ``paths`` name or hold. ``given`` and ``config`` are those of ``run.check``;
    today's settings judge the revision, too. Raises UsageError.
    """
    top = repository.root(os.getcwd())
    if top is None:
        raise run.UsageError("--since: this folder is in no git repository")
    try:
        touched = [Path(path) for path in run.belonging(changed(Path(top), revision)) if _asked_for(path, paths)]
        now = run.check(touched, given, config=config)
        files = [project.dockerfile.path for project in now.report.projects]
        if not now.report.findings:
            return now
        folder = cache_folder(os.environ)
        if folder is None:
            raise run.UsageError("--since: there is no folder for a cache: set FROMLINT_CACHE_DIR")
        with checked_out(Path(top), revision, folder) as tree:
            before = _before(tree / os.path.relpath(os.getcwd(), top), files, given, now.settings.file)
    except RevisionError as error:
        raise run.UsageError(f"--since: {error}") from error
    worse = new(now.report.findings, worst(before.findings if before is not None else ()))
    known = len(now.report.findings) - len(worse)
    notes = (f"{known} finding{'s were' if known > 1 else ' was'} there at {revision} already",) if known else ()
    report = now.report._replace(
        findings=worse, notes=(*now.report.notes, *notes), changes=_changes(before, now.report) if before else ()
    )
    return now._replace(report=report)


def _changes(before: Report, now: Report) -> tuple[str, ...]:
    then = {project.dockerfile.path: project for project in before.projects}
    return tuple(
        sentence
        for project in now.projects
        if project.dockerfile.path in then
        for sentence in lost_wheels(then[project.dockerfile.path], project)
    )


def _asked_for(path: str, paths: Sequence[str]) -> bool:
    return any(repository.is_below(path, each) for each in paths)


def _before(folder: Path, files: Sequence[str], given: Mapping[str, object], settings: str | None) -> Report | None:
    """What the same Dockerfiles in the revision's tree give; None where none of them was there yet."""
    own = Path(os.path.abspath(settings)) if settings is not None else None
    there = [Path(file) for file in files if (folder / file).is_file()]
    if not there:
        return None
    with chdir(folder):
        return run.check(there, given, config=own).report
