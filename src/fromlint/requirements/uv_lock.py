"""uv.lock: version 1, all revisions (uv's ``crates/uv-resolver/src/lock``).

What is installed is found by walking from the project's own package, as ``uv sync`` does: an edge counts where its
marker holds. Conflicting extras and groups are encoded in the markers as extras of their own
(``extra == 'extra-4-shop-cpu'``, ``universal_marker.rs``).
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from fromlint.model.environment import Environment
from fromlint.model.index import File
from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Locked
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import graph, markers, toml_text
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import (
    LockReading,
    entries,
    listed_file,
    listed_files,
    numbered,
    refused,
    requirement,
    table,
    text,
    texts,
    under,
)
from fromlint.requirements.names import normalise
from fromlint.requirements.selection import Selection
from fromlint.requirements.toml_text import Document
from fromlint.typed import Any

NEWEST_VERSION = 1

_LOCAL = ("editable", "virtual", "directory")
# uv's word for where a package is from: ours.
_SOURCES = {
    "registry": "index",
    "git": "vcs",
    "url": "url",
    "path": "path",
    "directory": "path",
    "editable": "editable",
    "virtual": "virtual",
}


class _Source(NamedTuple):
    """Where a package is from: uv's word for it, and the URL or path ("" where it is not said)."""

    kind: str
    place: str


def read(content: str, file: str, selection: Selection, environment: Environment) -> LockReading:
    """What the lock gives for ``selection`` in ``environment``. ``file`` is the path to show."""
    document = toml_text.load(content, file)
    if isinstance(document, Problem):
        return LockReading(unreadable=document)
    version = document.data.get("version")
    if not isinstance(version, int) or isinstance(version, bool):
        return refused("not a uv.lock: it has no version", file)
    if version > NEWEST_VERSION:
        return refused(f"lock version {version} is newer than {NEWEST_VERSION}, the newest that is known", file)
    return _Lock(document, file, selection, environment).reading()


