"""TOML from anybody: read in bounded time, with one kind of error for whatever is wrong with it."""

from __future__ import annotations

from fromlint.regex import regex
from fromlint.typed import Any

# tomllib takes quadratic time on the parts of a dotted key. Nobody writes 50 of them.
_MOST_DOTS = 50
TOO_MANY_PARTS = f"a key of more than {_MOST_DOTS} parts, which no tool writes"

# Possessive, and begun at the start of a word only: linear for any text.
_QUOTED = regex(r""""(?:[^"\\]|\\.)*+"?|'[^']*+'?""")
_DOTTED = regex(rf"(?<![\w-])(?:[\w-]++[ \t]*+\.[ \t]*+){{{_MOST_DOTS}}}")


class BadToml(ValueError):
    """Not TOML, or none that any tool writes; the message says why, in one line."""


def loads(text: str) -> dict[str, Any]:
    """The document in ``text``. Raises BadToml."""
    import tomllib

    if many_dots(text):
        raise BadToml(TOO_MANY_PARTS)
    try:
        return tomllib.loads(text)
    except RecursionError:
        raise BadToml("nested too deeply") from None
    except (ValueError, OverflowError) as error:  # also of a number of 5,000 digits
        raise BadToml(str(error)[:200].replace("\n", " ")) from None


def many_dots(text: str) -> bool:
    """Whether a key may have so many parts that tomllib would take long over it."""
    long = [line for line in text.split("\n") if line.count(".") > _MOST_DOTS]
    if not long:
        return False
    return any(_DOTTED.search(line) or _DOTTED.search(_QUOTED.sub("q", line)) for line in long)
