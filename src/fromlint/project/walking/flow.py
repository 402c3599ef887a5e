"""Walks through the steps of every stage: what is there when each install runs, and where its result ends up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fromlint.dockerfile.steps import Inherited, steps
from fromlint.model.build import (
    CommandUsed,
    DirectoryChanged,
    Event,
    FileMade,
    FilesCopied,
    FilesMounted,
    FilesRemoved,
    Install,
    LoopsMet,
    Mount,
    PackagesAdded,
    ScriptStarted,
    Step,
    ToolFetched,
    UserChanged,
    VariableSet,
    VenvActivated,
    VenvMade,
)
from fromlint.model.dockerfile import Stage
from fromlint.model.environment import Environment
from fromlint.model.place import Span
from fromlint.project.known import package_sources
from fromlint.project.walking import made, python_changes, unlisted, wheel_folders
from fromlint.project.walking.layers import Context, ImageFiles, Layer, Opaque, Origins, Wheels
from fromlint.project.walking.planned import PlannedSteps
from fromlint.project.walking.pythons import Interpreters, Site, brings_pip, distribution_pythons, pointed_to
from fromlint.project.walking.walked import InstallPoint, StageWalk, origin
from fromlint.system.state import State


def walk(
    stages: Sequence[Stage],
    environments: Mapping[int, Mapping[str, Environment]],
    context: Context | None,
    contexts: Mapping[str, Context],
    escape: str = "\\",
) -> tuple[StageWalk, ...]:
    """Every stage in order.

    ``environments`` are those of each stage's base by stage number and platform (a continued stage has its parent's);
    ``contexts`` are the named build contexts; ``escape`` is the Dockerfile's escape character.
    """
    walks: list[StageWalk] = []

    def origins(name: str) -> ImageFiles | Context | None:
        found = origin(name, walks)
        if found is not None:
            return ImageFiles(found.layer, context, origins)
        return contexts.get(name)

    for stage in stages:
        parent = walks[stage.parent] if stage.parent is not None else None
        here = environments[stage.number]
        walker = _after(parent, context, origins) if parent is not None else _from_base(here, context, origins)
        walks.append(walker.walked(stage, here, escape))
    return tuple(walks)


def _after(parent: StageWalk, context: Context | None, origins: Origins) -> _StageWalker:
    """A stage that continues another."""
    interpreters = parent.interpreters._replace(activated=None)
    return _StageWalker(parent.inherited, interpreters, parent.layer, parent.state, context, origins)


def _from_base(environments: Mapping[str, Environment], context: Context | None, origins: Origins) -> _StageWalker:
    """A stage that starts from an image."""
    environment = next(iter(environments.values()))
    path = environment.virtual_environment
    interpreters = Interpreters(
        environment.python,
        environment.others,
        {path: Site(path, environment.python, True)} if path else {},
        dict(environment.variables),
        environment.directory,
        None,
        user=environment.user or "root",
    )
    inherited = Inherited.of_image(
        environment.variables, environment.directory, environment.user, known=environment.known
    )
    return _StageWalker(inherited, interpreters, _below(environment), State.of(environment), context, origins)


def _below(environment: Environment) -> Layer | None:
    """What may be in a base image besides what the image's publisher put there; None where nothing is."""
    if environment.built_by is not None:
        return Layer(Opaque(f"{environment.built_by}, which builds the base image, may have put it there"), None)
    if not environment.known:
        return Layer(Opaque("the base image is not known, it may hold the file"), None)
    return None


