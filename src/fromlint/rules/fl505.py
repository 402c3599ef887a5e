"""The base image's release, or its Python, gets no fixes any more.

## Why

After its end of life a release gets no security fixes. Some time later it leaves the mirrors, and `apt-get update`
stops the build: `The repository '… buster Release' does not have a Release file.` The two are different days:
bullseye's support is over and its mirror still answers. Debian counts by the end of its long-term support.

A *warning*; an *error* where `apt-get update` is run on a release that has left the mirrors.

## Example

    FROM python:3.9-slim-buster
    RUN apt-get update

## What to do

Take a base on a release, and with a Python, that is still looked after.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.build import Event, FileMade, FilesCopied, ListsUpdated, SourceAdded
from fromlint.model.finding import Finding, Label, Severity
from fromlint.model.place import Span
from fromlint.model.project import Project, StageFacts
from fromlint.project.known import base_tags, package_sources
from fromlint.rules import lineage, wording

CODE = "FL505"
NAME = "end-of-life-base"
SEVERITY = Severity.WARNING


def check(project: Project) -> Iterator[Finding]:
    """A finding for each image whose release or Python has ended and on which the result rests."""
    told: set[str] = set()
    # The shipped stage first: of the same image nothing more is said in others.
    for stage in sorted(project.stages, key=lambda each: not each.stage.shipped):
        environment = stage.environment
        if stage.stage.parent is not None or not stage.stage.reachable or not environment.known:
            continue
        if environment.image in told:
            continue
        release = wording.release_words(environment)
        ends = []
        # Of an inferred tag the release is not known for sure.
        if environment.tag_status == "real" and base_tags.ended(environment.end_of_life, project.as_of):
            ends.append(f"{release} on {environment.end_of_life}")
        if environment.python is not None and base_tags.ended(environment.python_end_of_life, project.as_of):
            ends.append(f"{wording.python_words(environment.python)} on {environment.python_end_of_life}")
        update = _fails(project, stage) if environment.lists_gone else None
        if update is None and not (ends and (stage.stage.shipped or _installs(project, stage))):
            continue
        told.add(environment.image)
        message = f"{environment.image} gets no fixes any more: {' and '.join(ends)}" if ends else ""
        if update is not None:
            message = f"{release} has left the mirrors: apt-get update fails" + (
                f" ({'; '.join(ends)})" if ends else ""
            )
        python_ended = any(end.startswith("CPython") for end in ends)
        better = None if python_ended else base_tags.still_supported(environment, project.as_of)
        yield Finding(
            code=CODE,
            rule=NAME,
            severity=SEVERITY if update is None else Severity.ERROR,
            message=message,
            span=wording.from_span(stage),
            label="; ".join(f"{end.rpartition(' on ')[0]} ended on {end.rpartition(' on ')[2]}" for end in ends),
            stage=stage.stage.number,
            platforms=project.asked,
            related=(Label(update, "the build stops here"),) if update is not None else (),
            help=(f"FROM {better}",) if better else (),
        )


def _installs(project: Project, stage: StageFacts) -> bool:
    """Whether Python packages that the target needs are installed on the base: then it is not just any build tool."""
    users = (user for user in project.stages if lineage.base(project, user) is stage)
    return any(user.stage.reachable and user.installs for user in users)


def _fails(project: Project, stage: StageFacts) -> Span | None:
    """Where package lists are fetched from the mirrors that no longer have them, by a stage on this base."""
    for user in project.stages:
        if not user.stage.reachable or lineage.base(project, user) is not stage:
            continue
        for ancestor in lineage.lineage(project, user):
            for step in ancestor.steps:
                event = step.event
                if isinstance(event, SourceAdded) or _other_sources(event):
                    # The archive is named instead (archive.debian.org), or another source.
                    return None
                if isinstance(event, ListsUpdated) and event.manager == "apt":
                    return None if event.conditional or event.tolerated else event.span
    return None


def _other_sources(event: Event) -> bool:
    """Whether another mirror may be named: by copied files, or by an edit of the list of sources."""
    if isinstance(event, FilesCopied):
        return package_sources.is_tree(event, "", "/etc", "/etc/apt")
    return isinstance(event, FileMade) and event.path.startswith("/etc/apt/sources")
