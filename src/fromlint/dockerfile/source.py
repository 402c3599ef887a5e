"""From offsets in a logical text back to places in the file."""

from bisect import bisect_left, bisect_right
from operator import attrgetter

from fromlint.model.dockerfile import Anchor, Source
from fromlint.model.place import Span

_offset = attrgetter("offset")


def whole(text: str, file: str) -> Source:
    """A file's whole text as a source."""
    anchors = [Anchor(0, 1, 1)]
    start = text.find("\n")
    while start >= 0:
        anchors.append(Anchor(start + 1, len(anchors) + 1, 1))
        start = text.find("\n", start + 1)
    return Source(text, file, tuple(anchors))


def place(source: Source, offset: int) -> tuple[int, int]:
    """Line and column (both from 1, columns in code points) of the character at ``offset``."""
    anchors = source.anchors
    anchor = anchors[bisect_right(anchors, offset, key=_offset) - 1] if len(anchors) > 1 else anchors[0]
    return anchor.line, anchor.column + offset - anchor.offset


def locate(source: Source, start: int, end: int) -> Span:
    """The range in the file that ``source.text[start:end]`` covers; an empty one where both are equal.

    The end is that of the last character rather than the start of the next, which may stand on a later line.
    """
    line, column = place(source, start)
    if end <= start:
        return Span(source.file, line, column, line, column)
    end_line, end_column = place(source, end - 1)
    return Span(source.file, line, column, end_line, end_column + 1)


def cut(source: Source, start: int, end: int) -> Source:
    """The part ``[start:end]`` of a source, as a source of its own."""
    line, column = place(source, start)
    moved = [Anchor(0, line, column)]
    anchors = source.anchors
    if len(anchors) > 1:
        first, last = bisect_right(anchors, start, key=_offset), bisect_left(anchors, end, key=_offset)
        moved += [Anchor(offset - start, line, column) for offset, line, column in anchors[first:last]]
    return Source(source.text[start:end], source.file, tuple(moved))
