"""`apt-get install` without package lists: there was no `apt-get update` since the base, or they were deleted.

## Why

Official images come without package lists, and well-made RUN lines delete them again at their end. An install after
that stops with `E: Unable to locate package`, for every package.

Nothing is said where a cache mount keeps the lists (`--mount=type=cache,target=/var/lib/apt`).

## Example

    FROM python:3.12-slim
    RUN apt-get install -y libpq5

## What to do

Put `apt-get update &&` in front of it, in the same RUN.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import (
    ListsDeleted,
    PackagesAdded,
    Step,
)
from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.place import Span
from fromlint.model.project import Project, StageFacts
from fromlint.project.known import package_names, package_sources
from fromlint.regex import regex
from fromlint.rules import lineage, remedies, wording

CODE = "FL208"
NAME = "package-lists-missing"
SEVERITY = Severity.ERROR

# What a package brings is followed as far as builds and programs ask for it. Others of these names may well have come
# with one.
_OFTEN_BROUGHT = regex(
    r"(?:lib|python3|perl|gpg|gnupg|pinentry|fonts-|x11-|tcl|tk)[\w.+-]*|[\w.+-]+-(?:base|bin|common|data)|dirmngr"
    r"|bzip2|file|less|mailcap|media-types|netbase|openssl|patch|procps|sensible-utils|ucf|xdg-user-dirs|xz-utils"
)


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install that finds no package lists."""
    for stage in project.stages:
        base = lineage.base(project, stage).environment
        if not stage.stage.reachable or base.family != "debian" or not package_names.plain(base):
            continue
        there = base.package_lists
        deleted: Span | None = None
        for ancestor in lineage.lineage(project, stage):
            lists = package_sources.lists(ancestor.steps, there)
            said = False
            for number, step in enumerate(ancestor.steps):
                if isinstance(step.event, ListsDeleted) and step.event.manager == "apt":
                    deleted = step.event.span
                if lists[number] is not False:
                    said = False
                elif ancestor is stage and not said and _needs_lists(project, stage, number, step):
                    said = True
                    yield _finding(project, stage, number, deleted)
            there = lists[-1]


def _needs_lists(project: Project, stage: StageFacts, number: int, step: Step) -> bool:
    event = step.event
    if not isinstance(event, PackagesAdded) or event.manager != "apt" or not event.names:
        return False
    if event.conditional or event.tolerated:
        return False
    if _updates_itself(stage, number, event):
        return False
    # What is there already is kept, lists or not.
    more = any(isinstance(each, PackagesAdded) for each in lineage.before(project, stage, number))
    environment = lineage.base(project, stage).environment
    return any(
        not more or package_names.followed(environment, name.value) or not _OFTEN_BROUGHT.fullmatch(name.value)
        for name in event.names
        if name.value not in stage.states[number].packages
    )


def _updates_itself(stage: StageFacts, number: int, event: PackagesAdded) -> bool:
    """Whether it is ``apt-get install --update``, which apt 2.7.12 and later know (apt-get(8))."""
    command = lineage.command(stage, number, event.span)
    return command is not None and not {"--update", "-U"}.isdisjoint(command.arguments)


def _finding(project: Project, stage: StageFacts, number: int, deleted: Span | None) -> Finding:
    event = stage.steps[number].event
    assert isinstance(event, PackagesAdded)
    image = lineage.base(project, stage).environment.image
    why = "the lists were deleted before it" if deleted is not None else f"{image} comes without package lists"
    related = (Label(deleted, "the lists are deleted here"),) if deleted is not None else ()
    return Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"apt-get install without package lists: {why}",
        span=lineage.on_one_line(stage, number, event.span),
        label=f"will not find {event.names[0].value}",
        stage=stage.stage.number,
        platforms=project.asked,
        related=(wording.from_label(project, stage), *related),
        help=("put apt-get update && in front of it, in the same RUN",),
        fixes=remedies.lists_first(project.dockerfile, event.span),
    )
