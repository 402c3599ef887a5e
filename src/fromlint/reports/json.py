"""The JSON contract, version 1: keys are only ever added."""

from __future__ import annotations

from fromlint import __version__
from fromlint.model.finding import Finding, Fix, Severity
from fromlint.model.project import InstallFacts, PackageFacts, Project, Report, StageFacts
from fromlint.typed import Any


def render(report: Report) -> str:
    """The report as one JSON document with a line end."""
    import json

    return json.dumps(document(report), indent=1, ensure_ascii=True) + "\n"


def document(report: Report) -> dict[str, Any]:
    """The report as plain values, in the order in which they are printed."""
    return {
        "version": 1,
        "tool": {"name": "fromlint", "version": __version__},
        "files": [_file(project) for project in report.projects],
        "findings": [_finding(finding) for finding in report.findings],
        "skipped": [
            {"what": entry.what, "why": entry.why, "file": entry.file, "line": entry.line} for entry in report.skipped
        ],
        "changes": list(report.changes),
        "summary": {
            severity.word: sum(finding.severity is severity for finding in report.findings)
            for severity in sorted(Severity, reverse=True)
        },
    }


def _file(project: Project) -> dict[str, Any]:
    return {"path": project.dockerfile.path, "stages": [_stage(stage) for stage in project.stages]}


def _stage(facts: StageFacts) -> dict[str, Any]:
    stage, environment = facts.stage, facts.environment
    python = environment.python
    version = ".".join(python.version.split(".")[:2]) if python is not None else None
    return {
        "index": stage.number,
        "name": stage.name,
        "line": stage.instruction.span.line,
        "image": stage.image.value if stage.image is not None else None,
        "final": stage.target,
        "shipped": stage.shipped,
        "reachable": stage.reachable,
        "parent": stage.parent,
        "environment": {
            "known": environment.known,
            "distro": environment.distro,
            "release": environment.release,
            "libc": environment.libc,
            "libc_version": environment.libc_version,
            "python": version,
            "python_full": python.version if python is not None else None,
            "implementation": python.implementation if python is not None else None,
            "package_manager": environment.package_manager,
            "codename": environment.codename,
            "why": environment.unknown,
            "facts_date": environment.facts_date,
        },
        "installs": [_install(install) for install in facts.installs],
    }


def _install(facts: InstallFacts) -> dict[str, Any]:
    return {
        "line": facts.install.span.line,
        "tool": facts.install.tool,
        "read": list(facts.needs.read),
        "requirements": [_package(package) for package in facts.packages],
    }


def _package(facts: PackageFacts) -> dict[str, Any]:
    package = facts.package
    return {
        "name": package.name,
        "version": package.version,
        "file": package.requirement.span.file,
        "line": package.requirement.span.line,
        "parents": list(package.parents),
        "verdicts": {
            platform: {
                "outcome": verdict.outcome.value,
                "filename": verdict.file.filename if verdict.file is not None else None,
                **({"why": verdict.obstacle.value} if verdict.obstacle is not None else {}),
                **({"reason": verdict.reason} if verdict.reason else {}),
            }
            for platform, verdict in package.verdicts.items()
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    span, subject = finding.span, finding.subject
    return {
        "code": finding.code,
        "rule": finding.rule,
        "severity": finding.severity.word,
        "message": finding.message,
        "file": span.file,
        "line": span.line,
        "column": span.column,
        "end_line": span.end_line,
        "end_column": span.end_column,
        "stage": str(finding.stage) if finding.stage is not None else None,
        "platforms": list(finding.platforms),
        "requirement": {
            "name": subject.name,
            "version": subject.version,
            "file": subject.file,
            "line": subject.line,
            "parents": list(subject.parents),
        }
        if subject is not None
        else None,
        "missing": list(finding.missing),
        "related": [
            {"file": label.span.file, "line": label.span.line, "column": label.span.column, "label": label.text}
            for label in finding.related
        ],
        "help": list(finding.help),
        "notes": list(finding.notes),
        "fixes": [_fix(fix) for fix in finding.fixes],
    }


def _fix(fix: Fix) -> dict[str, Any]:
    return {
        "title": fix.title,
        "applicability": "safe" if fix.safe else "unsafe",
        "edits": [
            {
                "file": edit.span.file,
                "start": [edit.span.line, edit.span.column],
                "end": [edit.span.end_line, edit.span.end_column],
                "text": edit.text,
            }
            for edit in fix.edits
        ],
    }
