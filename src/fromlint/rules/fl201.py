"""A requirement has to be compiled, and its compiler, headers or build tools are not there by that line.

## Why

No wheel fits, so pip takes the sdist and compiles it. The slim and Alpine images hold no compiler, and no image holds
every library's headers. Each failed build names only the first missing thing; this names them all.

## Example

    FROM python:3.12-slim
    RUN pip install psycopg2==2.9.10    # Error: pg_config executable not found.

## What to do

Add the packages that the finding lists before the install, best in a build stage or removed again in the same RUN; or
take the ready-made twin or the base that it names.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, remedies, wording

CODE = "FL201"
NAME = "missing-build-tools"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package whose build lacks system packages by that line."""
    for case in packages.cases(project, Fate.TOOLS_MISSING):
        if case.build is None:
            continue
        missing = case.build.missing
        verb = "cannot" if case.build.certain else "probably cannot"
        lacking = f"has {wording.lacking(case.verdict, case.stage.environment, case.install.python)}"
        if packages.own_code(case):
            lacking = packages.origin(case)
        notes = [f"{case.facts.package.name}: {case.build.note}"] if case.build.note else []
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} {lacking} and {verb} be compiled here",
            label=f"needs {' '.join(missing)}",
            why=packages.why_no_wheel(case),
            missing=missing,
            help=[f"add before it: {wording.add_line(case.stage.environment, missing)}", *packages.ways_out(case)],
            notes=[*notes, *packages.how_known(case.build)],
            fixes=(*remedies.ready_made(case), *remedies.for_builds(case)),
        )
