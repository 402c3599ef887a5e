"""Which fixes are made at once."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence

from fromlint.model.finding import Edit, Finding, Fix
from fromlint.named_tuple import NamedTuple

_Place = tuple[tuple[int, int], tuple[int, int]]


class Attempt(NamedTuple):
    """A fix that a finding offers, so that it is known again in another round: its edits have moved by then."""

    code: str
    file: str
    message: str
    title: str


def attempt(finding: Finding, fix: Fix) -> Attempt:
    """What is known of a finding's fix in every round."""
    return Attempt(finding.code, finding.span.file, finding.message, fix.title)


def chosen(
    findings: Iterable[Finding], *, unsafe: bool, files: Container[str], without: Container[Attempt] = ()
) -> tuple[Fix, ...]:
    """The fixes to make together: none overlaps another, and each stands for all findings that offer the same.

    Of a finding the first fix that may be made. Unsafe ones come first and alone, because they change what the others
    rest on: another base lacks other packages. ``files`` are those that may change, by their paths as shown.
    ``without`` are those that were made in vain.
    """
    offered = [
        [
            fix
            for fix in finding.fixes
            if (fix.safe or unsafe)
            and attempt(finding, fix) not in without
            and all(edit.span.file in files for edit in fix.edits)
        ]
        for finding in findings
    ]
    first = list(dict.fromkeys(fixes[0] for fixes in offered if fixes))
    return _apart([fix for fix in first if not fix.safe]) or _apart(first)


def _apart(fixes: Sequence[Fix]) -> tuple[Fix, ...]:
    taken: dict[str, list[_Place]] = {}
    kept = []
    for fix in fixes:
        places = [(edit.span.file, _place(edit)) for edit in fix.edits]
        if any(_touch(place, other) for file, place in places for other in taken.get(file, ())):
            continue
        kept.append(fix)
        for file, place in places:
            taken.setdefault(file, []).append(place)
    return tuple(kept)


def _place(edit: Edit) -> _Place:
    span = edit.span
    return (span.line, span.column), (span.end_line, span.end_column)


def _touch(one: _Place, other: _Place) -> bool:
    """Whether two places overlap; insertions at one place do, because their order would be a guess."""
    return one == other or (one[0] < other[1] and other[0] < one[1])
