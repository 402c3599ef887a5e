"""Neither a wheel nor an sdist of a requirement fits: pip will stop here.

## Why

Some projects publish wheels only (torch, tensorflow, playwright, polars' runtime). Where none of them fits this libc,
Python and CPU, and no sdist is there to compile, pip ends with `No matching distribution found`.

## Example

    FROM python:3.12-alpine
    RUN pip install torch==2.5.1        # wheels for glibc only, no sdist

## What to do

Take the base, Python or version that the finding names.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, wording

CODE = "FL105"
NAME = "no-matching-distribution"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package of which no file fits."""
    for case in packages.cases(project, Fate.NOTHING_FITS):
        package, verdict, environment = case.facts.package, case.verdict, case.stage.environment
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} cannot be installed here: no wheel or sdist fits",
            label="stops here: No matching distribution found",
            why=wording.why_nothing_fits(package, verdict, environment, case.install.python),
            help=packages.ways_out(case),
        )
