"""The build tools that a requirement needs are installed, but only after the line that needs them.

## Why

A Dockerfile is read from top to bottom: what a later RUN installs is not there yet.

## Example

    FROM python:3.12-slim
    RUN pip install psycopg2==2.9.10
    RUN apt-get update && apt-get install -y gcc libc6-dev libpq-dev

## What to do

Move the later line in front of the install.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, remedies

CODE = "FL203"
NAME = "build-tools-after-install"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package whose missing build tools a later line brings."""
    for case in packages.cases(project, Fate.TOOLS_LATER):
        if case.build is None or case.build.later is None:
            continue
        missing, later = case.build.missing, case.build.later
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} is compiled here, but what it needs comes only on line {later.line}",
            label=f"needs {' '.join(missing)}",
            why=packages.why_no_wheel(case),
            missing=missing,
            related=[Label(later, f"brings {' '.join(missing)}, too late")],
            fixes=remedies.earlier(project, case.stage, later, case.install.step),
            help=[f"move line {later.line} in front of this one", *packages.ways_out(case)],
        )
