"""The distribution's own Python refuses to be installed into (PEP 668).

## Why

Since Debian 12, Ubuntu 23.04 and Alpine 3.19 pip stops with `error: externally-managed-environment` where it would
install beside the distribution's own packages, with `--user` as well, and so does `uv pip install --system`. The
official python images are not concerned: their Python is their own.

Nothing is said of virtual environments, `--target`, `--prefix`, `--root`, `--break-system-packages`, nor after the file
EXTERNALLY-MANAGED was removed.

## Example

    FROM debian:12
    RUN apt-get update && apt-get install -y python3-pip && pip install flask

## What to do

Make a virtual environment and put it first in PATH.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from fromlint.model.build import CommandUsed, FilesRemoved, VenvMade
from fromlint.model.finding import Finding, Severity
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.project.known import package_names
from fromlint.rules import lineage, wording

CODE = "FL506"
NAME = "externally-managed"
SEVERITY = Severity.ERROR

# In one stage: each looks at all that was before it, and no Dockerfile that people write has as many.
_MOST = 100
_TOOLS = {"pip": "pip install", "uv-pip": "uv pip install --system"}


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install into the distribution's own Python."""
    for stage in project.stages:
        if not stage.stage.reachable or not stage.environment.known:
            continue
        for install in stage.installs[:_MOST]:
            if _refused(project, stage, install):
                yield _finding(project, stage, install)


# What pip's configuration takes for yes (pip._internal.cli.parser, strtobool).
_TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})


def _refused(project: Project, stage: StageFacts, facts: InstallFacts) -> bool:
    install, python = facts.install, facts.python
    options = install.options
    if install.tool not in _TOOLS or install.action not in ("install", "sync") or python is None:
        return False
    if install.conditional or install.tolerated or install.runner or not python.externally_managed:
        return False
    if install.tool == "uv-pip" and not (install.system or "/" in (install.python or "")):
        # Without --system it stops earlier: FL207.
        return False
    if options.break_system_packages or options.target or options.prefix or options.root:
        return False
    if facts.needs.configuration.get("break-system-packages", "").lower() in _TRUE:
        return False
    if (facts.site != python.prefix and not options.user) or stage.environment.virtual_environment:
        return False
    history = tuple(lineage.before(project, stage, facts.step))
    if any(isinstance(event, VenvMade) for event in history) and not package_names.plain(
        lineage.base(project, stage).environment
    ):
        # The base may well put that environment first in PATH.
        return False
    return not any(_allows(event) for event in history)


def _allows(event: object) -> bool:
    """Whether the file that forbids it is taken away, or pip is told once for all."""
    if isinstance(event, FilesRemoved):
        return any(path.endswith(("EXTERNALLY-MANAGED", "*")) and "/python3" in path for path in event.paths)
    if isinstance(event, CommandUsed):
        words = (posixpath.basename(event.name), *event.arguments)
        return any("EXTERNALLY-MANAGED" in word for word in words) or (
            "config" in words and any("break-system-packages" in word for word in words)
        )
    return False


def _finding(project: Project, stage: StageFacts, facts: InstallFacts) -> Finding:
    environment = stage.environment
    lacks_venv = environment.family == "debian" and not any(
        "venv" in name or name.endswith("-full") for name in stage.states[facts.step].packages
    )
    missing = ("python3-venv",) if lacks_venv else ()
    steps = [wording.add_line(environment, missing)] if missing else []
    steps.append("python3 -m venv /opt/venv")
    what = _TOOLS[facts.install.tool]
    return Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"{what} into {wording.release_words(environment)}'s own Python: externally-managed-environment",
        span=wording.install_span(stage, facts),
        label="the build stops here",
        stage=stage.stage.number,
        platforms=project.asked,
        missing=missing,
        related=(wording.from_label(project, stage, facts.python),),
        help=(f"RUN {' && '.join(steps)}", 'and then ENV PATH="/opt/venv/bin:$PATH"'),
    )
