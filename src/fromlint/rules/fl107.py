"""A requirement is compiled although the base is fine: it publishes no Linux wheels, or `--no-binary` asks for it.

## Why

It works, since the tools are there, but it takes time at every build whose cache misses, and the tools have to be kept
out of the final image.

## Example

    FROM python:3.12
    RUN pip install psycopg2==2.9.10    # never a Linux wheel: compiled, with the full image's gcc

## What to do

A ready-made twin (`psycopg2-binary`) spares the compiler; else build in a stage of its own and copy the result.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages

CODE = "FL107"
NAME = "source-build"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that is compiled on any base, but for the project's own code."""
    for case in packages.cases(project, Fate.COMPILED):
        if packages.own_code(case):
            continue
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"{packages.title(case)} is compiled here",
            label="compiled during the build",
            why=packages.why_no_wheel(case),
            help=packages.ways_out(case),
        )
