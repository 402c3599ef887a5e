"""What rules on stages share: the stages that one continues, what happened before a step, and where things stand."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from fromlint.model.build import CommandUsed, Event, UserChanged
from fromlint.model.dockerfile import Instruction
from fromlint.model.place import Span
from fromlint.model.project import Alternative, Project, StageFacts
from fromlint.project.known import commands

ROOTS = frozenset({"root", "0", "root:root", "0:0", ""})
"""What USER calls root."""

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_UNPACKERS = frozenset({"tar", "bsdtar", "unzip", "7z", "7za", "cpio", "dpkg-deb"})
_ABOVE_PATH = frozenset({"/", "/usr", "/usr/local", *commands.PATH})


def lineage(project: Project, stage: StageFacts) -> tuple[StageFacts, ...]:
    """The stage and all that it continues (``FROM builder``), the one on the base image first."""
    found = [stage]
    while found[-1].stage.parent is not None:
        found.append(project.stages[found[-1].stage.parent])
    return tuple(reversed(found))


def base(project: Project, stage: StageFacts) -> StageFacts:
    """The stage at the beginning of the line, on the base image."""
    while stage.stage.parent is not None:
        stage = project.stages[stage.stage.parent]
    return stage


def target(project: Project) -> StageFacts | None:
    """The stage that is built and shipped; None in a Dockerfile without stages."""
    return next((stage for stage in project.stages if stage.stage.target), None)


def best_base(project: Project) -> Alternative | None:
    """The base that serves the project best, by the comparison that `fromlint advise` shows; None without one."""
    return project.alternatives[0] if project.alternatives else None


def base_in_use(project: Project) -> Alternative | None:
    """The base of the target stage as it was compared with others; None without comparison."""
    return next((other for other in project.alternatives if other.in_use), None)


def before(project: Project, stage: StageFacts, step: int | None = None) -> Iterator[Event]:
    """What happened in the stage before a step (None: in all of it), after what its parents did."""
    for ancestor in lineage(project, stage)[:-1]:
        for each in ancestor.steps:
            yield each.event
    for each in stage.steps[:step]:
        yield each.event


def started(project: Project, stage: StageFacts) -> Iterator[tuple[StageFacts, int, CommandUsed]]:
    """What a container of the stage is started with, with where that stands: there, or in a stage that it continues."""
    decided: set[str] = set()
    for ancestor in reversed(lineage(project, stage)):
        here = set()
        for number, step in enumerate(ancestor.steps):
            event = step.event
            if isinstance(event, CommandUsed) and event.instruction != "RUN" and event.instruction not in decided:
                here.add(event.instruction)
                yield ancestor, number, event
        decided |= here
        if "ENTRYPOINT" in here:
            # An ENTRYPOINT takes back the CMD of what the stage continues (BuildKit's dispatchEntrypoint).
            decided.add("CMD")


def user(project: Project, stage: StageFacts, before: int | None) -> tuple[str, int | None]:
    """Who runs an instruction, and the USER of this stage that says so; None where that is said earlier."""
    name, changed = base(project, stage).environment.user or "root", None
    for each in lineage(project, stage):
        for step in each.steps:
            if each is stage and before is not None and step.instruction >= before:
                break
            if isinstance(step.event, UserChanged):
                name, changed = step.event.name, step.instruction if each is stage else None
    return name, changed


def command(stage: StageFacts, step: int, span: Span) -> CommandUsed | None:
    """The command whose doing a step is, by its place; its own event stands a few steps before."""
    for each in reversed(stage.steps[max(0, step - 8) : step]):
        if isinstance(each.event, CommandUsed) and each.event.span == span:
            return each.event
    return None


def named(project: Project, name: str | None, number: int) -> StageFacts | None:
    """The stage before stage ``number`` that COPY --from names, by name (any case) or number."""
    if name is None:
        return None
    for candidate in reversed(project.stages[:number]):
        if candidate.stage.name is not None and candidate.stage.name.lower() == name.lower():
            return candidate
    if name.isdigit() and len(name) < 6 and int(name) < number:
        return project.stages[int(name)]
    return None


def instruction(stage: StageFacts, step: int) -> Instruction:
    """The instruction that a step belongs to."""
    return stage.stage.instructions[stage.steps[step].instruction]


def on_one_line(stage: StageFacts, step: int, span: Span) -> Span:
    """A command's place, from the start of its instruction where that is on the same line."""
    whole = instruction(stage, step).span
    if whole.line == span.line and whole.file == span.file:
        return span._replace(column=whole.column)
    return span


def runs_a_script(event: CommandUsed) -> bool:
    """Whether the project's own script is run, which may install anything."""
    folder, _, name = event.name.rpartition("/")
    if name == "make":
        return True
    if name in _SHELLS and event.arguments:
        return not event.arguments[0].startswith("-")
    return bool(folder) and folder not in commands.PATH and name.endswith((".sh", ".bash"))


def puts_in_place(event: CommandUsed, name: str) -> bool:
    """Whether a command names the file in PATH (``chmod +x /usr/local/bin/protoc``), or unpacks an archive there."""
    if any(commands.in_path(word) == name for word in event.arguments):
        return True
    if posixpath.basename(event.name) not in _UNPACKERS:
        return False
    targets = {word.rstrip("/") or "/" for word in event.arguments}
    targets |= {target.partition("=")[2].rstrip("/") or "/" for target in targets if target.startswith("--directory=")}
    targets |= {target[2:] for target in targets if target.startswith(("-C/", "-d/"))}
    return not targets.isdisjoint(_ABOVE_PATH)
