"""A requirements, project or lock file cannot be read.

## Why

It is not text, its TOML or JSON is broken, it is larger than any real one, or it is a lock of a format newer than this
version of fromlint knows. What it says cannot be checked, and usually the installer stops at it, too.

## Example

    [project
    name = "app"

## What to do

Mend the file at the place given; for a newer lock format update fromlint.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules.sources import problems

CODE = "FL903"
NAME = "requirements-unreadable"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each file that cannot be read."""
    yield from problems(project, "unreadable", CODE, NAME, SEVERITY)
