"""Something is decided only when the image is built: an ARG without a value, a file made during the build.

## Why

fromlint does not guess. Where FROM depends on an ARG without a default, or requirements are made by a command that it
cannot follow, it says what it did not check.

## Example

    ARG BASE
    FROM ${BASE}

## What to do

Give the ARG a default, or the value to fromlint: `--build-arg BASE=python:3.12-slim`; name the requirements with
`--requirements FILE`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Unknown
from fromlint.model.project import Project

CODE = "FL908"
NAME = "unresolved-variable"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """A finding for each thing that only the build decides."""
    seen: set[Unknown] = set()
    entries = list(project.unknown)
    entries += [entry for stage in project.stages for install in stage.installs for entry in install.needs.unknown]
    for entry in entries:
        if entry not in seen:
            seen.add(entry)
            yield Finding(CODE, NAME, SEVERITY, f"{entry.what}: {entry.why}", entry.span)
