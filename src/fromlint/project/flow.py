"""Walks through the steps of every stage: what is there when each install runs, and where its result ends up."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from fromlint.dockerfile.runs import run
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
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple
from fromlint.project import unlisted, wheel_folders
from fromlint.project.layers import Context, ImageFiles, Layer, Opaque, Origins, shows_files
from fromlint.project.pythons import Interpreters, Site, brings_pip, distribution_pythons, pointed_to
from fromlint.project.scripts import followed
from fromlint.system.state import State
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.system.sources import SdistFacts

# Commands of a RUN that make no file which a later install could name, or of which another event says what they make
# (curl, cp, sed). All others may: what they make is not known.
_HARMLESS_NAMES = """
    [ addgroup adduser apk apt apt-cache apt-get apt-key apt-mark awk base64 bower bundle cat cd chgrp chmod chown
    chpasswd chsh command corepack cp curl cut date dbus-uuidgen debconf-set-selections delgroup deluser df diff
    dirname dnf dos2unix dpkg dpkg-query dpkg-reconfigure du echo egrep env exit export false fc-cache fgrep file find
    gem getent gosu gpasswd gpg grep groupadd groupmod head hostname id install_packages ldconfig ldd ln locale-gen
    localedef ls lsb_release md5sum microdnf mkdir mktemp mv npm nproc openssl passwd pdm pip pip-sync pip3 pipenv
    pipx pnpm poetry postconf printenv printf ps pwd readelf readlink realpath rm rmdir scanelf sed seq set setcap
    sha1sum sha256sum sha512sum sleep sort ssh-keygen ssh-keyscan stat strip su-exec sudo sync tail tee test touch tr
    true truncate tty type tzdata umask uname uniq unset update-alternatives update-ca-certificates update-locale
    useradd userdel usermod uv virtualenv visudo wc wget which whoami xargs yarn yum zypper
"""
_HARMLESS = frozenset(_HARMLESS_NAMES.split())
_QUESTIONS = frozenset({("--version",), ("-version",), ("-V",), ("-v",), ("version",), ("--help",), ("-h",)})


# Scripts of a stage that are followed, how many steps they may take in all, and how deep they may start each other.
_MOST_SCRIPTS = 30
_MOST_SCRIPT_STEPS = 10_000
_DEEPEST_SCRIPT = 5
# Places in stages that what an install brings is followed to.
_MOST_PLACES = 100


class InstallPoint(NamedTuple):
    """An install, and the stage as it is when the install runs. ``state`` is what is installed of the system.

    ``own`` is what the build files say of projects and sdists of the build context, by path, where they compile.
    """

    install: Install
    step: int
    site: Site
    files: ImageFiles
    state: State
    own: Mapping[str, SdistFacts] = {}


class StageWalk(NamedTuple):
    """A stage walked to its end. ``states`` is the system's state before the first step and after each."""

    stage: Stage
    environment: Environment
    environments: Mapping[str, Environment]
    steps: tuple[Step, ...]
    points: tuple[InstallPoint, ...]
    states: tuple[State, ...]
    layer: Layer | None
    files: ImageFiles
    inherited: Inherited
    interpreters: Interpreters

    @property
    def state(self) -> State:
        """What is installed of the system at the end of the stage."""
        return self.states[-1]


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
        walks.append(_walk_stage(stage, environments[stage.number], parent, context, origins, escape))
    return tuple(walks)


def origin(name: str, walks: Sequence[StageWalk]) -> StageWalk | None:
    """The earlier stage that COPY --from or a mount names, by name (any case) or number."""
    for candidate in reversed(walks):
        if candidate.stage.name is not None and candidate.stage.name.lower() == name.lower():
            return candidate
    if name.isdigit() and int(name) < len(walks):
        return walks[int(name)]
    return None


def _below(environment: Environment) -> Layer | None:
    """What may be in a base image besides what the image's publisher put there; None where nothing is."""
    if environment.built_by is not None:
        return Layer(Opaque(f"{environment.built_by}, which builds the base image, may have put it there"), None)
    if not environment.known:
        return Layer(Opaque("the base image is not known, it may hold the file"), None)
    return None


def _walk_stage(
    stage: Stage,
    environments: Mapping[str, Environment],
    parent: StageWalk | None,
    context: Context | None,
    origins: Origins,
    escape: str,
) -> StageWalk:
    environment = next(iter(environments.values()))
    if parent is not None:
        inherited, layer, state = parent.inherited, parent.layer, parent.state
        interpreters = parent.interpreters._replace(activated=None)
    else:
        inherited = Inherited.of_image(
            environment.variables, environment.directory, environment.user, known=environment.known
        )
        layer = _below(environment)
        state = State.of(environment)
        venvs = {}
        if environment.virtual_environment:
            path = environment.virtual_environment
            venvs[path] = Site(path, environment.python, True)
        interpreters = Interpreters(
            environment.python,
            environment.others,
            venvs,
            dict(environment.variables),
            environment.directory,
            None,
            user=environment.user or "root",
        )
    planned, inherited_after = steps(stage, inherited, escape=escape)
    points: list[InstallPoint] = []
    states: list[State] = [state]
    instruction = -1
    mounts: tuple[Mount, ...] = ()
    harmless: Span | None = None
    opaque: Opaque | None = None
    done: list[Step] = []
    scripts = _Scripts(planned)
    for step in scripts:
        event = step.event
        number = len(done)
        done.append(step)
        if opaque is not None and not isinstance(event, VenvMade | Install | ScriptStarted):
            # What a command makes is not there yet when it reads what it installs.
            layer, opaque = Layer(opaque, layer), None
        if step.instruction != instruction:
            instruction = step.instruction
            interpreters = interpreters._replace(activated=None)
            mounts = ()
        if isinstance(event, VariableSet):
            # ENV beats an ARG of the same name (BuildKit's dispatchArg leaves the environment alone).
            if not (event.argument and event.name in interpreters.variables):
                interpreters = interpreters._replace(variables={**interpreters.variables, event.name: event.value})
        elif isinstance(event, DirectoryChanged):
            interpreters = interpreters._replace(directory=event.path)
        elif isinstance(event, UserChanged):
            interpreters = interpreters._replace(user=event.name)
        elif isinstance(event, FilesMounted):
            mounts = (*mounts, event.mount)
        elif isinstance(event, FilesCopied):
            layer = Layer(event, layer, mounts)
            interpreters = _with_copied_venvs(interpreters, event, origins)
        elif isinstance(event, FileMade | FilesRemoved):
            layer = Layer(event, layer, mounts)
        elif isinstance(event, ToolFetched):
            # Tools that are known lie in PATH, and nothing else comes with them; nor with those of npm and its like.
            if event.name is None and event.span != harmless:
                layer = Layer(Opaque("a download may have brought it"), layer)
        elif isinstance(event, CommandUsed):
            if event.instruction == "RUN":
                built = wheel_folders.built(event)
                minor = pointed_to(event) if environment.python is None else None
                if minor is not None:
                    interpreters = interpreters.point(minor)
                if brings_pip(event, done[-2].event if number else None):
                    interpreters = interpreters.with_pip(event.name)
                if built is not None:
                    layer = Layer(built, layer, mounts)
                elif _harmless(event):
                    harmless = event.span
                else:
                    opaque = Opaque(f"{event.name} may have made it", _unpacked(event))
        elif isinstance(event, LoopsMet):
            scripts.again(step, event, ImageFiles(layer, context, origins, mounts=event.running.mounts))
        elif isinstance(event, ScriptStarted):
            if scripts.follow(step, ImageFiles(layer, context, origins, mounts=mounts)):
                opaque = None
        elif isinstance(event, VenvMade):
            pinned = _pinned(event.tool, event.path, ImageFiles(layer, context, origins, mounts=mounts))
            interpreters = interpreters._replace(pinned=pinned).make(event)
        elif isinstance(event, VenvActivated):
            interpreters = interpreters._replace(activated=event.path)
        elif isinstance(event, Install):
            files = ImageFiles(layer, context, origins, mounts=event.mounts, directory=event.directory)
            pinned = _pinned(event.tool, event.venv or "", files)
            here = interpreters._replace(directory=event.directory, pinned=pinned)
            # An export installs nothing: what it writes is followed where something installs from it.
            if event.action != "export":
                points.append(InstallPoint(event, number, here.site(event), files, state))
            interpreters = _with_new_pip(interpreters, event)
            if event.tool == "uv-python":
                interpreters = interpreters.fetched(event)
            filled = wheel_folders.filled(event, (stage.number, number))
            if filled is not None:
                layer = Layer(filled, layer, mounts)
        elif isinstance(event, PackagesAdded) and environment.python is None:
            found = distribution_pythons(environment, tuple(name.value for name in event.names))
            interpreters = interpreters.packaged(found, environment.offered)
        state = unlisted.after(state.after(event), event)
        states.append(state)
    if opaque is not None:
        layer = Layer(opaque, layer)
    return StageWalk(
        stage,
        environment,
        environments,
        tuple(done),
        tuple(points),
        tuple(states),
        layer,
        ImageFiles(layer, context, origins, directory=inherited_after.directory),
        inherited_after,
        interpreters._replace(activated=None),
    )


class _Scripts:
    """The steps of a stage in order, those of each script that is followed after the command that starts it."""

    def __init__(self, planned: Sequence[Step]) -> None:
        self._waiting = list(reversed(planned))
        # How many steps waited when each of the scripts that are being followed was started: it is done by then.
        self._started: list[int] = []
        self._left = _MOST_SCRIPTS
        self._steps_left = _MOST_SCRIPT_STEPS

    def __iter__(self) -> Iterator[Step]:
        while self._waiting:
            yield self._waiting.pop()

    def again(self, step: Step, met: LoopsMet, files: ImageFiles) -> None:
        """Puts the steps of a RUN in the place of those that were read without what files say of its loops."""
        from fromlint.project import turns

        events = run(met.instruction, met.running, turns.of(files, met.span)).events
        if len(events) > self._steps_left:
            return
        self._steps_left -= len(events)
        while self._waiting and self._waiting[-1].instruction == step.instruction:
            self._waiting.pop()
        self._waiting += [Step(step.instruction, each) for each in reversed(events)]

    def follow(self, step: Step, files: ImageFiles) -> bool:
        """Puts the steps of the script that a step starts next in line; False where they are not known."""
        event = step.event
        assert isinstance(event, ScriptStarted)
        self._started = [waiting for waiting in self._started if waiting < len(self._waiting)]
        if self._left == 0 or len(self._started) == _DEEPEST_SCRIPT:
            return False
        self._left -= 1
        events = followed(event, files)
        if events is None or len(events) > self._steps_left:
            return False
        self._steps_left -= len(events)
        ahead = self._waiting[-1].event if self._waiting else None
        if isinstance(ahead, ToolFetched) and ahead.script and ahead.span == event.span:
            # That a script of such a name may do anything: now it is known what it does.
            self._waiting.pop()
        self._started.append(len(self._waiting))
        self._waiting += [Step(step.instruction, each) for each in reversed(events)]
        return True


def _pinned(tool: str, venv: str, files: ImageFiles) -> str | None:
    """The Python that a ``.python-version`` in the project's folder asks uv for; None where none surely does."""
    if not tool.startswith("uv") or not venv.startswith("/"):
        return None
    try:
        text = files.read(posixpath.join(posixpath.dirname(venv), ".python-version"))
    except (FileMissing, FileUnknown, FileUnreadable):
        return None
    for line in text.decode("utf-8", "replace").splitlines():
        if found := re.fullmatch(r"(?:cpython[@-])?(\d+\.\d+(?:\.\d+)?)", line.strip()):
            return found[1]
    return None


def _harmless(used: CommandUsed) -> bool:
    name = posixpath.basename(used.name)
    if used.arguments in _QUESTIONS:
        return True
    if name.startswith(("python", "pypy")):
        return used.arguments[:1] == ("-m",) and used.arguments[1:2] in (("pip",), ("venv",), ("virtualenv",))
    return name in _HARMLESS


def _unpacked(used: CommandUsed) -> str:
    """The folder in which a command makes its files, as far as its words tell: of an archive or a clone."""
    words = used.arguments
    name = posixpath.basename(used.name)
    folder: str | None = None
    if name in ("tar", "bsdtar", "unzip"):
        option = "-d" if name == "unzip" else "-C"
        folder = words[words.index(option) + 1] if option in words[:-1] else "."
    elif name == "git" and words[:1] == ("clone",) and len(words) > 2 and "://" in words[-2]:
        folder = words[-1]
    if folder is None or (used.directory is None and not folder.startswith("/")):
        return "/"
    return posixpath.normpath(posixpath.join(used.directory or "/", folder))


def _with_copied_venvs(interpreters: Interpreters, copied: FilesCopied, origins: Origins) -> Interpreters:
    """A venv that is copied from an earlier stage is one here, too: its Python is this stage's own."""
    if copied.origin is None or copied.destination is None or copied.unknown is not None:
        return interpreters
    for source in copied.sources:
        path = posixpath.normpath(copied.destination)
        name = posixpath.basename(source.value.rstrip("/"))
        if "venv" in name or name in ("env", "virtualenv"):
            made = Site(path, interpreters.system, True)
            interpreters = interpreters._replace(venvs={**interpreters.venvs, path: made})
    return interpreters


def _with_new_pip(interpreters: Interpreters, install: Install) -> Interpreters:
    """``pip install -U pip`` brings a pip that knows every tag; its exact version matters to nobody."""
    if install.tool != "pip" or install.action != "install" or interpreters.system is None:
        return interpreters
    for requirement in install.requirements:
        word = requirement.value.lower()
        if word == "pip" or word.startswith(("pip=", "pip>", "pip<", "pip~", "pip!")):
            pinned = word[5:] if word.startswith("pip==") and word[5:].replace(".", "").isdigit() else None
            if word == "pip" and not install.options.upgrade and interpreters.system.pip:
                return interpreters
            if re.fullmatch(r"python3\.\d+", install.python or ""):
                return interpreters.with_pip(install.python, pinned)
            return interpreters._replace(system=interpreters.system._replace(pip=pinned))
    return interpreters


def running_stage(point: InstallPoint, walked: StageWalk, walks: Sequence[StageWalk]) -> StageWalk | None:
    """The shipped stage in which what an install brings is run; None where nothing ships it.

    It may get there through further stages, and to another path.
    """
    target = next((candidate for candidate in walks if candidate.stage.target), None)
    if target is None or walked.stage.shipped:
        return target
    waiting = [(walked, point.site.path)]
    seen: set[tuple[int, str]] = set()
    while waiting:
        source, site = waiting.pop()
        if (source.stage.number, site) in seen or len(seen) > _MOST_PLACES:
            continue
        seen.add((source.stage.number, site))
        for candidate in walks:
            for step in candidate.steps:
                copied = taken(step.event)
                if copied is None or not takes(*copied, site, source, walks):
                    continue
                if candidate.stage.shipped:
                    return target
                waiting.append((candidate, copied_to(step.event, site)))
    return None


def copied_to(event: Event, site: str) -> str:
    """Where a site is after the COPY that takes it or its ``lib``; where that cannot be told, at the destination."""
    if not isinstance(event, FilesCopied) or event.destination is None:
        return site
    destination = posixpath.normpath(event.destination)
    for source in event.sources:
        path = posixpath.normpath("/" + source.value.lstrip("/"))
        if site == path or site.startswith(path.rstrip("/") + "/"):
            return posixpath.normpath(posixpath.join(destination, site[len(path) :].lstrip("/")))
        below = path.removeprefix(site.rstrip("/"))
        if below != path and destination.endswith(below):
            return destination.removesuffix(below) or "/"
    return destination


def taken(event: Event) -> tuple[str, tuple[str, ...]] | None:
    """The stage that a COPY or a bind mount takes from, and the paths that it takes."""
    if isinstance(event, FilesCopied) and event.origin is not None:
        return event.origin, tuple(source.value for source in event.sources)
    if isinstance(event, FilesMounted) and event.mount.stage is not None and shows_files(event.mount):
        return event.mount.stage, (event.mount.source or "/",)
    return None


def takes(name: str, paths: Sequence[str], site: str, walked: StageWalk, walks: Sequence[StageWalk]) -> bool:
    """Whether a site, or the packages in it, are among the paths taken from the stage that filled it.

    They may also be taken from a stage that continues that one. A site of ``pip wheel`` is its folder of wheels.
    """
    if not site:
        return False
    source_stage: StageWalk | None = origin(name, walks)
    while source_stage is not None and source_stage is not walked:
        source_stage = walks[source_stage.stage.parent] if source_stage.stage.parent is not None else None
    if source_stage is None:
        return False
    for taken in paths:
        path = posixpath.normpath("/" + taken.lstrip("/"))
        if path.rstrip("/*") == site or site.startswith(path.rstrip("/") + "/"):
            return True
        if path.startswith((site.rstrip("/") + "/lib", site.rstrip("/") + "/*")):
            return True
        if site.endswith("/*") and "venv" in posixpath.basename(path):
            # An environment whose name is not known, linked to or moved there.
            return True
    return False
