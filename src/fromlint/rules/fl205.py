"""A package is installed that this release of the distribution does not have.

## Why

Distributions rename and drop packages between releases, and a tag like `python:3.12-slim` moves from one release to the
next: `E: Unable to locate package libgl1-mesa-glx`. A name that several packages provide is refused as well:
`E: Package 'netcat' has no installation candidate`.

Nothing is said where the stage or its base adds a package source (a repository, PPA, backports), nor of names that
other packages provide.

## Example

    FROM python:3.12-slim               # Debian 13 (trixie) since August 2025
    RUN apt-get update && apt-get install -y libgl1-mesa-glx

## What to do

Write today's name, which the finding gives where it is known; or name the release in FROM (`3.12-slim-bookworm`).
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import PackagesAdded
from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Text
from fromlint.model.project import Project, StageFacts
from fromlint.project.known import package_names, package_sources
from fromlint.rules import lineage, remedies, wording

CODE = "FL205"
NAME = "system-package-gone"
SEVERITY = Severity.ERROR

_MANAGERS = {"debian": "apt", "alpine": "apk"}


def check(project: Project) -> Iterator[Finding]:
    """A finding for each name and instruction."""
    for stage in project.stages:
        environment = lineage.base(project, stage).environment
        manager = _MANAGERS.get(environment.family or "")
        if not stage.stage.reachable or manager is None or not package_names.plain(environment):
            continue
        parents = lineage.lineage(project, stage)[:-1]
        if any(package_sources.may_be_added(step.event, manager) for parent in parents for step in parent.steps):
            continue
        seen: set[tuple[int, str]] = set()
        for step in stage.steps:
            event = step.event
            if package_sources.may_be_added(event, manager):
                break
            if not isinstance(event, PackagesAdded) or event.manager != manager:
                continue
            if event.foreign_source or event.conditional or event.tolerated:
                continue
            for name in event.names:
                if (step.instruction, name.value) not in seen:
                    seen.add((step.instruction, name.value))
                    yield from _judged(project, stage, name)


def _judged(project: Project, stage: StageFacts, name: Text) -> Iterator[Finding]:
    environment = stage.environment
    release = wording.release_words(environment)
    found = package_names.answer(environment, name.value)
    if found.kind == "gone":
        message = f"{release} has no package {name.value}"
        label = f"{environment.package_manager or 'the package manager'} will not find it"
    elif found.kind == "several" and environment.family == "debian":
        message = f"{name.value} is no package in {release}: {_several(found.providers)} provide it, and apt refuses"
        label = "has no installation candidate"
    else:
        return
    help = [f"write {' '.join(found.now)}"] if found.now else []
    earlier = package_names.release_before(environment, name.value)
    notes = []
    if earlier is not None:
        moved = f", and {environment.image} has moved on" if environment.floating else ""
        notes.append(f"Debian's {earlier} still had it{moved}")
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=message,
        span=name.span,
        label=label,
        stage=stage.stage.number,
        platforms=project.asked,
        missing=found.now,
        related=(wording.from_label(project, stage),),
        help=tuple(help),
        notes=tuple(notes),
        fixes=remedies.renamed(project.dockerfile, name, found.now),
    )


def _several(providers: tuple[str, ...]) -> str:
    if len(providers) < 2:
        return "several packages"
    return f"{', '.join(providers[:-1])} and {providers[-1]}"
