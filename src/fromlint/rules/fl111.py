"""The project refuses the image's Python.

## Why

`requires-python` (or the Python that a Pipfile or poetry asks for) leaves the image's Python out. pip, poetry, pipenv
and pdm stop; uv downloads another Python instead, which makes the image's own superfluous: that is *info*, unless uv
is told not to download.

## Example

    # pyproject.toml: requires-python = ">=3.13"
    FROM python:3.12-slim
    RUN pip install .

## What to do

Take a base with a Python that the project takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.project import python_range
from fromlint.rules import lineage, wording

CODE = "FL111"
NAME = "python-refused"
SEVERITY = Severity.ERROR

_UV = frozenset({"uv-sync", "uv-run"})
_TOOLS = _UV | {"pip", "poetry", "pipenv", "pdm"}
_NEVER = ("never", "manual", "false", "0", "no", "off")


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install whose project refuses the Python that it is for."""
    for stage in project.stages:
        if not stage.stage.reachable:
            continue
        for install in stage.installs:
            asked, python = install.needs.requires_python, install.python
            if asked is None or python is None or install.install.tool not in _TOOLS:
                continue
            if install.install.action in ("export", "download") or install.install.options.ignore_requires_python:
                continue
            if install.install.conditional or install.install.tolerated or _chooses(install):
                continue
            if python_range.allows(asked, python.version) is False:
                yield _finding(project, stage, install, asked)


def _chooses(facts: InstallFacts) -> bool:
    """Whether uv is told which Python to take."""
    return facts.install.tool in _UV and bool(facts.install.python or facts.install.environment.get("UV_PYTHON"))


def _finding(project: Project, stage: StageFacts, facts: InstallFacts, asked: str) -> Finding:
    install = facts.install
    own = wording.python_words(facts.python)
    downloads = install.tool in _UV and not _offline(facts)
    image = lineage.base(project, stage).environment.image
    minors = python_range.official_minors(asked, project.as_of)
    help = [f"a base with Python {' or '.join(minors)} satisfies it"] if minors else []
    return Finding(
        code=CODE,
        rule=NAME,
        severity=Severity.INFO if downloads else SEVERITY,
        message=f"the project requires Python {asked}, {image} has {own}"
        + (": uv downloads another one" if downloads else ""),
        span=wording.install_span(stage, facts),
        label="uv does not use the image's Python" if downloads else "stops: this Python is refused",
        stage=stage.stage.number,
        platforms=project.asked,
        related=(wording.from_label(project, stage, facts.python),),
        help=tuple(help),
    )


def _offline(facts: InstallFacts) -> bool:
    """Whether uv is told to take a Python that is there."""
    install = facts.install
    if install.options.python_downloads is False or install.options.python_preference == "only-system":
        return True
    return install.environment.get("UV_PYTHON_DOWNLOADS", "").lower() in _NEVER
