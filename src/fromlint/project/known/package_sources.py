"""What a stage's packages are installed from: sources besides the distribution's own, and apt's package lists."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.model.build import (
    CommandUsed,
    Event,
    FilesCopied,
    FilesMounted,
    ListsDeleted,
    ListsUpdated,
    ScriptUnread,
    SourceAdded,
    Step,
    ToolFetched,
)

_LISTS = "/var/lib/apt/lists"
# By these a tree for the image is told from a project that is copied to the root for want of a WORKDIR.
_TREES = frozenset({"etc", "lib", "usr", "var"})


def may_be_added(event: Event, manager: str) -> bool:
    """Whether an event may add a package source for a package manager."""
    if isinstance(event, SourceAdded):
        return event.manager == manager
    if isinstance(event, FilesCopied):
        # A whole file tree may hold /etc/apt/sources.list.d or /etc/apk/repositories.
        return is_tree(event, "", "/etc")
    # A script that was downloaded and run often adds a source.
    return isinstance(event, ToolFetched) and event.script


def to_the_root(event: FilesCopied) -> bool:
    """Whether a COPY puts something into the root of the image."""
    return not (event.destination or "/").rstrip("/")


def is_tree(event: FilesCopied, *folders: str) -> bool:
    """Whether a COPY may put a whole file tree (with an ``etc``, say) into one of the folders; ``""`` is the root."""
    if (event.destination or "/").rstrip("/") not in folders:
        return False
    if event.brings is not None:
        return not _TREES.isdisjoint(event.brings)
    names = [posixpath.basename(source.value.rstrip("/")) for source in event.sources]
    return any("." not in name or name in (".", "..") or "*" in name for name in names)


def lists(steps: Sequence[Step], there: bool | None) -> list[bool | None]:
    """Whether apt's lists are there before each step of a stage, and after them all; None where that is not known.

    ``there`` is whether they are at its beginning. Of a RUN that mounts something in their place: None.
    """
    found: list[bool | None] = []
    mounted: set[int] = set()
    for step in steps:
        if isinstance(step.event, FilesMounted) and _holds_lists(step.event):
            mounted.add(step.instruction)
        if step.instruction in mounted:
            found.append(None)
        else:
            found.append(there)
            there = _after(step.event, there)
    return [*found, there]


def _holds_lists(event: FilesMounted) -> bool:
    target = (event.mount.target or "/").rstrip("/")
    return event.mount.kind in ("cache", "bind", "tmpfs") and (_LISTS + "/").startswith(target + "/")


def _after(event: Event, there: bool | None) -> bool | None:
    if isinstance(event, ListsUpdated) and event.manager == "apt":
        return True
    if isinstance(event, ListsDeleted) and event.manager == "apt":
        return False
    if isinstance(event, ScriptUnread) or (isinstance(event, ToolFetched) and event.script):
        # An installer script may have fetched the lists.
        return None
    if isinstance(event, FilesCopied) and (event.destination or "/").startswith(("/var/lib/apt",)):
        return None
    if isinstance(event, CommandUsed) and event.instruction == "RUN" and there is False and _a_script(event):
        return None
    return there


def _a_script(event: CommandUsed) -> bool:
    """Whether a script of the project is run, which may do anything."""
    if event.name.endswith(".sh") or event.name.startswith(("./", "/tmp/", "/app/", "/opt/", "/scripts/")):
        return True
    return event.name in ("sh", "bash") and bool(event.arguments) and not event.arguments[0].startswith("-")
