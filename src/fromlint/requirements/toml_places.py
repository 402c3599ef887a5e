"""Where strings and keys stand in a TOML file that people write (pyproject.toml, Pipfile)."""

from __future__ import annotations

import re
from functools import cache

from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple


class _Literal(NamedTuple):
    value: str
    start: int
    end: int


@cache
def _tokens() -> re.Pattern[str]:
    return re.compile(
        r"""#[^\n]*|"{3}(?:[^\\]|\\.)*?"{3}|'{3}.*?'{3}"""  # comments and texts of many lines, to be passed over
        r"""|"((?:[^"\\\n]|\\[^\n])*)"|'([^'\n]*)'"""
        r"""|^[ \t]*\[+([^\]\n]*)\]+""",
        re.DOTALL | re.MULTILINE,
    )


class Places:
    """Finds the place of what the TOML reader has read; the whole file's start where it cannot be found."""

    def __init__(self, text: str, file: str) -> None:
        self._text = text
        self._file = file
        self._line_starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._literals: dict[str, list[_Literal]] = {}
        self._headers: list[tuple[str, int]] = []
        for found in _tokens().finditer(text):
            if found[3] is not None:
                self._headers.append((_bare(found[3]), found.start()))
            elif found[1] is not None:
                literal = _Literal(_unescaped(found[1]), found.start(1), found.end(1))
                self._literals.setdefault(literal.value, []).append(literal)
            elif found[2] is not None:
                self._literals.setdefault(found[2], []).append(_Literal(found[2], found.start(2), found.end(2)))

    def string(self, value: str, table: str, *, after: str = "") -> Span:
        """The place of a string, without its quotes: in ``[table]`` and behind the key ``after`` if it is there, else
        wherever it stands first.
        """
        literal = self.literal(value, table, after=after)
        return self.span(literal.start, literal.end) if literal else self.span(0, 1)

    def part(self, value: str, table: str, start: int, end: int, *, after: str = "") -> Span:
        """The place of ``value[start:end]`` within such a string."""
        literal = self.literal(value, table, after=after)
        if literal is None:
            return self.span(0, 1)
        if literal.end - literal.start != len(value):  # escapes: offsets do not carry over
            return self.span(literal.start, literal.end)
        return self.span(literal.start + start, literal.start + end)

    def literal(self, value: str, table: str, *, after: str = "") -> _Literal | None:
        """The string itself with its offsets."""
        found = self._literals.get(value)
        if not found:
            return None
        for low, high in self._ranges(table):
            inside = [literal for literal in found if low <= literal.start < high]
            if not inside:
                continue
            if after:
                key = re.compile(rf"^[ \t]*[\"']?{re.escape(after)}[\"']?[ \t]*=", re.MULTILINE)
                at = key.search(self._text, low, high)
                behind = [literal for literal in inside if at and literal.start > at.start()]
                return (behind or inside)[0]
            return inside[0]
        return found[0]

    def key(self, key: str, table: str) -> Span:
        """The place of a key's line (without its comment-free tail cut) in ``[table]``, or of ``[table.key]``."""
        pattern = re.compile(rf"^[ \t]*([\"']?{re.escape(key)}[\"']?[ \t]*=[^\n]*)", re.MULTILINE)
        for low, high in self._ranges(table):
            found = pattern.search(self._text, low, high)
            if found:
                return self.span(found.start(1), found.start(1) + len(found[1].rstrip()))
        return self.table(f"{table}.{key}") or self.table(table) or self.span(0, 1)

    def table(self, table: str) -> Span | None:
        """The place of a table's header; None where it has none."""
        for name, start in self._headers:
            if name == table:
                end = self._text.find("\n", start)
                line = self._text[start : end if end >= 0 else len(self._text)]
                return self.span(start, start + len(line.rstrip()))
        return None

    def span(self, start: int, end: int) -> Span:
        """The physical range of offsets."""
        from bisect import bisect_right

        line = bisect_right(self._line_starts, start)
        last = bisect_right(self._line_starts, max(end - 1, start))
        column = start - self._line_starts[line - 1] + 1
        return Span(self._file, line, column, last, end - self._line_starts[last - 1] + 1)

    def _ranges(self, table: str) -> list[tuple[int, int]]:
        starts = [*self._headers, ("", len(self._text))]
        return [
            (start, starts[index + 1][1])
            for index, (name, start) in enumerate(self._headers)
            if name == table or name.startswith(table + ".")
        ]


def _bare(header: str) -> str:
    return ".".join(part.strip().strip("\"'") for part in header.split("."))


def _unescaped(literal: str) -> str:
    if "\\" not in literal:
        return literal
    import tomllib

    try:
        value = tomllib.loads(f'x = "{literal}"')["x"]
    except (ValueError, RecursionError):
        return literal
    return value if isinstance(value, str) else literal
