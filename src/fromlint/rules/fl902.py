"""An install names a file that is not in the build context.

## Why

`pip install -r requirements.txt` stops with `Could not open requirements file` where no COPY brought the file, where
`.dockerignore` keeps it out, or where a nested `-r` points to nothing.

## Example

    FROM python:3.12-slim
    RUN pip install -r requirements.txt     # no COPY before it

## What to do

Copy the file before the install, or mend its name.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules.sources import problems

CODE = "FL902"
NAME = "requirements-missing"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each file that an install or a requirements file names and that is not there."""
    yield from problems(project, "missing", CODE, NAME, SEVERITY)
