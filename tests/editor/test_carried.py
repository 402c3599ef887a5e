"""What was found before a file broke, where it stands now."""

from __future__ import annotations

from fromlint.editor.carried import broken, carried
from fromlint.model.finding import Edit, Finding, Fix, Label, Severity, Subject
from fromlint.model.place import Span
from fromlint.model.project import Report

BEFORE = ("FROM x\n", "RUN a\n", "RUN b\n", "RUN c\n")


def found(line: int, code: str = "FL201", message: str = "m", **more: object) -> Finding:
    return Finding(code, "rule", Severity.ERROR, message, Span("Dockerfile", line, 1, line, 6), **more)  # type: ignore[arg-type]


def report(*findings: Finding, lines: tuple[str, ...] = BEFORE) -> Report:
    return Report((), findings, (), {"Dockerfile": lines})


def lines_after(before: Report, now: tuple[str, ...]) -> list[int]:
    return [finding.span.line for finding in carried(before, report(lines=now), lambda _: now)]


def test_what_stands_in_lines_that_stayed_moves_with_them():
    before = report(found(2), found(3), found(4))
    assert lines_after(before, BEFORE) == [2, 3, 4]
    assert lines_after(before, ("FROM x\n", "RUN a\n", "new\n", "RUN b\n", "RUN c\n")) == [2, 4, 5]
    assert lines_after(before, ("FROM x\n", "RUN a\n", "RUN half", "RUN c\n")) == [2, 4]
    assert lines_after(before, ("RUN c",)) == [1]
    assert lines_after(before, ()) == []


def test_the_line_ends_do_not_count():
    assert lines_after(report(found(2), found(4)), ("FROM x\r\n", "RUN a\r\n", "RUN b\r\n", "RUN c")) == [2, 4]


def test_what_was_found_anew_is_not_said_twice():
    before, now = report(found(2), found(3, message="other")), report(found(2), found(1, "FL901"))
    assert [(each.code, each.message) for each in carried(before, now, lambda _: BEFORE)] == [
        ("FL201", "m"),
        ("FL901", "m"),
        ("FL201", "other"),
    ]


def test_labels_and_subject_come_along_and_fixes_do_not():
    place = Span("Dockerfile", 1, 6, 1, 7)
    gone = Span("elsewhere", 1, 1, 1, 2)
    fix = Fix("f", True, (Edit(place, "y"),))
    subject = Subject("a", None, "Dockerfile", 4, ())
    one = found(2, related=(Label(place, "base"), Label(gone, "x")), fixes=(fix,), subject=subject)
    now = ("# comment\n", *BEFORE)
    before = Report((), (one,), (), {"Dockerfile": BEFORE, "elsewhere": ("a\n",)})
    (moved,) = carried(before, report(), lambda file: now if file == "Dockerfile" else ())
    assert moved.span.line == 3
    assert moved.related == (Label(place._replace(line=2, end_line=2), "base"),)
    assert moved.subject == subject._replace(line=5)
    assert moved.fixes == ()


def test_nothing_is_broken_that_was_never_whole():
    assert not broken(report(), report())
