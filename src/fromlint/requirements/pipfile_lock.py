"""Pipfile.lock (pipenv): hashes of files, but not their names, and no dependencies.

After ``requirement_from_lockfile`` in pipenv's ``utils/dependencies.py``.
"""

import json
import re
from collections.abc import Mapping

from fromlint.model.environment import Environment
from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Locked
from fromlint.requirements import markers
from fromlint.requirements.lock import LockReading, refused, table, text, texts
from fromlint.requirements.names import normalise
from fromlint.requirements.selection import Selection
from fromlint.typed import Any

DEFAULT = "default"
NEWEST_SPEC = 6


def read(content: str, file: str, selection: Selection, environment: Environment) -> LockReading:
    """What the lock gives for ``selection`` in ``environment``. ``file`` is the path to show.

    ``selection.groups`` are categories by their names in the lock: ``default``, ``develop``, or the project's own.
    """
    try:
        data = json.loads(content)
    except json.JSONDecodeError as error:
        span = Span(file, error.lineno, error.colno, error.lineno, error.colno + 1)
        return LockReading(unreadable=Problem(f"not valid JSON: {error.msg}", span))
    except RecursionError:
        return refused("not valid JSON: nested too deeply", file)
    except ValueError as error:
        return refused(f"not valid JSON: {str(error)[:200]}", file)
    meta = table(table(data).get("_meta"))
    if not meta:
        return refused("not a Pipfile.lock: it has no _meta", file)
    spec = meta.get("pipfile-spec")
    if isinstance(spec, int) and spec > NEWEST_SPEC:
        return refused(f"lock version {spec} is newer than {NEWEST_SPEC}, the newest that is known", file)
    sections = {name: table(section) for name, section in data.items() if name != "_meta"}
    chosen = selection.groups_of(tuple(sections))
    sources = {text(source, "name"): text(source, "url") for source in _tables(meta.get("sources"))}
    places = _places(content, file, sections)
    found: dict[str, Locked] = {}
    for section in chosen:
        for name, entry in sections[section].items():
            span = places.get((section, name), Span(file, 1, 1, 1, 2))
            locked = _locked(name, table(entry), environment, sources, span)
            if locked is not None and locked.name not in selection.without:
                found.setdefault(locked.name, locked)
    missing = tuple(
        Problem(f"the lock has no category {group}", Span(file, 1, 1, 1, 2))
        for group in selection.groups
        if group not in sections and group not in (DEFAULT, "develop")
    )
    return LockReading(tuple(found.values()), requires_python(table(meta.get("requires"))), bad=missing)


def requires_python(requires: Mapping[str, Any]) -> str | None:
    """What Pipfile's ``[requires]`` says, as a specifier; None where it says nothing."""
    full, short = text(requires, "python_full_version"), text(requires, "python_version")
    if full:
        return f"=={full}"
    return f"=={short}.*" if re.fullmatch(r"\d+\.\d+", short) else None


def _locked(
    name: str, entry: Mapping[str, Any], environment: Environment, sources: Mapping[str, str], span: Span
) -> Locked | None:
    marker = " and ".join(
        f"({text(entry, key)})" if text(entry, key) and "os_markers" in entry else text(entry, key)
        for key in ("markers", "os_markers")
        if text(entry, key)
    )
    answer = markers.evaluate(marker, environment, environment.platform, frozenset())
    if answer is False:
        return None
    source, reference = _source(entry)
    index = sources.get(text(entry, "index")) or next(iter(sources.values()), None)
    return Locked(
        normalise(name),
        text(entry, "version").lstrip("=*"),
        marker if answer is None else "",
        None,
        texts(entry.get("hashes")),
        (),
        source,
        reference,
        index if source == "index" else None,
        None,
        (),
        span,
    )


def _source(entry: Mapping[str, Any]) -> tuple[str, str | None]:
    for system in ("git", "hg", "svn", "bzr"):
        if system in entry:
            url = text(entry, system)
            url = url if "+" in url.partition(":")[0] else f"{system}+{url}"
            return "vcs", f"{url}@{text(entry, 'ref')}" if text(entry, "ref") else url
    place = text(entry, "path") or text(entry, "file")
    if not place:
        return "index", None
    if "://" in place and not place.startswith("file:"):
        return "url", place
    return ("editable" if entry.get("editable") is True else "path"), place


def _tables(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, dict)] if isinstance(value, list) else []


def _places(content: str, file: str, sections: Mapping[str, Mapping[str, Any]]) -> dict[tuple[str, str], Span]:
    """Where each package's key stands. pipenv writes one key a line, a section's less indented than its packages'."""
    places: dict[tuple[str, str], Span] = {}
    section, depth = "", -1
    for number, line in enumerate(content.split("\n"), 1):
        found = re.match(r'([ \t]*)"([^"\\]+)":[ \t]*\{', line)
        if found is None:
            continue
        indent, key = len(found[1]), found[2]
        if key in sections and (depth < 0 or indent <= depth):
            section, depth = key, indent
        elif section and indent > depth and key in sections[section]:
            places.setdefault((section, key), Span(file, number, indent + 1, number, found.end(2) + 2))
    return places
