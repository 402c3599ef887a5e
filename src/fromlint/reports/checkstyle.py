"""Checkstyle's XML, which many CI servers read."""

from __future__ import annotations

from fromlint import __version__
from fromlint.model.finding import Finding
from fromlint.model.project import Report
from fromlint.reports.plain import plain


def render(report: Report) -> str:
    """One XML document, findings grouped by file."""
    from xml.sax.saxutils import quoteattr

    files: dict[str, list[Finding]] = {}
    for finding in report.findings:
        files.setdefault(finding.span.file, []).append(finding)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', f'<checkstyle version="{__version__}">']
    for file, findings in files.items():
        lines.append(f"  <file name={quoteattr(plain(file))}>")
        for finding in findings:
            message = quoteattr(plain(f"{finding.code}: {finding.message}"))
            lines.append(
                f'    <error line="{finding.span.line}" column="{finding.span.column}" '
                f'severity="{finding.severity.word}" message={message} source="fromlint.{finding.rule}"/>'
            )
        lines.append("  </file>")
    lines.append("</checkstyle>")
    return "\n".join(lines) + "\n"
