"""A requirement is compiled on Alpine: it has no musllinux wheel, though the tools to build it are there.

## Why

Alpine's C library is musl. A wheel for glibc (`manylinux`) does not load there, so pip takes the sdist and compiles it:
minutes instead of seconds at every build whose cache misses, and a compiler in the image or a stage more.

## Example

    FROM python:3.12-alpine
    RUN apk add --no-cache g++ musl-dev libgomp
    RUN pip install lightgbm==4.5.0     # wheels for glibc only

## What to do

Take a version or a ready-made twin that has a musllinux wheel, or a base on glibc (`python:3.12-slim`) where the wheels
fit. If compiling is what you want, ignore the finding with a reason. (What publishes no Linux wheels at all is compiled
on every base: that is FL107.)
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, wording

CODE = "FL101"
NAME = "musl-source-build"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that is compiled because its wheels do not fit musl."""
    for case in packages.cases(project, Fate.COMPILED_FOR_MUSL):
        lacking = wording.lacking(case.verdict, case.stage.environment, case.install.python)
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} has {lacking} and is compiled here",
            label="compiled during the build",
            why=packages.why_no_wheel(case),
            help=packages.ways_out(case),
        )
