"""GitHub workflow commands: an annotation on the Dockerfile line and one on the requirement's line."""

from __future__ import annotations

from fromlint.model.finding import Severity
from fromlint.model.place import Span
from fromlint.model.project import Report
from fromlint.reports.plain import plain

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def render(report: Report) -> str:
    """A workflow command a line (docs.github.com, "Workflow commands for GitHub Actions")."""
    lines = [f"::notice title=fromlint::{_data(plain(sentence))}" for sentence in report.changes]
    for finding in report.findings:
        text = "\n".join(plain(part) for part in (finding.message, *finding.help))
        command = _COMMANDS[finding.severity]
        lines.append(_command(command, finding.span, f"{finding.code} {finding.rule}", text))
        subject = finding.subject
        if subject is not None and subject.file != finding.span.file:
            written = report.sources.get(subject.file, ())[subject.line - 1 : subject.line]
            end = len(written[0].rstrip()) + 1 if written else 1
            place = Span(subject.file, subject.line, 1, subject.line, end)
            lines.append(_command(command, place, f"{finding.code} {finding.rule}", plain(finding.message)))
    return "".join(line + "\n" for line in lines)


def _command(command: str, span: Span, title: str, message: str) -> str:
    end = f",endLine={span.end_line}" if span.end_line > span.line else ""
    columns = f",col={span.column}" + (f",endColumn={span.end_column}" if span.end_line == span.line else "")
    place = f"file={_property(span.file)},line={span.line}{end}{columns}"
    return f"::{command} {place},title={_property(title)}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(plain(text)).replace(":", "%3A").replace(",", "%2C")
