"""Findings as diagnostics: in the Dockerfile, and at the requirement in the file that states it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from os.path import abspath, realpath
from typing import NamedTuple

from lsprotocol import types

from fromlint.editor.positions import Positions, uri_of
from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.place import Span
from fromlint.reports.plain import plain

SOURCE = "fromlint"
_SEVERITIES = {
    Severity.ERROR: types.DiagnosticSeverity.Error,
    Severity.WARNING: types.DiagnosticSeverity.Warning,
    Severity.INFO: types.DiagnosticSeverity.Information,
}
# How the editor may draw what a finding is about: struck through, or faded.
_TAGS = {
    "FL205": types.DiagnosticTag.Deprecated,
    "FL505": types.DiagnosticTag.Deprecated,
    "FL508": types.DiagnosticTag.Deprecated,
    "FL909": types.DiagnosticTag.Unnecessary,
}
_MOST_HELPS = 3
_END_OF_LINE = 1_000_000

Found = dict[str, list[types.Diagnostic]]


class Drawn(NamedTuple):
    """What diagnostics are made with: the texts of files by their shown paths, and the page of a rule as a URI."""

    positions: Callable[[str], Positions]
    page: Callable[[str], str | None]


def diagnostics(findings: Iterable[Finding], drawn: Drawn) -> Found:
    """The diagnostics of a Dockerfile's findings, by the paths of files without links."""
    found: Found = {}
    for finding in findings:
        add(found, finding.span.file, _diagnostic(finding, finding.span, finding.related, drawn))
        subject = finding.subject
        if subject is not None and subject.file != finding.span.file:
            at = requirement_span(finding)
            others = [label for label in finding.related if label.span != at]
            label = finding.label or (f"needs {' '.join(finding.missing)}" if finding.missing else "installed here")
            related = (*others, Label(finding.span, label))
            add(found, subject.file, _diagnostic(finding, at, related, drawn))
    return found


def requirement_span(finding: Finding) -> Span:
    """Where the requirement that a finding is about stands: as labelled, else its line."""
    subject = finding.subject
    assert subject is not None
    for label in finding.related:
        if (label.span.file, label.span.line) == (subject.file, subject.line):
            return label.span
    return Span(subject.file, subject.line, 1, subject.line, _END_OF_LINE)


def of_settings(file: str, problem: str) -> types.Diagnostic:
    """The diagnostic of a settings file that cannot be used."""
    start = types.Position(0, 0)
    message = plain(problem.removeprefix(f"{file}:").strip())
    return types.Diagnostic(types.Range(start, start), message, types.DiagnosticSeverity.Error, source=SOURCE)


def add(found: Found, file: str, diagnostic: types.Diagnostic) -> None:
    """Add a diagnostic of a file by its path as shown; what two Dockerfiles say alike of a line is said once."""
    there = found.setdefault(realpath(abspath(file)), [])
    if diagnostic not in there:
        there.append(diagnostic)


def _diagnostic(finding: Finding, span: Span, related: Iterable[Label], drawn: Drawn) -> types.Diagnostic:
    lines = [finding.message, *(f"help: {text}" for text in finding.help[:_MOST_HELPS])]
    tag = _TAGS.get(finding.code)
    page = drawn.page(finding.code)
    return types.Diagnostic(
        range=drawn.positions(span.file).range(span),
        message="\n".join(plain(line) for line in lines),
        severity=_SEVERITIES[finding.severity],
        code=finding.code,
        code_description=types.CodeDescription(page) if page is not None else None,
        source=SOURCE,
        tags=[tag] if tag is not None else None,
        related_information=[
            types.DiagnosticRelatedInformation(
                types.Location(uri_of(abspath(label.span.file)), drawn.positions(label.span.file).range(label.span)),
                plain(label.text),
            )
            for label in related
        ]
        or None,
    )
