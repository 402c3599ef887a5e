"""What was found before a file broke, where it stands now: half a line typed is no reason to forget all the rest."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from fromlint.model.finding import Finding
from fromlint.model.place import Span
from fromlint.model.project import Report

# A file that the builder or the installer would refuse; what it says besides is then not found.
_BREAKING = frozenset({"FL901", "FL903"})

Lines = Sequence[str]


def broken(now: Report, before: Report) -> bool:
    """Whether a file has become unreadable, and less is known for it than before."""
    if not now.projects:
        return bool(before.projects)
    return not _unreadable(now) <= _unreadable(before) and _known(now) < _known(before)


def _unreadable(report: Report) -> set[tuple[str, str]]:
    return {(finding.code, finding.span.file) for finding in report.findings if finding.code in _BREAKING}


def _known(report: Report) -> int:
    """How many stages, installs and packages."""
    return sum(
        1 + sum(1 + len(install.packages) for install in stage.installs)
        for project in report.projects
        for stage in project.stages
    )


def carried(before: Report, now: Report, lines_of: Callable[[str], Lines]) -> tuple[Finding, ...]:
    """What ``now`` finds, and what ``before`` found in lines that are still there. Fixes do not come along.

    ``lines_of`` gives the lines of a file (by its path as shown) as they are now.
    """
    moved: dict[str, Mapping[int, int]] = {}

    def place(span: Span) -> Span | None:
        if span.file not in moved:
            moved[span.file] = _moves(before.sources.get(span.file, ()), lines_of(span.file))
        first, last = moved[span.file].get(span.line), moved[span.file].get(span.end_line)
        if first is None or last is None or last - first != span.end_line - span.line:
            return None
        return span._replace(line=first, end_line=last)

    found = dict.fromkeys(now.findings)
    said = {(finding.code, finding.message) for finding in now.findings}
    for finding in before.findings:
        span = place(finding.span)
        subject = finding.subject
        if span is None or (finding.code, finding.message) in said:
            continue
        if subject is not None:
            at = place(Span(subject.file, subject.line, 1, subject.line, 1))
            if at is None:
                continue
            subject = subject._replace(line=at.line)
        labels = [(label, place(label.span)) for label in finding.related]
        related = tuple(label._replace(span=there) for label, there in labels if there is not None)
        found[finding._replace(span=span, subject=subject, related=related, fixes=())] = None
    return tuple(found)


def _moves(before: Lines, now: Lines) -> Mapping[int, int]:
    """Where lines went, by number: those in front of the first that differs, and those behind the last."""
    old, new = [line.rstrip("\r\n") for line in before], [line.rstrip("\r\n") for line in now]
    shorter = min(len(old), len(new))
    head = next((number for number in range(shorter) if old[number] != new[number]), shorter)
    tail = next((number for number in range(shorter - head) if old[-1 - number] != new[-1 - number]), shorter - head)
    moves = {number: number for number in range(1, head + 1)}
    moves |= {len(old) - number: len(new) - number for number in range(tail)}
    return moves
