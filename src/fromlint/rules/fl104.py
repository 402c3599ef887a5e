"""A requirement has wheels for one CPU and none for another.

## Why

Many packages publish wheels for `linux/amd64` only. On `linux/arm64` (Apple laptops, Graviton) pip then compiles them,
under emulation six to ten times slower, or finds nothing that fits.

A *warning* where the platform was asked for (`--platform`, compose, bake, FROM, settings). Where it was not,
`linux/arm64` is looked at besides, and what is missing there is said once, as *info*.

## Example

    # docker buildx build --platform linux/amd64,linux/arm64 .
    FROM python:3.12-slim
    RUN pip install some-package        # wheels for x86_64 only

## What to do

Take a version with wheels for both, add build tools for the platform that lacks them, or do not build for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, InstallFacts, PackageFacts, Project, StageFacts
from fromlint.model.verdict import Obstacle, Outcome
from fromlint.rules import packages, wording

CODE = "FL104"
NAME = "platform-without-wheel"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package compiled on an asked platform, and one an install for platforms looked at besides."""
    for case in packages.cases(project, Fate.COMPILED_FOR_PLATFORM):
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} has no wheel for this CPU and is compiled",
            label="compiled during the build",
            why=packages.why_no_wheel(case),
            help=packages.ways_out(case),
        )
    for stage in project.stages:
        for install in stage.installs:
            for platform in project.platforms:
                if platform not in project.asked:
                    yield from _besides(project, stage, install, platform)


def _besides(project: Project, stage: StageFacts, install: InstallFacts, platform: str) -> Iterator[Finding]:
    lacking = [facts for facts in install.packages if _only_there(facts, platform, project.asked)]
    if not lacking:
        return
    names = [facts.package.name for facts in lacking]
    listed = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=Severity.INFO,
        message=f"no wheel for {platform}: {listed}",
        span=wording.install_span(stage, install),
        label=f"compiled, or not to be had, on {platform}",
        stage=stage.stage.number,
        platforms=(platform,),
        related=(wording.from_label(project, stage, install.python),),
    )


def _only_there(facts: PackageFacts, platform: str, asked: tuple[str, ...]) -> bool:
    """Whether the package lacks a wheel there for want of the CPU alone, and has one wherever it was asked for."""
    verdict = facts.package.verdicts.get(platform)
    if verdict is None or verdict.obstacle is not Obstacle.PLATFORM or verdict.partial:
        return False
    if verdict.outcome not in (Outcome.SOURCE, Outcome.NONE):
        return False
    others = [facts.package.verdicts[other].outcome for other in asked if other in facts.package.verdicts]
    return bool(others) and all(outcome is Outcome.WHEEL for outcome in others)
