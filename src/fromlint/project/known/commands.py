"""Which system package gives a command, and whether an image surely lacks it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable

from fromlint.model.build import Event, PackagesAdded
from fromlint.model.environment import Environment
from fromlint.model.project import SystemState
from fromlint.named_tuple import NamedTuple
from fromlint.project.known import package_names
from fromlint.system import brought, stored
from fromlint.system.distribution import distribution

PATH = ("/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin")
_FAMILIES = ("debian", "alpine")
_PYTHON = frozenset({"python", "python3", "pip", "pip3"})


class Absent(NamedTuple):
    """A command that is surely not there.

    ``packages`` give it, () where none of the release does; ``instead`` is what to do then, in words. ``pypi`` are
    normalised names of distributions that give it, too. ``why``: in words, where it is not just left out.
    """

    command: str
    packages: tuple[str, ...]
    instead: str
    pypi: tuple[str, ...]
    why: str


def absent(name: str, environment: Environment, state: SystemState, history: Iterable[Event]) -> Absent | None:
    """What is to be said of a command (a plain name, or a path in a folder of PATH) that the image surely lacks.

    None where it is there, or where that is not known. ``state`` is the system's at that point, ``history`` what
    happened before it. Commands that others than system packages bring are not looked for here.
    """
    folder, _, command = name.rpartition("/")
    if (folder and folder not in PATH) or not environment.known or not environment.tools or not command:
        return None
    if command in environment.tools:
        return None
    data = stored.whole("rules", "commands.json")
    family = environment.family or ""
    if command in data["managers"]:
        return _wrong_manager(command, data["managers"][command], environment)
    if family not in _FAMILIES:
        return None
    dropped = data["dropped"].get(command)
    if dropped is not None and environment.codename in dropped["releases"]:
        return Absent(command, (), dropped["instead"], (), dropped["why"])
    entry = data["commands"].get(command)
    if entry is None or family not in entry or (command in _PYTHON and environment.python is not None):
        return None
    if _may_be_there(entry[family], environment, state, history):
        return None
    packages = tuple(entry[family][:1])
    return Absent(command, packages, "", tuple(entry.get("pypi", ())), "")


def _wrong_manager(command: str, family: str, environment: Environment) -> Absent | None:
    own = environment.package_manager
    if own is None or family == environment.family or environment.family not in ("debian", "alpine", "rhel"):
        return None
    return Absent(command, (), f"use {'apt-get' if own == 'apt' else own}", (), "it is not this distribution's")


def _may_be_there(providers: list[str], environment: Environment, state: SystemState, history: Iterable[Event]) -> bool:
    gives = [re.compile(provider if _is_expression(provider) else re.escape(provider)) for provider in providers]

    def given(name: str) -> bool:
        return any(pattern.fullmatch(name) for pattern in gives)

    if any(given(package) for package in state.packages):
        return True
    where = distribution(environment)
    for event in history:
        if not isinstance(event, PackagesAdded):
            continue
        if event.unknown or event.manager not in ("apt", "apk"):
            return True
        for text in event.names:
            if event.conditional and given(text.value):
                return True
            if where is None or (
                brought.by(where, text.value, event.recommends is not False) is None
                and package_names.answer(environment, text.value).kind not in ("gone", "several")
            ):
                return True
    return False


def _is_expression(provider: str) -> bool:
    return any(sign in provider for sign in "\\*")


def in_path(path: str) -> str | None:
    """The name of the command that a file at this path would be, None where its folder is not in PATH."""
    return posixpath.basename(path) if posixpath.dirname(path.rstrip("/")) in PATH else None
