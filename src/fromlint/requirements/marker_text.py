"""The grammar of environment markers (PEP 508, PEP 751), read into a small tree.

The same language as ``packaging.markers``, which costs too much to import where a marker is all that is asked.
"""

from __future__ import annotations

from functools import lru_cache

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.requirements.names import normalise

_VARIABLE = regex(
    r"\b(?:python_version|python_full_version|os[._]name|sys[._]platform|platform_(?:release|system)"
    r"|platform[._](?:version|machine|python_implementation)|python_implementation"
    r"|implementation_(?:name|version)|extras?|dependency_groups)\b"
)
_LITERAL = regex(r"'[^']*'|\"[^\"]*\"")
_OPERATOR = regex(r"===|==|~=|!=|<=|>=|<|>|\bin\b|\bnot[ \t]+in\b")
_JUNCTION = regex(r"\b(?:or|and)\b")

SETS = frozenset({"extras", "dependency_groups"})

# Far beyond what people write, far below what Python's stack can bear.
_DEEPEST = 64
_LONGEST = 20_000


class Comparison(NamedTuple):
    """``variable operator literal``, or with ``reversed`` ``literal operator variable``.

    What stands at the place of the variable is looked up, even where it is a literal: as ``packaging`` does it.
    """

    variable: str
    operator: str
    literal: str
    reversed: bool


class Junction(NamedTuple):
    """Alternatives, each a tuple of parts that all have to hold: ``a and b or c`` is ``((a, b), (c,))``."""

    alternatives: tuple[tuple[Comparison | Junction, ...], ...]


class _Refused(Exception):
    pass


@lru_cache(maxsize=4096)
def parse(text: str) -> Junction | None:
    """The marker as a tree; None where it is no marker (or nested or long beyond reason)."""
    if len(text) > _LONGEST:
        return None
    try:
        tree, position = _junction(text, 0, 0)
    except _Refused:
        return None
    return tree if position == len(text) else None


def comparisons(tree: Junction) -> list[Comparison]:
    """All comparisons of a tree, in order."""
    found: list[Comparison] = []
    for parts in tree.alternatives:
        for part in parts:
            if isinstance(part, Comparison):
                found.append(part)
            else:
                found.extend(comparisons(part))
    return found


def _blank(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t":
        position += 1
    return position


def _junction(text: str, position: int, depth: int) -> tuple[Junction, int]:
    if depth > _DEEPEST:
        raise _Refused
    alternatives: list[tuple[Comparison | Junction, ...]] = []
    parts: list[Comparison | Junction] = []
    while True:
        part, position = _part(text, position, depth)
        parts.append(part)
        joined = _JUNCTION.match(text, position)
        if joined is None:
            alternatives.append(tuple(parts))
            return Junction(tuple(alternatives)), position
        position = joined.end()
        if joined[0] == "or":
            alternatives.append(tuple(parts))
            parts = []


def _part(text: str, position: int, depth: int) -> tuple[Comparison | Junction, int]:
    position = _blank(text, position)
    if text.startswith("(", position):
        tree, position = _junction(text, position + 1, depth + 1)
        if not text.startswith(")", position):
            raise _Refused
        return tree, _blank(text, position + 1)
    left, is_variable, position = _operand(text, position)
    found = _OPERATOR.match(text, position)
    if found is None:
        raise _Refused
    right, _, position = _operand(text, _blank(text, found.end()))
    operator = "not in" if found[0].startswith("not") else found[0]
    if is_variable:
        return _normalised(Comparison(left, operator, right, reversed=False)), position
    return _normalised(Comparison(right, operator, left, reversed=True)), position


def _operand(text: str, position: int) -> tuple[str, bool, int]:
    found = _VARIABLE.match(text, position)
    if found:
        name = found[0].replace(".", "_")
        name = "platform_python_implementation" if name == "python_implementation" else name
        return name, True, _blank(text, found.end())
    found = _LITERAL.match(text, position)
    if found is None:
        raise _Refused
    return _unquoted(found[0]), False, _blank(text, found.end())


def _unquoted(literal: str) -> str:
    if "\\" not in literal and "\n" not in literal and "\r" not in literal and "\0" not in literal:
        return literal[1:-1]
    from fromlint.python_text import unquoted

    try:
        return unquoted(literal)
    except ValueError:
        raise _Refused from None


def _normalised(comparison: Comparison) -> Comparison:
    names = comparison.variable == "extra" or (comparison.reversed and comparison.variable in SETS)
    return comparison._replace(literal=normalise(comparison.literal)) if names else comparison