class _Lock:
    def __init__(self, document: Document, file: str, selection: Selection, environment: Environment) -> None:
        self.document = document
        self.file = file
        self.selection = selection
        self.environment = environment
        self.packages = entries(document, "package", file)
        self.by_name = numbered(self.packages)
        self.sources = [_source(package.table.get("source")) for package in self.packages]
        self.bad: list[Problem] = []
        self.conflicts: frozenset[str] = frozenset()

    def reading(self) -> LockReading:
        members = self.members()
        roots: list[Edge] = []
        active: set[str] = set()
        for number in members:
            edges, names = self.member_edges(number)
            roots.extend(edges)
            active.update(names)
        if self.selection.all_members or self.standalone():
            roots.extend(self.manifest_edges())
        self.conflicts = frozenset(active)
        reached = graph.reach(roots, self.dependencies, self.find, self.holds)
        if self.selection.project:
            for number in members:
                reached.setdefault(number, graph.Reached((), ""))
        locked = [
            self.locked(number, reached[number])
            for number in sorted(reached)
            if self.installs(number, number in members)
        ]
        requires_python = text(self.document.data, "requires-python") or None
        return LockReading(tuple(locked), requires_python, bad=tuple(self.bad))

    def standalone(self) -> bool:
        """Whether the command stands in a workspace root that is no project: all of its members count then."""
        return not self.selection.members and not self.at(self.selection.directory)

    def at(self, directory: str) -> list[int]:
        wanted = posixpath.normpath(directory or ".")
        return [
            number
            for number, source in enumerate(self.sources)
            if source.kind in _LOCAL and posixpath.normpath(source.place or ".") == wanted
        ]

    def members(self) -> list[int]:
        """The packages whose dependencies and groups are asked for."""
        if self.selection.members:
            found: list[int] = []
            for name in self.selection.members:
                numbers = [number for number in self.by_name.get(name, ()) if self.sources[number].kind in _LOCAL]
                if not numbers:
                    self.bad.append(Problem(f"the lock has no workspace member {name}", Span(self.file, 1, 1, 1, 2)))
                found.extend(numbers)
            return found
        here = self.at(self.selection.directory)
        if here and not self.selection.all_members:
            return here[:1]
        names = {normalise(name) for name in texts(table(self.document.data.get("manifest")).get("members"))}
        workspace = [number for name in sorted(names) for number in self.by_name.get(name, ())]
        return [number for number in workspace if self.sources[number].kind in _LOCAL] or here[:1]

    def member_edges(self, number: int) -> tuple[list[Edge], list[str]]:
        """What is asked for through a member, and the names under which conflict markers know of it."""
        package = self.packages[number]
        entry = package.table
        optional = table(entry.get("optional-dependencies"))
        development = table(entry.get("dev-dependencies"))
        edges: list[Edge] = []
        names: list[str] = []
        if self.selection.project:
            edges.extend(self.edges(entry.get("dependencies")))
            names.append(f"project-{len(package.name)}-{package.name}")
            for extra in self.selection.extras_of(tuple(normalise(extra) for extra in optional)):
                edges.extend(self.edges(under(optional, extra)))
                names.append(f"extra-{len(package.name)}-{package.name}-{extra}")
        for group in self.defaults(entry).groups_of(tuple(normalise(group) for group in development)):
            edges.extend(self.edges(under(development, group)))
            names.append(f"group-{len(package.name)}-{package.name}-{group}")
        return edges, names

    def defaults(self, entry: Mapping[str, Any]) -> Selection:
        """The selection with the default groups that a member has for itself; newer revisions of the lock say them."""
        own = entry.get("default-groups")
        if own is None or not self.selection.default_groups:
            return self.selection
        return self.selection._replace(default_groups=tuple(normalise(group) for group in texts(own)))

    def manifest_edges(self) -> list[Edge]:
        """The groups of a workspace root that is no project stand in the manifest."""
        groups = table(table(self.document.data.get("manifest")).get("dependency-groups"))
        wanted = self.selection.groups_of(tuple(normalise(group) for group in groups))
        return [edge for group in wanted for edge in self.edges(under(groups, group))]

    def edges(self, value: object) -> list[Edge]:
        found: list[Edge] = []
        for entry in self.document.rows(value):
            extras = entry.get("extra", entry.get("extras"))
            names = (extras,) if isinstance(extras, str) else texts(extras)
            found.append(
                Edge(
                    normalise(text(entry, "name")),
                    tuple(normalise(extra) for extra in names),
                    text(entry, "marker"),
                    text(entry, "version"),
                    source=_source(entry.get("source")).place,
                )
            )
        return found

    def dependencies(self, number: int, extra: str | None) -> Iterable[Edge]:
        entry = self.packages[number].table
        if extra is None:
            return self.edges(entry.get("dependencies"))
        return self.edges(under(table(entry.get("optional-dependencies")), extra))

    def find(self, edge: Edge) -> list[int]:
        numbers = self.by_name.get(edge.name, [])
        if len(numbers) < 2:
            return numbers
        exact = [number for number in numbers if edge.version in ("", self.packages[number].version)]
        placed = [number for number in exact if edge.source in ("", self.sources[number].place)]
        forks = [number for number in placed or exact if self.forked(number) is not False]
        return forks or placed or exact

    def forked(self, number: int) -> bool | None:
        """Whether the fork that a package belongs to is this environment's."""
        wanted = texts(self.packages[number].table.get("resolution-markers"))
        answers = {self.evaluate(marker) for marker in wanted}
        if not wanted or True in answers:
            return True
        return None if None in answers else False

    def holds(self, edge: Edge, extra: str | None) -> bool | None:
        return self.evaluate(edge.marker)

    def evaluate(self, marker: str) -> bool | None:
        environment = self.environment
        return markers.evaluate(marker, environment, environment.platform, self.conflicts, together=True)

    def installs(self, number: int, member: bool) -> bool:
        kind = self.sources[number].kind
        if kind == "virtual" or self.packages[number].name in self.selection.without:
            return False
        if kind in _LOCAL:
            return self.selection.install_workspace and (self.selection.install_project or not member)
        return True

    def locked(self, number: int, reached: graph.Reached) -> Locked:
        package = self.packages[number]
        kind, place = self.sources[number]
        registry = kind == "registry"
        files = self.files(package.table) if kind in ("registry", "url", "path") else None
        return Locked(
            package.name,
            package.version,
            reached.marker,
            files,
            tuple(digest for file in files or () for digest in file.hashes),
            tuple(_written(edge) for edge in self.dependencies(number, None)),
            _SOURCES[kind],
            None if registry else place,
            place if registry else None,
            None,
            reached.parents,
            package.span,
        )

    def files(self, entry: Mapping[str, Any]) -> tuple[File, ...]:
        sdist = listed_file(table(entry.get("sdist")))
        wheels = listed_files(self.document, entry.get("wheels"))
        return wheels if sdist is None else (sdist, *wheels)


def _source(value: object) -> _Source:
    found = table(value)
    kind = next((kind for kind in _SOURCES if kind in found), "registry")
    return _Source(kind, text(found, kind))


def _written(edge: Edge) -> str:
    return requirement(edge, f"=={edge.version}" if edge.version else "")
