"""Shell patterns of ``${V#…}``, ``${V%…}`` and ``${V/…/…}``: ``*``, ``?`` and literal characters, no brackets.

After ``convertShellPatternToRegex`` in BuildKit's frontend/dockerfile/shell/lex.go. Go's regular expressions take
linear time and Python's do not (``*a*a*a*b``), so the pattern is run as an automaton whose states are the bits of
one integer: bit i is set when the first i characters of the pattern have been matched.
"""

from __future__ import annotations

from fromlint.named_tuple import NamedTuple

_ANY = "?"
_LONGEST = 4_096


class BadPattern(ValueError):
    """The pattern escapes a character that is not special, or the value is too long to be searched."""


class _Pattern(NamedTuple):
    """``accepts``: for a character, the bits it moves on; ``any_character``: those that every character moves on.

    ``loops``: bits with a ``*`` behind them. ``end``: the bit that means a match.
    """

    accepts: dict[str, int]
    any_character: int
    loops: int
    end: int


def _parse(pattern: str, value: str) -> list[tuple[str, bool]]:
    """Elements in order: a character, and whether it is meant literally."""
    if max(len(pattern), len(value)) > _LONGEST:
        raise BadPattern(f"patterns are followed in values of at most {_LONGEST:,} characters")
    elements: list[tuple[str, bool]] = []
    position = 0
    while position < len(pattern):
        character = pattern[position]
        position += 1
        if character != "\\":
            elements.append((character, character not in "*?"))
            continue
        following = pattern[position : position + 1]
        if following in ("}", "/"):
            continue
        if not following or following not in "*?\\":
            raise BadPattern(f"invalid escape \\{following} in pattern {pattern[:80]!r}")
        elements.append((following, True))
        position += 1
    return elements


def _compile(elements: list[tuple[str, bool]]) -> _Pattern:
    accepts: dict[str, int] = {}
    any_character = loops = 0
    bit = 1
    for character, literal in elements:
        if literal:
            accepts[character] = accepts.get(character, 0) | bit
            bit <<= 1
        elif character == _ANY:
            any_character |= bit
            bit <<= 1
        else:
            loops |= bit
    return _Pattern(accepts, any_character, loops, bit)


def _step(pattern: _Pattern, states: int, character: str) -> int:
    moving = pattern.accepts.get(character, 0)
    if character == "\n":
        return (states & moving) << 1
    return (states & (moving | pattern.any_character)) << 1 | states & pattern.loops


def _match_end(pattern: _Pattern, value: str, start: int, longest: bool) -> int | None:
    """Where the shortest or longest match that begins at ``start`` ends."""
    states = 1
    found = start if states & pattern.end else None
    for position in range(start, len(value)):
        if not states or (found is not None and not longest):
            break
        states = _step(pattern, states, value[position])
        if states & pattern.end:
            found = position + 1
    return found


def trim_prefix(pattern: str, value: str, longest: bool) -> str:
    """``${V#pattern}`` or, with ``longest``, ``${V##pattern}``. Raises BadPattern."""
    end = _match_end(_compile(_parse(pattern, value)), value, 0, longest)
    return value[end or 0 :]


def trim_suffix(pattern: str, value: str, longest: bool) -> str:
    """``${V%pattern}`` or, with ``longest``, ``${V%%pattern}``. Raises BadPattern."""
    end = _match_end(_compile(_parse(pattern, value)[::-1]), value[::-1], 0, longest)
    return value[: len(value) - (end or 0)]


def replace(pattern: str, value: str, replacement: str, everywhere: bool) -> str:
    """``${V/pattern/replacement}`` or, with ``everywhere``, ``${V//pattern/replacement}``. Raises BadPattern."""
    elements = _parse(pattern, value)
    forward = _compile(elements)
    starts = _match_starts(_compile(elements[::-1]), value)
    pieces: list[str] = []
    done = 0
    for start in starts:
        if start < done:
            continue
        end = _match_end(forward, value, start, longest=True)
        if end is None or (end == start == done and pieces):
            continue
        pieces += [value[done:start], replacement]
        done = end
        if not everywhere:
            break
    return "".join([*pieces, value[done:]])


def _match_starts(reverse: _Pattern, value: str) -> list[int]:
    """All positions where a match begins, found from the end of the value in one pass."""
    states = 1
    starts = [len(value)] if states & reverse.end else []
    for position in range(len(value) - 1, -1, -1):
        states = _step(reverse, states, value[position]) | 1
        if states & reverse.end:
            starts.append(position)
    return starts[::-1]
