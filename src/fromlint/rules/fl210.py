"""System packages are installed by a user who is not root.

## Why

After `USER app` every RUN is run by `app`, and `apt-get`, `apk` and `dnf` write where only root may:
`E: Could not open lock file … are you root?`, `ERROR: Unable to lock database: Permission denied`.

Nothing is said where the RUN gets root's rights (`sudo`, `su`, `gosu`, `doas`).

## Example

    FROM python:3.13-slim-trixie
    RUN useradd -m app
    USER app
    RUN apt-get update && apt-get install -y libpq5

## What to do

Install before `USER`, or put `USER root` in front of the line and the user's own behind it.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import ListsUpdated, PackagesAdded
from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.project import Project, StageFacts
from fromlint.regex import regex
from fromlint.rules import lineage

CODE = "FL210"
NAME = "root-needed"
SEVERITY = Severity.ERROR

_MANAGERS = frozenset({"apt", "apk", "dnf", "yum", "microdnf", "tdnf", "zypper", "pacman"})
_ROOT = regex(r"(root|0+)(:.*)?")
_PLAIN = regex(r"[\w.-]+(:[\w.-]+)?")
_RIGHTS = regex(r"\b(sudo|su|gosu|doas|su-exec|setpriv|fakeroot)\b")


def check(project: Project) -> Iterator[Finding]:
    """A finding for each RUN that installs system packages as another user."""
    for stage in project.stages:
        if not stage.stage.reachable:
            continue
        said: set[int] = set()
        for number, step in enumerate(stage.steps):
            event = step.event
            if not isinstance(event, PackagesAdded | ListsUpdated) or event.manager not in _MANAGERS:
                continue
            if event.conditional or event.tolerated or step.instruction in said:
                continue
            if _RIGHTS.search(lineage.instruction(stage, number).arguments.text):
                continue
            user, changed = lineage.user(project, stage, step.instruction)
            if _ROOT.fullmatch(user) or not _PLAIN.fullmatch(user):
                continue
            said.add(step.instruction)
            yield _finding(stage, number, user, changed)


def _finding(stage: StageFacts, number: int, user: str, changed: int | None) -> Finding:
    event = stage.steps[number].event
    assert isinstance(event, PackagesAdded | ListsUpdated)
    place = stage.stage.instructions[changed].span if changed is not None else None
    return Finding(
        CODE,
        NAME,
        SEVERITY,
        f"{event.manager} needs root, and {user} runs this",
        lineage.on_one_line(stage, number, event.span),
        label="needs root",
        stage=stage.stage.number,
        related=(Label(place, f"{user} from here on"),) if place is not None else (),
        help=("install before USER, or put USER root in front of it",),
    )
