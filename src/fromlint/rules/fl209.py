"""A script that starts the container names an interpreter that is not there.

## Why

`#!/bin/bash` on Alpine, which has no bash, and a first line that ends in CRLF, make the kernel look for a program that
does not exist: `exec /entrypoint.sh: no such file or directory`, although the script is there.

## Example

    FROM python:3.12-alpine
    COPY entrypoint.sh /entrypoint.sh       # begins with #!/bin/bash
    ENTRYPOINT ["/entrypoint.sh"]

## What to do

Write the script for `/bin/sh`, or install the interpreter; save it with Unix line ends (`*.sh text eol=lf` in
.gitattributes).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from fromlint.model.build import CommandUsed
from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.place import Span
from fromlint.model.project import Project, Script, StageFacts
from fromlint.project.known import commands
from fromlint.rules import lineage, wording

CODE = "FL209"
NAME = "script-interpreter-missing"
SEVERITY = Severity.ERROR


def check(project: Project) -> Iterator[Finding]:
    """A finding for each script that the container is started with."""
    target = lineage.target(project)
    if target is None:
        return
    decided: set[str] = set()
    for ancestor in reversed(lineage.lineage(project, target)):
        here = set()
        for number, step in enumerate(ancestor.steps):
            event = step.event
            if not isinstance(event, CommandUsed) or event.instruction == "RUN" or event.instruction in decided:
                continue
            here.add(event.instruction)
            script = ancestor.scripts.get(event.name)
            if script is not None:
                yield from _judged(project, target, script, lineage.on_one_line(ancestor, number, event.span))
        decided |= here
        if "ENTRYPOINT" in here:
            decided.add("CMD")


def _judged(project: Project, stage: StageFacts, script: Script, span: Span) -> Iterator[Finding]:
    name = posixpath.basename(script.path)
    line = script.first.rstrip("\r")
    if script.first.endswith("\r"):
        yield _finding(
            project,
            stage,
            span,
            message=f"the first line of {name} ends in CRLF, and {_interpreter(line) or line} is looked for with it",
            related=Label(script.span, "ends in CRLF"),
            help=("save it with Unix line ends (*.sh text eol=lf in .gitattributes)",),
        )
        return
    interpreter = _interpreter(line)
    if interpreter is None:
        return
    history = tuple(lineage.before(project, stage))
    lacking = commands.absent(interpreter, stage.environment, stage.states[-1], history)
    if lacking is not None:
        help = [f"write it for {_posix(stage)}"] if lacking.command in ("bash", "zsh") else []
        if lacking.packages:
            help.append(f"or add: {wording.add_line(stage.environment, lacking.packages)}")
        message, missing = f"{name} is for {lacking.command}, which is not installed", lacking.packages
    elif _other_python(stage, interpreter):
        python = stage.environment.python
        assert python is not None
        message, missing = f"{name} is for {interpreter}, and this image's Python is in {python.prefix}/bin", ()
        help = ["begin it with #!/usr/bin/env python3"]
    else:
        return
    related = Label(script.span, f"needs {interpreter}")
    yield _finding(project, stage, span, message=message, related=related, help=tuple(help), missing=missing)


def _interpreter(line: str) -> str | None:
    """The program that a first line asks for; behind ``env`` the name that is looked for in PATH."""
    words = line[2:].split()
    if words and posixpath.basename(words[0]) == "env":
        words = [word for word in words[1:] if not word.startswith("-") and "=" not in word]
    return words[0] if words else None


def _other_python(stage: StageFacts, interpreter: str) -> bool:
    """Whether it is the distribution's Python by its path, in an image that has only one of its own elsewhere."""
    environment = stage.environment
    if interpreter not in ("/usr/bin/python3", "/usr/bin/python") or environment.python is None:
        return False
    if environment.python.prefix != "/usr/local" or environment.packages is None:
        return False
    return not environment.others and not any(name.startswith("python3") for name in stage.states[-1].packages)


def _posix(stage: StageFacts) -> str:
    return "/bin/sh (BusyBox's)" if stage.environment.distro == "alpine" else "/bin/sh"


def _finding(
    project: Project,
    stage: StageFacts,
    span: Span,
    *,
    message: str,
    related: Label,
    help: tuple[str, ...],
    missing: tuple[str, ...] = (),
) -> Finding:
    return Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=message,
        span=span,
        label="the container will not start",
        stage=stage.stage.number,
        platforms=project.asked,
        missing=missing,
        related=(related, wording.from_label(project, stage)),
        help=help,
    )
