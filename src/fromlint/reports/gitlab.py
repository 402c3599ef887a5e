"""GitLab's code quality report (the subset of Code Climate's format that GitLab reads)."""

from __future__ import annotations

from fromlint.model.finding import Severity
from fromlint.model.project import Report
from fromlint.reports.fingerprint import fingerprints
from fromlint.reports.plain import plain

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def render(report: Report) -> str:
    """A JSON array of issues."""
    import json

    issues = [
        {
            "description": plain(f"{finding.code}: {finding.message}"),
            "check_name": finding.rule,
            "fingerprint": name,
            "severity": _SEVERITIES[finding.severity],
            "location": {
                "path": finding.span.file,
                "lines": {"begin": finding.span.line, "end": finding.span.end_line},
            },
        }
        for finding, name in zip(report.findings, fingerprints(report.findings, report.sources), strict=True)
    ]
    return json.dumps(issues, indent=1) + "\n"