class _StageWalker:
    """A stage on its way: its Pythons, its files and its system, as they are between two steps."""

    def __init__(
        self,
        inherited: Inherited,
        interpreters: Interpreters,
        layer: Layer | None,
        state: State,
        context: Context | None,
        origins: Origins,
    ) -> None:
        self._inherited = inherited
        self._interpreters = interpreters
        self._layer = layer
        self._state = state
        self._context = context
        self._origins = origins
        self._mounts: tuple[Mount, ...] = ()
        self._done: list[Step] = []
        self._points: list[InstallPoint] = []
        # The command that was met last is of those that make no file.
        self._harmless: Span | None = None
        # What a command makes is not there yet when it reads what it installs: it lies over the rest from the next on.
        self._coming: Opaque | None = None

    def walked(self, stage: Stage, environments: Mapping[str, Environment], escape: str) -> StageWalk:
        """The stage walked to its end; a walker walks once."""
        environment = next(iter(environments.values()))
        planned, inherited = steps(stage, self._inherited, escape=escape)
        states = [self._state]
        instruction = -1
        scripts = PlannedSteps(planned)
        for step in scripts:
            event = step.event
            self._done.append(step)
            if not isinstance(event, VenvMade | Install | ScriptStarted):
                self._lay_what_comes()
            if step.instruction != instruction:
                instruction = step.instruction
                self._interpreters = self._interpreters._replace(activated=None)
                self._mounts = ()
            if isinstance(event, LoopsMet):
                scripts.again(step, event, self._files(event.running.mounts))
            elif isinstance(event, ScriptStarted):
                if scripts.follow(step, self._files(self._mounts)):
                    self._coming = None
            elif isinstance(event, Install):
                self._install(event, stage.number)
            else:
                self._take(event, environment)
            self._state = unlisted.after(self._state.after(event), event)
            states.append(self._state)
        self._lay_what_comes()
        return StageWalk(
            stage,
            environment,
            environments,
            tuple(self._done),
            tuple(self._points),
            tuple(states),
            self._layer,
            self._files((), inherited.directory),
            inherited,
            self._interpreters._replace(activated=None),
        )

    def _take(self, event: Event, environment: Environment) -> None:
        """What a step changes that neither installs nor runs more steps."""
        interpreters = self._interpreters
        if isinstance(event, VariableSet):
            # ENV beats an ARG of the same name (BuildKit's dispatchArg leaves the environment alone).
            if not (event.argument and event.name in interpreters.variables):
                self._interpreters = interpreters._replace(
                    variables={**interpreters.variables, event.name: event.value}
                )
        elif isinstance(event, DirectoryChanged):
            self._interpreters = interpreters._replace(directory=event.path)
        elif isinstance(event, UserChanged):
            self._interpreters = interpreters._replace(user=event.name)
        elif isinstance(event, FilesMounted):
            self._mounts = (*self._mounts, event.mount)
        elif isinstance(event, FilesCopied):
            self._lay(event)
            self._done[-1] = self._done[-1]._replace(event=self._with_what_it_brings(event))
            self._interpreters = python_changes.with_copied_venvs(interpreters, event, self._origins)
        elif isinstance(event, FileMade | FilesRemoved):
            self._lay(event)
        elif isinstance(event, ToolFetched):
            # Tools that are known lie in PATH, and nothing else comes with them; nor with those of npm and its like.
            if event.name is None and event.span != self._harmless:
                self._layer = Layer(Opaque("a download may have brought it"), self._layer)
        elif isinstance(event, CommandUsed):
            if event.instruction == "RUN":
                self._run(event, environment)
        elif isinstance(event, VenvMade):
            pinned = python_changes.pinned(event.tool, event.path, self._files(self._mounts))
            self._interpreters = interpreters._replace(pinned=pinned).make(event)
        elif isinstance(event, VenvActivated):
            self._interpreters = interpreters._replace(activated=event.path)
        elif isinstance(event, PackagesAdded) and environment.python is None:
            found = distribution_pythons(environment, tuple(name.value for name in event.names))
            self._interpreters = interpreters.packaged(found, environment.offered)

    def _run(self, used: CommandUsed, environment: Environment) -> None:
        """A command that is no install: it may bring a Python or a pip, and make files."""
        minor = pointed_to(used) if environment.python is None else None
        if minor is not None:
            self._interpreters = self._interpreters.point(minor)
        if brings_pip(used, self._done[-2].event if len(self._done) > 1 else None):
            self._interpreters = self._interpreters.with_pip(used.name)
        built = wheel_folders.built(used)
        if built is not None:
            self._lay(built)
        elif made.harmless(used) or made.known_installer(used, [step.event for step in self._done[-6:-1]]):
            self._harmless = used.span
        else:
            self._coming = Opaque(f"{used.name} may have made it", made.unpacked(used))

    def _install(self, install: Install, stage: int) -> None:
        number = len(self._done) - 1
        files = self._files(install.mounts, install.directory)
        pinned = python_changes.pinned(install.tool, install.venv or "", files)
        here = self._interpreters._replace(directory=install.directory, pinned=pinned)
        # An export installs nothing: what it writes is followed where something installs from it.
        if install.action != "export":
            self._points.append(InstallPoint(install, number, here.site(install), files, self._state))
        self._interpreters = python_changes.with_new_pip(self._interpreters, install)
        if install.tool == "uv-python":
            self._interpreters = self._interpreters.fetched(install)
        filled = wheel_folders.filled(install, (stage, number))
        if filled is not None:
            self._lay(filled)

    def _lay(self, event: FilesCopied | FileMade | FilesRemoved | Wheels) -> None:
        self._layer = Layer(event, self._layer, self._mounts)

    def _with_what_it_brings(self, copied: FilesCopied) -> FilesCopied:
        """A COPY to the root: the files of a project, or a tree with an ``etc`` for the image."""
        if not package_sources.to_the_root(copied):
            return copied
        return copied._replace(brings=self._files(()).brought())

    def _lay_what_comes(self) -> None:
        if self._coming is not None:
            self._layer, self._coming = Layer(self._coming, self._layer), None

    def _files(self, mounts: tuple[Mount, ...], directory: str | None = "/") -> ImageFiles:
        return ImageFiles(self._layer, self._context, self._origins, mounts=mounts, directory=directory)
