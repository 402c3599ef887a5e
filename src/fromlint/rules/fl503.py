"""Compilers and headers stay in the final stage.

## Why

What was needed to compile a requirement is not needed to run it, and stays in the image with some hundred megabytes.

Nothing is said of bases that hold compilers from the start (see FL502), nor with torch.compile or triton, which compile
at run time.

## Example

    FROM python:3.12-slim
    RUN apt-get update && apt-get install -y build-essential libpq-dev
    RUN pip install psycopg2==2.9.10

## What to do

Compile in a build stage and copy the virtual environment, or remove the tools in the same RUN that installed them.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import PackagesAdded
from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Span
from fromlint.model.project import Project, StageFacts
from fromlint.rules import lineage, wording

CODE = "FL503"
NAME = "build-tools-shipped"
SEVERITY = Severity.INFO

_TOOLS = ("c-compiler", "cxx-compiler", "fortran-compiler", "rust-toolchain")
# They run the C compiler at run time (triton/runtime/build.py, torch/_inductor/cpp_builder.py, pytensor's linker, …).
_COMPILE_AT_RUN_TIME = frozenset({"cmdstanpy", "cppyy", "cython", "pystan", "pytensor", "pythran", "torch", "triton"})


def check(project: Project) -> Iterator[Finding]:
    """At most one finding: where the first compiler that stays is installed."""
    target = lineage.target(project)
    if target is None or not target.environment.known:
        return
    line = lineage.lineage(project, target)
    first, last = line[0].states[0], target.states[-1]
    stayed = [tool for tool in _TOOLS if last.has(tool) is True and first.has(tool) is False]
    installs = [install for stage in line for install in stage.installs]
    if not stayed or not installs or not all(install.complete for install in installs):
        return
    names = {facts.package.name for install in installs for facts in install.packages}
    if names & _COMPILE_AT_RUN_TIME:
        return
    built = [facts for install in installs for facts in install.packages if facts.builds]
    compiled = sorted({facts.package.name for facts in built if any(each in facts.builds for each in project.asked)})
    found = _brought(line, stayed)
    if built and not compiled:
        # Another CPU, for which the image may be made as well, does need them.
        return
    # An image without a project's requirements may be there for compiling.
    if found is None or not (compiled or any(install.needs.read for install in installs)):
        return
    from fromlint.rules import splitting

    stage, step, span, words = found
    what = f"build tools stay in the image ({words})" if words else "a compiler comes with these and stays in the image"
    needed = f", only to compile {', '.join(compiled[:4])}" if compiled else ""
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"{what}{needed}",
        span=lineage.on_one_line(stage, step, span),
        label="compilers are not needed to run",
        stage=target.stage.number,
        platforms=project.asked,
        related=(wording.from_label(project, target),),
        help=(
            "compile in a build stage and COPY the virtual environment from it"
            if compiled
            else f"leave out {words or 'what is only recommended'}, if your own scripts do not compile",
        ),
        fixes=splitting.build_stage(project) if compiled else (),
    )


def _brought(line: tuple[StageFacts, ...], tools: list[str]) -> tuple[StageFacts, int, Span, str] | None:
    """The first step that brings one of the tools for good, and the names in it that do."""
    for stage in line:
        for number, step in enumerate(stage.steps):
            event = step.event
            if not isinstance(event, PackagesAdded) or event.conditional:
                continue
            before, after = stage.states[number], stage.states[number + 1]
            if any(after.has(tool) is True and before.has(tool) is False for tool in tools):
                words = [name.value for name in event.names if _for_builds(name.value)]
                return stage, number, event.span, " ".join(words)
    return None


def _for_builds(name: str) -> bool:
    return name.startswith(("alpine-sdk", "build-", "cargo", "clang", "g++", "gcc", "gfortran", "rust"))
