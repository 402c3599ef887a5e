"""Heredocs: finding ``<<EOF`` on a line, and where its body ends.

After BuildKit's frontend/dockerfile/parser/parser.go. A heredoc is a word of its own: ``cat <<EOF`` has one,
``cat<<EOF`` has none, and neither has ``"<<EOF"``.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property

from fromlint.dockerfile.characters import ASCII_SPACE
from fromlint.dockerfile.expand import split
from fromlint.dockerfile.lines import Lines
from fromlint.model.dockerfile import Anchor, Heredoc, Source
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_MARKER = regex(rf"(\d{{0,9}})\d*<<(-?)[{ASCII_SPACE}]*([^<]*)\Z", re.ASCII)


class Marker(NamedTuple):
    """``<<EOF`` on a line. ``tabs``: ``<<-``, which takes leading tabs off."""

    delimiter: str
    tabs: bool
    expand: bool
    file_descriptor: int


def markers(line: str) -> tuple[Marker, ...]:
    """The heredocs that a whole logical line announces, in order. None where quotes on it do not close."""
    if "<<" not in line:
        return ()
    words = split(line, keep_quotes=True, keep_escapes=True) or ()
    return tuple(found for word in words if "<<" in word and (found := marker(word)) is not None)


def marker(word: str) -> Marker | None:
    """The heredoc that a word (quotes and escapes still in it) is, if any."""
    match = _MARKER.match(word)
    if match is None or not match[3]:
        return None
    plain, quoted = split(match[3]), split(match[3], keep_quotes=True)
    if plain is None or quoted is None or len(plain) != 1 or len(quoted) != 1:
        return None
    return Marker(plain[0], bool(match[2]), _quotes(plain[0]) == _quotes(quoted[0]), int(match[1] or 0))


def _quotes(text: str) -> int:
    return text.count("'") + text.count('"')


def body(lines: Lines, start: int, end: int, found: Marker, path: str) -> Heredoc:
    """The heredoc whose body is the physical lines ``[start:end]``, as they stand: carriage returns stay."""
    pieces: list[str] = []
    anchors: list[Anchor] = []
    offset = 0
    for index in range(start, end):
        if index in lines.too_long:
            continue
        raw = lines.raw[index]
        piece = raw.lstrip("\t") if found.tabs else raw
        anchors.append(Anchor(offset, index + 1, len(raw) - len(piece) + 1))
        pieces.append(piece)
        offset += len(piece)
    source = Source("".join(pieces), path, tuple(anchors) or (Anchor(0, start + 1, 1),))
    return Heredoc(found.delimiter, source, found.expand, found.file_descriptor)


class Ends:
    """Where heredocs end. Made once a file, so that a thousand unterminated ones do not read the file a thousand
    times.
    """

    def __init__(self, lines: Lines, keywords: frozenset[str]) -> None:
        self._lines = lines.lines
        self._keywords = keywords

    def terminator(self, start: int, found: Marker) -> int | None:
        """The index of the line that ends a heredoc whose body starts at ``start``, None where none does."""
        table = self._without_tabs if found.tabs else self._exact
        return _first(table.get(found.delimiter, []), start)

    def guess(self, start: int, found: Marker) -> tuple[int, bool]:
        """Where an unterminated heredoc was probably meant to end, and whether a line there is its delimiter.

        That is a delimiter that is indented or followed by white space, else the next line that begins with an
        instruction in capitals, else the end of the file.
        """
        indented = _first(self._stripped.get(found.delimiter, []), start)
        if indented is not None:
            return indented, True
        following = _first(self._instructions, start)
        return (len(self._lines) if following is None else following), False

    @cached_property
    def _exact(self) -> dict[str, list[int]]:
        return _table(list(self._lines))

    @cached_property
    def _without_tabs(self) -> dict[str, list[int]]:
        return _table([line.lstrip("\t") for line in self._lines])

    @cached_property
    def _stripped(self) -> dict[str, list[int]]:
        return _table([line.strip() for line in self._lines])

    @cached_property
    def _instructions(self) -> list[int]:
        return [index for index, line in enumerate(self._lines) if line.split(" ", 1)[0] in self._keywords]


def _table(lines: list[str]) -> dict[str, list[int]]:
    table: dict[str, list[int]] = {}
    for index, line in enumerate(lines):
        table.setdefault(line, []).append(index)
    return table


def _first(indexes: list[int], start: int) -> int | None:
    position = bisect_left(indexes, start)
    return indexes[position] if position < len(indexes) else None
