"""A missing wheel, `--only-binary` or an old Python makes the installer take an older release, or a pure wheel instead.

## Why

Nothing fails, and that is the trouble: with `--only-binary` on Alpine pip goes back to the last release that had a
musllinux wheel; on an old Python to the last one that supported it; and a package with native wheels may leave you its
pure one, which then looks for a library that is not there.

## Example

    FROM python:3.9-slim
    RUN pip install streamlit           # the last release for 3.9, not today's

## What to do

Pin the version you mean, or move to the Python or base that today's release has a wheel for.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules import packages
from fromlint.rules.packages import Case

CODE = "FL109"
NAME = "older-release-chosen"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package where a newer or more native file was passed over."""
    for stage in project.stages:
        for install in stage.installs:
            for facts in install.packages:
                platforms = tuple(
                    platform
                    for platform in project.asked
                    if platform in facts.package.verdicts and facts.package.verdicts[platform].instead_of
                )
                if not platforms:
                    continue
                verdict = facts.package.verdicts[platforms[0]]
                case = Case(project, stage, install, facts, platforms, verdict, None)
                newer, why = verdict.instead_of or ("", "")
                yield packages.finding(
                    case,
                    code=CODE,
                    rule=NAME,
                    severity=packages.capped(SEVERITY, case),
                    message=f"{packages.title(case)} is taken instead of {newer}: {why}",
                    label=f"{facts.package.name} {facts.package.version}, not {newer}",
                    why=why,
                )
