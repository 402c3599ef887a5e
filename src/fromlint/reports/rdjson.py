"""Reviewdog's diagnostic format (rdjson, DiagnosticResult)."""

from __future__ import annotations

from typing import Any

from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Span
from fromlint.model.project import Report
from fromlint.reports.plain import plain

_SEVERITIES = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.INFO: "INFO"}


def render(report: Report) -> str:
    """One DiagnosticResult as JSON."""
    import json

    document = {
        "source": {"name": "fromlint"},
        "diagnostics": [_diagnostic(finding) for finding in report.findings],
    }
    return json.dumps(document, indent=1) + "\n"


def _diagnostic(finding: Finding) -> dict[str, Any]:
    message = "\n".join(plain(part) for part in (finding.message, *finding.help))
    diagnostic: dict[str, Any] = {
        "message": message,
        "location": {"path": finding.span.file, "range": _range(finding.span)},
        "severity": _SEVERITIES[finding.severity],
        "code": {"value": finding.code},
    }
    if finding.related:
        diagnostic["related_locations"] = [
            {"message": plain(label.text), "location": {"path": label.span.file, "range": _range(label.span)}}
            for label in finding.related
        ]
    edits = [edit for fix in finding.fixes[:1] for edit in fix.edits if edit.span.file == finding.span.file]
    if edits:
        diagnostic["suggestions"] = [{"range": _range(edit.span), "text": edit.text} for edit in edits]
    return diagnostic


def _range(span: Span) -> dict[str, Any]:
    return {
        "start": {"line": span.line, "column": span.column},
        "end": {"line": span.end_line, "column": span.end_column},
    }
