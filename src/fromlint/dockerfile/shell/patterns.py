"""Shell patterns: ``case`` and ``[[ == ]]``, and the forms of ``${X…}`` that cut with them.

Patterns without brackets are left to what does the same for instructions, in linear time; the others are kept short.
An answer of None says that a text is too long, or a pattern too wild, to be tried.
"""

import re
from fnmatch import fnmatchcase, translate

from fromlint.dockerfile.patterns import BadPattern, replace, trim_prefix, trim_suffix

_LONGEST_TEXT = 512
_LONGEST_PATTERN = 64
_LONGEST_CUT = 128
_MOST_STARS = 2


def matches(text: str, pattern: str) -> bool | None:
    """Whether a whole text matches."""
    if len(text) > _LONGEST_TEXT or len(pattern) > _LONGEST_PATTERN:
        return None
    return fnmatchcase(text, pattern)


def cut(value: str, operator: str, pattern: str, replacement: str = "") -> str | None:
    """What ``#``, ``##``, ``%``, ``%%``, ``/`` or ``//`` make of a value."""
    if len(value) > _LONGEST_TEXT or len(pattern) > _LONGEST_PATTERN:
        return None
    if "[" in pattern:
        return _cut_with_brackets(value, operator, pattern, replacement)
    try:
        if operator in ("#", "##"):
            return trim_prefix(pattern, value, operator == "##")
        if operator in ("%", "%%"):
            return trim_suffix(pattern, value, operator == "%%")
        return replace(pattern, value, replacement, operator == "//")
    except BadPattern:
        return None


def _cut_with_brackets(value: str, operator: str, pattern: str, replacement: str) -> str | None:
    size = len(value)
    if size > _LONGEST_CUT or pattern.count("*") > _MOST_STARS:
        return None
    expression = translate(pattern)
    if operator in ("/", "//"):
        plain = expression.removesuffix(r"\Z").removesuffix(r"\z")
        return re.sub(plain, lambda _: replacement, value, count=0 if operator == "//" else 1)
    match = re.compile(expression).match
    longest = len(operator) == 2
    if operator[0] == "#":
        lengths = range(size, -1, -1) if longest else range(size + 1)
        return next((value[n:] for n in lengths if match(value[:n])), value)
    starts = range(size + 1) if longest else range(size, -1, -1)
    return next((value[:n] for n in starts if match(value[n:])), value)
