"""The base image's tag never existed.

## Why

`FROM python:3.12-bookworm-slim` stops with `not found`: the parts of the official tags stand in a fixed order. Only
tags that surely never were are named; one that is newer than the data is unknown, never *no such tag*.

## Example

    FROM python:3.12-bookworm-slim      # it is 3.12-slim-bookworm

## What to do

Write the tag that the finding names.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules import remedies, wording

CODE = "FL508"
NAME = "no-such-tag"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each FROM whose tag surely never was."""
    for stage in project.stages:
        environment = stage.environment
        if environment.tag_status != "never" or stage.stage.parent is not None or not stage.stage.reachable:
            continue
        name = environment.image.partition("@")[0]
        repository = name.rpartition(":")[0] or name
        nearest = environment.nearest_tag
        yield Finding(
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"there never was an image {environment.image}",
            span=wording.from_span(stage),
            label="the build stops here",
            stage=stage.stage.number,
            help=(f"FROM {repository}:{nearest}",) if nearest else (),
            fixes=remedies.base_image(project, stage, f"{repository}:{nearest}" if nearest else None, safe=False),
            notes=(f"as of the data of {environment.facts_date}",) if environment.facts_date else (),
        )
