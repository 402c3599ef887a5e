"""An install or a virtual environment has nothing to stand on.

## Why

`uv pip install` installs into a virtual environment and stops where there is none: `error: No virtual environment
found`. On Debian and Ubuntu `python3 -m venv` needs the package python3-venv, without which it leaves half an
environment behind: `The virtual environment was not created successfully because ensurepip is not available`.

## Example

    FROM python:3.12-slim
    RUN pip install uv && uv pip install flask

## What to do

Say `uv pip install --system` (or `ENV UV_SYSTEM_PYTHON=1`), or make an environment with `uv venv`; for `python3 -m
venv` add python3-venv.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from itertools import islice

from fromlint.model.build import FilesCopied, Install, PackagesAdded, VenvMade
from fromlint.model.finding import Finding, Severity
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.rules import lineage, remedies, wording

CODE = "FL207"
NAME = "no-environment"
SEVERITY = Severity.ERROR

# In one stage: each looks at all that was before it, and no Dockerfile that people write has as many.
_MOST = 100
_SYSTEM = ("", "/", "/usr", "/usr/local")
# Names of an environment that is in use (uv: crates/uv-python/src/virtualenv.rs), or of one of conda's.
_ACTIVE = ("VIRTUAL_ENV", "CONDA_PREFIX", "CONDA_DEFAULT_ENV")


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install without environment, and for each ``python3 -m venv`` without python3-venv."""
    for stage in project.stages:
        if not stage.stage.reachable or not stage.environment.known:
            continue
        for install in stage.installs[:_MOST]:
            if install.install.tool == "uv-pip" and _nowhere(project, stage, install):
                yield _without_environment(project, stage, install)
        made = (number for number, step in enumerate(stage.steps) if isinstance(step.event, VenvMade))
        for number in islice(made, _MOST):
            step = stage.steps[number]
            if isinstance(step.event, VenvMade) and _lacks_venv(project, stage, number, step.event):
                yield _without_package(project, stage, number, step.event)


def _nowhere(project: Project, stage: StageFacts, facts: InstallFacts) -> bool:
    """Whether ``uv pip`` finds no environment (tried with uv 0.13.9): not active, not on PATH, no .venv above."""
    install = facts.install
    options = install.options
    if install.action not in ("install", "sync") or install.conditional or install.tolerated or install.runner:
        return False
    if install.system or "/" in (install.python or "") or options.target or options.prefix or install.directory is None:
        return False
    if any(install.environment.get(name) for name in _ACTIVE) or stage.environment.virtual_environment:
        return False
    if facts.site not in _SYSTEM or _run_by_python(stage, facts.step, install):
        return False
    return not any(_may_be_found(event, install.directory) for event in lineage.before(project, stage, facts.step))


def _run_by_python(stage: StageFacts, step: int, install: Install) -> bool:
    """Whether it is ``python -m uv pip``, which installs for that Python."""
    command = lineage.command(stage, step, install.span)
    return command is not None and "-m" in command.arguments[:2]


def _may_be_found(event: object, directory: str) -> bool:
    if isinstance(event, VenvMade):
        return posixpath.basename(event.path) == ".venv" and _inside(directory, posixpath.dirname(event.path))
    if isinstance(event, FilesCopied) and event.origin is not None:
        destination = (event.destination or "/").rstrip("/") or "/"
        return any(
            _inside(environment, destination) or _inside(destination, environment)
            for environment in _environments(directory)
        )
    return False


def _environments(directory: str) -> Iterator[str]:
    """Where uv looks for an environment: ``.venv`` in the folder and in those above it."""
    while True:
        yield posixpath.join(directory, ".venv")
        above = posixpath.dirname(directory)
        if above == directory:
            return
        directory = above


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def _without_environment(project: Project, stage: StageFacts, facts: InstallFacts) -> Finding:
    words = f"uv pip {facts.install.action}"
    return Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"{words} without a virtual environment and without --system",
        span=wording.install_span(stage, facts),
        label="finds no virtual environment and stops",
        stage=stage.stage.number,
        platforms=project.asked,
        related=(wording.from_label(project, stage, facts.python),),
        help=(
            f"{words} --system, or ENV UV_SYSTEM_PYTHON=1",
            "or RUN uv venv before it, in the same folder",
        ),
        fixes=remedies.into_system(project.dockerfile, facts.install.span, words)
        if _is_meant(stage, project, facts)
        else (),
    )


def _is_meant(stage: StageFacts, project: Project, facts: InstallFacts) -> bool:
    """Whether the image's Python is surely where it is to go: it takes installs, and there is no environment."""
    made = any(isinstance(event, VenvMade) for event in lineage.before(project, stage, facts.step))
    return facts.python is not None and not facts.python.externally_managed and not made


# --- python3 -m venv on Debian ----------------------------------------------------------------------------------


def _lacks_venv(project: Project, stage: StageFacts, number: int, event: VenvMade) -> bool:
    environment = stage.environment
    if event.tool != "venv" or event.conditional or environment.family != "debian":
        return False
    own = environment.python
    python = event.python or "python3"
    of_the_system = python.startswith("/usr/bin/") or ((own is None or own.prefix == "/usr") and "/" not in python)
    if not of_the_system or environment.virtual_environment:
        return False
    names = set[str]()
    for earlier in lineage.before(project, stage, number):
        if isinstance(earlier, VenvMade):
            # One that is active is made by another tool's Python.
            return False
        if isinstance(earlier, PackagesAdded):
            if earlier.unknown or earlier.conditional or earlier.manager != "apt":
                return False
            names |= {name.value for name in earlier.names}
    if not names or any("venv" in name or name.endswith(("-full", "virtualenv")) for name in names):
        return False
    if any("venv" in name for name in stage.states[number].packages):
        return False
    if not any(name.startswith("python3") for name in stage.states[number].packages):
        return False
    line = lineage.command(stage, number, event.span)
    return line is not None and not line.guarded and "--without-pip" not in line.arguments


def _without_package(project: Project, stage: StageFacts, number: int, event: VenvMade) -> Finding:
    package = "python3-venv"
    name = posixpath.basename(event.python or "")
    if name.startswith("python3."):
        package = f"{name}-venv"
    return Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"python3 -m venv needs {package} on {wording.release_words(stage.environment)}",
        span=lineage.on_one_line(stage, number, event.span),
        label="stops: ensurepip is not available",
        stage=stage.stage.number,
        platforms=project.asked,
        missing=(package,),
        related=(wording.from_label(project, stage),),
        help=(f"add before it: {wording.add_line(stage.environment, (package,))}",),
        fixes=remedies.add_before(project, stage, number, (package,)),
    )
