"""RUN: its script to commands, and these to events."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from fromlint.dockerfile import installs, script_files
from fromlint.dockerfile.files import files, sources_changed, written_text
from fromlint.dockerfile.installs.programs import program
from fromlint.dockerfile.installs.surroundings import STANDARD_INPUT
from fromlint.dockerfile.keeping import Keeping
from fromlint.dockerfile.packages import packages, recommends
from fromlint.dockerfile.shell import SHELLS, WRAPPERS, Turns, absolute, commands, exec_form, options, unread
from fromlint.dockerfile.source import locate
from fromlint.dockerfile.tools import fetched, used
from fromlint.model.build import (
    Command,
    CommandUsed,
    Event,
    FileMade,
    FilesMounted,
    LoopsMet,
    PackagesAdded,
    Running,
    ScriptStarted,
    ScriptUnread,
    Word,
)
from fromlint.model.dockerfile import Anchor, Heredoc, Instruction, Source
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_ALONE = r"\s*\d*<<-?\s*(?:[^\s<'\"]+|'[^'\n]*'|\"[^\"\n]*\")\s*"
_SHEBANG = r"#!\s*(\S+)[ \t]*([^\n]*)"
_APT_SETTINGS = "/etc/apt/apt.conf"
_LOOP = regex(r"\bfor\s+\w+\s+in\b[^;\n]*[$`*?\[]|\bwhile\b[^;\n]*\bread\b")
_INSTALLER = regex(r"\b(?:pip3?|uv|poetry|pipenv|pdm|pipx|pip-sync|setup\.py)\b")


class Done(NamedTuple):
    """The events of a RUN, and what tools and apt will go by from then on."""

    events: tuple[Event, ...]
    settings: Mapping[str, str]
    recommends: bool | None


def run(instruction: Instruction, running: Running, turns: Turns | None = None) -> Done:
    """What a RUN does, in order. Its mounts come first, each as FilesMounted.

    ``turns`` knows what files say of its loops; without it, it is said where there are such (LoopsMet).
    """
    events: list[Event] = [FilesMounted(mount, instruction.span) for mount in running.mounts]
    if turns is None and _loops(instruction):
        events.insert(0, LoopsMet(instruction, running, instruction.span))
    found, ahead = _commands(instruction, running, turns)
    events += ahead
    follower = _Follower(running, shell=instruction.exec_form is None)
    for command, feeders, tolerated in _with_feeders(found):
        events += follower.events(command, feeders, tolerated)
    return Done(tuple(events), follower.settings, follower.recommends)


def _loops(instruction: Instruction) -> bool:
    texts = [instruction.arguments.text, *(heredoc.body.text for heredoc in instruction.heredocs)]
    return any(_LOOP.search(text) and _INSTALLER.search(text) for text in texts)


def made(
    text: str, file: str, started: ScriptStarted, exists: Callable[[str], bool | None]
) -> tuple[Event, ...] | None:
    """What make does by a Makefile; None where that is not told plainly. ``file`` is the path to show.

    ``exists`` tells whether a target is there, by its path from the folder that make works in.
    """
    from fromlint.dockerfile import makefiles

    command = started.command
    told = script_files.make(command.words)
    environment = {**command.environment, **{name: word.value for name, word in command.assignments.items()}}
    found = makefiles.script(text, file, told.targets, told.given, environment, exists) if told is not None else None
    if told is None or found is None:
        return None
    inner = command._replace(
        directory=absolute(told.folder, command.directory),
        environment={**environment, **told.given},
        unknown=(*command.unknown, *found.unknown),
    )
    return script(found.source, started._replace(command=inner, words=()), errexit=True)


def script(source: Source, started: ScriptStarted, *, errexit: bool = False) -> tuple[Event, ...]:
    """What a script file does, as if its lines stood where it is started: ``source`` is its text.

    ``errexit``: it stops at the first command that fails, whatever its shell is told. The events have the place of the
    command that starts it, what they name has its place in the script.
    """
    command = started.command
    variables: dict[str, str | None] = {**command.environment, **dict.fromkeys(command.unknown)}
    variables.update({name: word.value if word.known else None for name, word in command.assignments.items()})
    itself = {"0": started.path, "BASH_SOURCE": started.path}
    given = started.words
    running = Running(
        variables,
        started.arguments,
        command.directory,
        (),
        started.platform,
        started.mounts,
        {},
        started.recommends,
    )
    stops, pipefail = options([word.value for word in command.words]) or (False, False)
    shebang = re.match(_SHEBANG, source.text)
    if shebang is not None and not _names_a_shell(command.words[0].value):
        stops, pipefail = options([*shebang[1].split(), *shebang[2].split()]) or (stops, pipefail)
    found = commands(
        source,
        variables={**variables, **itself},
        exported=variables,
        directory=command.directory,
        errexit=errexit or stops,
        pipefail=pipefail,
        platform=started.platform,
        positional=tuple(word.value for word in given) if all(word.known for word in given) else None,
    )
    follower = _Follower(running, shell=True)
    events: list[Event] = []
    for each, feeders, tolerated in _with_feeders(found):
        each = each._replace(
            conditional=each.conditional or command.conditional,
            tolerated=each.tolerated or command.tolerated,
            lost=(each.lost or command.lost) and each.lost >= each.tolerated and command.lost >= command.tolerated,
        )
        events += follower.events(each, feeders, tolerated or command.tolerated)
    return tuple(event._replace(span=started.span) for event in events)


def _names_a_shell(word: str) -> bool:
    return word.rpartition("/")[2] in SHELLS


def _commands(
    instruction: Instruction, running: Running, turns: Turns | None
) -> tuple[tuple[Command, ...], list[Event]]:
    """The commands of a RUN, and events that are known of the script as a whole."""
    source = instruction.arguments
    if instruction.exec_form is not None:
        found = exec_form(
            instruction.exec_form,
            source,
            variables=running.variables,
            directory=running.directory,
            platform=running.platform,
        )
        return found, []
    errexit, pipefail = options(running.shell) or (False, False)
    shell: tuple[str, ...] | None = running.shell
    ahead: list[Event] = []
    if instruction.heredocs:
        if len(instruction.heredocs) == 1 and re.fullmatch(_ALONE, source.text):
            source = instruction.heredocs[0].body
            shebang = re.match(_SHEBANG, source.text)
            if shebang:
                # With a shebang the builder makes the body a file and runs that.
                words = (*shebang[1].split(), *shebang[2].split())
                interpreter = words[1] if words[0].endswith("/env") and len(words) > 1 else words[0]
                place = locate(source, 0, shebang.end())
                ahead.append(CommandUsed(interpreter, (), "RUN", False, False, place))
                if interpreter.rpartition("/")[2] not in SHELLS:
                    return (), ahead
                shell = words[words.index(interpreter) :]
                errexit, pipefail = options(shell) or (False, False)
        else:
            source = _put_together(source, instruction.heredocs)
    why = unread(source.text, shell)
    if why:
        return (), [*ahead, ScriptUnread(why, instruction.span)]
    found = commands(
        source,
        variables=running.variables,
        directory=running.directory,
        errexit=errexit,
        pipefail=pipefail,
        platform=running.platform,
        turns=turns,
    )
    return found, ahead


def _put_together(source: Source, heredocs: Sequence[Heredoc]) -> Source:
    """The line and the bodies of its heredocs again as one script, as the builder hands them to the shell."""
    text = source.text
    anchors = list(source.anchors)
    for heredoc in heredocs:
        text += "\n"
        anchors += [Anchor(anchor.offset + len(text), anchor.line, anchor.column) for anchor in heredoc.body.anchors]
        text += heredoc.body.text
        text += ("" if text.endswith("\n") else "\n") + heredoc.delimiter
    return Source(text, source.file, tuple(anchors))


def _with_feeders(found: Sequence[Command]) -> Iterator[tuple[Command, tuple[Command, ...], bool]]:
    """Each command, what is piped into it from the pipe's first command on, and whether the whole pipe may fail."""
    tolerated: list[bool] = []
    for index in range(len(found) - 1, -1, -1):
        command = found[index]
        within = command.piped_to is not None and index + 1 < len(found) and found[index + 1].piped_from is not None
        tolerated.append(tolerated[-1] if within else command.tolerated)
    tolerated.reverse()
    feeders: tuple[Command, ...] = ()
    for command, whole in zip(found, tolerated, strict=True):
        if command.piped_from is None:
            feeders = ()
        yield command, feeders, whole
        if command.piped_to is not None and command.words[0].value.rpartition("/")[2] not in WRAPPERS:
            feeders = (*feeders, command)


