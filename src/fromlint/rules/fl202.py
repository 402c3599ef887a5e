"""A requirement is fetched with a version control tool that is not there.

## Why

`git+https://…` makes pip and uv run `git`, which neither slim nor Alpine holds:
`ERROR: Cannot find command 'git'`. `git+ssh://…` needs an ssh client besides.

## Example

    FROM python:3.12-slim
    RUN pip install git+https://github.com/pallets/flask

## What to do

Install git before that line (on Debian with `ca-certificates`, which git does not bring without its recommendations),
or name the archive instead: `flask @ https://…/archive/<commit>.tar.gz`.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, remedies, wording

CODE = "FL202"
NAME = "missing-vcs-tool"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each requirement whose version control tool is not there by that line."""
    for case in packages.cases(project, Fate.NO_VCS_TOOL):
        if case.build is None:
            continue
        missing = case.build.missing
        tool = (case.facts.package.requirement.reference or "").partition("+")[0]
        # What fetches it stands first; what compiles it then comes after.
        what = "which" if missing[0] == tool else f"and {missing[0]}"
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"{packages.name(case)} is fetched with {tool}, {what} is not installed",
            label=f"needs {' '.join(missing)}",
            why=f"fetched with {tool}",
            missing=missing,
            help=[f"add before it: {wording.add_line(case.stage.environment, missing)}"],
            fixes=remedies.for_builds(case),
        )
