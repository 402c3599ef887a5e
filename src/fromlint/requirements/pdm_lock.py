"""pdm.lock, versions 2 to 4.5 (pdm's ``project/lockfile/pdmlock.py`` and ``models/repositories/lock.py``).

A package stands once for itself and once more for each set of extras that is asked for. Newer locks say to which
groups each belongs; for the others the walk starts from what pyproject.toml asks for.
"""

from collections.abc import Iterable, Mapping

from fromlint.model.environment import Environment
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Locked
from fromlint.requirements import graph, markers, toml_text, versions
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import (
    LockReading,
    Root,
    edge,
    entries,
    listed_file,
    numbered,
    refused,
    table,
    text,
    texts,
    version_numbers,
)
from fromlint.requirements.names import normalise
from fromlint.requirements.selection import Selection
from fromlint.requirements.toml_text import Document
from fromlint.typed import Any

DEFAULT = "default"
# PDMLock.spec_version: a lock of a higher minor version is refused.
NEWEST = (4, 5)


def read(
    content: str,
    file: str,
    selection: Selection,
    environment: Environment,
    roots: tuple[Root, ...] | None,
    *,
    as_locked: bool = False,
) -> LockReading:
    """What the lock gives for ``selection`` in ``environment``. ``file`` is the path to show.

    ``selection.groups`` holds ``default`` if the project's own dependencies count, and extras by name, as pdm has it.
    ``as_locked``: the groups that the lock was made for, where it says them, take their place. ``roots`` are what
    pyproject.toml asks for, None where it cannot be read.
    """
    document = toml_text.load(content, file)
    if isinstance(document, Problem):
        return LockReading(unreadable=document)
    metadata = table(document.data.get("metadata"))
    version = version_numbers(metadata.get("lock_version"))
    if version is None:
        return refused("not a pdm.lock: it has no lock_version", file)
    if version[:2] > NEWEST:
        return refused(f"lock version {metadata['lock_version']} is newer than 4.5, the newest that is known", file)
    locked = tuple(normalise(group) for group in texts(metadata.get("groups")))
    if as_locked and locked:
        selection = selection._replace(groups=locked)
    return _Lock(document, file, selection, environment).reading(roots)


class _Lock:
    def __init__(self, document: Document, file: str, selection: Selection, environment: Environment) -> None:
        self.document = document
        self.file = file
        self.selection = selection
        self.environment = environment
        self.packages = entries(document, "package", file)
        self.by_name = numbered(self.packages)
        self.extras = [
            frozenset(normalise(extra) for extra in texts(package.table.get("extras"))) for package in self.packages
        ]

    def reading(self, roots: tuple[Root, ...] | None) -> LockReading:
        walked = self.walked(roots or ())
        grouped = any("groups" in package.table for package in self.packages)
        unknown: tuple[Unknown, ...] = ()
        if grouped:
            chosen = self.by_groups(walked)
        elif roots is not None:
            chosen = walked
        else:
            why = "pyproject.toml, which says to which group a package belongs, cannot be read"
            unknown = (Unknown("the groups of this lock", why, Span(self.file, 1, 1, 1, 2)),)
            chosen = {number: graph.Reached((), "") for number in range(len(self.packages))}
        return LockReading(self.merged(chosen), unknown=unknown)

    def by_groups(self, walked: Mapping[int, graph.Reached]) -> dict[int, graph.Reached]:
        chosen: dict[int, graph.Reached] = {}
        for number, package in enumerate(self.packages):
            groups = tuple(normalise(group) for group in texts(package.table.get("groups")))
            marker = text(package.table, "marker")
            answer = self.evaluate(marker)
            if answer is not False and (not groups or self.selection.groups_of(groups)):
                parents = walked[number].parents if number in walked else ()
                chosen[number] = graph.Reached(parents, marker if answer is None else "")
        return chosen

    def walked(self, roots: Iterable[Root]) -> dict[int, graph.Reached]:
        groups = self.selection.groups_of(tuple({root.group: None for root in roots}))
        edges = [root.edge for root in roots if root.group in groups]
        return graph.reach(edges, self.dependencies, self.find, lambda wanted, _extra: self.evaluate(wanted.marker))

    def dependencies(self, number: int, extra: str | None) -> list[Edge]:
        if extra is not None:  # the entry with the extras has them all
            return []
        package = self.packages[number]
        found = (edge(line) for line in texts(package.table.get("dependencies")))
        return [wanted for wanted in found if wanted is not None and wanted.name != package.name]

    def find(self, wanted: Edge) -> list[int]:
        numbers = [number for number in self.by_name.get(wanted.name, []) if self.extras[number] <= set(wanted.extras)]
        if len({self.packages[number].version for number in numbers}) < 2:
            return numbers
        fitting = [
            number
            for number in numbers
            if versions.satisfies(self.packages[number].version, wanted.constraint) is not False
            and self.evaluate(text(self.packages[number].table, "marker")) is not False
        ]
        return fitting or numbers

    def evaluate(self, marker: str) -> bool | None:
        return markers.evaluate(marker, self.environment, self.environment.platform, frozenset())

    def merged(self, chosen: Mapping[int, graph.Reached]) -> tuple[Locked, ...]:
        """The packages, each once with what its extras need too."""
        found: dict[tuple[str, str, str | None], Locked] = {}
        for number in sorted(chosen):
            locked = self.locked(number, chosen[number])
            if locked.name in self.selection.without:
                continue
            key = (locked.name, locked.version, locked.reference)
            first = found.get(key)
            if first is None:
                found[key] = locked
                continue
            shorter = min(first.parents, locked.parents, key=len)
            marker = first.marker if locked.marker else ""
            requires = tuple(dict.fromkeys((*first.requires, *locked.requires)))
            files = first.files or locked.files
            found[key] = first._replace(parents=shorter, marker=marker, requires=requires, files=files)
        return tuple(found.values())

    def locked(self, number: int, reached: graph.Reached) -> Locked:
        package = self.packages[number]
        entry = package.table
        source, reference = _source(entry)
        rows = self.document.rows(entry.get("files"))
        if not rows:
            by_name = table(table(self.document.data.get("metadata")).get("files"))
            rows = self.document.rows(by_name.get(f"{text(entry, 'name')} {package.version}"))
        files = tuple(file for file in map(listed_file, rows) if file is not None)
        return Locked(
            package.name,
            package.version,
            reached.marker,
            files if files or source == "index" else None,
            tuple(digest for file in files for digest in file.hashes),
            tuple(line for line in texts(entry.get("dependencies")) if not _is_own(line, package.name)),
            source,
            reference,
            None,
            text(entry, "requires_python") or None,
            reached.parents,
            package.span,
        )


def _is_own(line: str, name: str) -> bool:
    """``httpx==0.28.1`` stands among the dependencies of httpx with extras."""
    wanted = edge(line)
    return wanted is not None and wanted.name == name


def _source(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    for system in ("git", "hg", "svn", "bzr"):
        if system in entry:
            commit = text(entry, "revision") or text(entry, "ref")
            url = f"{system}+{text(entry, system)}"
            return "vcs", f"{url}@{commit}" if commit else url
    if "path" in entry:
        return ("editable" if entry.get("editable") is True else "path"), text(entry, "path")
    return ("url", text(entry, "url")) if "url" in entry else ("index", None)
