"""What is inside this base image is not known.

## Why

Without the libc, the Python and the packages of a base nothing can be said about wheels and tools. fromlint says so and
checks only what does not depend on it.

## Example

    FROM registry.corp/team/python-base:7

## What to do

Say what it is built on, in `pyproject.toml`:

    [tool.fromlint.images]
    "registry.corp/team/python-base:*" = "python:3.12-slim-bookworm"

Or have fromlint look at it in its registry: `--inspect`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules import wording

CODE = "FL907"
NAME = "unknown-image"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """A finding for each unknown image on which something is installed."""
    for stage in project.stages:
        environment = stage.environment
        if environment.known or stage.stage.parent is not None or stage.stage.image is None:
            continue
        if environment.tag_status == "never":
            # FL508 says it.
            continue
        if not _installs_on(project, stage.stage.number):
            continue
        yield Finding(
            CODE,
            NAME,
            SEVERITY,
            f"{environment.unknown}; what is installed on it is not checked",
            wording.from_span(stage),
            stage=stage.stage.number,
            help=(f'say what it is: [tool.fromlint.images] "{stage.stage.image.value}" = "python:3.12-slim-bookworm"',),
        )


def _installs_on(project: Project, number: int) -> bool:
    """Whether the stage, or one that continues it, installs Python packages."""
    for stage in project.stages:
        origin = stage.stage
        while origin.number != number and origin.parent is not None:
            origin = project.stages[origin.parent].stage
        if origin.number == number and stage.installs:
            return True
    return False
