"""Edits of a Dockerfile that rules offer: system packages added, lines moved, another image in FROM.

An edit is offered only where it surely does what it says; in doubt there is none, and the help tells what to do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from fromlint.model.build import (
    CommandUsed,
    ListsDeleted,
    ListsUpdated,
    PackagesAdded,
    PackagesRemoved,
)
from fromlint.model.dockerfile import Dockerfile, Instruction
from fromlint.model.finding import Edit, Fix
from fromlint.model.place import Span, Text
from fromlint.model.project import Fate, Project, StageFacts
from fromlint.model.requirement import Requirement
from fromlint.rules import lineage
from fromlint.rules.packages import Case

# How an image's own package manager adds packages in a line of its own.
_OWN_LINES = {
    "apt": (
        "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends {} \\\n"
        "    && rm -rf /var/lib/apt/lists/*\n"
    ),
    "apk": "RUN apk add --no-cache {}\n",
    "dnf": "RUN dnf install -y {} \\\n    && dnf clean all\n",
    "microdnf": "RUN microdnf install -y {} \\\n    && microdnf clean all\n",
    "yum": "RUN yum install -y {} \\\n    && yum clean all\n",
}
_LACKING = (Fate.TOOLS_MISSING, Fate.NO_VCS_TOOL)
_BUILDING = frozenset({"RUN", "COPY", "ADD", "USER"})
_MOVABLE = (PackagesAdded, ListsUpdated, ListsDeleted, CommandUsed)
_HOUSEKEEPING = frozenset({"apt-get", "apt", "apk", "dnf", "yum", "microdnf", "rm"})


def for_builds(case: Case) -> tuple[Fix, ...]:
    """The fix that has all there that the builds of an install lack, so that its findings offer one and the same."""
    certain: set[str] = set()
    for facts in case.install.packages:
        for platform in case.project.asked:
            build = facts.builds.get(platform)
            if facts.fates.get(platform) in _LACKING and build is not None and build.certain:
                certain.update(build.missing)
    names = tuple(name for name in case.install.lacking if name in certain)
    return add_before(case.project, case.stage, case.install.step, names)


def for_programs(project: Project, running: StageFacts) -> tuple[Fix, ...]:
    """The fix that has all libraries there that imports in a stage look for in vain."""
    names: dict[str, None] = {}
    for stage in project.stages:
        for install in stage.installs:
            for facts in install.packages:
                for platform in project.asked:
                    library = facts.libraries.get(platform)
                    if library is None or library.stage != running.stage.number:
                        continue
                    if library.certain and library.needed_at_import:
                        names.update(dict.fromkeys(library.packages))
    return add_to_stage(project, running, tuple(names))


def ready_made(case: Case) -> tuple[Fix, ...]:
    """The fix that asks for the twin of a package that publishes wheels (``psycopg2-binary``), in a requirements file.

    Only for twins that are imported by the same name, and not where hashes tie the line to a file.
    """
    requirement: Requirement = case.facts.package.requirement
    twins = [twin for twin in (case.build.alternatives if case.build else ()) if twin == f"{requirement.name}-binary"]
    span = requirement.span
    if case.facts.package.parents or case.install.by_lock or requirement.hashes or not twins:
        return ()
    if not span.file.endswith((".txt", ".in")):
        return ()
    name = span._replace(end_line=span.line, end_column=span.column + len(requirement.name))
    return (Fix(f"ask for {twins[0]}", False, (Edit(name, twins[0]),)),)


def add_before(project: Project, stage: StageFacts, step: int, names: Sequence[str]) -> tuple[Fix, ...]:
    """The fix that has system packages there by a step of a stage: in a line that adds others, or in one of its own."""
    title = f"install {' '.join(names)} before it"
    edit = _joined(project.dockerfile, stage, names, step, runtime=False)
    if edit is None:
        at = stage.steps[step].instruction if step < len(stage.steps) else None
        edit = _own_line(project, stage, at, names)
    return (Fix(title, True, (edit,)),) if edit is not None and names else ()


def add_before_line(project: Project, stage: StageFacts, instruction: int, names: Sequence[str]) -> tuple[Fix, ...]:
    """The fix that has system packages there by an instruction of a stage, in a line of its own in front of it."""
    edit = _own_line(project, stage, instruction, names)
    return (Fix(f"install {' '.join(names)} before it", True, (edit,)),) if edit is not None else ()


def add_to_stage(project: Project, stage: StageFacts, names: Sequence[str]) -> tuple[Fix, ...]:
    """The fix that has system packages in what a stage ends with: for what is loaded at run time."""
    title = f"install {' '.join(names)} in the stage that runs it"
    edit = _joined(project.dockerfile, stage, names, len(stage.steps), runtime=True)
    if edit is None:
        instructions = stage.stage.instructions
        first = next((n for n, each in enumerate(instructions) if each.keyword in _BUILDING), None)
        edit = _own_line(project, stage, first, names)
    return (Fix(title, True, (edit,)),) if edit is not None and names else ()


def base_image(project: Project, stage: StageFacts, image: str | None, *, safe: bool) -> tuple[Fix, ...]:
    """The fix that takes another image in FROM; none where FROM's is put together from variables or has a digest."""
    own = stage.stage.image
    if own is None or image is None or "$" in image or written(project.dockerfile, own.span) != own.value:
        return ()
    if "@" in own.value or own.value == image:
        return ()
    return (Fix(f"FROM {image}", safe, (Edit(own.span, image),)),)


