"""poetry.lock, versions 1.0 to 2.x (poetry's ``packages/locker.py`` and ``puzzle/transaction.py``).

From 2.1 on the lock says of each package in which groups it is and under which markers. Before, poetry resolves again
with the lock as its only index: here that is a walk from what pyproject.toml asks for.
"""

from collections.abc import Iterable, Mapping

from fromlint.model.environment import Environment
from fromlint.model.index import File
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Locked
from fromlint.requirements import graph, markers, poetry_constraint, toml_text, versions
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import (
    Entry,
    LockReading,
    Root,
    entries,
    listed_file,
    numbered,
    refused,
    requirement,
    table,
    text,
    texts,
    under,
    version_numbers,
)
from fromlint.requirements.names import named_by_archive, normalise
from fromlint.requirements.selection import Selection
from fromlint.requirements.toml_text import Document
from fromlint.typed import Any

MAIN = "main"
# poetry's _READ_VERSION_RANGE.
NEWEST_MAJOR = 2

_SOURCES = {"legacy": "index", "git": "vcs", "url": "url", "file": "path", "directory": "path"}


def read(
    content: str, file: str, selection: Selection, environment: Environment, roots: tuple[Root, ...] | None
) -> LockReading:
    """What the lock gives for ``selection`` in ``environment``. ``file`` is the path to show.

    ``roots`` are what pyproject.toml asks for, None where it cannot be read. ``selection.groups`` holds ``main`` if
    the project's own dependencies count.
    """
    document = toml_text.load(content, file)
    if isinstance(document, Problem):
        return LockReading(unreadable=document)
    metadata = table(document.data.get("metadata"))
    version = version_numbers(metadata.get("lock-version"))
    if version is None:
        return refused("not a poetry.lock: it has no lock-version", file)
    if version[0] > NEWEST_MAJOR:
        return refused(f"lock version {metadata['lock-version']} is newer than {NEWEST_MAJOR}.x, which is known", file)
    lock = _Lock(document, file, selection, environment, roots)
    reached, unknown = lock.by_groups() if version >= (2, 1) else lock.by_walk()
    locked = tuple(lock.locked(number, reached[number]) for number in sorted(reached))
    python = poetry_constraint.specifier(text(metadata, "python-versions"))
    return LockReading(
        tuple(package for package in locked if package.name not in selection.without), python or None, unknown=unknown
    )


