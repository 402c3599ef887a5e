"""This project's requirements fit another base image better.

## Why

Which base is best depends on the requirements, not on folklore. This compares the same installs on Alpine, slim and the
full image and speaks up only where another base takes away an error or a compilation. It is the comparison that
`fromlint advise` shows, and names the same base.

## Example

    FROM python:3.12-alpine             # torch has no file for musl; slim has wheels for everything

## What to do

Change FROM to the image that is named; `fromlint advise` shows the comparison.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import lineage, remedies, wording

CODE = "FL501"
NAME = "better-base"
SEVERITY = Severity.WARNING

_TAKEN_AWAY = (Fate.NOTHING_FITS, Fate.TOOLS_MISSING, Fate.TOOLS_LATER, Fate.HOPELESS, Fate.COMPILED_FOR_MUSL)


def check(project: Project) -> Iterator[Finding]:
    """At most one finding, on the FROM of the target stage's base."""
    best, current = lineage.best_base(project), lineage.base_in_use(project)
    target = lineage.target(project)
    if best is None or current is None or target is None or best is current:
        return
    origin = lineage.base(project, target)
    before, after = {*current.failing, *current.compiled}, {*best.failing, *best.compiled}
    direct = {
        facts.package.name for place in current.by_platform for facts in place.packages if not facts.package.parents
    }
    gone = sorted(before - after, key=lambda name: (name not in direct, name))
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
    # One platform that is seldom built for must not seem to speak for all of them.
    where = tuple(
        there.environment.platform for there in current.by_platform if not {*there.failing, *there.compiled} <= after
    )
    # A stage may be built for a platform of its own, whatever was asked for (FROM arm32v7/alpine).
    partly = len(where) < len(current.by_platform)
    elsewhere = [platform for platform in project.asked if partly and platform not in where]
    only = f" on {', '.join(where)}" if where and elsewhere else ""
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY if serious else Severity.INFO,
        message=f"{best.image} fits these requirements better{only}: it has wheels for {listed}",
        span=wording.from_span(origin),
        label=wording.environment_words(origin.environment),
        stage=origin.stage.number,
        platforms=where or project.asked,
        help=(f"FROM {best.image}",),
        fixes=remedies.base_image(project, origin, best.image, safe=False) if serious else (),
        notes=(
            f"on {best.image} {best.wheels} of {total} packages are wheels, here {current.wheels}",
            *((f"still compiled there: {', '.join(best.compiled)}",) if best.compiled else ()),
            *((f"on {', '.join(elsewhere)} alone it would make no difference",) if only else ()),
        ),
    )
