"""A Dockerfile's text to instructions.

dockerfile-parse splits keyword and value. It is fed one physical line an instruction, because on its own it reads
heredoc bodies as instructions, stops at blank lines in continuations, loses an instruction that ends in an escape
character, and takes quadratic time on long continuations.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator

from fromlint.dockerfile import directives
from fromlint.dockerfile.characters import BLANK, SPACE
from fromlint.dockerfile.grammar import HEREDOC_KEYWORDS, JSON_KEYWORDS, KEYWORDS, argument_problems, flag_problems
from fromlint.dockerfile.heredocs import Ends, Marker, body, markers
from fromlint.dockerfile.lines import Lines, join, split
from fromlint.dockerfile.source import cut, locate
from fromlint.dockerfile.words import PlacedFlag, flags
from fromlint.model.dockerfile import Comment, Dockerfile, Heredoc, Instruction, Source
from fromlint.model.place import Problem, Span, Unknown
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_KEYWORD = regex(rf"([^{BLANK}]*)[{BLANK}]*")
_GUARD = " \0"
"""Ends every line that dockerfile-parse sees: without it, it drops escape characters at the end, and an instruction
without arguments altogether. Text that has a NUL of its own is not read at all.
"""
_MOST_PROBLEMS = 100

UNKNOWN_INSTRUCTION = "unknown instruction"
"""How the message of such a problem begins; the word follows."""


class _Line(NamedTuple):
    """The line of an instruction whose keyword is known; ``last`` is the index of its last physical line."""

    keyword: str
    source: Source
    heredocs: tuple[Heredoc, ...]
    last: int


def parse(data: bytes, path: str) -> Dockerfile:
    """The instructions of a Dockerfile, as BuildKit reads it. Never raises: what it cannot take in is a problem.

    ``path`` is the path to show for it. Instructions that do not exist are left out; an unterminated heredoc ends
    where it was probably meant to.
    """
    lines = split(data, path)
    if not lines.text:
        return Dockerfile(path, lines.lines, {}, "\\", (), (), lines.problems)
    head = directives.read(lines.lines, path)
    reading = _Reading(lines, head, path)
    instructions = tuple(reading.instructions())
    problems = [*lines.problems, *head.problems, *reading.problems, *_stage_problems(instructions, path)]
    problems.sort(key=lambda problem: problem.span[1:])
    return Dockerfile(
        path,
        lines.lines,
        head.values,
        head.escape,
        instructions,
        tuple(reading.comments),
        tuple(problems),
        tuple(reading.unknown),
    )


def trigger(instruction: Instruction, escape: str) -> Instruction | None:
    """The instruction that an ONBUILD carries into the stages built from its own, None where there is none.

    Its places, the span included, are those in the ONBUILD itself.
    """
    if instruction.keyword != "ONBUILD":
        return None
    source = instruction.arguments
    keyword, start = _keyword(source.text)
    if keyword not in KEYWORDS or keyword in ("ONBUILD", "FROM", "MAINTAINER"):
        return None
    return _instruction(keyword, source, start, escape, instruction.heredocs, instruction.span)[0]


class _Reading:
    """One pass over the lines of a file; what it finds besides the instructions gathers in its lists."""

    def __init__(self, lines: Lines, head: directives.Directives, path: str) -> None:
        self.comments: list[Comment] = []
        self.problems: list[Problem] = []
        self.unknown: list[Unknown] = []
        self._lines = lines
        self._ends = Ends(lines, KEYWORDS)
        self._first = head.taken
        self._escape = head.escape
        self._frontend = directives.foreign_frontend(head.values)
        # Who calls it Containerfile builds with podman or Buildah.
        self._buildah = "containerfile" in os.path.basename(path).lower()
        self._path = path

    def instructions(self) -> Iterator[Instruction]:
        lines = list(self._logical_lines())
        for line, start in zip(lines, _value_starts(lines), strict=True):
            yield self._instruction(line, start)

    def _logical_lines(self) -> Iterator[_Line]:
        """The logical-line pass: comments out, continuations joined, heredocs taken off."""
        index = self._first
        while index < len(self._lines.lines):
            logical = join(self._lines, index, self._escape, self._path)
            self.comments += logical.comments
            index = logical.last + 1
            source = logical.source
            if source is None or logical.broken:
                continue
            keyword, start = _keyword(source.text)
            if keyword not in KEYWORDS:
                self._unknown_instruction(source, start)
                continue
            last = logical.last
            found: tuple[Heredoc, ...] = ()
            if "<<" in source.text and (announced := self._announced(keyword, source.text, start)):
                last, found = self._heredocs(source, announced, index)
                index = last + 1
            yield _Line(keyword, source, found, last)

    def _announced(self, keyword: str, text: str, start: int) -> tuple[Marker, ...]:
        """The heredocs of a line; none where the instruction takes none, or is in JSON form."""
        while keyword == "ONBUILD":
            start = flags(text, start, self._escape)[1]
            keyword, length = _keyword(text[start:])
            start += length
            if keyword == "ONBUILD":
                return ()
        if keyword not in HEREDOC_KEYWORDS:
            return ()
        start = flags(text, start, self._escape)[1]
        return () if isinstance(_exec_form(keyword, text[start:]), tuple) else markers(text)

    def _heredocs(self, source: Source, announced: tuple[Marker, ...], index: int) -> tuple[int, tuple[Heredoc, ...]]:
        """The heredocs whose bodies begin at line ``index``, and the index of the last line that they take."""
        found: list[Heredoc] = []
        position = 0
        for marker in announced:
            end = self._ends.terminator(index, marker)
            position = max(source.text.find("<<", position), 0)
            name = max(source.text.find(marker.delimiter, position), position)
            if end is not None:
                found.append(body(self._lines, index, end, marker, self._path))
                index, position = end + 1, name
                continue
            end, closed = self._ends.guess(index, marker)
            found.append(body(self._lines, index, end, marker, self._path))
            index = end + closed
            said = f"the heredoc <<{marker.delimiter} is not terminated: no line below is exactly {marker.delimiter}"
            said += f" (line {end + 1} has white space before or after it)" if closed else ""
            place = locate(source, position, name + len(marker.delimiter))
            self._refuse(Problem(said, place), known=True)
            break
        return index - 1, tuple(found)

    def _unknown_instruction(self, source: Source, length: int) -> None:
        text = source.text
        word = text[: length or len(text)].strip(SPACE)
        start = len(text) - len(text.lstrip(SPACE))
        span = locate(source, start, start + len(word))
        if not word:
            self._refuse(Problem("there is no instruction on this line, only a continuation", span), known=True)
            return
        shown = word if len(word) <= 40 else word[:40] + "…"
        near = _nearest(word) if len(self.problems) < _MOST_PROBLEMS else None
        self._refuse(Problem(f"{UNKNOWN_INSTRUCTION}: {shown}" + (f" (did you mean {near}?)" if near else ""), span))

    def _refuse(self, problem: Problem, *, known: bool = False) -> None:
        """Note a problem, or an unknown where a foreign frontend might see none. ``known``: no frontend would."""
        if self._frontend is not None and not known:
            if len(self.unknown) < _MOST_PROBLEMS:
                why = f"{self._frontend} reads this file, and may know it"
                self.unknown.append(Unknown(problem.message, why, problem.span))
        elif len(self.problems) < _MOST_PROBLEMS:
            self.problems.append(problem)

    def _instruction(self, line: _Line, start: int) -> Instruction:
        first = line.source.anchors[0]
        end = len(self._lines.lines[line.last].rstrip(SPACE)) + 1
        span = Span(self._path, first.line, first.column, line.last + 1, end)
        instruction, placed, mixed = _instruction(line.keyword, line.source, start, self._escape, line.heredocs, span)
        self._check(instruction, line.source, placed, mixed)
        return instruction

    def _check(self, instruction: Instruction, source: Source, placed: tuple[PlacedFlag, ...], mixed: bool) -> None:
        for problem in flag_problems(instruction.keyword, source, placed, buildah=self._buildah):
            self._refuse(problem)
        arguments = instruction.arguments
        if mixed:
            span = locate(arguments, 0, len(arguments.text))
            self._refuse(Problem("a JSON array here can hold strings only", span), known=True)
            return
        for problem in argument_problems(instruction, self._escape):
            self._refuse(problem, known=True)
        if instruction.keyword == "ONBUILD" and arguments.text:
            self._check_trigger(instruction)

    def _check_trigger(self, instruction: Instruction) -> None:
        source = instruction.arguments
        keyword, start = _keyword(source.text)
        if keyword in ("ONBUILD", "FROM", "MAINTAINER"):
            span = locate(source, 0, len(keyword))
            self._refuse(Problem(f"{keyword} cannot be an ONBUILD trigger", span), known=True)
        elif (triggered := trigger(instruction, self._escape)) is None:
            self._unknown_instruction(source, start)
        else:
            _, placed, mixed = _instruction(keyword, source, start, self._escape, (), instruction.span)
            self._check(triggered, source, placed, mixed)


def _keyword(text: str) -> tuple[str, int]:
    """The first word in capitals, and where what follows it begins."""
    start = len(text) - len(text.lstrip(SPACE))
    match = _KEYWORD.match(text, start)
    assert match is not None
    return match[1].rstrip(SPACE).lower().upper(), match.end()


def _value_starts(lines: list[_Line]) -> list[int]:
    """Where, in each line, dockerfile-parse sees the value that follows the keyword."""
    from io import BytesIO

    from dockerfile_parse import DockerfileParser

    fed = "".join(f"{line.source.text}{_GUARD}\n" for line in lines).encode()
    starts = [len(line.source.text) for line in lines]
    for entry in DockerfileParser(fileobj=BytesIO(fed)).structure:
        index = entry["startline"]
        starts[index] = min(starts[index], starts[index] + len(_GUARD) - len(entry["value"]))
    return starts


def _instruction(
    keyword: str, source: Source, start: int, escape: str, heredocs: tuple[Heredoc, ...], span: Span
) -> tuple[Instruction, tuple[PlacedFlag, ...], bool]:
    """The instruction whose flags and arguments ``source`` has from ``start`` on.

    With it the places of its flags, and whether it has a JSON array that holds something else than strings.
    """
    text = source.text
    placed, start = flags(text, start, escape)
    end = len(text.rstrip(SPACE))
    while start < end and text[start] in SPACE:
        start += 1
    arguments = cut(source, start, max(start, end))
    exec_form = _exec_form(keyword, arguments.text)
    words = exec_form if isinstance(exec_form, tuple) else None
    plain = tuple(flag for flag, _, _ in placed)
    return Instruction(keyword, arguments, plain, words, heredocs, span), placed, exec_form is _MIXED


class _Mixed:
    """A JSON array that holds something else than strings."""


_MIXED = _Mixed()


def _exec_form(keyword: str, text: str) -> tuple[str, ...] | _Mixed | None:
    """The words of a JSON array, None where the text is none."""
    if keyword not in JSON_KEYWORDS:
        return None
    text = text.strip(SPACE)
    if keyword == "HEALTHCHECK":
        text = text[_keyword(text)[1] :].strip(SPACE)
    if not (text.startswith("[") and text.endswith("]")):
        return None
    try:
        # A float is made of every number because Python refuses to make an int of very many digits.
        entries = json.loads(text, parse_int=float, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    if not all(isinstance(entry, str) for entry in entries):
        return _MIXED
    return tuple(entry.encode("utf-16", "surrogatepass").decode("utf-16", "replace") for entry in entries)


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _stage_problems(instructions: tuple[Instruction, ...], path: str) -> Iterator[Problem]:
    if not any(instruction.keyword == "FROM" for instruction in instructions):
        span = instructions[0].span if instructions else Span(path, 1, 1, 1, 1)
        yield Problem("there is no FROM in this file, so there is nothing to build", span)
        return
    for instruction in instructions:
        if instruction.keyword == "FROM":
            return
        if instruction.keyword != "ARG":
            yield Problem(f"{instruction.keyword} stands before the first FROM; only ARG may", instruction.span)
            return


def _nearest(word: str) -> str | None:
    """The instruction that was probably meant."""
    if len(word) > 20:
        return None
    from difflib import get_close_matches

    return next(iter(get_close_matches(word.upper(), sorted(KEYWORDS), 1, 0.7)), None)
