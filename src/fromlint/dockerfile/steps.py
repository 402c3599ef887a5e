"""The instructions of a stage as events, in order (BuildKit's ``dispatch`` in dockerfile2llb/convert.go)."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.dockerfile.copies import copied
from fromlint.dockerfile.files import sources_changed
from fromlint.dockerfile.mounts import mounts
from fromlint.dockerfile.packages import recommends
from fromlint.dockerfile.runs import run
from fromlint.dockerfile.scope import Scope
from fromlint.dockerfile.shell import absolute
from fromlint.dockerfile.started import Container, started
from fromlint.dockerfile.tools import address
from fromlint.model.build import (
    DirectoryChanged,
    Event,
    FilesCopied,
    Running,
    ScriptUnread,
    Step,
    ToolFetched,
    UserChanged,
)
from fromlint.model.dockerfile import Instruction, Stage
from fromlint.named_tuple import NamedTuple

_SHELL = ("/bin/sh", "-c")
# Events of a stage beyond these are not told: no Dockerfile that people write has as many.
_MOST_STEPS = 20_000
# Characters of all the scripts of a stage that are read, so that hostile files take bounded time.
_MOST_SCRIPT = 400_000


class Inherited(NamedTuple):
    """What a stage has from the image or stage that it begins from.

    ``variables`` are ENV (None: a value that is not known), ``arguments`` the declared ARGs (None: no value).
    ``known``: the base image's variables are all in ``variables``. ``recommends``: whether apt's configuration takes
    recommended packages, None where it says nothing. ``settings``: what ``poetry config`` and its like have kept, as
    variables. ``entrypoint``: whether words of a CMD are run as a command (True: there is no ENTRYPOINT, or it is tini
    or its like), are arguments of an ENTRYPOINT (False), or that is up to a script (None).
    """

    variables: Mapping[str, str | None]
    arguments: Mapping[str, str | None]
    directory: str | None = "/"
    user: str = "root"
    shell: tuple[str, ...] = _SHELL
    known: bool = True
    recommends: bool | None = None
    settings: Mapping[str, str] = {}
    entrypoint: bool | None = True

    @classmethod
    def of_image(
        cls, variables: Mapping[str, str], directory: str | None = "/", user: str = "root", *, known: bool = True
    ) -> Inherited:
        """What a stage has from an image: ``known`` false where the image is not."""
        return cls(dict(variables), {}, directory or "/", user or "root", known=known)


def steps(stage: Stage, inherited: Inherited, *, escape: str = "\\") -> tuple[tuple[Step, ...], Inherited]:
    """What a stage does, step by step, and what stages that continue it have from it.

    ``escape`` is the Dockerfile's escape character. Step.instruction counts the stage's instructions from 0.
    """
    reader = _Stage(stage, inherited, escape)
    last = {instruction.keyword: number for number, instruction in enumerate(stage.instructions)}
    # Whichever stands first, CMD's words go to the ENTRYPOINT.
    reader.look_for_entrypoint(stage.instructions)
    made: list[Step] = []
    for number, instruction in enumerate(stage.instructions):
        if instruction.keyword in _STARTED and number != last[instruction.keyword]:
            continue
        made += [Step(number, event) for event in reader.events(instruction)]
        if len(made) > _MOST_STEPS:
            break
    return tuple(made[:_MOST_STEPS]), reader.inherited()


_STARTED = frozenset({"CMD", "ENTRYPOINT", "HEALTHCHECK"})


class _Stage:
    """A stage while it is read."""

    def __init__(self, stage: Stage, inherited: Inherited, escape: str) -> None:
        self._scope = Scope(inherited.variables, inherited.arguments, stage=stage, known=inherited.known, escape=escape)
        self._state = inherited
        # The platform that RUN commands see: FROM's own, or the target's.
        self._platform = stage.platform or stage.arguments.get("TARGETPLATFORM")
        self._left = _MOST_SCRIPT

    def inherited(self) -> Inherited:
        return self._state._replace(variables=dict(self._scope.variables), arguments=dict(self._scope.arguments))

    def look_for_entrypoint(self, instructions: tuple[Instruction, ...]) -> None:
        for instruction in instructions:
            if instruction.keyword == "ENTRYPOINT":
                self._state = self._state._replace(entrypoint=started(instruction, self._container()).runs)

    def events(self, instruction: Instruction) -> list[Event]:
        """The events of the next instruction."""
        keyword = instruction.keyword
        if keyword == "ENV":
            return [*self._scope.set_variables(instruction)]
        if keyword == "ARG":
            return [*self._scope.set_arguments(instruction)]
        if keyword == "RUN":
            return self._run(instruction)
        if keyword in ("COPY", "ADD"):
            return self._copy(instruction)
        if keyword == "WORKDIR":
            return self._change_directory(instruction)
        if keyword == "USER":
            user = self._scope.expanded(instruction.arguments.text.strip())[0]
            self._state = self._state._replace(user=user or instruction.arguments.text.strip())
            return [UserChanged(self._state.user, instruction.span)]
        if keyword == "SHELL":
            self._state = self._state._replace(shell=instruction.exec_form or _SHELL)
        elif keyword in ("ENTRYPOINT", "HEALTHCHECK"):
            return [*started(instruction, self._container()).events]
        elif keyword == "CMD" and self._state.entrypoint is not False:
            guarded = self._state.entrypoint is None
            return [*started(instruction, self._container(), guarded=guarded).events]
        return []

    def _run(self, instruction: Instruction) -> list[Event]:
        self._left -= len(instruction.arguments.text) + sum(len(doc.body.text) for doc in instruction.heredocs)
        if self._left < 0:
            return [ScriptUnread("the scripts of this stage are too long to be read", instruction.span)]
        state = self._state
        running = Running(
            self._scope.visible(state.user),
            self._scope.arguments,
            state.directory,
            state.shell,
            self._platform,
            mounts(instruction, lambda text: self._scope.expanded(text)[0], state.directory),
            state.settings,
            state.recommends,
        )
        done = run(instruction, running)
        self._state = state._replace(settings=done.settings, recommends=done.recommends)
        return [*done.events]

    def _copy(self, instruction: Instruction) -> list[Event]:
        event = copied(instruction, self._scope, self._state.directory)
        if event is None:
            return []
        events: list[Event] = [event]
        for text in event.contents.values():
            said = recommends(text) if (event.destination or "").startswith("/etc/apt/apt.conf") else None
            if said is not None:
                self._state = self._state._replace(recommends=said)
        source = sources_changed(event)
        if source:
            events.append(source)
        if instruction.keyword == "ADD":
            events += _tools(event)
        return events

    def _change_directory(self, instruction: Instruction) -> list[Event]:
        path = self._scope.expanded(instruction.arguments.text.strip())[0]
        directory = absolute(path, self._state.directory) if path is not None else None
        self._state = self._state._replace(directory=directory)
        return [DirectoryChanged(directory, instruction.span)]

    def _container(self) -> Container:
        return Container(self._scope.variables, self._state.directory, self._state.shell, self._platform)


def _tools(event: FilesCopied) -> list[Event]:
    """Tools that ADD downloads: their installers, or the programs themselves."""
    names = (address(source.value) for source in event.sources)
    return [ToolFetched(name, event.span) for name in names if name]
