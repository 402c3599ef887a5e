"""Reports in short, as tests compare them."""

from __future__ import annotations

from fromlint.model.project import Report


def versions(report: Report, platform: str = "linux/amd64") -> dict[str, str | None]:
    """What all installs bring, by name."""
    return {
        facts.package.name: facts.package.version
        for project in report.projects
        for stage in project.stages
        for install in stage.installs
        for facts in install.packages
        if platform in facts.package.verdicts
    }


def outcomes(report: Report, platform: str = "linux/amd64") -> dict[str, str]:
    """How each package fares, by name."""
    return {
        facts.package.name: facts.package.verdicts[platform].outcome.value
        for project in report.projects
        for stage in project.stages
        for install in stage.installs
        for facts in install.packages
        if platform in facts.package.verdicts
    }


def codes(report: Report) -> list[str]:
    """The codes of all findings, in their order."""
    return [finding.code for finding in report.findings]


def said(report: Report) -> list[tuple[str, str, int, str]]:
    """Code, file, line and message of every finding."""
    return [(finding.code, finding.span.file, finding.span.line, finding.message) for finding in report.findings]
