"""The image's pip is older than the tag of a wheel, and compiles what it could have installed.

## Why

pip knows `manylinux_x_y` tags from 20.3, `musllinux` from 21.2, and newer kinds of wheels later still. An older one
does not see such wheels and takes the sdist. uv and poetry are not bound by pip's age.

## Example

    FROM python:3.8.1-slim              # pip 20.0 does not know manylinux_2_17
    RUN pip install some-package

## What to do

Put `pip install --upgrade pip` before it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import lineage, packages
from fromlint.rules.packages import Case

CODE = "FL106"
NAME = "pip-too-old-for-tag"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that is compiled only because pip does not know its wheel's tag."""
    for case in packages.cases(project, Fate.COMPILED_FOR_PIP):
        if _renewed(case):
            continue
        pip = case.install.python.pip if case.install.python is not None else None
        wanted = next((near.value for near in case.verdict.nearest if near.kind == "pip"), None)
        have = f"pip {pip}" if pip else "the image's pip"
        upgrade = f"pip install 'pip>={wanted}'" if wanted else "pip install --upgrade pip"
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} is compiled here: {have} does not know the tag of its wheel",
            label="compiled during the build",
            why=packages.why_no_wheel(case),
            base=have,
            help=[f"add before it: {upgrade}", *packages.ways_out(case)],
        )


def _renewed(case: Case) -> bool:
    """Whether an earlier install into the same environment brings another pip."""
    for stage in lineage.lineage(case.project, case.stage):
        for earlier in stage.installs:
            if stage is case.stage and earlier.step >= case.install.step:
                break
            if earlier.site == case.install.site and any(facts.package.name == "pip" for facts in earlier.packages):
                return True
    return False
