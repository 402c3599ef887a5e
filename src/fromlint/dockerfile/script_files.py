"""Which script file a command runs, and what make is told."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence

from fromlint.dockerfile.shell import SHELLS, absolute
from fromlint.dockerfile.shell.words import Field
from fromlint.dockerfile.shell.wrappers import shell_call
from fromlint.model.build import Command, Word
from fromlint.named_tuple import NamedTuple

# Where programs are put that are copied into an image.
_PROGRAMS = "/usr/local/bin"
_MAKES = frozenset({"make", "gmake"})
# Options of make that take a value (GNU make 4.4, "Summary of Options"), and those with which it makes nothing.
_VALUED = frozenset({"-I", "--include-dir", "-o", "--old-file", "-W", "--what-if", "--eval"})
_IDLE = frozenset({"-n", "--dry-run", "--just-print", "-q", "--question", "-t", "--touch", "-v", "--version"})


class ScriptCall(NamedTuple):
    """A script and how it is called: its absolute ``path``, and the words after it."""

    path: str
    words: tuple[Word, ...]


def called(command: Command) -> ScriptCall | None:
    """The script that a command runs, as far as its words tell; None where it runs none.

    A plain name that ends like a script's is looked for where programs are put that are copied into an image.
    """
    words = command.words
    name = words[0].value
    plain = name.rpartition("/")[2]
    at = 0
    if not words[0].known:
        return None
    if plain in SHELLS:
        call = shell_call([Field(word.value, word.known, 0, 0) for word in words])
        if call.script is not None or call.operand is None:
            return None
        at = call.operand
    elif plain in (".", "source") and len(words) > 1:
        at = 1
    elif is_make(words):
        told = make(words)
        name = posixpath.join(told.folder, told.file or "Makefile") if told is not None else "./Makefile"
        path = absolute(name, command.directory)
        return ScriptCall(path, words[1:]) if path is not None else None
    elif "/" not in name:
        if not name.endswith(".sh"):
            return None
        name = f"{_PROGRAMS}/{name}"
    if at and not words[at].known:
        return None
    path = absolute(words[at].value if at else name, command.directory)
    return ScriptCall(path, words[at + 1 :]) if path is not None else None


class Make(NamedTuple):
    """What make is told: the folder that it works in, its file ("": its own choice), targets and variables."""

    folder: str
    file: str
    targets: tuple[str, ...]
    given: Mapping[str, str]


def is_make(words: Sequence[Word]) -> bool:
    """Whether a command is make, whatever it is told."""
    return words[0].value.rpartition("/")[2] in _MAKES


def make(words: Sequence[Word]) -> Make | None:
    """How a command calls make; None where it does not, where make only shows something, and where it is not known."""
    if not is_make(words):
        return None
    folder, file = ".", ""
    targets: list[str] = []
    given: dict[str, str] = {}
    rest = iter(words[1:])
    for word in rest:
        value = word.value
        name, equals, said = value.partition("=")
        if not word.known or value in _IDLE:
            return None
        if value in ("-C", "--directory", "-f", "--file", "--makefile"):
            following = next(rest, None)
            if following is None or not following.known:
                return None
            name, said = value, following.value
        elif value.startswith(("-C", "-f")):
            name, said = value[:2], value[2:]
        elif value in _VALUED:
            next(rest, None)
        if name in ("-C", "--directory"):
            folder = posixpath.join(folder, said)
        elif name in ("-f", "--file", "--makefile"):
            file = said
        elif equals and name.isidentifier():
            given[name] = said
        elif not value.startswith("-"):
            targets.append(value)
    return Make(folder, file, tuple(targets), given)
