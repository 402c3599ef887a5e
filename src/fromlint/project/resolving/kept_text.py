"""Values that come back from a file that others may have changed: looked at before they are believed."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from fromlint.model.place import Span
from fromlint.model.requirement import Requirement
from fromlint.typed import Any


class Unreadable(Exception):
    """The text is not what was written."""


FAULTS = (ValueError, TypeError, KeyError, IndexError, RecursionError)
"""What taking in a text that is not what was written may raise."""

_KINDS = {"s": (str,), "S": (str, type(None)), "i": (int,), "I": (int, type(None)), "b": (bool,), "l": (list,)}


def looked_at(values: Sequence[Any], kinds: str) -> list[Any]:
    """The values, of which each is of its kind, lists of texts as tuples. Raises TypeError.

    A kind is a letter: s text, i number, b flag, l list of texts; a capital one where there may be nothing.
    """
    _are(tuple(map(type, values)), kinds)
    if "l" not in kinds:
        return list(values)
    return [texts(value) if kind == "l" else value for value, kind in zip(values, kinds, strict=True)]


@lru_cache(256)
def _are(types: tuple[type, ...], kinds: str) -> None:
    if not all(each in _KINDS[kind] for each, kind in zip(types, kinds, strict=True)):
        raise TypeError(f"{types} are not {kinds}")


def rows(value: Any) -> list[Any]:
    """A list. Raises TypeError, as do the others."""
    if type(value) is not list:
        raise TypeError(value)
    return value


def text(value: Any) -> str:
    """A text."""
    if type(value) is not str:
        raise TypeError(value)
    return value


def texts(value: Any) -> tuple[str, ...]:
    """A list of texts."""
    return tuple(map(text, rows(value))) if value != [] else ()


def pair(value: Any) -> tuple[str, str]:
    """Two texts."""
    first, second = value
    return text(first), text(second)


def pairs(value: Any) -> tuple[tuple[str, str], ...]:
    """A list of two texts each."""
    return tuple(map(pair, value))


def requirement(value: Any, place: Span | None = None) -> Requirement:
    """A requirement."""
    *fields, where, parents = value
    name, written, specifier, extras, marker, kind, reference, hashes = looked_at(fields, "ssslssSl")
    found = span(where, place)
    return Requirement(name, written, specifier, extras, marker, kind, reference, hashes, found, texts(parents))


def span(value: Any, place: Span | None = None) -> Span:
    """A span; one without a file counts its lines from ``place`` and is in that file."""
    file, line, column, end_line, end_column = looked_at(value, "siiii")
    if place is None or file:
        return Span(file, line, column, end_line, end_column)
    return Span(place.file, place.line + line, column, place.line + end_line, end_column)
