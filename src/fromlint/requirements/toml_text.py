"""TOML files, read with their places and without waiting for what nobody asks for.

Three quarters of a lock are rows of files (``{ url = "…", hash = "…" }``), written by machines in one plain form.
Blocks of such rows are cut out before the TOML reader sees the text, and are read only for the packages that are
installed; rows in any other form are left to the TOML reader.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from functools import cache, lru_cache

from fromlint.model.place import Problem, Span
from fromlint.named_tuple import NamedTuple
from fromlint.toml import TOO_MANY_PARTS, many_dots
from fromlint.typed import Any

# A character that no TOML file may hold as it is: a text that begins with it stands for a block that was cut out.
_CUT = "\x01"
_OPENING = " = [\n"


class Document(NamedTuple):
    """A TOML file. ``data`` is what it says, where blocks of rows were cut out (``rows`` reads them)."""

    data: Mapping[str, Any]
    text: str
    cut: tuple[str, ...]

    def rows(self, value: object) -> list[Mapping[str, Any]]:
        """The tables of an array of tables; [] where ``value`` is no such array."""
        if isinstance(value, list):
            return [item for item in value if isinstance(item, dict)]
        block = self.block(value)
        return rows(block) if block is not None else []

    def block(self, value: object) -> str | None:
        """The text of an array that was cut out, for ``rows``; None where ``value`` is none."""
        if isinstance(value, str) and value.startswith(_CUT):
            number = value[1:]
            if number.isdecimal() and int(number) < len(self.cut):
                return self.cut[int(number)]
        return None


@cache
def _block() -> re.Pattern[str]:
    text = r'"[^"\\\n\x00-\x1f]*"'
    row = (
        rf"[ \t]*\{{ ?(?:url|file|path|filename) = {text}, hash = {text}(?:, [\w-]+ = (?:{text}|\d{{1,15}}))* ?\}},?\n"
    )
    return re.compile(rf"(?m)((?:{row})+)\](?=[ \t]*$)", re.ASCII)


@cache
def _pair() -> re.Pattern[str]:
    return re.compile(r'([\w-]+) = (?:"([^"]*)"|(\d+))')


def rows(block: str) -> list[Mapping[str, Any]]:
    """The rows of a block that was cut out."""
    return [
        {key: int(number) if number else text for key, text, number in _pair().findall(line)}
        for line in block.splitlines()
    ]


# The project's file and its lock are read for each platform.
@lru_cache(2)
def load(text: str, file: str) -> Document | Problem:
    """The document in ``text``, or what is wrong with it, and where. ``file`` is the path to show."""
    import tomllib

    text = text.replace("\r\n", "\n")
    shortened, cut = _without_blocks(text)
    if many_dots(shortened):
        return Problem(f"not valid TOML: {TOO_MANY_PARTS}", _start(file))
    try:
        with suppress(tomllib.TOMLDecodeError):
            return Document(tomllib.loads(shortened), text, tuple(cut))
        return Document(tomllib.loads(text), text, ())  # for the exact place of the fault
    except tomllib.TOMLDecodeError as error:
        return _broken(error, file, text)
    except RecursionError:
        return Problem("not valid TOML: nested too deeply", _start(file))
    except (ValueError, OverflowError) as error:
        return Problem(f"not valid TOML: {str(error)[:200]}", _start(file))


def _without_blocks(text: str) -> tuple[str, list[str]]:
    """The text with a short string in place of each block of rows, and the blocks."""
    kept: list[str] = []
    cut: list[str] = []
    done = 0
    at = text.find(_OPENING)
    while at != -1:
        start = at + len(_OPENING)
        block = _block().match(text, start)
        if block is not None:
            kept += (text[done : at + 3], f'"\\u0001{len(cut)}"')
            cut.append(block[1])
            start = done = block.end()
        at = text.find(_OPENING, start)
    return "".join((*kept, text[done:])), cut


def _start(file: str) -> Span:
    return Span(file, 1, 1, 1, 2)


def _broken(error: ValueError, file: str, text: str) -> Problem:
    """tomllib's message without its place, which becomes the span."""
    message = str(error)
    if message.endswith(" (at end of document)"):
        last = text.rstrip().split("\n")
        place = Span(file, len(last), len(last[-1]) + 1, len(last), len(last[-1]) + 2)
        return Problem(f"not valid TOML: {message.removesuffix(' (at end of document)')}", place)
    found = re.search(r" \(at line (\d+), column (\d+)\)$", message)
    if found is None:
        return Problem(f"not valid TOML: {message}", _start(file))
    line, column = int(found[1]), int(found[2])
    return Problem(f"not valid TOML: {message[: found.start()]}", Span(file, line, column, line, column + 1))


def entries(text: str, table: str, file: str) -> list[Span]:
    """The places of the ``[[table]]`` entries, in order: their ``name = …`` line where it comes first, as it does in
    every lock, else their header.
    """
    header = f"[[{table}]]"
    spans: list[Span] = []
    line, counted = 1, 0
    # A pattern would look at every character of a lock, which has half a million.
    at = text.find(header)
    while at != -1:
        first, _, rest = text[at : _line_end(text, _line_end(text, at) + 1)].partition("\n")
        if text[at - 1 : at] in ("", "\n") and not first[len(header) :].strip(" \t"):
            line += text.count("\n", counted, at)
            counted = at
            if rest.startswith("name = "):
                spans.append(Span(file, line + 1, 1, line + 1, len(rest.rstrip()) + 1))
            else:
                spans.append(Span(file, line, 1, line, len(first) + 1))
        at = text.find(header, at + 1)
    return spans


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return end if end != -1 else len(text)