def same_base(project: Project, build: StageFacts, final: StageFacts) -> tuple[Fix, ...]:
    """The fix, an unsafe one, that builds on the base of the stage that runs it; where both bring a Python alike."""
    here, there = lineage.base(project, build), lineage.base(project, final)
    own, other = here.environment.python, there.environment.python
    if (
        own is None
        or other is None
        or own.prefix != other.prefix
        or here.environment.family != there.environment.family
    ):
        return ()
    return base_image(project, here, there.environment.image, safe=False)


def renamed(dockerfile: Dockerfile, name: Text, now: Sequence[str]) -> tuple[Fix, ...]:
    """The fix that writes today's name of a system package."""
    if not now or not _stands_alone(dockerfile, name):
        return ()
    return (Fix(f"write {' '.join(now)}", True, (Edit(name.span, " ".join(now)),)),)


def lists_first(dockerfile: Dockerfile, command: Span) -> tuple[Fix, ...]:
    """The fix that fetches the package lists in front of a command."""
    line = dockerfile.lines[command.line - 1][command.column - 1 :]
    if not line.startswith(("apt-get ", "apt ")):
        return ()
    start = command._replace(end_line=command.line, end_column=command.column)
    return (Fix("fetch the package lists first", True, (Edit(start, "apt-get update && "),)),)


def into_system(dockerfile: Dockerfile, install: Span, words: str) -> tuple[Fix, ...]:
    """The fix that has ``uv pip install`` (``words``) put packages into the image's own Python."""
    start = written(dockerfile, install._replace(end_line=install.line, end_column=install.column + len(words)))
    if start != words:
        return ()
    at = install._replace(column=install.column + len(words), end_line=install.line)
    return (Fix("install into the image's Python", True, (Edit(at._replace(end_column=at.column), " --system"),)),)


def earlier(project: Project, stage: StageFacts, later: Span, step: int) -> tuple[Fix, ...]:
    """The fix that moves the instruction at ``later`` in front of that of a step.

    Only one that does nothing but add system packages, and with nothing in between that it could depend on.
    """
    instructions = stage.stage.instructions
    to = stage.steps[step].instruction
    moved = next((n for n, each in enumerate(instructions) if each.span.line <= later.line <= each.span.end_line), None)
    if (
        moved is None
        or moved <= to
        or any(each.keyword in ("ARG", "ENV", "USER", "SHELL") for each in instructions[to:moved])
    ):
        return ()
    for each in stage.steps:
        if each.instruction == moved and not isinstance(each.event, _MOVABLE):
            return ()
        if each.instruction == moved and isinstance(each.event, CommandUsed) and each.event.name not in _HOUSEKEEPING:
            return ()
    dockerfile = project.dockerfile
    first, last = with_comments(dockerfile, instructions[moved])
    text = "".join(f"{line}\n" for line in dockerfile.lines[first - 1 : last])
    gone = Span(dockerfile.path, first, 1, last + 1, 1)
    target = with_comments(dockerfile, instructions[to])[0]
    place = Span(dockerfile.path, target, 1, target, 1)
    return (Fix(f"move line {later.line} to line {target}", True, (Edit(place, text), Edit(gone, ""))),)


# --- a line that is there already -----------------------------------------------------------------------------


