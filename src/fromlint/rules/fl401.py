"""Native code is copied from a glibc stage to a musl stage, or the reverse.

## Why

Compiled modules are made for one libc. In a stage with the other the first import fails: `Error loading shared library
ld-linux-x86-64.so.2`, or `libc.musl-x86_64.so.1: cannot open shared object file`. Pure Python packages cross without
harm, and so do programs that are linked statically (uv, Go and Rust programs).

## Example

    FROM python:3.12 AS build
    RUN python -m venv /opt/venv && /opt/venv/bin/pip install numpy
    FROM python:3.12-alpine
    COPY --from=build /opt/venv /opt/venv

## What to do

Build on the same distribution as the final stage.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.project import Project
from fromlint.rules import crossing, lineage, wording

CODE = "FL401"
NAME = "libc-crossed"
SEVERITY = Severity.ERROR

# They let musl run what was linked against glibc, for some programs: whether it works is not known.
_BRIDGES = frozenset({"gcompat", "libc6-compat", "glibc", "musl"})


def check(project: Project) -> Iterator[Finding]:
    """A finding for each pair of stages."""
    seen: set[tuple[int, int]] = set()
    for case in crossing.crossings(project):
        here, there = case.origin.environment, case.final.environment
        pair = case.origin.stage.number, case.final.stage.number
        if not here.known or not there.known or here.libc is None or there.libc is None or here.libc == there.libc:
            continue
        if pair in seen or (case.final.states[-1].packages - case.final.states[0].packages) & _BRIDGES:
            continue
        native = (*crossing.wheels(case), *crossing.compiled(case))
        if not native and not case.interpreter:
            continue
        seen.add(pair)
        what = crossing.listed(native) if native else "the Python of that stage"
        base = lineage.base(project, case.origin)
        yield Finding(
            code=CODE,
            rule=NAME,
            severity=SEVERITY,
            message=f"{what} {'was' if len(native) < 2 else 'were'} made for {here.libc} and cannot be loaded here, "
            f"which is {there.libc}",
            span=case.span,
            label=f"takes native code of {crossing.stage_words(case.origin)}",
            stage=case.final.stage.number,
            platforms=project.asked,
            related=(
                Label(wording.from_span(base), wording.environment_words(here)),
                wording.from_label(project, case.final),
            ),
            help=(f"build on the same distribution as here: FROM {_same_family(project, case)}",),
        )


def _same_family(project: Project, case: crossing.Crossing) -> str:
    name = f" AS {case.origin.stage.name}" if case.origin.stage.name else ""
    return f"{lineage.base(project, case.final).environment.image}{name}"