def _input(command: Command, feeders: tuple[Command, ...]) -> FileMade:
    """What a command reads from a pipe or a here-document, as a file."""
    if not feeders:
        feeders = (command._replace(words=(Word("cat", command.span),)),)
    *before, maker = (feeder._replace(conditional=False) for feeder in feeders)
    return FileMade(STANDARD_INPUT, maker, False, command.span, tuple(before))


class _Follower:
    """Goes through the commands of one RUN, remembering what later ones depend on."""

    def __init__(self, running: Running, *, shell: bool) -> None:
        self.settings = dict(running.settings)
        self.recommends = running.recommends
        self._mounts = running.mounts
        self._arguments = running.arguments
        self._platform = running.platform
        self._shell = shell
        self._keeping = Keeping()

    def events(self, command: Command, feeders: tuple[Command, ...], tolerated: bool) -> list[Event]:
        """The events of the next command."""
        feeder = feeders[-1] if feeders else None
        self._keeping.before(command)
        needed = used(command, "RUN", tolerated=tolerated, shell=self._shell)
        events: list[Event] = [needed] if needed else []
        events += self._script(command)
        events += fetched(command, feeder)
        events += self._packages(command)
        if program(command.words) is not None:
            events += self._installs(command, feeders)
        for event in files(command, feeder):
            if isinstance(event, FileMade):
                event = event._replace(feeders=feeders if event.command is command else feeders[:-1])
            events.append(event)
            if isinstance(event, FileMade) and event.path.startswith(_APT_SETTINGS):
                said = recommends(written_text(command, feeder))
                self.recommends = self.recommends if said is None else said
            source = sources_changed(event)
            if source:
                events.append(source)
        return events

    def _script(self, command: Command) -> list[Event]:
        call = script_files.called(command)
        if call is None:
            return []
        around = self._arguments, self._mounts, self._platform, self.recommends
        return [ScriptStarted(call.path, call.words, command, *around, command.span)]

    def _packages(self, command: Command) -> list[Event]:
        found = packages(command, libraries_found=self._keeping.libraries_found)
        if self.recommends is not None:
            found = tuple(
                event._replace(recommends=self.recommends)
                if isinstance(event, PackagesAdded) and event.manager == "apt" and event.recommends is None
                else event
                for event in found
            )
        return self._keeping.after(command, found)

    def _installs(self, command: Command, feeders: tuple[Command, ...]) -> list[Event]:
        if any(word.value == "config" for word in command.words[1:5]):
            kept = installs.settings(command)
            self.settings.update((setting.name, setting.value) for setting in kept if setting.value is not None)
        if self.settings:
            command = command._replace(environment={**self.settings, **command.environment})
        arguments = self._arguments
        if command.unknown:
            arguments = {**arguments, **dict.fromkeys(command.unknown)}
        venv = installs.venv(command, mounts=self._mounts, arguments=arguments)
        install = installs.install(command, mounts=self._mounts, arguments=arguments)
        events: list[Event] = [venv] if venv else []
        if install and any(file.value == STANDARD_INPUT for file in install.files):
            events.append(_input(command, feeders))
        events += installs.apart(install) if install else ()
        if install and install.output and install.action not in ("wheel", "download"):
            path = absolute(install.output, install.directory)
            if path:
                events.append(FileMade(path, command, False, command.span))
        return events
