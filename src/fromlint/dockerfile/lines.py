"""Bytes to physical lines, and physical lines to logical ones: continuations joined, comments taken out.

After ``Parse`` in BuildKit's frontend/dockerfile/parser/parser.go. All of it is linear in the size of the file.
"""

from __future__ import annotations

from collections.abc import Sequence

from fromlint.dockerfile.characters import SPACE
from fromlint.model.dockerfile import Anchor, Comment, Source
from fromlint.model.place import Problem, Span
from fromlint.named_tuple import NamedTuple

LONGEST_LINE = 65_535
"""In bytes, without the line feed: what Go's bufio.Scanner takes, and so the builder."""


class Lines(NamedTuple):
    """``raw`` are the lines with their ends, ``lines`` those without (a carriage return taken off, too).

    ``too_long`` are indexes of lines that the builder refuses for their length. ``text`` false: this is no text, and
    nothing in it is worth reading.
    """

    raw: tuple[str, ...]
    lines: tuple[str, ...]
    too_long: frozenset[int]
    text: bool
    problems: tuple[Problem, ...]


class Logical(NamedTuple):
    """One instruction's line. ``last`` is the index of its last physical line. ``broken``: a part was too long.

    ``source`` is None where there was only a comment or a blank line.
    """

    source: Source | None
    last: int
    comments: tuple[Comment, ...]
    broken: bool


def split(data: bytes, path: str) -> Lines:
    """The physical lines of a file. Bytes that are not UTF-8 become U+FFFD; a byte order mark is dropped."""
    raw = data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace").split("\n")
    unended = raw.pop()
    raw = [line + "\n" for line in raw]
    if unended:
        raw.append(unended)
    lines = tuple(line.rstrip("\r\n") for line in raw)
    if problem := _not_text(data, path):
        return Lines(tuple(raw), lines, frozenset(), False, (problem,))
    too_long: list[int] = []
    if len(data) > LONGEST_LINE:
        too_long = [index for index, line in enumerate(data.split(b"\n")) if len(line) > LONGEST_LINE]
    problems = tuple(
        Problem(
            f"this line is longer than {LONGEST_LINE:,} bytes, and the builder takes none so long",
            Span(path, index + 1, 1, index + 1, len(lines[index]) + 1),
        )
        for index in too_long
    )
    return Lines(tuple(raw), lines, frozenset(too_long), True, problems)


def _not_text(data: bytes, path: str) -> Problem | None:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Problem("this is UTF-16 text; the builder reads UTF-8", Span(path, 1, 1, 1, 1))
    position = data.find(b"\0")
    if position < 0:
        return None
    line = data.count(b"\n", 0, position) + 1
    column = len(data[data.rfind(b"\n", 0, position) + 1 : position].decode("utf-8", "replace")) + 1
    return Problem("this is not text: it has a NUL byte", Span(path, line, column, line, column + 1))


def join(lines: Lines, index: int, escape: str, path: str) -> Logical:
    """The logical line that begins at ``index``.

    Within a continuation comment lines are dropped, and blank lines too (the builder warns of those); white space at
    the start of a continued line stays. An escape character that the file ends in continues nothing, and is dropped.
    """
    physical = lines.lines
    line = physical[index]
    stripped = line.lstrip(SPACE)
    if not stripped:
        return Logical(None, index, (), False)
    if stripped[0] == "#":
        return Logical(None, index, (Comment(stripped[1:].strip(SPACE), index + 1),), False)
    column = len(line) - len(stripped) + 1
    pieces: list[str] = []
    anchors: list[Anchor] = []
    comments: list[Comment] = []
    offset = 0
    broken = False
    line = stripped
    last = index
    while True:
        continued = _continued(line, escape)
        piece = line.rstrip("\t ")[:-1] if continued else line
        if last in lines.too_long:
            broken = True
            piece = ""
        if piece or not anchors:
            anchors.append(Anchor(offset, last + 1, column))
            pieces.append(piece)
            offset += len(piece)
        if not continued:
            break
        following = _next(physical, last + 1, comments)
        # Comments and blank lines at the end of the file belong to the instruction that they were to continue.
        last = min(following, len(physical) - 1)
        if following == len(physical):
            break
        line, column = physical[last], 1
    return Logical(Source("".join(pieces), path, tuple(anchors)), last, tuple(comments), broken)


def _continued(line: str, escape: str) -> bool:
    """Whether a line ends in an escape character that is not itself escaped."""
    trimmed = line.rstrip("\t ")
    return trimmed.endswith(escape) and trimmed[-2:-1] != escape


def _next(lines: Sequence[str], index: int, comments: list[Comment]) -> int:
    """The next line of a continuation, the comments on the way collected; ``len(lines)`` where there is none."""
    while index < len(lines):
        stripped = lines[index].lstrip(SPACE)
        if stripped and stripped[0] != "#":
            break
        if stripped:
            comments.append(Comment(stripped[1:].strip(SPACE), index + 1))
        index += 1
    return index
