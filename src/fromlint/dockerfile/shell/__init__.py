"""What the shell of a build step runs: text to commands in order, without running anything."""

import re
from collections.abc import Collection, Mapping, Sequence

from fromlint.dockerfile.shell.grammar import LONGEST, too_long
from fromlint.dockerfile.shell.loops import Turns
from fromlint.dockerfile.shell.simple import Call, absolute, follow
from fromlint.dockerfile.shell.state import Standing, State, Value
from fromlint.dockerfile.shell.walk import Walk
from fromlint.dockerfile.shell.words import Field
from fromlint.dockerfile.shell.wrappers import SHELLS, WRAPPERS, shell_call
from fromlint.dockerfile.source import locate
from fromlint.model.build import Command
from fromlint.model.dockerfile import Source
from fromlint.model.place import Text

__all__ = ["SHELLS", "WRAPPERS", "Turns", "absolute", "commands", "exec_form", "json_words", "options", "unread"]


def commands(
    source: Source,
    *,
    variables: Mapping[str, str | None],
    exported: Collection[str] | None = None,
    directory: str | None = "/",
    errexit: bool = False,
    pipefail: bool = False,
    platform: str | None = None,
    positional: tuple[str, ...] | None = (),
    turns: Turns | None = None,
) -> tuple[Command, ...]:
    """The commands that a script runs, in order.

    ``variables`` are those set at the start (None: to what is not known); ``exported`` those of them that commands
    see, None for all. ``positional`` are the script's own arguments, None where not known. ``platform``
    (``linux/arm64``) answers ``uname -m`` and its like. Commands that run others
    (sudo, env, xargs, find -exec, sh -c …) come first with their own words, then what they run. Functions are
    followed where they are called, loops over known words are unrolled (``turns`` knows more of them), branches whose
    conditions are known are decided.
    ``words`` is never empty: a mere ``> file`` is ``: > file``. Texts that are ``unread`` give nothing.
    """
    walk = _walk(variables, exported, directory, errexit, pipefail, platform, positional, turns)
    walk.run(source, Standing())
    return tuple(walk.out)


_JSON_WORD = r'"((?:[^"\\]|\\.)*)"'


def json_words(words: Sequence[str], source: Source) -> tuple[Text, ...]:
    """The words of a JSON array with their places; ``source`` is the array as written."""
    return tuple(Text(field.value, locate(source, field.start, field.end)) for field in _fields(words, source.text))


def _fields(words: Sequence[str], text: str) -> list[Field]:
    found = list(re.finditer(_JSON_WORD, text))
    if len(found) != len(words):
        return [Field(word, True, 0, len(text), ((0, 0, 0),)) for word in words]
    return [
        Field(word, True, *match.span(), ((0, match.start(1), len(word) if match[1] == word else 0),))
        for word, match in zip(words, found, strict=True)
    ]


def exec_form(
    words: Sequence[str],
    source: Source,
    *,
    variables: Mapping[str, str | None],
    directory: str | None = "/",
    platform: str | None = None,
) -> tuple[Command, ...]:
    """The commands of ``["pip", "install", "x"]``, which no shell reads; ``["sh", "-c", "…"]`` is followed.

    ``source`` is the JSON array as written.
    """
    if not words or unread(source.text):
        return ()
    walk = _walk(variables, None, directory, False, False, platform)
    call = Call(_fields(words, source.text), {}, (), None, Standing(), 0, len(source.text))
    walk.follow_in(source, lambda: follow(walk, call))
    return tuple(walk.out)


def unread(text: str, shell: Sequence[str] | None = None) -> str | None:
    """Why a text is not read as a script (of that SHELL), None where it is."""
    if shell is not None and options(shell) is None:
        name = shell[0] if shell else "nothing"
        return f"the shell is {name}, whose language is not known here"
    if too_long(text):
        return f"the script is longer than {LONGEST:,} characters or has too many expansions"
    return None


def options(shell: Sequence[str]) -> tuple[bool, bool] | None:
    """Whether a SHELL, as ``["/bin/bash", "-eo", "pipefail", "-c"]``, sets errexit and pipefail.

    None: no shell of the Bourne family. What runs the shell (``conda run -n env``) may stand before it.
    """
    for index, word in enumerate(shell):
        if word.rpartition("/")[2] in SHELLS:
            call = shell_call([Field(other, True, 0, 0) for other in shell[index:]])
            return call.errexit, call.pipefail
    return None


def _walk(
    variables: Mapping[str, str | None],
    exported: Collection[str] | None,
    directory: str | None,
    errexit: bool,
    pipefail: bool,
    platform: str | None,
    positional: tuple[str, ...] | None = (),
    turns: Turns | None = None,
) -> Walk:
    values: Mapping[str, Value] = variables
    names = frozenset(variables if exported is None else exported)
    return Walk(State(values, names, {}, positional, directory, errexit, pipefail), platform, turns)
