"""What the rules on requirements files share: findings from the problems that the readers noted."""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.place import Problem
from fromlint.model.project import Project
from fromlint.rules import wording
from fromlint.typed import Literal


def problems(
    project: Project, kind: Literal["missing", "unreadable", "bad"], code: str, name: str, severity: Severity
) -> Iterator[Finding]:
    """A finding for each problem of that kind, once, at its own place; the install that reads it is a related place."""
    seen: set[Problem] = set()
    for stage in project.stages:
        for install in stage.installs:
            for problem in getattr(install.needs, kind):
                if problem in seen:
                    continue
                seen.add(problem)
                if kind == "missing" and install.install.conditional and problem.span.file == project.dockerfile.path:
                    # [ -f requirements.txt ] && pip install -r requirements.txt
                    continue
                place = wording.install_span(stage, install)
                related = () if problem.span.file == place.file else (Label(place, "read here"),)
                how = Severity.INFO if install.install.tolerated else severity
                yield Finding(code, name, how, problem.message, problem.span, stage=stage.stage.number, related=related)