def _joined(
    dockerfile: Dockerfile, stage: StageFacts, names: Sequence[str], before: int, *, runtime: bool
) -> Edit | None:
    """The names added to the last line of the stage that adds packages before a step; None where there is none."""
    manager = stage.environment.package_manager
    for number in range(before - 1, -1, -1):
        event = stage.steps[number].event
        if not isinstance(event, PackagesAdded) or event.manager != manager or not event.names:
            continue
        if event.conditional or event.tolerated or event.unknown or event.foreign_source:
            continue
        if runtime and (event.virtual is not None or _removed_later(stage, number, event)):
            continue
        if all(_stands_alone(dockerfile, name) for name in event.names):
            return _beside(dockerfile, event.names, [name for name in names if name not in _values(event.names)])
    return None


def _values(names: Iterable[Text]) -> list[str]:
    return [name.value for name in names]


def _removed_later(stage: StageFacts, number: int, event: PackagesAdded) -> bool:
    """Whether some of the packages go again: then the line is one for building."""
    mine = set(_values(event.names))
    return any(
        isinstance(step.event, PackagesRemoved) and not mine.isdisjoint(_values(step.event.names))
        for step in stage.steps[number + 1 :]
    )


def _beside(dockerfile: Dockerfile, there: Sequence[Text], names: Sequence[str]) -> Edit | None:
    """The names after the last of those that are there, in their style; None where nothing is to be added."""
    if not names:
        return None
    last = there[-1].span
    line = dockerfile.lines[last.line - 1]
    indent = line[: last.column - 1]
    place = last._replace(line=last.end_line, column=last.end_column)
    if indent.strip() or len(there) < 2 or there[-2].span.line == last.line:
        return Edit(place, "".join(f" {name}" for name in names))
    return Edit(place, "".join(f" {dockerfile.escape}\n{indent}{name}" for name in names))


def _stands_alone(dockerfile: Dockerfile, name: Text) -> bool:
    """Whether a name is written as it is, as a word of its own: no part of a variable, version or quotation."""
    if written(dockerfile, name.span) != name.value:
        return False
    line = dockerfile.lines[name.span.line - 1]
    around = line[: name.span.column - 1][-1:], line[name.span.end_column - 1 :][:1]
    return all(character in ("", " ", "\t", ";", "&") for character in around)


def written(dockerfile: Dockerfile, span: Span) -> str | None:
    """What stands at a place within one line of the Dockerfile; None for any other place."""
    if span.file != dockerfile.path or span.line != span.end_line or span.line > len(dockerfile.lines):
        return None
    return dockerfile.lines[span.line - 1][span.column - 1 : span.end_column - 1]


# --- a line of its own ----------------------------------------------------------------------------------------


def own_line(dockerfile: Dockerfile, stage: StageFacts, names: Sequence[str]) -> str | None:
    """The text of a RUN that adds system packages in the house style; None where there are none, or no known way."""
    pattern = _OWN_LINES.get(stage.environment.package_manager or "")
    if pattern is None or not names:
        return None
    return pattern.format(" ".join(names)).replace("\\\n", f"{dockerfile.escape}\n")


def _own_line(project: Project, stage: StageFacts, before: int | None, names: Sequence[str]) -> Edit | None:
    """A RUN in front of an instruction (None: at the stage's end), as root."""
    dockerfile = project.dockerfile
    text = own_line(dockerfile, stage, names)
    if text is None:
        return None
    instructions = stage.stage.instructions
    user, changed = lineage.user(project, stage, before)
    if user not in lineage.ROOTS:
        if changed is not None:
            before = changed
        else:
            text = f"USER root\n{text}USER {user}\n"
    if before is None:
        end = max([stage.stage.instruction.span.end_line, *(each.span.end_line for each in instructions)])
        return Edit(Span(dockerfile.path, end + 1, 1, end + 1, 1), text)
    line = with_comments(dockerfile, instructions[before])[0]
    return Edit(Span(dockerfile.path, line, 1, line, 1), text)


def with_comments(dockerfile: Dockerfile, instruction: Instruction) -> tuple[int, int]:
    """The first and last line of an instruction with the comments that stand right above it."""
    first = instruction.span.line
    while (
        first > 1 and dockerfile.lines[first - 2].lstrip().startswith("#") and not _is_directive(dockerfile, first - 1)
    ):
        first -= 1
    return first, instruction.span.end_line


def _is_directive(dockerfile: Dockerfile, line: int) -> bool:
    return line <= len(dockerfile.directives)
