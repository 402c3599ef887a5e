"""A file's text with edits made: everything outside of them stays as it is, line ends and byte order mark included."""

from __future__ import annotations

from collections.abc import Iterable

from fromlint.model.finding import Edit
from fromlint.model.place import Span

_MARK = "\ufeff"


class Text:
    """The bytes of a file as text whose places are those of findings. Raises UnicodeDecodeError for no UTF-8."""

    def __init__(self, data: bytes) -> None:
        whole = data.decode("utf-8")
        self._mark = _MARK if whole.startswith(_MARK) else ""
        self.text = whole.removeprefix(_MARK)
        self.newline = "\r\n" if "\r\n" in self.text else "\n"
        self._starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            self._starts.append(at + 1)
            at = self.text.find("\n", at + 1)

    def range(self, span: Span) -> tuple[int, int] | None:
        """The offsets of a span, in code points; None where the text has no such place."""
        start, end = self._offset(span.line, span.column), self._offset(span.end_line, span.end_column)
        return (start, end) if start is not None and end is not None and start <= end else None

    def _offset(self, line: int, column: int) -> int | None:
        if line == len(self._starts) + 1 and column == 1:
            # Behind the last line.
            return len(self.text)
        if not 0 < line <= len(self._starts):
            return None
        start = self._starts[line - 1]
        following = self._starts[line] if line < len(self._starts) else len(self.text) + 1
        offset = start + column - 1
        return offset if start <= offset < following or offset == start else None

    def replacements(self, edits: Iterable[Edit]) -> list[tuple[int, int, str]] | None:
        """Edits that do not overlap as offsets, from the last to the first; None where one of them has no place here.

        New lines get the line ends that the file has.
        """
        places = []
        for edit in edits:
            found = self.range(edit.span)
            if found is None:
                return None
            start, end = found
            new = edit.text.replace("\n", self.newline)
            if start == len(self.text) and new.endswith(self.newline) and self.text and not self.text.endswith("\n"):
                # After a last line without an end: the new line takes that over.
                new = self.newline + new.removesuffix(self.newline)
            places.append((start, end, new))
        return sorted(places, reverse=True)

    def edited(self, edits: Iterable[Edit]) -> bytes | None:
        """The bytes after edits that do not overlap; None where one of them has no place here."""
        places = self.replacements(edits)
        if places is None:
            return None
        text = self.text
        for start, end, new in places:
            text = text[:start] + new + text[end:]
        return (self._mark + text).encode("utf-8")
