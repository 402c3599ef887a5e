"""SARIF 2.1.0 (OASIS): rules with their pages, regions, related places, fingerprints and fixes."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

from fromlint import __version__
from fromlint.model.finding import Finding, Fix, Page, Severity
from fromlint.model.place import Span
from fromlint.model.project import Report
from fromlint.regex import regex
from fromlint.reports.fingerprint import fingerprints
from fromlint.reports.plain import plain
from fromlint.typed import Any

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LINK = regex(r"\[(?=[^\]]*\]\()")
_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}


def render(report: Report, pages: Sequence[Page]) -> str:
    """The report as one SARIF log with one run. ``pages`` are those of all rules, in the order of their codes."""
    import json

    return json.dumps(document(report, pages), indent=1, ensure_ascii=True) + "\n"


def document(report: Report, pages: Sequence[Page]) -> dict[str, Any]:
    """The SARIF log as plain values."""
    indices = {page.code: number for number, page in enumerate(pages)}
    names = fingerprints(report.findings, report.sources)
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "fromlint",
                        "version": __version__,
                        "semanticVersion": __version__,
                        "rules": [_rule(page) for page in pages],
                    }
                },
                "automationDetails": {"id": "fromlint/"},
                "columnKind": "unicodeCodePoints",
                "invocations": [
                    {
                        "executionSuccessful": True,
                        "toolExecutionNotifications": [
                            {
                                "level": "note",
                                "message": {"text": _text(f"skipped {entry.what}: {entry.why}")},
                                "locations": [_location(Span(entry.file, entry.line, 1, entry.line, 2))],
                            }
                            for entry in report.skipped
                        ],
                    }
                ],
                "results": [
                    _result(finding, indices, name) for finding, name in zip(report.findings, names, strict=True)
                ],
            }
        ],
    }


def _rule(page: Page) -> dict[str, Any]:
    summary = page.text.strip().split("\n\n")[0].replace("\n", " ")
    return {
        "id": page.code,
        "name": "".join(part.capitalize() for part in page.name.split("-")),
        "shortDescription": {"text": summary},
        "fullDescription": {"text": summary},
        "help": {"text": page.text.strip(), "markdown": page.text.strip()},
        "defaultConfiguration": {"level": _LEVELS[page.severity]},
        "properties": {"tags": ["docker", "python"], "fromlint-name": page.name},
    }


def _result(finding: Finding, indices: dict[str, int], fingerprint: str) -> dict[str, Any]:
    lines = [finding.message, *(f"help: {text}" for text in finding.help), *(f"note: {text}" for text in finding.notes)]
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "level": _LEVELS[finding.severity],
        "message": {"text": "\n".join(_text(line) for line in lines)},
        "locations": [_location(finding.span)],
        "partialFingerprints": {"fromlint/v1": fingerprint},
    }
    if finding.code in indices:
        result["ruleIndex"] = indices[finding.code]
    if finding.related:
        result["relatedLocations"] = [
            {"id": number, "message": {"text": _text(label.text)}, **_location(label.span)}
            for number, label in enumerate(finding.related)
        ]
    if finding.fixes:
        result["fixes"] = [_fix(fix) for fix in finding.fixes]
    return result


def _text(text: str) -> str:
    """A message in which nothing is a link: ``[text](target)`` is one in SARIF (3.11.6)."""
    return _LINK.sub(r"\\[", plain(text))


def _artifact(file: str) -> dict[str, Any]:
    return (
        {"uri": _quoted(file.replace("\\", "/"), "/:@!$&'()*+,;=~-._"), "uriBaseId": "%SRCROOT%"}
        if not file.startswith("/")
        else {"uri": "file://" + _quoted(file, "/")}
    )


def _quoted(file: str, safe: str) -> str:
    """A path as part of a URI; bytes of it that are no UTF-8 as they are on disk."""
    return quote(file, safe=safe, errors="surrogateescape")


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": max(span.line, 1),
        "startColumn": max(span.column, 1),
        "endLine": max(span.end_line, span.line, 1),
        "endColumn": max(span.end_column, 1),
    }


def _location(span: Span) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": _artifact(span.file), "region": _region(span)}}


def _fix(fix: Fix) -> dict[str, Any]:
    files: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        files.setdefault(edit.span.file, []).append(
            {"deletedRegion": _region(edit.span), "insertedContent": {"text": edit.text}}
        )
    return {
        "description": {"text": _text(fix.title)},
        "artifactChanges": [
            {"artifactLocation": _artifact(file), "replacements": replacements} for file, replacements in files.items()
        ],
    }
