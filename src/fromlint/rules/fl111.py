"""The project refuses the image's Python.

## Why

`requires-python` (or the Python that a Pipfile or poetry asks for) leaves the image's Python out. pip, poetry, pipenv
and pdm stop; uv downloads another Python instead, which makes the image's own superfluous: that is *info*, unless uv
is told not to download.

## Example

    # pyproject.toml: requires-python = ">=3.13"
    FROM python:3.12-slim
    RUN pip install .

A `.python-version` that the image's Python is not (another minor, or another patch release where it names one) has the
same effect on uv.

## What to do

Take a base with a Python that the project takes.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.environment import Python
from fromlint.model.finding import Finding, Severity
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.project.walking import python_range
from fromlint.project.walking.pythons import may_fetch
from fromlint.rules import lineage, wording

CODE = "FL111"
NAME = "python-refused"
SEVERITY = Severity.ERROR

_UV = frozenset({"uv-sync", "uv-run"})
_TOOLS = _UV | {"pip", "poetry", "pipenv", "pdm"}


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install whose project refuses the Python that it is for."""
    for stage in project.stages:
        if not stage.stage.reachable:
            continue
        for install in stage.installs:
            if install.install.tool not in _TOOLS:
                continue
            if install.install.action in ("export", "download") or install.install.options.ignore_requires_python:
                continue
            if install.install.conditional or install.install.tolerated or _chooses(install):
                continue
            asked, python = install.needs.requires_python, install.python
            if install.passed_over is not None and install.asked is not None:
                yield _finding(project, stage, install, install.passed_over, install.asked)
            elif asked is not None and python is not None and python_range.allows(asked, python.version) is False:
                yield _finding(project, stage, install, python, f"the project requires Python {asked}")


def _chooses(facts: InstallFacts) -> bool:
    """Whether uv is told which Python to take."""
    return facts.install.tool in _UV and bool(facts.install.python or facts.install.environment.get("UV_PYTHON"))


def _finding(project: Project, stage: StageFacts, facts: InstallFacts, python: Python, asked: str) -> Finding:
    install = facts.install
    own = wording.python_words(python)
    downloads = install.tool in _UV and may_fetch(install, facts.needs.options)
    image = lineage.base(project, stage).environment.image
    if ".python-version" in asked:
        own = f"{own.rpartition(' ')[0]} {python.version}"
    taken = f"uv takes {wording.python_words(facts.python)}" if facts.passed_over and facts.python else ""
    help = _help(project, facts)
    return Finding(
        code=CODE,
        rule=NAME,
        severity=Severity.INFO if downloads else SEVERITY,
        message=f"{asked}, {image} has {own}" + (": uv downloads another one" if downloads else ""),
        span=wording.install_span(stage, facts),
        label="uv does not use the image's Python" if downloads else "stops: this Python is refused",
        stage=stage.stage.number,
        platforms=project.asked,
        related=(wording.from_label(project, stage, python, taken),),
        help=tuple(help),
    )


def _help(project: Project, facts: InstallFacts) -> list[str]:
    if facts.passed_over is not None and facts.python is not None and ".python-version" in (facts.asked or ""):
        minor = ".".join(facts.python.version.split(".")[:2])
        if minor == ".".join(facts.passed_over.version.split(".")[:2]):
            return [f"{minor} in .python-version takes any patch release, the image's too"]
        return [f"a base with Python {minor} has it"]
    required = facts.needs.requires_python
    minors = python_range.official_minors(required, project.as_of) if required else ()
    return [f"a base with Python {' or '.join(minors)} satisfies it"] if minors else []
