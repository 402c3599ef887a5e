"""A line that pip refuses.

## Why

pip stops at the first line it does not understand (`ERROR: Invalid requirement`), and at options that exclude each
other (`--pre` with `--only-final`, `--platform` without `--only-binary=:all:`).

## Example

    flask>=3.0 and <4

## What to do

Write the requirement as PEP 508 has it: `flask>=3.0,<4`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules.sources import problems

CODE = "FL904"
NAME = "bad-requirement"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each line that pip refuses."""
    yield from problems(project, "bad", CODE, NAME, SEVERITY)
