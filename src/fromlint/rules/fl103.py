"""A requirement is compiled because it has wheels, but none for this Python.

## Why

Wheels with compiled code are made for a Python version and ABI (`cp312`). On the day of a new Python most packages have
none yet; an old Python loses them again; the free-threaded build (`3.14t`) has an ABI of its own. pip then takes the
sdist and compiles it.

## Example

    FROM python:3.14-slim
    RUN pip install numpy==1.26.4       # its wheels end at cp312

## What to do

Raise the requirement to a version that has wheels for this Python (named in the finding), or stay on the Python that
the pinned version has wheels for.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, wording

CODE = "FL103"
NAME = "python-without-wheel"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that is compiled because it has no wheel for this Python."""
    for case in packages.cases(project, Fate.COMPILED_FOR_PYTHON):
        python = wording.python_words(case.install.python)
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} has no wheel for {python} and is compiled here",
            label="compiled during the build",
            why=packages.why_no_wheel(case),
            help=packages.ways_out(case),
        )
