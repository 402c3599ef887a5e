"""The full image is used although every requirement has a wheel: slim does, and saves most of the size.

## Why

`python:3.12` holds compilers and headers of dozens of libraries, some 400 MB packed, to compile what has no wheel.
Where every requirement has one, `python:3.12-slim` (some 43 MB) installs the same.

## Example

    FROM python:3.12
    RUN pip install flask==3.1.0

## What to do

Change FROM to the slim image, if your own scripts need none of the full image's tools.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules import remedies, wording

CODE = "FL502"
NAME = "full-image-not-needed"
SEVERITY = Severity.INFO

# torch.compile and triton run the C compiler at run time (triton/runtime/build.py), which slim has not.
_COMPILE_AT_RUN_TIME = frozenset({"torch", "triton"})


def check(project: Project) -> Iterator[Finding]:
    """At most one finding, on the FROM of the target stage's base."""
    target = next((stage for stage in project.stages if stage.stage.target), None)
    if target is None:
        return
    origin = target
    while origin.stage.parent is not None:
        origin = project.stages[origin.stage.parent]
    if origin.environment.variant != "full" or not origin.environment.known:
        return
    installs = [install for stage in project.stages if stage.stage.shipped for install in stage.installs]
    packages = [facts for install in installs for facts in install.packages]
    if not packages or not all(install.complete for install in installs):
        return
    if any(facts.package.name in _COMPILE_AT_RUN_TIME for facts in packages):
        return
    current = next((other for other in project.alternatives if other.image == origin.environment.image), None)
    slim = next((other for other in project.alternatives if other.environment.variant == "slim"), None)
    if current is None or slim is None or slim.failing or slim.compiled or slim.unknown or slim.libraries:
        return
    saved = (origin.environment.size_bytes or 0) - (slim.environment.size_bytes or 0)
    if saved <= 0:
        return
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"every requirement has a wheel: {slim.image} does, and is {saved // 1_000_000} MB smaller to pull",
        span=wording.from_span(origin),
        label=wording.environment_words(origin.environment),
        stage=origin.stage.number,
        platforms=project.asked,
        help=(f"FROM {slim.image}, if your own scripts need none of the full image's tools (git, curl, gcc, …)",),
        fixes=remedies.base_image(project, origin, slim.image, safe=False),
    )
