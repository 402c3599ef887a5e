"""A Python module is installed as a system package, beside a Python that does not see it.

## Why

`apk add py3-numpy` and `apt-get install python3-numpy` fill `/usr/lib/python3`, for the distribution's own Python. The
official python images run `/usr/local/bin/python`, which does not look there: the package costs space, brings a second
Python along, and is never imported.

It is said only of modules that the project also requires, and not where `/usr/bin/python3` is used or PYTHONPATH points
there.

## Example

    FROM python:3.12-alpine
    RUN apk add --no-cache py3-numpy
    RUN pip install -r requirements.txt     # numpy==2.2.0

## What to do

Leave the system package out. If it was there for the libraries that it brings, install these.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import CommandUsed, Event, FilesCopied, PackagesAdded, VariableSet, VenvMade
from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project, StageFacts
from fromlint.project.known import distro_modules
from fromlint.rules import lineage, wording

CODE = "FL303"
NAME = "distro-python-module"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each such package."""
    for stage in project.stages:
        python = stage.environment.python
        if not stage.stage.reachable or not stage.environment.known or python is None or python.prefix == "/usr":
            continue
        wanted = _required(project, stage)
        if not wanted or any(_uses_the_other(event) for event in lineage.before(project, stage)):
            continue
        for step in stage.steps:
            event = step.event
            if not isinstance(event, PackagesAdded) or event.manager not in ("apt", "apk"):
                continue
            for name in event.names:
                twin = next((each for each in distro_modules.projects(name.value) if each in wanted), None)
                if twin is None:
                    continue
                yield Finding(
                    code=CODE,
                    rule=NAME,
                    severity=SEVERITY,
                    message=f"{name.value} is for /usr/bin/python3, and this image runs {python.prefix}/bin/python3",
                    span=name.span,
                    label="will not be imported",
                    stage=stage.stage.number,
                    platforms=project.asked,
                    related=(wording.from_label(project, stage),),
                    help=(
                        f"leave it out: {twin} is installed from the requirements",
                        "or install the libraries alone, if it was there for these",
                    ),
                )


def _required(project: Project, stage: StageFacts) -> frozenset[str]:
    """The names that installs for the image's own Python bring or ask for."""
    found = set[str]()
    for each in project.stages:
        if stage in lineage.lineage(project, each):
            for install in each.installs:
                if install.python is not None and install.python.prefix == "/usr":
                    continue
                found.update(facts.package.name for facts in install.packages)
                found.update(requirement.name for requirement in install.needs.requirements)
    return frozenset(found)


def _uses_the_other(event: Event) -> bool:
    if isinstance(event, CommandUsed):
        return event.name.startswith("/usr/bin/python3") or any("/usr/bin/python3" in word for word in event.arguments)
    if isinstance(event, VenvMade):
        return event.system_site_packages or (event.python or "").startswith("/usr/bin/")
    if isinstance(event, VariableSet):
        return event.name == "PYTHONPATH" and (event.value is None or "/usr/lib/python3" in event.value)
    if isinstance(event, FilesCopied):
        return any("/usr/lib/python3" in source.value for source in event.sources)
    return False
