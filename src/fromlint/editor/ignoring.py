"""Edits that put a finding up with: ``# fromlint: ignore=FL201`` where it is found, or at its requirement."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from os.path import basename

from fromlint.model.dockerfile import Dockerfile
from fromlint.model.finding import Edit, Finding, Fix
from fromlint.model.place import Span
from fromlint.settings.inline import COMMENT

# What the next lock would drop, and what has no comments.
_MADE = re.compile(r".*\.lock|pylock(\..+)?\.toml|.*\.json", re.I)
# Comments stand on lines of their own there (configparser).
_OWN_LINES = (".cfg",)

Line = Callable[[str, int], str]


def ignores(finding: Finding, dockerfile: Dockerfile, line: Line) -> tuple[Fix, ...]:
    """The ways to ignore a finding: at the instruction, at the requirement, in the whole Dockerfile.

    ``line`` gives a line of a file (by its path as shown) without its end.
    """
    return (*_at_instruction(finding, dockerfile, line), *_at_requirement(finding, dockerfile, line))


def _at_instruction(finding: Finding, dockerfile: Dockerfile, line: Line) -> Iterator[Fix]:
    span = finding.span
    if span.file != dockerfile.path:
        return
    at = next(
        (each.span.line for each in dockerfile.instructions if each.span.line <= span.line <= each.span.end_line), None
    )
    if at is not None:
        edit = _longer_above(span.file, at, line, finding.code)
        yield Fix(f"ignore {finding.code} here", True, (edit or _own_line(span.file, at, line, finding.code),))
    head = len(dockerfile.directives) + 1
    text = f"# fromlint: ignore-file={finding.code}\n"
    yield Fix(f"ignore {finding.code} in this Dockerfile", True, (Edit(Span(span.file, head, 1, head, 1), text),))


def _at_requirement(finding: Finding, dockerfile: Dockerfile, line: Line) -> Iterator[Fix]:
    subject = finding.subject
    if subject is None or subject.file == dockerfile.path or _MADE.fullmatch(basename(subject.file)):
        return
    there = line(subject.file, subject.line)
    edit = _longer(subject.file, subject.line, there, finding.code) or _longer_above(
        subject.file, subject.line, line, finding.code
    )
    if edit is None and (there.endswith("\\") or subject.file.endswith(_OWN_LINES)):
        edit = _own_line(subject.file, subject.line, line, finding.code)
    if edit is None:
        end = len(there.rstrip()) + 1
        place = Span(subject.file, subject.line, end, subject.line, len(there) + 1)
        edit = Edit(place, f"  # fromlint: ignore={finding.code}")
    yield Fix(f"ignore {finding.code} for {subject.name}", True, (edit,))


def _longer(file: str, number: int, there: str, code: str) -> Edit | None:
    """One rule more in an ignore that is there; None where none is."""
    found = COMMENT.search(there, max(there.find("#"), 0))
    if found is None or found["kind"] != "ignore" or not found["rules"]:
        return None
    end = found.end("rules") + 1
    return Edit(Span(file, number, end, number, end), f",{code}")


def _longer_above(file: str, number: int, line: Line, code: str) -> Edit | None:
    """The same for an ignore on a line of its own above."""
    above = line(file, number - 1)
    return _longer(file, number - 1, above, code) if above.lstrip().startswith("#") else None


def _own_line(file: str, number: int, line: Line, code: str) -> Edit:
    there = line(file, number)
    indent = there[: len(there) - len(there.lstrip())]
    return Edit(Span(file, number, 1, number, 1), f"{indent}# fromlint: ignore={code}\n")
