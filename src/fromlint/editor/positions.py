"""From places in our files (lines and columns from 1, in code points) to those of the protocol, and back."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from urllib.parse import unquote, urlsplit

from lsprotocol import types

from fromlint.model.place import Span

_MARK = "\ufeff"


def path_of(uri: str) -> str | None:
    """The absolute path of a ``file:`` URI; None for what is no file on this machine."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or parts.netloc not in ("", "localhost") or not path.startswith("/") or "\0" in path:
        return None
    return os.path.normpath(path)


def uri_of(path: str) -> str:
    """The URI of an absolute path."""
    return Path(path).as_uri()


class Positions:
    """The places of one text. ``encoding`` is what the protocol's columns count in: utf-8, utf-16 or utf-32.

    Nothing raises: a place that the text does not have is moved to the nearest that it has.
    """

    def __init__(self, text: str, encoding: str) -> None:
        # Our columns do not count a byte order mark, the client's do.
        self._mark = len(_MARK) if text.startswith(_MARK) else 0
        self._text = text
        self._encoding = encoding

    @cached_property
    def _lines(self) -> list[str]:
        return self._text.split("\n")

    def range(self, span: Span) -> types.Range:
        """The range of a span; never one that ends before it starts."""
        start = self._position(span.line - 1, span.column - 1)
        end = self._position(span.end_line - 1, span.end_column - 1)
        return types.Range(start, max(start, end))

    def place(self, position: types.Position) -> tuple[int, int]:
        """Line and column of a position."""
        number = min(max(position.line, 0), len(self._lines) - 1)
        line = self._lines[number]
        wanted = max(position.character, 0)
        if line.isascii() or self._encoding == "utf-32":
            column = min(wanted, len(line))
        else:
            column, units = 0, 0
            while column < len(line) and units < wanted:
                units += self._units(line[column])
                column += 1
        return number + 1, max(column - (self._mark if number == 0 else 0), 0) + 1

    def line(self, number: int) -> str:
        """A line by its number, without its end; "" where there is none."""
        line = self._lines[number - 1] if 0 < number <= len(self._lines) else ""
        return line.removesuffix("\r").removeprefix(_MARK if number == 1 else "")

    def at(self, offset: int) -> types.Position:
        """The position of the code point at an offset, a byte order mark not counted."""
        offset += self._mark
        number = self._text.count("\n", 0, offset)
        start = self._text.rfind("\n", 0, offset) + 1
        return types.Position(number, self._units(self._text[start:offset]))

    def _position(self, number: int, column: int) -> types.Position:
        if number >= len(self._lines):
            number, column = len(self._lines) - 1, len(self._lines[-1])
        elif number == 0:
            column += self._mark
        line = self._lines[max(number, 0)].removesuffix("\r")
        return types.Position(max(number, 0), self._units(line[: max(column, 0)]))

    def _units(self, text: str) -> int:
        if text.isascii() or self._encoding == "utf-32":
            return len(text)
        if self._encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
