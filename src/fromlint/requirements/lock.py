"""What the readers of locks have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache

from fromlint.model.index import File
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Locked
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import requirement_text, toml_text
from fromlint.requirements.graph import Edge
from fromlint.requirements.names import file_name, normalise
from fromlint.requirements.requirement_text import Parsed
from fromlint.requirements.toml_text import Document
from fromlint.typed import Any


class LockReading(NamedTuple):
    """What a lock decides for a selection. ``unreadable``: nothing else of it counts. ``bad`` is what the tool would
    refuse of what it is asked for (a group that the lock does not have).
    """

    locked: tuple[Locked, ...] = ()
    requires_python: str | None = None
    unreadable: Problem | None = None
    bad: tuple[Problem, ...] = ()
    unknown: tuple[Unknown, ...] = ()


class Entry(NamedTuple):
    """A package's entry in a TOML lock: normalised name, version ("" where it has none), the entry and its place."""

    name: str
    version: str
    table: Mapping[str, Any]
    span: Span


class Root(NamedTuple):
    """What the project asks for in a group, by the name that the lock's tool has for it."""

    group: str
    edge: Edge


def entries(document: Document, header: str, file: str) -> list[Entry]:
    """The packages of a TOML lock, which stand under ``[[header]]``."""
    tables = document.rows(document.data.get(header))
    spans = toml_text.entries(document.text, header, file)
    if len(spans) != len(tables):
        spans = [Span(file, 1, 1, 1, 2)] * len(tables)
    return [
        Entry(normalise(text(entry, "name")), text(entry, "version"), entry, span)
        for entry, span in zip(tables, spans, strict=True)
    ]


def numbered(packages: list[Entry]) -> dict[str, list[int]]:
    """The numbers of the packages of each name."""
    numbers: dict[str, list[int]] = {}
    for number, package in enumerate(packages):
        numbers.setdefault(package.name, []).append(number)
    return numbers


def edge(requirement: str) -> Edge | None:
    """A requirement (PEP 508) as an edge; None where it is none."""
    parsed = requirement_text.parse(requirement)
    if not isinstance(parsed, Parsed):
        return None
    return Edge(normalise(parsed.name), parsed.extras, parsed.marker, constraint=parsed.specifier)


def requirement(wanted: Edge, specifier: str) -> str:
    """An edge as requirement text (PEP 508)."""
    extras = f"[{','.join(wanted.extras)}]" if wanted.extras else ""
    return f"{wanted.name}{extras}{specifier}" + (f" ; {wanted.marker}" if wanted.marker else "")


def refused(message: str, file: str, line: int = 1) -> LockReading:
    """A lock that cannot be read."""
    return LockReading(unreadable=Problem(message, Span(file, line, 1, line, 2)))


def text(table: Mapping[str, Any], key: str) -> str:
    """The string under a key, "" where there is none."""
    value = table.get(key)
    return value if isinstance(value, str) else ""


def table(value: object) -> Mapping[str, Any]:
    """``value`` where it is a table, else an empty one."""
    return value if isinstance(value, dict) else {}


def texts(value: object) -> tuple[str, ...]:
    """The strings of an array, () where ``value`` is none."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def under(tables: Mapping[str, Any], name: str) -> object:
    """What stands under a normalised name, however it is spelled there; None where nothing does."""
    if name in tables:
        return tables[name]
    return next((value for key, value in tables.items() if normalise(key) == name), None)


def listed_file(row: Mapping[str, Any], *, name: str = "") -> File | None:
    """A file as uv, poetry and pdm list it (``url``, ``path``, ``file``, ``hash``, ``size``, ``upload-time``).

    None where its name cannot be told.
    """
    url = text(row, "url")
    name = name or text(row, "file") or text(row, "filename") or file_name(url or text(row, "path"))
    if not name:
        return None
    size = row.get("size")
    digest = text(row, "hash")
    return File(
        name,
        url or None,
        hashes=(digest,) if digest else (),
        size=size if isinstance(size, int) and not isinstance(size, bool) and size >= 0 else None,
        uploaded=text(row, "upload-time") or None,
    )


def listed_files(document: Document, value: object) -> tuple[File, ...]:
    """The files in an array of such rows."""
    block = document.block(value)
    return _in_block(block) if block is not None else _in_rows(document.rows(value))


# A lock is read for each platform, and most of it is files.
@lru_cache(512)
def _in_block(block: str) -> tuple[File, ...]:
    return _in_rows(toml_text.rows(block))


def _in_rows(rows: Iterable[Mapping[str, Any]]) -> tuple[File, ...]:
    return tuple(file for file in map(listed_file, rows) if file is not None)


def version_numbers(value: object) -> tuple[int, ...] | None:
    """``"2.1"`` or ``1`` as numbers; None where it is no such version."""
    written = str(value) if isinstance(value, str | int) and not isinstance(value, bool) else ""
    parts = written.split(".")
    if len(written) > 20 or not all(part.isascii() and part.isdigit() for part in parts):
        return None
    return tuple(int(part) for part in parts)
