"""Settings that a tool keeps for later commands: ``poetry config``, ``pip config set``, ``pdm config``."""

import re
from collections.abc import Callable

from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.model.build import VariableSet, Word


def kept(
    words: tuple[Word, ...], variable: Callable[[str], str | None], around: Surroundings
) -> tuple[VariableSet, ...]:
    """A key and its value, as the variable that means the same; () for keys that are shown or take several values.

    ``variable`` names that variable for a key, None where there is none.
    """
    if len(words) != 2 or not words[0].known:
        return ()
    key, value = words
    name = variable(key.value)
    if name is None or not re.fullmatch(r"[A-Z][A-Z0-9_]*", name):
        return ()
    return (VariableSet(name, value.value if value.known else None, False, around.command.span),)
