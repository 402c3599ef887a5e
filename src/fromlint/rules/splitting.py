"""The fix that splits a stage in two: what compiles stays in a build stage, and the environment is copied from it.

It is offered only for the plain case: an official Python image, pip into its own Python, system packages for builds in
RUN lines of their own, and nothing that names the folder where the packages were.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fromlint.model.build import (
    CommandUsed,
    FilesRemoved,
    ListsDeleted,
    ListsUpdated,
    PackagesAdded,
    PackagesRemoved,
    Step,
    VenvActivated,
    VenvMade,
)
from fromlint.model.dockerfile import Dockerfile, Instruction
from fromlint.model.finding import Edit, Fix
from fromlint.model.place import Span
from fromlint.model.project import Fate, InstallFacts, Project, StageFacts
from fromlint.project.known import commands
from fromlint.rules import lineage
from fromlint.rules.remedies import own_line, with_comments, written
from fromlint.system.state import State

_VENV = "/opt/venv"
_NAMES = ("build", "builder", "compile")
_SYSTEM = (PackagesAdded, PackagesRemoved, ListsUpdated, ListsDeleted)
_HOUSEKEEPING = frozenset({"apt-get", "apt", "apk", "rm"})
# Instructions that may stand in both stages.
_COMMON = frozenset({"ARG", "ENV", "WORKDIR", "COPY", "RUN", "SHELL", "LABEL"})
_BUILDERS = (
    "alpine-sdk",
    "autoconf",
    "automake",
    "build-",
    "cargo",
    "clang",
    "cmake",
    "g++",
    "gcc",
    "gfortran",
    "libtool",
    "make",
    "meson",
    "ninja-build",
    "pkg-config",
    "pkgconf",
    "python3-dev",
    "rust",
)
_BUILT = frozenset(
    {
        Fate.FINE,
        Fate.COMPILED,
        Fate.COMPILED_FOR_MUSL,
        Fate.COMPILED_FOR_GLIBC,
        Fate.COMPILED_FOR_PYTHON,
        Fate.COMPILED_FOR_PLATFORM,
        Fate.COMPILED_FOR_PIP,
    }
)
# What would look for the packages, or for their commands, where they are no longer.
_ELSEWHERE = re.compile(r"/usr/local/(?:lib/python|bin/(?!python|pip))|site-packages|--from=|--mount=|/opt/venv")


def build_stage(project: Project) -> tuple[Fix, ...]:
    """The fix, unsafe as it changes where packages lie; () where the Dockerfile is not of the plain kind."""
    target = lineage.target(project)
    reachable = [stage for stage in project.stages if stage.stage.reachable]
    if target is None or reachable != [target] or len(project.stages) != 1 or project.problems:
        return ()
    found = _Stage(project, target)
    return found.fix() if found.plain else ()


class _Stage:
    """The stage that is to be split."""

    def __init__(self, project: Project, stage: StageFacts) -> None:
        self._project = project
        self._stage = stage
        self._dockerfile: Dockerfile = project.dockerfile
        self._instructions: Sequence[Instruction] = stage.stage.instructions
        self._installs = [stage.steps[install.step].instruction for install in stage.installs]
        self._tools = [number for number in range(len(self._instructions)) if self._is_for_builds(number)]

    @property
    def plain(self) -> bool:
        environment = self._stage.environment
        python = environment.python
        image = self._stage.stage.image
        if python is None or python.prefix != "/usr/local" or image is None or not self._installs or not self._tools:
            return False
        if written(self._dockerfile, image.span) != image.value or image.span.line != image.span.end_line:
            return False
        last = max(self._installs)
        before = self._instructions[: last + 1]
        if max(self._tools) > last or any(each.keyword not in _COMMON for each in before):
            return False
        if any(self._fails(install) for install in self._stage.installs):
            return False
        if any(isinstance(step.event, VenvMade | VenvActivated) for step in self._stage.steps):
            return False
        if any(
            self._needs_tools(number, step) for number, step in enumerate(self._stage.steps) if step.instruction > last
        ):
            return False
        text = "\n".join(self._dockerfile.lines)
        alone = all(self._is_plain(install) for install in self._stage.installs)
        return alone and _ELSEWHERE.search(text) is None

    def _fails(self, install: InstallFacts) -> bool:
        """Whether the install fails here on a platform that was asked for: then that is to be mended first."""
        return any(
            facts.fates.get(platform) not in _BUILT for facts in install.packages for platform in self._project.asked
        )

    def _needs_tools(self, number: int, step: Step) -> bool:
        """Whether a step behind the installs builds something, too."""
        event, environment = step.event, self._stage.environment
        if isinstance(event, PackagesAdded):
            return any(is_for_builds(name.value) for name in event.names)
        if not isinstance(event, CommandUsed):
            return False
        history = [each.event for each in self._stage.steps[:number]]
        return commands.absent(event.name, environment, State.of(environment), history) is not None

    def _is_plain(self, install: InstallFacts) -> bool:
        options = install.install.options
        elsewhere = options.user or options.prefix or options.root or options.target or options.break_system_packages
        if install.install.tool != "pip" or install.install.action != "install" or elsewhere or not install.complete:
            return False
        number = self._stage.steps[install.step].instruction
        own = [step.event for step in self._stage.steps if step.instruction == number]
        return not any(isinstance(event, _SYSTEM) for event in own) and all(
            event.name in ("pip", "pip3", "python", "python3") for event in own if isinstance(event, CommandUsed)
        )

    def _is_for_builds(self, number: int) -> bool:
        """Whether an instruction does nothing but install system packages, all of them for builds."""
        events = [step.event for step in self._stage.steps if step.instruction == number]
        added = [event for event in events if isinstance(event, PackagesAdded)]
        if not added or any(event.conditional or event.unknown or event.virtual for event in added):
            return False
        if any(not isinstance(event, (*_SYSTEM, CommandUsed, FilesRemoved)) for event in events):
            return False
        if any(isinstance(event, CommandUsed) and event.name not in _HOUSEKEEPING for event in events):
            return False
        return all(is_for_builds(name.value) for event in added for name in event.names)

    def fix(self) -> tuple[Fix, ...]:
        dockerfile, image = self._dockerfile, self._stage.stage.image
        opening = self._stage.stage.instruction.span
        assert image is not None
        first, last = min(self._installs), max(self._installs)
        name = next((name for name in _NAMES if not re.search(rf"\b{name}\b", "\n".join(dockerfile.lines))), None)
        if name is None:
            return ()
        head = f"FROM {self._platform()}{image.value} AS {name}\n"
        before = with_comments(dockerfile, self._instructions[first])[0] - 1
        end = self._instructions[last].span.end_line
        body = self._lines(opening.end_line, before)
        body += f"RUN python -m venv {_VENV}\nENV PATH={_VENV}/bin:$PATH\n" + self._lines(before, end)
        start = Span(dockerfile.path, opening.line, 1, opening.line, 1)
        edits = [Edit(start, f"{head}{body}\n")]
        edits += [Edit(self._whole(number), "") for number in self._tools[1:]]
        run = own_line(dockerfile, self._stage, self._libraries())
        edits.append(Edit(self._whole(self._tools[0]), run or ""))
        copied = f"COPY --from={name} {_VENV} {_VENV}\nENV PATH={_VENV}/bin:$PATH\n"
        for number in dict.fromkeys(self._installs):
            edits.append(Edit(self._whole(number), copied if number == last else ""))
        return (Fix("compile in a build stage and copy the environment", False, tuple(edits)),)

    def _platform(self) -> str:
        platform = re.search(r"--platform=\S+\s", self._dockerfile.lines[self._stage.stage.instruction.span.line - 1])
        return platform[0] if platform is not None else ""

    def _libraries(self) -> tuple[str, ...]:
        """The system packages that programs load of what was installed."""
        current = lineage.base_in_use(self._project)
        return current.libraries if current is not None else ()

    def _lines(self, start: int, end: int) -> str:
        """The lines after line ``start`` up to line ``end`` as they are, comments and all."""
        return "".join(f"{line}\n" for line in self._dockerfile.lines[start:end])

    def _whole(self, number: int) -> Span:
        first, last = with_comments(self._dockerfile, self._instructions[number])
        return Span(self._dockerfile.path, first, 1, last + 1, 1)


def is_for_builds(name: str) -> bool:
    """Whether a system package is one to build with: a compiler, headers, or a tool that builds call."""
    return name.endswith(("-dev", "-headers")) or name.startswith(_BUILDERS)
