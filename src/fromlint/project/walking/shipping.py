"""Which stage runs what an install brings: followed through COPY and mounts to the stage that is shipped."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.model.build import Event, FilesCopied, FilesMounted
from fromlint.project.walking.layers import shows_files
from fromlint.project.walking.walked import InstallPoint, StageWalk, origin

# Places in stages that what an install brings is followed to.
_MOST_PLACES = 100


def running_stage(point: InstallPoint, walked: StageWalk, walks: Sequence[StageWalk]) -> StageWalk | None:
    """The shipped stage in which what an install brings is run; None where nothing ships it.

    It may get there through further stages, and to another path.
    """
    target = next((candidate for candidate in walks if candidate.stage.target), None)
    if target is None or walked.stage.shipped:
        return target
    waiting = [(walked, point.site.path)]
    seen: set[tuple[int, str]] = set()
    while waiting:
        source, site = waiting.pop()
        if (source.stage.number, site) in seen or len(seen) > _MOST_PLACES:
            continue
        seen.add((source.stage.number, site))
        for candidate in walks:
            for step in candidate.steps:
                copied = taken(step.event)
                if copied is None or not takes(*copied, site, source, walks):
                    continue
                if candidate.stage.shipped:
                    return target
                waiting.append((candidate, copied_to(step.event, site)))
    return None


def copied_to(event: Event, site: str) -> str:
    """Where a site is after the COPY that takes it or its ``lib``; where that cannot be told, at the destination."""
    if not isinstance(event, FilesCopied) or event.destination is None:
        return site
    destination = posixpath.normpath(event.destination)
    for source in event.sources:
        path = posixpath.normpath("/" + source.value.lstrip("/"))
        if site == path or site.startswith(path.rstrip("/") + "/"):
            return posixpath.normpath(posixpath.join(destination, site[len(path) :].lstrip("/")))
        below = path.removeprefix(site.rstrip("/"))
        if below != path and destination.endswith(below):
            return destination.removesuffix(below) or "/"
    return destination


def taken(event: Event) -> tuple[str, tuple[str, ...]] | None:
    """The stage that a COPY or a bind mount takes from, and the paths that it takes."""
    if isinstance(event, FilesCopied) and event.origin is not None:
        return event.origin, tuple(source.value for source in event.sources)
    if isinstance(event, FilesMounted) and event.mount.stage is not None and shows_files(event.mount):
        return event.mount.stage, (event.mount.source or "/",)
    return None


def takes(name: str, paths: Sequence[str], site: str, walked: StageWalk, walks: Sequence[StageWalk]) -> bool:
    """Whether a site, or the packages in it, are among the paths taken from the stage that filled it.

    They may also be taken from a stage that continues that one. A site of ``pip wheel`` is its folder of wheels.
    """
    if not site:
        return False
    source_stage: StageWalk | None = origin(name, walks)
    while source_stage is not None and source_stage is not walked:
        source_stage = walks[source_stage.stage.parent] if source_stage.stage.parent is not None else None
    if source_stage is None:
        return False
    for taken in paths:
        path = posixpath.normpath("/" + taken.lstrip("/"))
        if path.rstrip("/*") == site or site.startswith(path.rstrip("/") + "/"):
            return True
        if path.startswith((site.rstrip("/") + "/lib", site.rstrip("/") + "/*")):
            return True
        if site.endswith("/*") and "venv" in posixpath.basename(path):
            # An environment whose name is not known, linked to or moved there.
            return True
    return False
