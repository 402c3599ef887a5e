"""``--fix``: the fixes of all findings, made in memory until none is left, and written once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from fromlint import run
from fromlint.discovery import repository
from fromlint.fixes import combine
from fromlint.fixes.text import Text
from fromlint.model.finding import Edit, Fix, Severity
from fromlint.model.project import Report
from fromlint.named_tuple import NamedTuple

# A fix may bring others to light (another base lacks other packages), but not for ever.
_MOST_ROUNDS = 60

_OPENING = re.compile(r"^FROM\s", re.IGNORECASE | re.MULTILINE)

Check = Callable[[Mapping[str, bytes]], run.Outcome]


class Fixed(NamedTuple):
    """What is found once all is fixed, what changes, and the titles of what was done.

    ``contents`` are those that were given, as they are now. ``changes`` has the content before and after of each file
    that changes, by its path without links.
    """

    outcome: run.Outcome
    contents: Mapping[str, bytes]
    changes: Mapping[str, tuple[bytes, bytes]]
    done: tuple[str, ...]


def fix(check: Check, given: Mapping[str, bytes], *, unsafe: bool) -> Fixed:
    """Fix what ``check`` finds, in memory. ``check`` is given the contents that stand for those of files.

    ``given`` are such contents from the beginning (of stdin). Fixes that help nothing, or make things worse, are not
    made. It ends where none of those offered can be made: a second time nothing is left to do.
    """
    before: dict[str, bytes] = dict(given)
    now: dict[str, bytes] = dict(given)
    done: list[str] = []
    outcome = check(now)
    useless: set[combine.Attempt] = set()
    one_by_one = some_made = False
    for _ in range(_MOST_ROUNDS):
        places = {path: os.path.realpath(path) for path in _writable(outcome.report)}
        chosen = combine.chosen(outcome.report.findings, unsafe=unsafe, files=places, without=useless)
        chosen = chosen[:1] if one_by_one else chosen
        changed = _changed(chosen, places, before, now)
        if not changed:
            if not (useless and some_made):
                break
            # What was in vain may not be so any more.
            useless, one_by_one, some_made = set(), False, False
            continue
        tried = {**now, **changed}
        after = check(tried)
        vain = _attempts(outcome.report, chosen) & _attempts(after.report)
        if vain:
            useless |= vain
        elif not _worse(after.report, outcome.report, chosen):
            done += [fix.title for fix in chosen]
            now, outcome, some_made = tried, after, True
        elif len(chosen) > 1:
            # One of them spoils it for the others.
            one_by_one = True
        else:
            useless |= _attempts(outcome.report, chosen)
    changes = {
        path: (before[path], now[path]) for path in sorted(before) if now.get(path, before[path]) != before[path]
    }
    return Fixed(outcome, {path: now[path] for path in given}, changes, tuple(done))


def _attempts(report: Report, fixes: Sequence[Fix] | None = None) -> set[combine.Attempt]:
    """What a report's findings offer (of some fixes only): what is offered again afterwards was made in vain."""
    return {
        combine.attempt(finding, fix)
        for finding in report.findings
        for fix in finding.fixes
        if fixes is None or fix in fixes
    }


def _writable(report: Report) -> Sequence[str]:
    """The files that may change, as shown: the Dockerfiles and what their installs read, in the same repository."""
    found: dict[str, None] = {}
    for project in report.projects:
        path = project.dockerfile.path
        folder = os.path.dirname(os.path.realpath(path))
        root = repository.project(folder)
        for file in (path, *(read for stage in project.stages for each in stage.installs for read in each.needs.read)):
            if repository.is_below(os.path.realpath(file), root):
                found[file] = None
    return tuple(found)


def _changed(
    fixes: Sequence[Fix], places: Mapping[str, str], before: dict[str, bytes], now: Mapping[str, bytes]
) -> dict[str, bytes]:
    """The new content of each file that the fixes edit. What is read from disk is noted in ``before``."""
    edits: dict[str, list[Edit]] = {}
    for each in fixes:
        for edit in each.edits:
            edits.setdefault(places[edit.span.file], []).append(edit)
    found: dict[str, bytes] = {}
    for path, wanted in edits.items():
        content = now.get(path)
        if content is None:
            content = before.setdefault(path, Path(path).read_bytes())
        try:
            edited = Text(content).edited(wanted)
        except UnicodeDecodeError:
            edited = None
        if edited is not None and edited != content:
            found[path] = edited
    return found


def _worse(after: Report, before: Report, made: Sequence[Fix]) -> bool:
    """Whether more is wrong than before: with more errors, or in a file that is no such Dockerfile any more.

    It has the same stages, and those that the fixes put in front of others.
    """
    new: dict[str, int] = {}
    for edit in (edit for fix in made for edit in fix.edits):
        new[edit.span.file] = new.get(edit.span.file, 0) + len(_OPENING.findall(edit.text))
    shapes = [[(len(each.stages), len(each.problems)) for each in report.projects] for report in (after, before)]
    wanted = [
        (count + new.get(each.dockerfile.path, 0), problems)
        for each, (count, problems) in zip(before.projects, shapes[1], strict=False)
    ]
    errors = [sum(finding.severity is Severity.ERROR for finding in report.findings) for report in (after, before)]
    return shapes[0] != wanted or errors[0] > errors[1]
