"""What changes in the Dockerfile where another base is taken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fromlint.model.build import CommandUsed, ListsUpdated, PackagesAdded, PackagesRemoved
from fromlint.model.project import Alternative, OnPlatform, Project, StageFacts
from fromlint.project.known import commands
from fromlint.system import capabilities
from fromlint.system.brought import by
from fromlint.system.distribution import distribution
from fromlint.system.state import State

_ADD = {
    "apt": "apt-get update && apt-get install -y --no-install-recommends {} && rm -rf /var/lib/apt/lists/*",
    "apk": "apk add --no-cache {}",
    "dnf": "dnf install -y {}",
    "microdnf": "microdnf install -y {}",
    "zypper": "zypper install -y {}",
}


def to(each: Alternative, there: OnPlatform, project: Project) -> tuple[str, ...]:
    """The lines to change, in the order of the file; of the base in use only what is still to be added to it."""
    base = _base(project)
    if base is None:
        return ()
    found = []
    here, then = base.environment.package_manager, there.environment.package_manager
    if not each.in_use:
        found += [
            f"line {stage.stage.instruction.span.line}: FROM {each.image}"
            for stage in project.stages
            if stage.stage.parent is None and stage.environment.image == base.environment.image
        ]
    reachable = [stage for stage in project.stages if stage.stage.reachable]
    lines = dict.fromkeys(_managed(reachable, then)) if here != then else {}
    if lines:
        found.append(f"line {', '.join(map(str, lines))}: there is no {here}, write it for {then}")
    everywhere = [stage for stage in reachable if here == then]
    found += _commands(project, base, reachable, there)
    build = _to_build(there, [state for stage in everywhere for state in _states(project, stage, there)])
    shipped = [state for stage in everywhere if stage.stage.target for state in _states(project, stage, there)]
    run = [name for name in there.libraries if not _held(name, shipped)]
    if len(reachable) == 1:
        run = [name for name in run if not _brought(name, there)]
    pattern = _ADD.get(then or "", "install {}")
    install = next((install.install.span.line for stage in reachable for install in stage.installs), None)
    if build:
        before = f"before line {install}: " if install is not None else ""
        found.append(f"{before}RUN {pattern.format(' '.join(build))} (to compile)")
    if run:
        found.append(f"in the last stage: RUN {pattern.format(' '.join(run))} (to run)")
    return tuple(found)


def _managed(stages: Sequence[StageFacts], manager: str | None) -> Iterator[int]:
    """The lines that call another package manager."""
    for stage in stages:
        for step in stage.steps:
            event = step.event
            if isinstance(event, PackagesAdded | PackagesRemoved | ListsUpdated) and event.manager != manager:
                yield event.span.line


def _commands(project: Project, base: StageFacts, stages: Sequence[StageFacts], there: OnPlatform) -> Iterator[str]:
    """The commands that steps use, which the base in use has and the other has not."""
    environment = there.environment
    bare = State.of(environment)
    seen: set[str] = set()
    for stage in stages:
        if stage.environment.image != base.environment.image:
            continue
        for number, step in enumerate(stage.steps):
            event = step.event
            if not isinstance(event, CommandUsed) or event.guarded or event.name in seen:
                continue
            history = [each.event for each in stage.steps[:number]]
            lacking = commands.absent(event.name, environment, bare, history)
            here = commands.absent(event.name, stage.environment, stage.states[number], history)
            if lacking is None or here is not None or not lacking.packages:
                continue
            seen.add(event.name)
            if not stage.states[number].packages.intersection(lacking.packages) - (base.environment.packages or set()):
                yield (
                    f"line {event.span.line} uses {lacking.command}, which is not in it: "
                    f"add {' '.join(lacking.packages)} before"
                )


def _states(project: Project, stage: StageFacts, there: OnPlatform) -> list[State]:
    """What the stage would hold on the other base, at first and whenever something was added or removed."""
    states = [State.of(there.environment)]
    for each in reversed(_line(project, stage)):
        for step in each.steps:
            after = states[-1].after(step.event)
            if after is not states[-1]:
                states.append(after)
    return states


def _to_build(there: OnPlatform, states: Sequence[State]) -> list[str]:
    """The packages that no stage adds for its builds, nor what is as good (libmariadb-dev, build-essential)."""
    where = distribution(there.environment)
    as_good = {name: capabilities.built_with(name, where) if where is not None else () for name in there.build}
    return [
        name
        for name in there.build
        if not _held(name, states) and not any(state.has(each) for each in as_good[name] for state in states)
    ]


def _held(name: str, states: Sequence[State]) -> bool:
    return any(name in state.packages for state in states)


def _brought(name: str, there: OnPlatform) -> bool:
    """Whether a package comes with those that the builds take: in an image of one stage they stay together."""
    where = distribution(there.environment)
    return where is not None and any(name in (by(where, other, False) or ()) for other in there.build)


def _base(project: Project) -> StageFacts | None:
    stage = next((stage for stage in project.stages if stage.stage.target), None)
    return _line(project, stage)[-1] if stage is not None else None


def _line(project: Project, stage: StageFacts) -> list[StageFacts]:
    """The stage and those that it continues, the one on the base image last."""
    line = [stage]
    while (parent := line[-1].stage.parent) is not None:
        line.append(project.stages[parent])
    return line
