"""Patterns of paths: those of .dockerignore, of .gitignore, and of COPY sources.

The three have one automaton in common and differ in how they are written. Patterns and file names are both hostile
(``*a*a*a*a*b`` against ``aaaa…``), so only patterns that cannot take long become regular expressions; the rest is run
as an automaton whose states are the bits of one integer.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

Match = Callable[[str], bool]

_SPECIAL = regex(r"[*?\[\]\\]")
_FEW = 2
_SHORT = 512
_LONGEST = 4_096


class _Element(NamedTuple):
    """One part of a pattern.

    ``kind``: ``char`` (the one in ``text``), ``class`` (``text`` is the inside of a regular expression's brackets),
    ``any`` (a character but ``/``), ``star`` (any number of those), ``deep`` (anything), ``folders`` (nothing, or
    anything that ends in ``/``).
    """

    kind: str
    text: str = ""


class BadPattern(ValueError):
    """The pattern cannot be read."""


def docker(pattern: str) -> Match:
    """A cleaned pattern of .dockerignore, as ``Pattern.compile`` of moby/patternmatcher reads it. Raises BadPattern."""
    elements: list[_Element] = []
    position = 0
    while position < len(pattern):
        if pattern.startswith("**", position):
            position += 2
            position += pattern.startswith("/", position)
            if position == len(pattern) or (position == 2 and not _SPECIAL.search(pattern, position)):
                # With nothing special behind it, ** at the start and without a slash is followed by any suffix.
                elements.append(_Element("deep"))
            else:
                elements.append(_Element("folders"))
        else:
            element, position = _one(pattern, position, "^")
            elements.append(element)
    return _matcher(elements)


def git(pattern: str) -> Match:
    """A pattern of .gitignore without its ``!`` and slashes at the ends, as git's wildmatch reads it.

    ``**`` is special only as a whole component. Raises BadPattern.
    """
    elements: list[_Element] = []
    position = 0
    while position < len(pattern):
        alone = position == 0 or pattern[position - 1] == "/"
        if alone and pattern.startswith("**/", position):
            elements.append(_Element("folders"))
            position += 3
        elif alone and position and pattern[position:] == "**":
            elements += [_Element("any"), _Element("deep")]
            position += 2
        else:
            element, position = _one(pattern, position, "!^")
            elements.append(element)
    return _matcher(elements)


def go(pattern: str) -> Match:
    """A pattern of Go's ``filepath.Match``, as COPY sources have them. Raises BadPattern."""
    elements: list[_Element] = []
    position = 0
    while position < len(pattern):
        element, position = _one(pattern, position, "^")
        elements.append(element)
    return _matcher(elements)


def is_pattern(text: str) -> bool:
    """Whether Go's ``filepath.Match`` would see more in ``text`` than itself (``containsWildcards`` of fsutil)."""
    return any(sign in re.sub(r"\\.", "", text, flags=re.DOTALL) for sign in "*?[")


def _one(pattern: str, position: int, negations: str) -> tuple[_Element, int]:
    character = pattern[position]
    position += 1
    if character == "*":
        while pattern.startswith("*", position) and negations != "^":
            position += 1
        return _Element("star"), position
    if character == "?":
        return _Element("any"), position
    if character == "\\":
        if position == len(pattern):
            raise BadPattern(f"{pattern} ends in a backslash")
        return _Element("char", pattern[position]), position + 1
    if character == "[":
        return _class(pattern, position, negations)
    return _Element("char", character), position


_POSIX = {
    "[:alpha:]": "a-zA-Z",
    "[:digit:]": "0-9",
    "[:alnum:]": "a-zA-Z0-9",
    "[:upper:]": "A-Z",
    "[:lower:]": "a-z",
    "[:space:]": r"\s",
}


def _class(pattern: str, position: int, negations: str) -> tuple[_Element, int]:
    """The class that begins behind ``[`` at ``position``, and where it ends."""
    start = position
    inside = ""
    if pattern[position : position + 1] and pattern[position] in negations:
        inside = "^/"
        position += 1
    first = True
    while True:
        if position >= len(pattern):
            raise BadPattern(f"{pattern}: [ is not closed")
        character = pattern[position]
        posix = next((name for name in _POSIX if pattern.startswith(name, position)), None)
        if character == "]" and (not first or "!" not in negations):
            break
        if posix and "!" in negations:
            inside += _POSIX[posix]
            position += len(posix)
        else:
            if character == "\\":
                position += 1
            low = pattern[position : position + 1]
            position += 1
            high = low
            if pattern[position : position + 1] == "-" and pattern[position + 1 : position + 2] not in ("", "]"):
                position += 1 + (pattern[position + 1] == "\\")
                high = pattern[position : position + 1]
                position += 1
            if low and low <= high:
                inside += f"{re.escape(low)}-{re.escape(high)}"
        first = False
    if position == start or not inside:
        raise BadPattern(f"{pattern}: [] is empty")
    return _Element("class", inside), position + 1


def _matcher(elements: list[_Element]) -> Match:
    if all(element.kind == "char" for element in elements):
        literal = "".join(element.text for element in elements)
        return lambda path: path == literal
    if elements[0].kind == "folders" and all(element.kind == "char" for element in elements[1:]):
        name = "".join(element.text for element in elements[1:])
        return lambda path: path == name or path.endswith("/" + name)
    if len(elements) > _LONGEST:
        raise BadPattern("the pattern is too long")
    expression = re.compile("".join(map(_expression, elements)), re.DOTALL)
    if sum(element.kind in ("star", "deep", "folders") for element in elements) <= _FEW:
        slow = None
    else:
        slow = _Automaton(elements)

    def match(path: str) -> bool:
        if slow is None and len(path) <= _SHORT:
            return expression.fullmatch(path) is not None
        return len(path) <= _LONGEST and (slow or _Automaton(elements)).matches(path)

    return match


def _expression(element: _Element) -> str:
    kind, text = element
    if kind == "char":
        return re.escape(text)
    if kind == "class":
        return f"(?!/)[{text}]"
    return {"any": "[^/]", "star": "[^/]*", "deep": ".*", "folders": "(?:.*/)?"}[kind]


class _Automaton:
    """Bit i is set when the elements before i have been matched; ``folders`` takes two bits, a fork and a loop."""

    def __init__(self, elements: list[_Element]) -> None:
        self._takers: list[tuple[int, Match]] = []
        self._over = self._loop_all = self._loop_name = self._forks = 0
        self._masks: dict[str, int] = {}
        bit = 1
        for element in elements:
            kind = element.kind
            if kind == "folders":
                self._forks |= bit
                bit <<= 1
                self._loop_all |= bit
                self._takers.append((bit, "/".__eq__))
            elif kind == "deep":
                self._over |= bit
                self._loop_all |= bit
            elif kind == "star":
                self._over |= bit
                self._loop_name |= bit
            else:
                self._takers.append((bit, _one_character(element)))
            bit <<= 1
        self._end = bit

    def matches(self, path: str) -> bool:
        states = self._closed(1)
        for character in path:
            mask = self._masks.get(character)
            if mask is None:
                mask = sum(bit for bit, takes in self._takers if takes(character))
                self._masks[character] = mask
            loops = self._loop_all if character == "/" else self._loop_all | self._loop_name
            states = self._closed((states & mask) << 1 | states & loops)
            if not states:
                return False
        return bool(states & self._end)

    def _closed(self, states: int) -> int:
        while True:
            wider = states | (states & self._over) << 1 | (states & self._forks) << 1 | (states & self._forks) << 2
            if wider == states:
                return states
            states = wider


def _one_character(element: _Element) -> Match:
    expression = re.compile(_expression(element), re.DOTALL)
    return lambda character: expression.fullmatch(character) is not None
