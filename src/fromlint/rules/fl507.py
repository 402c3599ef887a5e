"""torch from the public index brings gigabytes of CUDA libraries to an image without a GPU.

## Why

On x86_64 the torch of the public index requires NVIDIA's libraries: some gigabytes that an image for CPUs only carries
around. The CPU build is on an index of its own.

Nothing is said on any sign of a GPU: a CUDA base, `NVIDIA_*` variables, devices in compose, packages that are of no use
without. An image on slim that is run with NVIDIA's runtime is a good image.

## Example

    FROM python:3.12-slim
    RUN pip install torch

## What to do

Install torch from the index that the finding names; with uv: `UV_TORCH_BACKEND=cpu`, or an index for torch in
pyproject.toml.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.model.verdict import Outcome
from fromlint.project.known import gpu
from fromlint.rules import lineage, packages
from fromlint.rules.packages import Case

CODE = "FL507"
NAME = "gpu-wheels-on-cpu-image"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install that brings CUDA libraries."""
    target = lineage.target(project)
    if target is None or project.gpu or not target.environment.known:
        return
    everything = [install for stage in project.stages for install in stage.installs]
    names = {facts.package.name for install in everything for facts in install.packages}
    if not any(gpu.cpu_index(name) for name in names) or _meant(project, target, names):
        return
    for stage in project.stages:
        shipped = [install for install in stage.installs if install.shipped]
        if shipped and stage.environment.known and not _meant(project, stage, names):
            for install in shipped:
                yield from _judged(project, stage, install)


def _meant(project: Project, stage: StageFacts, names: Collection[str]) -> bool:
    """Whether a stage shows that it is meant for a GPU."""
    return gpu.meant(stage.environment, lineage.before(project, stage), names)


def _judged(project: Project, stage: StageFacts, install: InstallFacts) -> Iterator[Finding]:
    libraries = [
        facts for facts in install.packages if facts.package.name.startswith("nvidia-") and not facts.package.kept
    ]
    for facts in install.packages:
        index = gpu.cpu_index(facts.package.name)
        if index is None or not libraries or facts.package.kept or _may_be_there(stage, install, facts.package.name):
            continue
        platforms = tuple(
            platform
            for platform in project.asked
            if platform in facts.package.verdicts
            and any(each.package.verdicts.get(platform) is not None for each in libraries)
        )
        if not platforms:
            continue
        verdict = facts.package.verdicts[platforms[0]]
        if verdict.outcome is not Outcome.WHEEL or verdict.file is None or "+" in (facts.package.version or ""):
            continue
        case = Case(project, stage, install, facts, platforms, verdict, None)
        sizes = [
            each.package.verdicts[platforms[0]].file for each in libraries if platforms[0] in each.package.verdicts
        ]
        known = [file.size for file in sizes if file is not None and file.size is not None]
        much = f", {sum(known) / 1e9:.1f} GB to download" if known and len(known) == len(libraries) else ""
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"{packages.title(case)} brings {len(libraries)} packages of CUDA libraries{much}, "
            "and nothing here says that the image is to run on a GPU",
            label="the CPU build does without",
            why="the public index has it with CUDA",
            help=_help(install, facts.package.name, index),
        )


def _may_be_there(stage: StageFacts, install: InstallFacts, name: str) -> bool:
    """Whether an earlier install of the stage may have brought a release of its own, which stays."""
    earlier = [other for other in stage.installs if other.install.span.line < install.install.span.line]
    return any(
        facts.package.name == name and verdict.outcome is Outcome.UNKNOWN
        for other in earlier
        for facts in other.packages
        for verdict in facts.package.verdicts.values()
    )


def _help(install: InstallFacts, name: str, index: str) -> list[str]:
    if install.install.tool.startswith("uv"):
        return [f'for CPUs only: UV_TORCH_BACKEND=cpu with uv pip, or [[tool.uv.index]] url = "{index}" for {name}']
    return [f"for CPUs only: pip install {name} --index-url {index}, before the other requirements"]