class _Lock:
    def __init__(
        self,
        document: Document,
        file: str,
        selection: Selection,
        environment: Environment,
        roots: tuple[Root, ...] | None,
    ) -> None:
        self.document = document
        self.file = file
        self.selection = selection
        self.environment = environment
        self.roots = roots
        self.extras = self.active_extras()
        self.packages = entries(document, "package", file)
        self.by_name = numbered(self.packages)

    def active_extras(self) -> frozenset[str]:
        provided = tuple(normalise(extra) for extra in table(self.document.data.get("extras")))
        return frozenset(self.selection.extras_of(provided))

    def by_groups(self) -> tuple[dict[int, graph.Reached], tuple[Unknown, ...]]:
        """Each package is in groups, and has one marker for all of them or one for each."""
        chains = self.walked(self.roots or ())
        chosen: dict[int, graph.Reached] = {}
        for number, package in enumerate(self.packages):
            groups = tuple(normalise(group) for group in texts(package.table.get("groups"))) or (MAIN,)
            wanted = self.selection.groups_of(groups)
            answers = [(marker, self.evaluate(marker, self.extras)) for marker in _markers(package.table, wanted)]
            if not any(answer is not False for _, answer in answers):
                continue
            sure = any(answer for _, answer in answers)
            marker = "" if sure else next(marker for marker, answer in answers if answer is None)
            parents = chains[number].parents if number in chains else ()
            chosen[number] = graph.Reached(parents, marker)
        return chosen, ()

    def by_walk(self) -> tuple[dict[int, graph.Reached], tuple[Unknown, ...]]:
        if self.roots is not None:
            return self.walked(self.roots), ()
        why = "pyproject.toml, which says to which group a package belongs, cannot be read"
        unknown = Unknown("the groups of this lock", why, Span(self.file, 1, 1, 1, 2))
        chosen = {
            number: graph.Reached((), "") for number, package in enumerate(self.packages) if self.by_category(package)
        }
        return chosen, (unknown,)

    def by_category(self, package: Entry) -> bool:
        optional = {
            normalise(name)
            for extra, names in table(self.document.data.get("extras")).items()
            if normalise(extra) in self.extras
            for name in texts(names)
        }
        if package.table.get("optional") is True and package.name not in optional:
            return False
        return bool(self.selection.groups_of((text(package.table, "category") or MAIN,)))

    def walked(self, roots: Iterable[Root]) -> dict[int, graph.Reached]:
        groups = self.selection.groups_of(tuple({root.group: None for root in roots}))
        edges = [root.edge for root in roots if root.group in groups]
        return graph.reach(edges, self.dependencies, self.find, self.holds)

    def dependencies(self, number: int, extra: str | None) -> Iterable[Edge]:
        return table_edges(self.packages[number].table.get("dependencies"))

    def holds(self, edge: Edge, extra: str | None) -> bool | None:
        return self.evaluate(edge.marker, frozenset({extra}) if extra else frozenset())

    def evaluate(self, marker: str, extras: frozenset[str]) -> bool | None:
        return markers.evaluate(marker, self.environment, self.environment.platform, extras, together=True)

    def find(self, edge: Edge) -> list[int]:
        """The package that poetry's solver would take: the newest that the constraint and this Python allow."""
        numbers = self.by_name.get(edge.name, [])
        if len(numbers) < 2:
            return numbers
        fitting = [number for number in numbers if _allows(edge.constraint, self.packages[number].version)]
        python = self.environment.python.version if self.environment.python else ""
        for_python = [
            number
            for number in fitting
            if not python or _allows(text(self.packages[number].table, "python-versions"), python)
        ]
        return versions.newest(for_python or fitting or numbers, lambda number: self.packages[number].version)

    def locked(self, number: int, reached: graph.Reached) -> Locked:
        package = self.packages[number]
        source = table(package.table.get("source"))
        kind = text(source, "type")
        url = text(source, "url")
        reference = url or None
        if kind == "git":
            commit = text(source, "resolved_reference") or text(source, "reference")
            reference = f"git+{url}@{commit}" if commit else f"git+{url}"
        sort = _SOURCES.get(kind, "index")
        if kind == "directory" and package.table.get("develop") is True:
            sort = "editable"
        files, hashes = self.files(package, bool(kind in ("git", "directory")))
        python = poetry_constraint.specifier(text(package.table, "python-versions"))
        return Locked(
            package.name,
            package.version,
            reached.marker,
            files,
            hashes,
            tuple(_written(edge) for edge in table_edges(package.table.get("dependencies"))),
            sort,
            None if sort == "index" else reference,
            url or None if sort == "index" else None,
            python or None,
            reached.parents,
            package.span,
        )

    def files(self, package: Entry, local: bool) -> tuple[tuple[File, ...] | None, tuple[str, ...]]:
        """The files and hashes, which stood at the end of the file before version 2.0."""
        metadata = table(self.document.data.get("metadata"))
        if "files" in package.table:
            rows = self.document.rows(package.table["files"])
        elif "files" in metadata:
            rows = self.document.rows(under(table(metadata["files"]), package.name))
            if len(self.by_name[package.name]) > 1:
                rows = [row for row in rows if _is_of(text(row, "file"), package.version)]
        else:
            hashes = texts(under(table(metadata.get("hashes")), package.name))
            return None, tuple(f"sha256:{digest}" if ":" not in digest else digest for digest in hashes)
        files = tuple(file for file in map(listed_file, rows) if file is not None)
        digests = tuple(digest for file in files for digest in file.hashes)
        return (None if local and not files else files), digests


def table_edges(dependencies: object) -> list[Edge]:
    """The dependencies of a ``dependencies`` table: of a package in the lock, or of poetry's own in pyproject.toml."""
    found: list[Edge] = []
    for name, value in table(dependencies).items():
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, str):
                found.append(Edge(normalise(name), constraint=item))
            elif isinstance(item, dict):
                extras = tuple(normalise(extra) for extra in texts(item.get("extras")))
                marker = text(item, "markers")
                found.append(Edge(normalise(name), extras, marker, constraint=text(item, "version")))
    return found


def _markers(entry: Mapping[str, Any], groups: tuple[str, ...]) -> list[str]:
    """The markers under which a package is installed for ``groups``: any of them will do."""
    written = entry.get("markers")
    if isinstance(written, dict):
        by_group = {normalise(group): marker for group, marker in written.items() if isinstance(marker, str)}
        return [by_group.get(group, "") for group in groups]
    return [written if isinstance(written, str) else ""] if groups else []


def _allows(constraint: str, version: str) -> bool:
    """Whether a constraint, if it is one, admits a version."""
    wanted = poetry_constraint.alternatives(constraint)
    return wanted is None or any(versions.satisfies(version, specifier) is not False for specifier in wanted)


def _is_of(filename: str, version: str) -> bool:
    found = named_by_archive(filename)[1]
    return not found or found == version


def _written(wanted: Edge) -> str:
    """As requirement text; alternatives, which that cannot say, are left out."""
    return requirement(wanted, poetry_constraint.specifier(wanted.constraint) or "")
