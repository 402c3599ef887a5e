"""Inline ignores: ``# fromlint: ignore=FL201 reason``."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fromlint.model.dockerfile import Dockerfile
from fromlint.model.finding import Finding
from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

MARK = "fromlint:"
"""A text without it holds no ignore."""
# After a comma and a space only what looks like a rule is one: the rest is the reason.
_RULE = r"[A-Za-z0-9-]+"
_RULES = rf"{_RULE}(?:,{_RULE}|\s*,\s*(?:FL\d+|[a-z]+(?:-[a-z]+)+))*"
COMMENT = regex(rf"fromlint:\s*(?P<kind>ignore-file|ignore)(?:\s*=\s*(?P<rules>{_RULES}))?")
"""An ignore in a comment."""


class Ignore(NamedTuple):
    """An inline ignore: which rules (codes or names; () means all), on which lines, and where it stands."""

    rules: tuple[str, ...]
    first_line: int
    last_line: int
    whole_file: bool
    span: Span


def _read(text: str) -> tuple[tuple[str, ...], bool] | None:
    """The rules and whether the whole file is meant; None for a comment that is not ours."""
    match = COMMENT.search(text)
    if match is None:
        return None
    rules = tuple(rule.strip() for rule in (match["rules"] or "").split(",") if rule.strip())
    return rules, match["kind"] == "ignore-file"


def in_dockerfile(dockerfile: Dockerfile) -> tuple[Ignore, ...]:
    """The ignores in a Dockerfile's comments. One above or inside an instruction is for that instruction."""
    found = []
    for comment in dockerfile.comments:
        if MARK not in comment.text or (read := _read(comment.text)) is None:
            continue
        rules, whole_file = read
        line = dockerfile.lines[comment.line - 1] if comment.line <= len(dockerfile.lines) else ""
        start = line.find("#") + 1 or 1
        span = Span(dockerfile.path, comment.line, start, comment.line, len(line.rstrip("\r\n")) + 1)
        first, last = comment.line, comment.line
        for instruction in dockerfile.instructions:
            if instruction.span.end_line >= comment.line:
                first, last = instruction.span.line, instruction.span.end_line
                break
        found.append(Ignore(rules, first, last, whole_file, span))
    return tuple(found)


def in_requirements(path: str, lines: Sequence[str]) -> tuple[Ignore, ...]:
    """The ignores at the ends of lines, or on lines of their own above, in a requirements or TOML file."""
    found = []
    for number, line in enumerate(lines, 1):
        if MARK not in line:
            continue
        start = line.find("#")
        if start < 0 or (read := _read(line[start:])) is None:
            continue
        rules, whole_file = read
        span = Span(path, number, start + 1, number, len(line.rstrip("\r\n")) + 1)
        target = number + 1 if not line[:start].strip() else number
        found.append(Ignore(rules, target, target, whole_file, span))
    return tuple(found)


def applies(ignore: Ignore, finding: Finding) -> bool:
    """Whether an ignore silences a finding: by rule, and by the finding's own place or its requirement's."""
    if ignore.rules and not {finding.code, finding.rule} & set(ignore.rules):
        return False
    places = [(finding.span.file, finding.span.line)]
    if finding.subject is not None:
        places.append((finding.subject.file, finding.subject.line))
    return any(
        file == ignore.span.file and (ignore.whole_file or ignore.first_line <= line <= ignore.last_line)
        for file, line in places
    )


def split(
    findings: Iterable[Finding], ignores: Sequence[Ignore]
) -> tuple[tuple[Finding, ...], tuple[Ignore, ...], Mapping[str, int]]:
    """Findings that remain, ignores that silenced nothing, and how often each code was silenced."""
    kept: list[Finding] = []
    used: set[Ignore] = set()
    silenced: dict[str, int] = {}
    for finding in findings:
        matching = [ignore for ignore in ignores if applies(ignore, finding)]
        if matching:
            used.update(matching)
            silenced[finding.code] = silenced.get(finding.code, 0) + 1
        else:
            kept.append(finding)
    return tuple(kept), tuple(ignore for ignore in ignores if ignore not in used), silenced
