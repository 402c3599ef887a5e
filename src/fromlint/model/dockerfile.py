"""A Dockerfile as the builder reads it: instructions, heredocs, stages."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.model.place import Problem, Span, Text, Unknown
from fromlint.named_tuple import NamedTuple


class Anchor(NamedTuple):
    """From ``offset`` (code points into a logical text) on, the text stands at ``line``:``column``."""

    offset: int
    line: int
    column: int


class Source(NamedTuple):
    """A logical text (continuations joined, comments dropped) and where each part of it stands.

    ``anchors`` is sorted by offset and never empty; between two anchors columns run on one line.
    """

    text: str
    file: str
    anchors: tuple[Anchor, ...]


class Flag(NamedTuple):
    """``--mount=type=cache,target=/x`` is ``Flag("mount", "type=cache,target=/x")``; ``--link`` has value None."""

    name: str
    value: str | None


class Heredoc(NamedTuple):
    """The body of ``<<EOF``: ``expand`` is false for a quoted delimiter; ``<<-`` has its tabs stripped already."""

    delimiter: str
    body: Source
    expand: bool
    file_descriptor: int


class Instruction(NamedTuple):
    """One instruction.

    ``keyword`` is upper case. ``arguments`` is what follows keyword and flags, as written (nothing
    expanded), without the heredoc bodies. ``exec_form`` holds the words of a JSON array, if it is one (of a
    HEALTHCHECK: of what follows CMD).
    ``span`` covers the whole instruction, heredocs included.
    """

    keyword: str
    arguments: Source
    flags: tuple[Flag, ...]
    exec_form: tuple[str, ...] | None
    heredocs: tuple[Heredoc, ...]
    span: Span


class Comment(NamedTuple):
    """A comment line: its text without ``#``, its line, and the line of the instruction it stands above or in."""

    text: str
    line: int


class Dockerfile(NamedTuple):
    """A parsed Dockerfile. ``problems`` is what the builder would refuse; the rest is kept and usable.

    ``lines`` are the physical lines without their ends and without a byte order mark; places count in them.
    ``unknown`` is what only another frontend than Docker's own (``# syntax=``) could make sense of.
    """

    path: str
    lines: tuple[str, ...]
    directives: Mapping[str, str]
    escape: str
    instructions: tuple[Instruction, ...]
    comments: tuple[Comment, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[Unknown, ...] = ()


class Stage(NamedTuple):
    """A stage: FROM and what follows it, with FROM's own variables expanded.

    ``image`` is the expanded reference (the parent's name, or ``scratch``, where FROM says that), None where
    ``unresolved`` says why it is not known.
    ``number`` counts from 0. ``parent`` is the number of the stage it continues (``FROM builder``).
    ``platform`` is FROM's expanded ``--platform`` as ``os/arch[/variant]``, None where it is the target's or not
    known. ``fixed_platform`` is true where that platform does not follow the target (``$BUILDPLATFORM`` or a literal).
    ``arguments`` are the global ARGs and predefined ones by name, visible after ``ARG NAME``; None where there is no
    value. ``build_arguments`` are those given with ``--build-arg`` (None: a value that is not known): they win over the
    default of the stage's own ``ARG NAME=default``, which wins over ``arguments``.
    ``reachable``: the target stage needs it. ``shipped``: it is the target stage or one of its parents.
    """

    number: int
    name: str | None
    image: Text | None
    parent: int | None
    platform: str | None
    fixed_platform: bool
    unresolved: str | None
    instruction: Instruction
    instructions: tuple[Instruction, ...]
    arguments: Mapping[str, str | None]
    reachable: bool
    shipped: bool
    target: bool
    build_arguments: Mapping[str, str | None] = {}
