"""Native packages are installed for the builder's CPU and copied to a stage for another one.

## Why

A stage `FROM --platform=$BUILDPLATFORM` runs on the machine that builds, which is quick, and right for files that are
the same everywhere. Wheels with compiled code are not: in an image for another CPU the first import fails with `wrong
ELF class` or `Exec format error`.

An *error* where a platform that was asked for differs; a *warning* where only a build for another platform than the
default would go wrong.

## Example

    FROM --platform=$BUILDPLATFORM python:3.12-slim AS build
    RUN pip install --target=/packages numpy
    FROM python:3.12-slim
    COPY --from=build /packages /packages

## What to do

Leave out `--platform` in the stage that installs, or keep only what is the same everywhere in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.project import Project, StageFacts
from fromlint.rules import crossing, lineage, wording

CODE = "FL404"
NAME = "cpu-crossed"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each pair of stages."""
    seen: set[tuple[int, int]] = set()
    for case in crossing.crossings(project):
        pair = case.origin.stage.number, case.final.stage.number
        base = lineage.base(project, case.origin)
        if pair in seen or not base.stage.fixed_platform or base.stage.platform is None:
            continue
        if any(install.install.options.platforms for install, _ in case.taken):
            # The wheels of another platform are asked for on purpose.
            continue
        native = (*crossing.wheels(case), *crossing.compiled(case))
        wrong = [
            each
            for each in project.platforms
            if _cpu(_platform(project, case.final, each)) != _cpu(base.stage.platform)
        ]
        if not native or not wrong:
            continue
        seen.add(pair)
        asked = [each for each in wrong if each in project.asked]
        yield Finding(
            code=CODE,
            rule=NAME,
            severity=SEVERITY if asked else Severity.WARNING,
            message=f"{crossing.listed(native)}: installed for {base.stage.platform} and copied to an image for "
            f"{' and '.join(asked or wrong)}",
            span=case.span,
            label=f"takes native code of {crossing.stage_words(case.origin)}",
            stage=case.final.stage.number,
            platforms=tuple(asked or wrong),
            related=(Label(wording.from_span(base), f"always {base.stage.platform}"),),
            help=(f"leave out --platform in {crossing.stage_words(base)}",),
        )


def _platform(project: Project, stage: StageFacts, asked: str) -> str:
    base = lineage.base(project, stage).stage
    return base.platform if base.fixed_platform and base.platform is not None else asked


def _cpu(platform: str) -> str:
    return platform.partition("/")[2]
