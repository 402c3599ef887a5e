"""Markdown, for a pull request's comment or a job's summary."""

from __future__ import annotations

from fromlint.model.project import Report
from fromlint.regex import regex
from fromlint.reports.plain import plain
from fromlint.reports.text import summary

_SPECIAL = regex(r"([\\`*_{}\[\]<>()#+!|~@&$])")


def render(report: Report) -> str:
    """A table of findings, what to do about each, and what was skipped."""
    lines = ["## fromlint", "", _escaped(summary(report)), ""]
    for sentence in report.changes:
        lines += [_escaped(sentence), ""]
    if report.findings:
        lines += ["| where | rule | severity | what |", "| --- | --- | --- | --- |"]
        for finding in report.findings:
            span = finding.span
            text = "<br>".join(_escaped(part) for part in (finding.message, *finding.help))
            place = f"{_escaped(span.file)}:{span.line}"
            lines.append(f"| {place} | {finding.code} {finding.rule} | {finding.severity.word} | {text} |")
        lines.append("")
    if report.skipped:
        lines += ["### Not checked", ""]
        lines += [
            f"- {_escaped(entry.file)}:{entry.line}: {_escaped(entry.what)}: {_escaped(entry.why)}"
            for entry in report.skipped
        ]
        lines.append("")
    return "\n".join(lines)


def _escaped(text: str) -> str:
    """Text in which nothing is markup, a mention or a link."""
    return _SPECIAL.sub(lambda match: f"&#{ord(match[1])};", plain(text)).replace("://", "&#58;//")
