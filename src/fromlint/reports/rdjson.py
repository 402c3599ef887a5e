"""Reviewdog's diagnostic format (rdjson, DiagnosticResult; reviewdog's proto/rdf/reviewdog.proto).

Its columns count bytes of UTF-8, from 1.
"""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Span
from fromlint.model.project import Report
from fromlint.reports.plain import plain
from fromlint.typed import Any

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(report: Report) -> str:
    """One DiagnosticResult as JSON."""
    import json

    document = {
        "source": {"name": "fromlint"},
        "diagnostics": [_diagnostic(finding, report.sources) for finding in report.findings],
    }
    return json.dumps(document, indent=1) + "\n"


def _diagnostic(finding: Finding, sources: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    message = "\n".join(plain(part) for part in (finding.message, *finding.help))
    diagnostic: dict[str, Any] = {
        "message": message,
        "location": {"path": finding.span.file, "range": _range(finding.span, sources)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code},
    }
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": plain(label.text), "location": {"path": label.span.file, "range": _range(label.span, sources)}}
            for label in finding.related
        ]
    edits = [edit for fix in finding.fixes[:1] for edit in fix.edits if edit.span.file == finding.span.file]
    if edits:
        diagnostic["suggestions"] = [{"range": _range(edit.span, sources), "text": edit.text} for edit in edits]
    return diagnostic


def _range(span: Span, sources: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    lines = sources.get(span.file, ())
    return {
        "start": {"line": span.line, "column": _in_bytes(lines, span.line, span.column)},
        "end": {"line": span.end_line, "column": _in_bytes(lines, span.end_line, span.end_column)},
    }


def _in_bytes(lines: tuple[str, ...], line: int, column: int) -> int:
    """A column in code points as one in bytes; as it is where the line is not known."""
    if not 0 < line <= len(lines) or lines[line - 1].isascii():
        return column
    before = lines[line - 1][: column - 1]
    return column + len(before.encode("utf-8", "surrogatepass")) - len(before)
