"""The builder would refuse this Dockerfile.

## Why

An unknown instruction, an unterminated heredoc, a FROM without an image, a stage that refers to itself: the build stops
before the first step.

## Example

    FORM python:3.12-slim

## What to do

Mend the line. What can still be read of the file is checked all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project

CODE = "FL901"
NAME = "dockerfile-syntax"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each thing that the builder would refuse."""
    for problem in project.problems:
        yield Finding(CODE, NAME, SEVERITY, problem.message, problem.span)
