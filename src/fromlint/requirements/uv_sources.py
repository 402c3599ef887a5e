"""uv's ``[tool.uv.sources]``: where a requirement comes from in place of an index; and the members of a workspace.

After uv's ``docs/concepts/projects/dependencies.md`` and ``workspaces.md``.
"""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Iterator, Mapping, Sequence

from fromlint.model.place import Problem, Unknown
from fromlint.model.requirement import Requirement
from fromlint.requirements import table_requirement, toml_text
from fromlint.requirements.collector import Collector, start_of
from fromlint.requirements.lock import table, text, texts
from fromlint.requirements.names import normalise

WORKSPACE = "workspace"
"""The kind of a requirement that is a member of the workspace, until its folder is known."""

_LEVELS = 50
_MOST_FOLDERS = 2_000


def sourced(requirement: Requirement, sources: Mapping[str, object]) -> tuple[Requirement, ...]:
    """The requirement as its sources have it: one for each of them, told apart by markers."""
    entry = next((value for name, value in sources.items() if normalise(name) == requirement.name), None)
    rows = [row for row in (entry if isinstance(entry, list) else [entry]) if isinstance(row, dict)]
    found = []
    for row in rows:
        kind, reference = table_requirement.source(row)
        if row.get("workspace") is True:
            kind = WORKSPACE
        marker = text(row, "marker")
        both = (
            f"({requirement.marker}) and ({marker})" if marker and requirement.marker else requirement.marker or marker
        )
        if kind == "index":
            found.append(requirement._replace(marker=both))
        elif requirement.kind == "index":
            found.append(requirement._replace(kind=kind, reference=reference, specifier="", marker=both))
    return tuple(found) or (requirement,)


def members(collector: Collector, folder: str) -> Mapping[str, str] | None:
    """The folders of the workspace that ``folder`` belongs to, by the names of their projects; None where it has none.

    What cannot be known of them is an entry.
    """
    for _ in range(_LEVELS):
        workspace = _table(collector, folder, "tool", "uv", "workspace")
        if workspace is not None:
            return dict(_named(collector, folder, workspace))
        above = posixpath.dirname(folder)
        if above == folder:
            break
        folder = above
    return None


def _named(collector: Collector, root: str, workspace: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    excluded = texts(workspace.get("exclude"))
    folders = [root]
    for pattern in texts(workspace.get("members")):
        found = _folders(collector, root, posixpath.normpath(pattern).split("/"))
        if found is None:
            shown = collector.shown(posixpath.join(root, "pyproject.toml"))
            why = "which folders there are is not known"
            collector.unknown.append(Unknown(f"the members {pattern} of the workspace", why, start_of(shown)))
        folders += found or ()
    for folder in dict.fromkeys(folders):
        below = posixpath.relpath(folder, root)
        if folder != root and any(fnmatch.fnmatchcase(below, posixpath.normpath(each)) for each in excluded):
            continue
        project = _table(collector, folder, "project")
        if project is not None and text(project, "name"):
            yield normalise(text(project, "name")), folder


def _folders(collector: Collector, root: str, parts: Sequence[str]) -> list[str] | None:
    """The folders that a pattern stands for; None where that is not known."""
    found = [root]
    for part in parts:
        if not any(sign in part for sign in "*?["):
            found = [posixpath.normpath(posixpath.join(folder, part)) for folder in found]
            continue
        inner: list[str] = []
        for folder in found:
            names = collector.files.names(folder) if collector.files.exists(folder) else ()
            if names is None or part == "**" or len(inner) > _MOST_FOLDERS:
                return None
            inner += [posixpath.join(folder, name) for name in names if fnmatch.fnmatchcase(name, part)]
        found = inner
    return found


def _table(collector: Collector, folder: str, *keys: str) -> Mapping[str, object] | None:
    """A table of the pyproject.toml in a folder; None where there is none, or none that can be read."""
    path = posixpath.join(folder, "pyproject.toml")
    if not collector.files.exists(path):
        return None
    quiet = collector.beside()
    content = quiet.text(path, collector.shown(path), start_of(path))
    document = toml_text.load(content, path) if content is not None else None
    if document is None or isinstance(document, Problem):
        return None
    found: object = document.data
    for key in keys:
        found = table(found).get(key)
    return found if isinstance(found, dict) else None
