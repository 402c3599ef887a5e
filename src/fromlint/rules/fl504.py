"""The base image's tag moves from one release of the distribution to the next.

## Why

`python:3.12-slim` was Debian bookworm until 12 August 2025 and is trixie since; `alpine` tags move twice a year. What
builds today fails on the day of the move: package names change (FL205), and compiled libraries with them.

This rule is off unless it is selected: moving with the distribution is a choice, too.

## Example

    FROM python:3.12-slim

## What to do

Name the release: `python:3.12-slim-bookworm`, `python:3.12-alpine3.22`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.project.known import base_tags
from fromlint.rules import remedies, wording

CODE = "FL504"
NAME = "floating-base"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """A finding for each FROM whose tag moves between releases."""
    for stage in project.stages:
        environment = stage.environment
        if not environment.floating or not environment.known or stage.stage.parent is not None:
            continue
        if not stage.stage.reachable:
            continue
        release = wording.release_words(environment)
        same = base_tags.with_release(environment, project.as_of)
        yield Finding(
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"{environment.image} moves from release to release; it is {release} now",
            span=wording.from_span(stage),
            label=f"{release} as of {project.as_of}",
            stage=stage.stage.number,
            help=(f"FROM {same}",) if same else ("name the release in the tag",),
            fixes=remedies.base_image(project, stage, same, safe=True),
        )
