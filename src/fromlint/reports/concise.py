"""One line a finding: ``file:line:column: CODE severity: message``."""

from __future__ import annotations

from fromlint.model.finding import Finding
from fromlint.model.project import Report
from fromlint.reports.plain import plain


def headline(finding: Finding) -> str:
    """The one line that says what and where."""
    span = finding.span
    place = f"{span.file}:{span.line}:{span.column}"
    return plain(f"{place}: {finding.code} {finding.severity.word}: {finding.message}")


def render(report: Report) -> str:
    """All findings, a line each; "" where there are none."""
    return "".join(headline(finding) + "\n" for finding in report.findings)
