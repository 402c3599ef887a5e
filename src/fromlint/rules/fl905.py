"""The index does not know a package of this name.

## Why

Either the name is mistyped, and pip will stop with `No matching distribution found`, or it is a private package, and
the index it lives on is not configured where fromlint looks.

## Example

    reqeusts==2.32.3

## What to do

Mend the name, or name the index (`--index-url`, `--extra-index-url`, `[tool.uv.sources]`).
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.project.known import near_names
from fromlint.rules import packages

CODE = "FL905"
NAME = "unknown-package"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that the index does not know."""
    for case in packages.cases(project, Fate.UNKNOWN_PACKAGE):
        near = near_names.nearest(case.facts.package.name)
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"the index does not know {case.facts.package.name}{_chain(case)}",
            label=f"{case.facts.package.name} is not on the index",
            why="no such project on the index",
            help=[f"did you mean {near}?"] if near is not None else [],
        )


def _chain(case: packages.Case) -> str:
    from fromlint.rules.wording import chain_words

    return chain_words(case.facts.package)
