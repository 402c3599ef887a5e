"""The full image is used although every requirement has a wheel: a smaller one does.

## Why

`python:3.12` holds compilers and headers of dozens of libraries, some 400 MB packed, to compile what has no wheel.
Where every requirement has one, `python:3.12-slim` (some 43 MB) installs the same, and where every one has a wheel for
musl Alpine does, too (some 18 MB). The base that is named is the one that `fromlint advise` recommends.

## Example

    FROM python:3.12
    RUN pip install flask==3.1.0

## What to do

Change FROM to the image that is named, if your own scripts need none of the full image's tools.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.project.comparison import COMPILE_AT_RUN_TIME
from fromlint.rules import lineage, remedies, wording

CODE = "FL502"
NAME = "full-image-not-needed"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """At most one finding, on the FROM of the target stage's base."""
    best, current = lineage.best_base(project), lineage.base_in_use(project)
    target = lineage.target(project)
    if best is None or current is None or target is None or best is current:
        return
    origin = lineage.base(project, target)
    if origin.environment.variant != "full" or not origin.environment.known or best.environment.variant == "full":
        return
    installs = [install for stage in project.stages if stage.stage.shipped for install in stage.installs]
    packages = [facts for install in installs for facts in install.packages]
    if not packages or not all(install.complete for install in installs):
        return
    if any(facts.package.name in COMPILE_AT_RUN_TIME for facts in packages):
        return
    if best.failing or best.compiled or best.unknown or best.libraries:
        return
    saved = (origin.environment.size_bytes or 0) - (best.environment.size_bytes or 0)
    if saved <= 0:
        return
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"every requirement has a wheel: {best.image} does, and is {saved // 1_000_000} MB smaller to pull",
        span=wording.from_span(origin),
        label=wording.environment_words(origin.environment),
        stage=origin.stage.number,
        platforms=project.asked,
        help=(f"FROM {best.image}, if your own scripts need none of the full image's tools (git, curl, gcc, …)",),
        fixes=remedies.base_image(project, origin, best.image, safe=False),
    )
