"""The logical lines of a requirements file, and where each part of them stands.

The steps and their order are pip's (pip._internal.req.req_file): split, join lines that end in a backslash, drop
comments, expand ``${NAME}``.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping

from fromlint.model.dockerfile import Anchor, Source
from fromlint.model.place import Span
from fromlint.regex import regex

_VARIABLE = regex(r"\$\{([A-Z0-9_]+)\}")


def logical_lines(text: str, file: str) -> Iterator[Source]:
    """The lines of ``text`` that say something, without comments and blanks around them."""
    joined: list[tuple[int, int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if line.endswith("\\") and not _is_comment(line):
            start = len(line) - len(line.lstrip("\\"))
            joined.append((number, start + 1, line.strip("\\")))
            continue
        if not joined:
            if line and not line.isspace():
                yield from _uncommented(line, file, (Anchor(0, number, 1),))
            continue
        # A comment ends the join; the blank makes sure that it is still seen as a comment.
        joined.append((number, 0, " " + line) if _is_comment(line) else (number, 1, line))
        yield from _joined(joined, file)
        joined = []
    if joined:
        yield from _joined(joined, file)


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#")


def _joined(pieces: list[tuple[int, int, str]], file: str) -> Iterator[Source]:
    anchors: list[Anchor] = []
    offset = 0
    for number, column, piece in pieces:
        anchors.append(Anchor(offset, number, column))
        offset += len(piece)
    yield from _uncommented("".join(piece for _, _, piece in pieces), file, tuple(anchors))


def _uncommented(text: str, file: str, anchors: tuple[Anchor, ...]) -> Iterator[Source]:
    text = text[: _comment_start(text)]
    stripped = text.strip()
    if stripped:
        lead = len(text) - len(text.lstrip())
        yield Source(stripped, file, _shifted(anchors, lead) if lead else anchors)


def _comment_start(text: str) -> int:
    """Where the comment begins: a ``#`` at the start or after a blank; the end of the text where there is none."""
    position = text.find("#")
    while position > 0 and not text[position - 1].isspace():
        position = text.find("#", position + 1)
    return len(text) if position < 0 else position


def _shifted(anchors: tuple[Anchor, ...], by: int) -> tuple[Anchor, ...]:
    """The anchors of a text whose first ``by`` characters were cut off."""
    last = _index(anchors, by)
    first = anchors[last]
    rest = (anchor._replace(offset=anchor.offset - by) for anchor in anchors[last + 1 :])
    return (Anchor(0, first.line, first.column + by - first.offset), *rest)


def expanded(line: Source, variables: Mapping[str, str]) -> tuple[Source, tuple[str, ...]]:
    """The line with ``${NAME}`` replaced, and the names that have no value (they stay as written, as with pip)."""
    if "${" not in line.text:
        return line, ()
    missing: list[str] = []
    parts: list[str] = []
    anchors: list[Anchor] = []
    size = 0
    read = 0
    for found in _VARIABLE.finditer(line.text):
        value = variables.get(found[1])
        if not value:
            missing.append(found[1])
            continue
        anchors.extend(_between(line, read, found.start(), size - read))
        parts.append(line.text[read : found.start()])
        size += found.start() - read
        at = place(line, found.start(), found.start())
        anchors.append(Anchor(size, at.line, at.column))
        parts.append(value)
        size += len(value)
        read = found.end()
    anchors.extend(_between(line, read, len(line.text), size - read))
    parts.append(line.text[read:])
    return Source("".join(parts), line.file, tuple(anchors)), tuple(missing)


def _between(line: Source, start: int, end: int, shift: int) -> list[Anchor]:
    at = place(line, start, start)
    anchors = line.anchors[_index(line.anchors, start) + 1 : bisect_right(line.anchors, end - 1, key=_offset)]
    inner = [anchor._replace(offset=anchor.offset + shift) for anchor in anchors]
    return [Anchor(start + shift, at.line, at.column), *inner]


def place(source: Source, start: int, end: int) -> Span:
    """The physical range of ``source.text[start:end]``."""
    if len(source.anchors) == 1:
        only = source.anchors[0]
        shift = only.column - only.offset
        return Span(source.file, only.line, max(start + shift, 1), only.line, max(end + shift, 1))
    first = _anchor(source, start)
    last = _anchor(source, end - 1 if end > start else start)
    return Span(
        source.file,
        first.line,
        max(first.column + start - first.offset, 1),
        last.line,
        max(last.column + max(end, start) - last.offset, 1),
    )


def _anchor(source: Source, offset: int) -> Anchor:
    return source.anchors[_index(source.anchors, offset)]


def _index(anchors: tuple[Anchor, ...], offset: int) -> int:
    """The last anchor at or before ``offset``."""
    return max(bisect_right(anchors, offset, key=_offset) - 1, 0)


def _offset(anchor: Anchor) -> int:
    return anchor.offset
