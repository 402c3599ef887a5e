"""``${VAR:-default}`` in compose files, as the Compose specification has it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from fromlint.regex import regex

_VARIABLE = regex(
    r"\$(?:(?P<escaped>\$)|(?P<plain>[A-Za-z_]\w*)|\{(?P<name>[A-Za-z_]\w*)(?:(?P<sign>:?[-+?])(?P<word>[^{}]*))?\})"
)
_NESTED = 5


def interpolate(text: str, values: Mapping[str, str]) -> str | None:
    """``text`` with variables replaced; None where one has neither a value nor a default.

    Compose would put nothing in its place; but it reads the environment, too, and there the value may be.
    """
    if "$" not in text:
        return text
    for _ in range(_NESTED):
        # Innermost first: a default may hold another variable.
        replaced, unknown = _once(text, values)
        if unknown:
            return None
        if replaced == text:
            break
        text = replaced
    return text.replace("\0", "$")


def _once(text: str, values: Mapping[str, str]) -> tuple[str, bool]:
    unknown = False

    def value(match: re.Match[str]) -> str:
        nonlocal unknown
        if match["escaped"]:
            return "\0"
        name, sign, word = match["plain"] or match["name"], match["sign"] or "", match["word"] or ""
        found = values.get(name)
        if found == "" and sign.startswith(":"):
            found = None
        if sign.endswith("+"):
            return word if found is not None else ""
        if found is not None:
            return found.replace("$", "\0")
        if sign.endswith("-"):
            return word
        unknown = True
        return ""

    return _VARIABLE.sub(value, text), unknown


def dotenv(text: str) -> dict[str, str]:
    """The variables of a ``.env`` file: ``NAME=value`` a line, quotes around the value removed, none expanded."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not equals or name.startswith("#") or not name.strip().isidentifier():
            continue
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        else:
            value = value.split(" #")[0].rstrip()
        found[name.strip()] = value
    return found
