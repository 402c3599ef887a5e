"""The directives at the head of a Dockerfile: ``# syntax=``, ``# escape=``, ``# check=``.

After BuildKit's frontend/dockerfile/parser/directives.go: they end at the first line that is none, a blank line and
an ordinary comment included, and no directive may come twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fromlint.dockerfile.characters import SPACE
from fromlint.model.place import Problem, Span
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_DIRECTIVE = regex(r"([a-zA-Z][a-zA-Z0-9]*)[\t\n\f\r ]*=[\t\n\f\r ]*(.+?)[\t\n\f\r ]*\Z")
_NAMES = frozenset({"syntax", "escape", "check"})
_OFFICIAL = regex(r"(?:^|/)docker/dockerfile(?:-upstream)?(?:[:@]|$)")


class Directives(NamedTuple):
    """``values`` by lower case name; ``escape`` is the character in force; ``taken`` is how many lines they are."""

    values: Mapping[str, str]
    escape: str
    taken: int
    problems: tuple[Problem, ...]


def read(lines: Sequence[str], path: str) -> Directives:
    """The directives that ``lines`` begin with. One that the builder refuses is a problem and counts no further."""
    values: dict[str, str] = {}
    escape = "\\"
    taken = 0
    problems: list[Problem] = []
    for number, line in enumerate(lines, 1):
        text = line.strip(SPACE)
        if not text.startswith("#"):
            break
        # A name is a few letters and a line may be megabytes long: no pattern is tried on all of that.
        match = _DIRECTIVE.match(text[1:].lstrip(SPACE)) if len(text) < 65_536 else None
        if match is None or (name := match[1].lower()) not in _NAMES:
            break
        taken = number
        column = line.index("#") + 1
        span = Span(path, number, column, number, column + len(text))
        value = match[2]
        if name in values:
            problems.append(Problem(f"only one {name} directive can be used", span))
        elif name == "escape" and value not in ("\\", "`"):
            problems.append(Problem(f"invalid escape character {value!r}: it can be \\ or `", span))
        else:
            values[name] = value
            escape = value if name == "escape" else escape
    return Directives(values, escape, taken, tuple(problems))


def foreign_frontend(values: Mapping[str, str]) -> str | None:
    """The frontend of the ``syntax`` directive where it is not Docker's own (or a copy of it), else None.

    Such a frontend may know other instructions and flags.
    """
    syntax = values.get("syntax", "").split(" ")[0]
    return syntax if syntax and not _OFFICIAL.search(syntax) else None
