"""JUnit's XML: a suite a Dockerfile, a failed case a finding, and a passed case where there is none."""

from __future__ import annotations

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Report
from fromlint.reports.concise import headline
from fromlint.reports.plain import plain


def render(report: Report) -> str:
    """One XML document. Advice (info) does not fail a case; it is its output."""
    from xml.sax.saxutils import escape, quoteattr

    suites: dict[str, list[Finding]] = {project.dockerfile.path: [] for project in report.projects}
    for finding in report.findings:
        suites.setdefault(finding.span.file, []).append(finding)
    lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="fromlint">']
    for file, findings in suites.items():
        failures = sum(finding.severity > Severity.INFO for finding in findings)
        name = quoteattr(plain(file))
        lines.append(f'  <testsuite name={name} tests="{len(findings) or 1}" failures="{failures}" errors="0">')
        if not findings:
            lines.append(f'    <testcase classname="fromlint" name={name}/>')
        for finding in findings:
            title = quoteattr(plain(f"{finding.code} {finding.rule} line {finding.span.line}"))
            lines.append(f'    <testcase classname="fromlint.{finding.rule}" name={title} file={name}>')
            text = escape("\n".join([headline(finding), *map(plain, finding.help)]))
            if finding.severity > Severity.INFO:
                message = quoteattr(plain(finding.message))
                lines.append(f'      <failure type="{finding.severity.word}" message={message}>{text}</failure>')
            else:
                lines.append(f"      <system-out>{text}</system-out>")
            lines.append("    </testcase>")
        lines.append("  </testsuite>")
    lines.append("</testsuites>")
    return "\n".join(lines) + "\n"
