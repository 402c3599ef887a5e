"""What changes in the Dockerfile where another base is taken."""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import ListsUpdated, PackagesAdded, PackagesRemoved
from fromlint.model.environment import Environment
from fromlint.model.project import Alternative, OnPlatform, Project, StageFacts

_ADD = {
    "apt": "apt-get update && apt-get install -y --no-install-recommends {} && rm -rf /var/lib/apt/lists/*",
    "apk": "apk add --no-cache {}",
    "dnf": "dnf install -y {}",
    "microdnf": "microdnf install -y {}",
    "zypper": "zypper install -y {}",
}


def to(each: Alternative, there: OnPlatform, project: Project) -> tuple[str, ...]:
    """The lines to change, in the order of the file; paths are left out, all is about the one Dockerfile."""
    base = _base(project)
    if base is None:
        return ()
    found = []
    for stage in project.stages:
        if stage.stage.parent is None and stage.stage.image is not None and _alike(stage.environment, base.environment):
            found.append(f"line {stage.stage.instruction.span.line}: FROM {each.image}")
    here, then = base.environment.package_manager, there.environment.package_manager
    present: set[str] = set()
    other_manager: list[int] = []
    for stage in project.stages:
        if not stage.stage.reachable:
            continue
        for step in stage.steps:
            event = step.event
            if isinstance(event, PackagesAdded) and here == then:
                present.update(name.value for name in event.names)
            if isinstance(event, PackagesAdded | PackagesRemoved | ListsUpdated) and event.manager != then:
                other_manager.append(event.span.line)
    if here != then and other_manager:
        lines = ", ".join(str(line) for line in dict.fromkeys(other_manager))
        found.append(f"line {lines}: {here} is not there, write it for {then}")
    pattern = _ADD.get(then or "", "install {}")
    build = [name for name in there.build if name not in present]
    run = [name for name in there.libraries if name not in present]
    install = next(_install_lines(project), None)
    before = f"before line {install}: " if install is not None else ""
    if build:
        found.append(f"{before}RUN {pattern.format(' '.join(build))}, to compile")
    if run:
        found.append(f"in the last stage: RUN {pattern.format(' '.join(run))}, to run")
    return tuple(found)


def _base(project: Project) -> StageFacts | None:
    stage = next((stage for stage in project.stages if stage.stage.target), None)
    while stage is not None and stage.stage.parent is not None:
        stage = project.stages[stage.stage.parent]
    return stage


def _alike(one: Environment, other: Environment) -> bool:
    return one.image == other.image


def _install_lines(project: Project) -> Iterator[int]:
    for stage in project.stages:
        if stage.stage.reachable:
            for install in stage.installs:
                yield install.install.span.line
