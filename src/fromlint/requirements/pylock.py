"""pylock.toml and pylock.NAME.toml: the lock that all tools share (PEP 751).

The lock says under which marker each package is installed; extras and dependency groups are sets in those markers.
"""

import re
from collections.abc import Iterable, Mapping

from fromlint.model.environment import Environment
from fromlint.model.index import File
from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Locked
from fromlint.requirements import graph, markers, toml_text
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import (
    Entry,
    LockReading,
    edge,
    entries,
    listed_file,
    numbered,
    refused,
    requirement,
    table,
    text,
    texts,
    version_numbers,
)
from fromlint.requirements.names import normalise
from fromlint.requirements.selection import Selection
from fromlint.requirements.toml_text import Document
from fromlint.typed import Any

NEWEST_MAJOR = 1


def is_pylock(name: str) -> bool:
    """Whether a file of this name is such a lock (PEP 751, "File Name")."""
    return re.fullmatch(r"pylock(?:\.[^.]+)?\.toml", name) is not None


def read(content: str, file: str, selection: Selection, environment: Environment) -> LockReading:
    """What the lock gives for ``selection`` in ``environment``. ``file`` is the path to show.

    The lock's own default groups count where ``selection.project`` does.
    """
    document = toml_text.load(content, file)
    if isinstance(document, Problem):
        return LockReading(unreadable=document)
    version = version_numbers(document.data.get("lock-version"))
    if version is None:
        return refused("not a pylock.toml: it has no lock-version", file)
    if version[0] > NEWEST_MAJOR:
        written = document.data["lock-version"]
        return refused(f"lock version {written} is newer than {NEWEST_MAJOR}.x, which is known", file)
    return _Lock(document, file, selection, environment).reading()


class _Lock:
    def __init__(self, document: Document, file: str, selection: Selection, environment: Environment) -> None:
        self.document = document
        self.file = file
        self.environment = environment
        self.selection = selection
        provided = tuple(normalise(extra) for extra in texts(document.data.get("extras")))
        self.extras = frozenset(selection.extras_of(provided))
        groups = tuple(normalise(group) for group in texts(document.data.get("dependency-groups")))
        defaults = tuple(normalise(group) for group in texts(document.data.get("default-groups")))
        chosen = selection._replace(default_groups=defaults if selection.project else ())
        self.groups = frozenset(chosen.groups_of(tuple(dict.fromkeys((*groups, *defaults)))))
        self.packages = entries(document, "packages", file)
        self.by_name = numbered(self.packages)

    def reading(self) -> LockReading:
        requires_python = text(self.document.data, "requires-python") or None
        wanted = texts(self.document.data.get("environments"))
        if wanted and all(self.evaluate(marker) is False for marker in wanted):
            fault = Problem("the lock is not made for this environment", Span(self.file, 1, 1, 1, 2))
            return LockReading((), requires_python, bad=(fault,))
        answers = {number: self.evaluate(text(entry.table, "marker")) for number, entry in enumerate(self.packages)}
        chosen = [number for number, answer in answers.items() if answer is not False]
        chains = self.chains(chosen)
        locked = [
            self.locked(number, "" if answers[number] else text(self.packages[number].table, "marker"), chains)
            for number in chosen
            if self.packages[number].name not in self.selection.without
        ]
        return LockReading(tuple(locked), requires_python)

    def evaluate(self, marker: str) -> bool | None:
        environment = self.environment
        return markers.evaluate(marker, environment, environment.platform, self.extras, groups=self.groups)

    def chains(self, chosen: Iterable[int]) -> Mapping[int, graph.Reached]:
        """What is not among the dependencies of another package is taken for what the project asks for."""
        installed = set(chosen)
        edges = {number: self.dependencies(number) for number in installed}
        needed = {wanted.name for number in installed for wanted in edges[number]}
        roots = [
            Edge(self.packages[number].name) for number in sorted(installed) if self.packages[number].name not in needed
        ]
        return graph.reach(
            roots,
            lambda number, extra: edges.get(number, []) if extra is None else [],
            lambda wanted: [number for number in self.by_name.get(wanted.name, []) if number in installed],
            lambda wanted, _extra: self.evaluate(wanted.marker) is not False,
        )

    def dependencies(self, number: int) -> list[Edge]:
        entry = self.packages[number]
        found = [
            Edge(normalise(text(row, "name")), version=text(row, "version"))
            for row in self.document.rows(entry.table.get("dependencies"))
        ]
        # pdm keeps them in its own table.
        lines = texts(table(table(entry.table.get("tool")).get("pdm")).get("dependencies"))
        found.extend(wanted for wanted in map(edge, lines) if wanted is not None)
        return [wanted for wanted in found if wanted.name != entry.name]

    def locked(self, number: int, marker: str, chains: Mapping[int, graph.Reached]) -> Locked:
        entry = self.packages[number]
        source, reference = _source(entry)
        rows = [table(entry.table.get("sdist")), *self.document.rows(entry.table.get("wheels"))]
        if source == "url":
            rows = [table(entry.table.get("archive"))]
        files = tuple(file for file in map(_file, rows) if file is not None)
        return Locked(
            entry.name,
            entry.version,
            marker,
            files if source in ("index", "url") else None,
            tuple(digest for file in files for digest in file.hashes),
            tuple(
                requirement(wanted, f"=={wanted.version}" if wanted.version else wanted.constraint)
                for wanted in self.dependencies(number)
            ),
            source,
            reference,
            text(entry.table, "index") or None,
            text(entry.table, "requires-python") or None,
            chains[number].parents if number in chains else (),
            entry.span,
        )


def _file(row: Mapping[str, Any]) -> File | None:
    file = listed_file(row, name=text(row, "name"))
    if file is None:
        return None
    hashes = tuple(f"{name}:{digest}" for name, digest in table(row.get("hashes")).items() if isinstance(digest, str))
    moment = row.get("upload-time")
    return file._replace(hashes=hashes, uploaded=str(moment) if moment is not None else None)


def _source(entry: Entry) -> tuple[str, str | None]:
    vcs = table(entry.table.get("vcs"))
    if vcs:
        place = text(vcs, "url") or text(vcs, "path")
        return "vcs", f"{text(vcs, 'type')}+{place}@{text(vcs, 'commit-id')}"
    folder = table(entry.table.get("directory"))
    if folder:
        return ("editable" if folder.get("editable") is True else "path"), text(folder, "path") or None
    archive = table(entry.table.get("archive"))
    if archive:
        return "url", text(archive, "url") or text(archive, "path") or None
    return "index", None
