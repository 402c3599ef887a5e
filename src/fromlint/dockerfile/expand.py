"""``${…}`` expansion in instructions, as the builder does it."""

from __future__ import annotations

from collections.abc import Callable

from fromlint.dockerfile.lexer import Lexer, Refused, words
from fromlint.named_tuple import NamedTuple

LONGEST = 131_072
"""In characters. Linux passes no environment string longer than this to a process (MAX_ARG_STRLEN), so a longer value
is of no use in a build; without a bound thirty ARGs that double each other fill the memory.
"""


class Expansion(NamedTuple):
    """``text`` after expansion; as written where ``error`` says why the builder refuses it.

    ``missing`` are the variables that have no value and whose value counts: not the ``V`` of ``${V:-3.12}``.
    """

    text: str
    missing: tuple[str, ...]
    error: str | None


def _nothing_unknown(_: str) -> bool:
    return False


def expand(
    text: str,
    variables: Callable[[str], str | None],
    *,
    escape: str = "\\",
    quotes: bool = True,
    keep_quotes: bool = False,
    keep_escapes: bool = False,
    keep_missing: bool = False,
    unknown: Callable[[str], bool] = _nothing_unknown,
    limit: int = LONGEST,
) -> Expansion:
    """``text`` with variables expanded and, unless kept, quotes and escapes removed (BuildKit's ``ProcessWord``).

    ``variables`` gives None for a variable that is not set; ``unknown`` is true for one that is set to something that
    cannot be known: then ``${V:-x}`` is not ``x`` either. ``keep_missing`` leaves a reference to either kind as
    written. ``quotes`` false is for heredoc bodies of COPY, where quotes are ordinary characters.
    """
    if "$" not in text and escape not in text and (not quotes or keep_quotes or ("'" not in text and '"' not in text)):
        return Expansion(text, (), None)
    lexer = Lexer(
        text,
        variables,
        is_unknown=unknown,
        escape=escape,
        quotes=quotes,
        keep_quotes=keep_quotes,
        keep_escapes=keep_escapes,
        keep_missing=keep_missing,
        limit=limit,
    )
    try:
        expanded = "".join(piece for piece, _ in lexer.run())
    except Refused as error:
        return Expansion(text, (), str(error))
    return Expansion(expanded, tuple(dict.fromkeys(lexer.missing)), None)


def _unset(_: str) -> None:
    return None


def _everything_unknown(_: str) -> bool:
    return True


def split(text: str, *, keep_quotes: bool = False, keep_escapes: bool = False) -> tuple[str, ...] | None:
    """``text`` as words, no variable expanded (BuildKit's ``ProcessWords`` with ``SkipUnsetEnv``).

    The escape character is always a backslash here, as where BuildKit looks for heredocs. None: it refuses the text.
    """
    lexer = Lexer(
        text,
        _unset,
        is_unknown=_everything_unknown,
        escape="\\",
        quotes=True,
        keep_quotes=keep_quotes,
        keep_escapes=keep_escapes,
        keep_missing=True,
        limit=0,
    )
    try:
        return tuple(words(lexer.run()))
    except Refused:
        return None
