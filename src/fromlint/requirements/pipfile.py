"""Pipfile: what pipenv installs where there is no lock."""

from __future__ import annotations

from fromlint.model.place import Problem, Span
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import pipfile_lock, requirement_text, table_requirement, toml_text
from fromlint.requirements.lock import table, text
from fromlint.requirements.names import normalise
from fromlint.requirements.requirement_text import Refused
from fromlint.requirements.toml_places import Places
from fromlint.typed import Any

# The lock's names for Pipfile's own categories.
_SECTIONS = {"packages": "default", "dev-packages": "develop"}
_OTHER_TABLES = frozenset({"source", "requires", "scripts", "pipenv", "pipfile", "build-system"})


class Pipfile(NamedTuple):
    """A Pipfile. ``categories`` by the names that they have in the lock. ``sources`` are index URLs, the first the
    main one; ``index_urls`` those of single packages.
    """

    categories: dict[str, tuple[Requirement, ...]]
    requires_python: str | None
    sources: tuple[str, ...]
    index_urls: dict[str, str]
    bad: tuple[Problem, ...]


def read(content: str, file: str) -> Pipfile | Problem:
    """The Pipfile, or why it cannot be read. ``file`` is the path to show."""
    document = toml_text.load(content, file)
    if isinstance(document, Problem):
        return document
    data = document.data
    places = Places(document.text, file)
    sources = {text(source, "name"): text(source, "url") for source in document.rows(data.get("source"))}
    categories: dict[str, tuple[Requirement, ...]] = {}
    index_urls: dict[str, str] = {}
    bad: list[Problem] = []
    for name, section in data.items():
        if name in _OTHER_TABLES or not isinstance(section, dict):
            continue
        stated = [_stated(key, entry, places.key(key, name)) for key, entry in section.items()]
        bad.extend(item for item in stated if isinstance(item, Problem))
        categories[_SECTIONS.get(name, name)] = tuple(item for item in stated if isinstance(item, Requirement))
        for key, entry in section.items():
            index = text(table(entry), "index")
            if index in sources:
                index_urls[normalise(key)] = sources[index]
    python = pipfile_lock.requires_python(table(data.get("requires")))
    return Pipfile(categories, python, tuple(url for url in sources.values() if url), index_urls, tuple(bad))


def _stated(name: str, entry: Any, span: Span) -> Requirement | Problem:
    return table_requirement.read(name, entry, span, _specifier, lambda _python: None)


def _specifier(version: str) -> str | None:
    """A version without an operator is meant exactly (pipenv's ``requirement_from_pipfile``)."""
    wanted = version if version.lstrip().startswith(("=", "<", ">", "!", "~")) else f"=={version}"
    parsed = requirement_text.parse(f"x{wanted}")
    return None if isinstance(parsed, Refused) else parsed.specifier
