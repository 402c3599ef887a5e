"""Scripts that say in a comment what they need (PEP 723, "Reference Implementation")."""

from __future__ import annotations

import re

from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import stated, toml_text
from fromlint.requirements.lock import text


class Block(NamedTuple):
    """A script's own requirements."""

    requirements: tuple[Requirement, ...]
    requires_python: str | None
    bad: tuple[Problem, ...]


def read(content: str, file: str) -> Block | Problem | None:
    """The block of a script; None where it has none, a problem where it cannot be read."""
    found = re.search(r"(?m)^# /// script$\n((?:^#(?:| .*)$\n)*?)^# ///$", content.replace("\r\n", "\n"))
    if found is None:
        return None
    first = content.count("\n", 0, found.start()) + 2
    lines = [line[2:] if line.startswith("# ") else line[1:] for line in found[1].splitlines()]
    document = toml_text.load("\n".join(lines), file)
    if isinstance(document, Problem):
        line = document.span.line + first - 1
        return document._replace(span=Span(file, line, document.span.column + 2, line, document.span.end_column + 2))
    requirements: list[Requirement] = []
    bad: list[Problem] = []
    entries = document.data.get("dependencies")
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, str):
            read_entry = stated.read(entry, _place(entry, lines, first, file))
            if isinstance(read_entry, Problem):
                bad.append(read_entry)
            else:
                requirements.append(read_entry)
    return Block(tuple(requirements), text(document.data, "requires-python") or None, tuple(bad))


def _place(entry: str, lines: list[str], first: int, file: str) -> stated.Place:
    for number, line in enumerate(lines):
        column = line.find(entry)
        if column >= 0:
            return lambda start, end: Span(file, first + number, column + 3 + start, first + number, column + 3 + end)
    return lambda _start, _end: Span(file, first, 1, first, 2)
