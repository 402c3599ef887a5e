"""An inline ignore silences nothing.

## Why

A mistake that was mended leaves its ignore behind, and the next, different mistake on that line would be hidden by it.

## Example

    # fromlint: ignore=FL201 psycopg2 is built on purpose
    RUN pip install psycopg2-binary

## What to do

Remove the comment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Span
from fromlint.model.project import Project

CODE = "FL909"
NAME = "unused-ignore"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """Nothing: which ignores are unused is known only once all other rules have spoken (see ``unused``)."""
    yield from ()


def unused(spans: Iterable[tuple[Span, tuple[str, ...]]]) -> Iterator[Finding]:
    """A finding for each inline ignore that silenced nothing, given where it stands and what it names."""
    for span, rules in spans:
        what = f"ignore={','.join(rules)}" if rules else "ignore"
        yield Finding(CODE, NAME, SEVERITY, f"this {what} ignores nothing", span)
