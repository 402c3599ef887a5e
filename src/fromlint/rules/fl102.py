"""A requirement is compiled because its wheels are for a newer glibc than the image has.

## Why

A wheel tagged `manylinux_2_28` needs glibc 2.28 or newer. Debian 11 has 2.31, Debian 12 has 2.36, Amazon Linux 2 only
2.26. On an older base pip falls back to the sdist and compiles it.

## Example

    FROM python:3.11-slim-bullseye
    RUN pip install some-package        # its wheels are manylinux_2_34

## What to do

Take a newer release of the base, or a version of the requirement that still has wheels for the older glibc.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages

CODE = "FL102"
NAME = "glibc-too-old"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that is compiled because its wheels need a newer glibc."""
    for case in packages.cases(project, Fate.COMPILED_FOR_GLIBC):
        libc = f"{case.stage.environment.libc} {case.stage.environment.libc_version}"
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} has wheels, but none for {libc}, and is compiled here",
            label="compiled during the build",
            why=packages.why_no_wheel(case),
            help=packages.ways_out(case),
        )
