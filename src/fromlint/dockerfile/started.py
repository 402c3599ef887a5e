"""CMD, ENTRYPOINT and HEALTHCHECK: the commands that a container is started with."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fromlint.dockerfile.shell import WRAPPERS, commands, exec_form, options, unread
from fromlint.dockerfile.source import cut
from fromlint.dockerfile.tools import used
from fromlint.model.build import Command, Event, ScriptUnread
from fromlint.model.dockerfile import Instruction, Source
from fromlint.named_tuple import NamedTuple

_CHECK = r"\s*CMD(?=\s|\[|$)\s*"
_PASSES_ON = r"entry|\.sh$|start|init|run|launch"


class Started(NamedTuple):
    """``events`` of an instruction, and whether an ENTRYPOINT ``runs`` the words that CMD adds to it.

    ``runs`` is False (they are its arguments), True (tini, env), or None: a script, which may do so.
    """

    events: tuple[Event, ...]
    runs: bool | None


class Container(NamedTuple):
    """What a container is started with: its variables (ARGs are gone by then), folder, shell and platform."""

    variables: Mapping[str, str | None]
    directory: str | None
    shell: tuple[str, ...]
    platform: str | None


def started(instruction: Instruction, container: Container, *, guarded: bool = False) -> Started:
    """The commands of a CMD, ENTRYPOINT or HEALTHCHECK. ``guarded``: it is not sure that they are run."""
    keyword = instruction.keyword
    source = instruction.arguments
    if keyword == "HEALTHCHECK":
        check = re.match(_CHECK, source.text, re.IGNORECASE)
        if check is None:
            return Started((), False)
        source = cut(source, check.end(), len(source.text))
    shell = instruction.exec_form is None
    why = unread(source.text, container.shell if shell else None)
    if why:
        return Started((ScriptUnread(why, instruction.span),), False)
    found = _commands(instruction, source, container)
    events = [used(command, keyword, tolerated=command.tolerated or guarded, shell=shell) for command in found]
    return Started(tuple(event for event in events if event is not None), False if shell else _runs(found))


def _commands(instruction: Instruction, source: Source, container: Container) -> tuple[Command, ...]:
    if instruction.exec_form is not None:
        return exec_form(
            instruction.exec_form,
            source,
            variables=container.variables,
            directory=container.directory,
            platform=container.platform,
        )
    errexit, pipefail = options(container.shell) or (False, False)
    return commands(
        source,
        variables=container.variables,
        directory=container.directory,
        errexit=errexit,
        pipefail=pipefail,
        platform=container.platform,
    )


def _runs(found: tuple[Command, ...]) -> bool | None:
    """Whether what an ENTRYPOINT runs takes further words as a command."""
    if not found:
        return None
    name = found[-1].words[0].value.rpartition("/")[2]
    if name in WRAPPERS:
        return True
    return None if len(found[-1].words) == 1 and re.search(_PASSES_ON, name, re.IGNORECASE) else False
