"""Which script file a command runs."""

from __future__ import annotations

from fromlint.dockerfile.shell import SHELLS, absolute
from fromlint.dockerfile.shell.words import Field
from fromlint.dockerfile.shell.wrappers import shell_call
from fromlint.model.build import Command, Word
from fromlint.named_tuple import NamedTuple

# Where programs are put that are copied into an image.
_PROGRAMS = "/usr/local/bin"


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
    elif plain in ("make", "gmake"):
        name = "./Makefile"
    elif "/" not in name:
        if not name.endswith(".sh"):
            return None
        name = f"{_PROGRAMS}/{name}"
    if at and not words[at].known:
        return None
    path = absolute(words[at].value if at else name, command.directory)
    return ScriptCall(path, words[at + 1 :]) if path is not None else None
