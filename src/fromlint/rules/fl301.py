"""A package loads a shared library that the stage it runs in does not have.

## Why

The build is green, and the first import fails: `ImportError: libGL.so.1: cannot open shared object file`. Wheels leave
out libraries that they take for granted, and a module compiled in a build stage needs the libraries that it was
compiled against wherever it is copied to.

## Example

    FROM python:3.12-slim
    RUN pip install opencv-python       # needs libGL and glib, which slim has not

## What to do

Install the named packages in the final stage, or take the twin that does without (`opencv-python-headless`).
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.rules import packages, remedies, wording
from fromlint.rules.packages import Case

CODE = "FL301"
NAME = "missing-shared-library"
SEVERITY = Severity.ERROR

_MOST_NAMED = 6


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that will not find a library in the stage that runs it."""
    for stage in project.stages:
        for install in stage.installs:
            for facts in install.packages:
                platforms = tuple(platform for platform in project.asked if platform in facts.libraries)
                if not platforms:
                    continue
                library = facts.libraries[platforms[0]]
                case = Case(project, stage, install, facts, platforms, facts.package.verdicts[platforms[0]], None)
                running = project.stages[library.stage]
                # Who depends on a package that calls a program mostly does without (streamlit without git).
                serious = library.needed_at_import and not (library.programs and facts.package.parents)
                severity = SEVERITY if library.certain and serious else Severity.INFO
                verb, are = "calls" if library.programs else "loads", "is" if len(library.libraries) == 1 else "are"
                names = " ".join(library.packages)
                loaded = _some(library.libraries)
                elsewhere = "" if running is stage else f" in stage {running.stage.name or running.stage.number}"
                help = [f"add to the stage that runs it: {wording.add_line(running.environment, library.packages)}"]
                if library.alternatives:
                    help.append(f"in place of {facts.package.name}: {' or '.join(library.alternatives)}")
                yield packages.finding(
                    case,
                    code=CODE,
                    rule=NAME,
                    severity=packages.capped(severity, case),
                    message=f"{packages.title(case)} {verb} {loaded}, which {are} not there{elsewhere}",
                    label=f"needs {names} to run",
                    why=f"{verb} {loaded}",
                    missing=library.packages,
                    help=help,
                    fixes=remedies.for_programs(project, running) if severity is SEVERITY else (),
                    notes=packages.how_known(library),
                )


def _some(libraries: tuple[str, ...]) -> str:
    """The first of many: a graphical toolkit's plugins load dozens."""
    more = len(libraries) - _MOST_NAMED
    return ", ".join(libraries[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")
