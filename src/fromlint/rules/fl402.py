"""Native code is copied from a stage with a newer glibc to one with an older glibc.

## Why

What is compiled against a glibc may ask for its newest symbols: `version 'GLIBC_2.38' not found`. Wheels say in their
tag which glibc they take: they are named only where that is newer than the final stage's.

An *error* where a wheel asks for more than the final stage has, or where the Python itself is copied; a *warning* for
modules that are compiled in the newer stage, which may or may not need newer symbols.

## Example

    FROM python:3.12-slim-trixie AS build
    RUN apt-get update && apt-get install -y gcc libpq-dev && pip install --prefix=/install psycopg2
    FROM python:3.12-slim-bookworm
    COPY --from=build /install /usr/local

## What to do

Build on the release of the final stage, or an older one.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.project import Project
from fromlint.project.known import base_tags
from fromlint.rules import crossing, lineage, remedies, wording

CODE = "FL402"
NAME = "older-libc"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each pair of stages."""
    seen: set[tuple[int, int]] = set()
    for case in crossing.crossings(project):
        here, there = case.origin.environment, case.final.environment
        pair = case.origin.stage.number, case.final.stage.number
        if not here.known or not there.known or pair in seen or {here.libc, there.libc} != {"glibc"}:
            continue
        if _number(there.libc_version) >= _number(here.libc_version) or not _number(there.libc_version):
            continue
        demanding = _demanding(case, there.libc_version or "")
        made = crossing.compiled(case)
        if demanding:
            severity, what = (
                Severity.ERROR,
                f"{crossing.listed(demanding)} needs a newer glibc than {there.libc_version}",
            )
        elif case.interpreter and not _runs_anywhere(case):
            severity, what = Severity.ERROR, f"the Python that is copied is made for glibc {here.libc_version}"
        elif made:
            verb = "is" if len(made) == 1 else "are"
            severity, what = SEVERITY, f"{crossing.listed(made)} {verb} compiled for glibc {here.libc_version}"
        else:
            continue
        seen.add(pair)
        base = lineage.base(project, case.origin)
        name = f" AS {case.origin.stage.name}" if case.origin.stage.name else ""
        yield Finding(
            code=CODE,
            rule=NAME,
            severity=severity,
            message=f"{what}, and this stage has glibc {there.libc_version}",
            span=case.span,
            label=f"takes native code of {crossing.stage_words(case.origin)}",
            stage=case.final.stage.number,
            platforms=project.asked,
            related=(
                Label(wording.from_span(base), wording.environment_words(here)),
                wording.from_label(project, case.final),
            ),
            help=(f"build on the release of this stage: FROM {_image(project, case)}{name}",),
            fixes=remedies.same_base(project, case.origin, case.final),
        )


def _runs_anywhere(case: crossing.Crossing) -> bool:
    """Whether the Python is built for a glibc older than any image's: conda's, and those that uv fetches (2.17)."""
    python = case.origin.environment.python
    return python is not None and (python.fetched or python.prefix.endswith("conda"))


def _image(project: Project, case: crossing.Crossing) -> str:
    """What to build on: the final stage's base, or where that has no Python the build's on the same release."""
    origin, final = lineage.base(project, case.origin).environment, lineage.base(project, case.final).environment
    moved = base_tags.on_release_of(origin, final, project.as_of) if final.python is None else None
    return moved or final.image


def _demanding(case: crossing.Crossing, version: str) -> tuple[str, ...]:
    """The packages whose wheels ask for more glibc than the final stage has."""
    found: dict[str, None] = {}
    for install, _ in case.taken:
        for facts in install.packages:
            for verdict in facts.package.verdicts.values():
                if verdict.glibc is not None and _number(verdict.glibc) > _number(version):
                    found[facts.package.name] = None
    return tuple(found)


def _number(version: str | None) -> tuple[int, ...]:
    return tuple(int(part) for part in (version or "").split(".") if part.isdigit())
