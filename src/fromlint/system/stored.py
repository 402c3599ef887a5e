"""Reads the compact form of the data: one JSON line an entry, taken apart only where it is asked for."""

from __future__ import annotations

import json
import os
from functools import cache

from fromlint.typed import Any
from fromlint.witness import looked_at

_DATA = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "data")


def path(*parts: str) -> str:
    """The path of a data file that is read now: what comes of it rests on the file."""
    return looked_at(os.path.join(_DATA, *parts))


@cache
def lines(file: str) -> dict[str, bytes]:
    """The lines of ``data/<file>`` by their key. A line is ``["key",{…}]`` and its key holds no quote."""
    with open(path(*file.split("/")), "rb") as source:
        content = source.read()
    return {line[2 : line.index(b'"', 2)].decode(): line for line in content.splitlines()}


@cache
def entry(file: str, key: str) -> dict[str, Any] | None:
    """One entry, None where there is none. It is shared: do not change it."""
    line = lines(file).get(key)
    if line is None:
        return None
    value: dict[str, Any] = json.loads(line)[1]
    return value


@cache
def whole(*parts: str) -> Any:
    """A data file that is one JSON value. It is shared: do not change it."""
    with open(path(*parts), "rb") as source:
        return json.loads(source.read())
