"""A requirement is built from an sdist that cannot be built here, whatever is installed.

## Why

An sdist older than the Python that it meets fails with every compiler in place: it was written for a C API, a
setuptools or a Cython that is gone. Other builds need a library in a version that this release of the distribution
does not have.

Nothing is said where a way out is taken: a build constraint, `--no-build-isolation`, or the package's own switch.

## Example

    FROM python:3.12-slim
    RUN pip install PyYAML==5.4.1       # AttributeError: cython_sources

## What to do

Take the version, Python or base that the finding names: the nearest for which there is a wheel.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages

CODE = "FL108"
NAME = "hopeless-source-build"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package whose build fails with every tool in place."""
    for case in packages.cases(project, Fate.HOPELESS):
        if case.build is None or case.build.hopeless is None:
            continue
        verb = "cannot" if case.build.certain else "probably cannot"
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} {verb} be built here with any tools: {case.build.hopeless}",
            label="the build fails",
            why=packages.why_no_wheel(case),
            help=packages.ways_out(case),
            notes=packages.how_known(case.build),
        )
