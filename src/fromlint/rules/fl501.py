"""This project's requirements fit another base image better.

## Why

Which base is best depends on the requirements, not on folklore. This compares the same installs on Alpine, slim and the
full image and speaks up only where another base takes away an error or a compilation.

## Example

    FROM python:3.12-alpine             # torch has no file for musl; slim has wheels for everything

## What to do

Change FROM to the image that is named; `fromlint advise` shows the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import remedies, wording

CODE = "FL501"
NAME = "better-base"
SEVERITY = Severity.WARNING

_TAKEN_AWAY = (Fate.NOTHING_FITS, Fate.TOOLS_MISSING, Fate.TOOLS_LATER, Fate.HOPELESS, Fate.COMPILED_FOR_MUSL)


def check(project: Project) -> Iterator[Finding]:
    """At most one finding, on the FROM of the target stage's base."""
    if not project.alternatives:
        return
    best = project.alternatives[0]
    target = next((stage for stage in project.stages if stage.stage.target), None)
    if target is None:
        return
    origin = target
    while origin.stage.parent is not None:
        origin = project.stages[origin.stage.parent]
    current = next((other for other in project.alternatives if other.image == origin.environment.image), None)
    if current is None or best is current:
        return
    before, after = {*current.failing, *current.compiled}, {*best.failing, *best.compiled}
    gone = sorted(before - after)
    worse = after - before
    if not gone or worse:
        return
    fates = {
        (facts.package.name, fate)
        for stage in project.stages
        for install in stage.installs
        for facts in install.packages
        for platform, fate in facts.fates.items()
        if platform in project.asked
    }
    serious = any((name, fate) in fates for name in gone for fate in _TAKEN_AWAY)
    listed = ", ".join(gone[:5]) + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
    total = best.wheels + len(best.compiled) + len(best.failing) + best.unknown
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY if serious else Severity.INFO,
        message=f"{best.image} fits these requirements better: it has wheels for {listed}",
        span=wording.from_span(origin),
        label=wording.environment_words(origin.environment),
        stage=origin.stage.number,
        platforms=project.asked,
        help=(f"FROM {best.image}",),
        fixes=remedies.base_image(project, origin, best.image, safe=False) if serious else (),
        notes=(
            f"on {best.image} {best.wheels} of {total} packages are wheels, here {current.wheels}",
            *((f"still compiled there: {', '.join(best.compiled)}",) if best.compiled else ()),
        ),
    )
