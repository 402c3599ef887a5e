"""Where something stands in a file."""

from __future__ import annotations

from fromlint.named_tuple import NamedTuple


class Span(NamedTuple):
    """A range in a file. Lines and columns count from 1, columns in code points; the end is exclusive.

    ``file`` is the path as it is to be shown: relative to the working folder where it lies below it.
    """

    file: str
    line: int
    column: int
    end_line: int
    end_column: int


class Text(NamedTuple):
    """A piece of text together with where it stands."""

    value: str
    span: Span


class Problem(NamedTuple):
    """Something that a reader could not take in, in plain words: what it is and where."""

    message: str
    span: Span


class Unknown(NamedTuple):
    """Something that cannot be known from what is at hand, and why. An answer, not an error."""

    what: str
    why: str
    span: Span
