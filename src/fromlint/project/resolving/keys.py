"""What things that are kept from run to run are found by: checksums of all that they rest on, our own code included."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache

from fromlint import __version__
from fromlint.model.environment import Environment
from fromlint.model.place import Span


def checksum(*values: object) -> str:
    """A checksum of values, of whatever named tuples, texts, numbers and the like they are made of."""
    from _blake2 import blake2b
    from json import dumps

    text = dumps((_edition(), values), default=_plain, sort_keys=True)
    return blake2b(text.encode(), digest_size=20).hexdigest()


def deciding(environment: Environment) -> Environment:
    """Of an environment what decides over wheels and markers; the rest is long."""
    return environment._replace(
        packages=None, capabilities=frozenset(), tools=frozenset(), variables={}, distributions=None
    )


def relative(value: object, place: Span) -> object:
    """A value with the spans of a file counted from ``place``: what stands lower than before is still the same."""
    if not isinstance(value, tuple):
        return value
    if isinstance(value, Span):
        if value.file != place.file:
            return value
        return "", value.line - place.line, value.column, value.end_line - place.line, value.end_column
    return tuple([relative(each, place) if isinstance(each, tuple) else each for each in value])


def _plain(value: object) -> object:
    """What JSON does not know, as what it knows."""
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return dict(value)
    return repr(value)


@cache
def _edition() -> str:
    """The version of fromlint; for its developers also what they changed last in the code that reads and resolves."""
    top = os.path.dirname(os.path.dirname(os.path.dirname(__file__)))
    newest = 0
    for folder in ("wheels", "requirements", "project", "project/walking", "project/reading", "project/resolving"):
        with os.scandir(os.path.join(top, folder)) as entries:
            newest = max([newest, *(entry.stat().st_mtime_ns for entry in entries if entry.name.endswith(".py"))])
    return f"{__version__} {newest}"
