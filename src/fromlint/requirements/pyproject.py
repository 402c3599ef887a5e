"""pyproject.toml: what a project needs, by the standard tables and by those of poetry, pdm and uv.

PEP 621 (``[project]``), PEP 735 (``[dependency-groups]``), PEP 518 (``[build-system]``); poetry-core's ``factory.py``;
uv's ``[tool.uv]`` with ``sources`` and ``index``.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import FileOptions, Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import poetry_constraint, project_indexes, stated, table_requirement, toml_text, uv_sources
from fromlint.requirements.lock import table, text, texts
from fromlint.requirements.names import normalise
from fromlint.requirements.toml_places import Places
from fromlint.requirements.toml_text import Document

# What builds a project that does not say it (PEP 517, "Source trees"; pip's ``load_pyproject_toml``).
DEFAULT_BUILD = "setuptools>=40.8.0"


class Pyproject(NamedTuple):
    """A pyproject.toml.

    ``main`` are the project's own dependencies, None where they are not said here (``dynamic_files`` names the files
    that setuptools takes them from). ``dynamic_extras``: the same for extras, None where those are said to be static.
    ``extras`` and ``groups`` by normalised name, includes resolved.
    ``default_groups``: uv's, None where it does not say; ``optional_groups``: poetry's that are not installed unless
    asked for. ``build``: what builds the project. ``package``: it is built and installed by tools that ask whether it
    is a package at all (uv, poetry, pdm). ``build_script``: poetry runs one when it installs the project.
    ``index_urls``: the indexes of single packages, ``options`` those of all.
    """

    name: str | None
    is_project: bool
    main: tuple[Requirement, ...] | None
    dynamic_files: tuple[str, ...]
    dynamic_extras: Mapping[str, tuple[str, ...]] | None
    extras: Mapping[str, tuple[Requirement, ...]]
    groups: Mapping[str, tuple[Requirement, ...]]
    default_groups: tuple[str, ...] | None
    optional_groups: frozenset[str]
    build: tuple[Requirement, ...]
    package: bool
    build_script: bool
    requires_python: str | None
    index_urls: Mapping[str, str]
    options: FileOptions
    bad: tuple[Problem, ...]
    unknown: tuple[Unknown, ...]


def read(content: str, file: str, tool: str = "", *, sources: bool = True) -> Pyproject | Problem:
    """The file, or why it cannot be read. ``file`` is the path to show; ``tool`` (uv, poetry, pdm) says whose tables
    count beside the standard ones. ``sources`` false: uv's ``[tool.uv.sources]`` do not (``--no-sources``).
    """
    document = toml_text.load(content, file)
    if isinstance(document, Problem):
        return document
    return _Reader(document, file, tool, sources=sources).read()


def whole(file: str) -> Span:
    """The place of what concerns all of a file."""
    return Span(file, 1, 1, 1, 2)


def default_build(span: Span) -> tuple[Requirement, ...]:
    """What builds a project that does not say it; ``span`` is the place to give for it."""
    default = stated.read(DEFAULT_BUILD, lambda _start, _end: span)
    return (default,) if isinstance(default, Requirement) else ()


class _Reader:
    def __init__(self, document: Document, file: str, tool: str, *, sources: bool) -> None:
        self.document = document
        self.file = file
        self.tool = tool
        self.places = Places(document.text, file)
        self.data = document.data
        self.project = table(self.data.get("project"))
        self.tools = table(self.data.get("tool"))
        self.poetry = table(self.tools.get("poetry"))
        uv = table(self.tools.get("uv")) if tool == "uv" and sources else {}
        self.sources = table(uv.get("sources"))
        self.bad: list[Problem] = []
        self.unknown: list[Unknown] = []

    def read(self) -> Pyproject:
        name = text(self.project, "name") or text(self.poetry, "name")
        main, dynamic_files = self.main()
        index_urls, options = project_indexes.read(document=self.document, tool=self.tool)
        return Pyproject(
            normalise(name) if name else None,
            bool(self.project) or bool(self.poetry),
            main,
            dynamic_files,
            self.dynamic_extras(),
            self.extras(),
            self.groups(),
            self.default_groups(),
            self.optional_groups(),
            self.build(),
            self.package(),
            bool(self.poetry.get("build")),
            self.requires_python(),
            index_urls,
            options,
            tuple(self.bad),
            tuple(self.unknown),
        )

    # --- dependencies -------------------------------------------------------------------------------------------

    def main(self) -> tuple[tuple[Requirement, ...] | None, tuple[str, ...]]:
        if "dependencies" in self.project:
            return self.strings(self.project["dependencies"], "project", "dependencies"), ()
        if "dependencies" in self.poetry:
            return self.poetry_main(), ()
        if "dependencies" in texts(self.project.get("dynamic")):
            return None, _files(self.setuptools_dynamic().get("dependencies"))
        return ((), ()) if self.project else (None, ())

    def setuptools_dynamic(self) -> Mapping[str, object]:
        return table(table(self.tools.get("setuptools")).get("dynamic"))

    def dynamic_extras(self) -> dict[str, tuple[str, ...]] | None:
        if "optional-dependencies" not in texts(self.project.get("dynamic")):
            return None
        named = table(self.setuptools_dynamic().get("optional-dependencies"))
        return {normalise(extra): _files(value) for extra, value in named.items()}

    def poetry_main(self) -> tuple[Requirement, ...]:
        where = "tool.poetry.dependencies"
        return tuple(
            requirement
            for requirement, entry in self.poetry_table(self.poetry["dependencies"], where)
            if table(entry).get("optional") is not True
        )

    def poetry_table(self, value: object, where: str) -> list[tuple[Requirement, object]]:
        found: list[tuple[Requirement, object]] = []
        for name, entry in table(value).items():
            if name.lower() == "python":
                continue
            span = self.places.key(name, where)
            for item in entry if isinstance(entry, list) else [entry]:
                read = table_requirement.read(name, item, span, _poetry_specifier, poetry_constraint.python_marker)
                if isinstance(read, Problem):
                    self.poetry_problem(name, item, read)
                else:
                    found.append((read, item))
        return found

    def poetry_problem(self, name: str, item: object, problem: Problem) -> None:
        """Alternatives (``^1 || ^2``) are right for poetry, but no specifier can say them."""
        constraint = item if isinstance(item, str) else text(table(item), "version")
        if poetry_constraint.alternatives(constraint):
            self.unknown.append(Unknown(name, f"{constraint} are alternatives, which are not followed", problem.span))
        else:
            self.bad.append(problem)

    def strings(self, value: object, where: str, key: str) -> tuple[Requirement, ...]:
        """An array of requirements (PEP 508)."""
        found: list[Requirement] = []
        for item in value if isinstance(value, list) else []:
            if not isinstance(item, str):
                if not isinstance(item, dict):
                    self.bad.append(Problem(f"{key}: an entry is not a text", self.places.key(key, where)))
                continue
            read = self.string(item, where, key)
            if isinstance(read, Problem):
                self.bad.append(read)
            else:
                found.extend(uv_sources.sourced(read, self.sources) if self.sources else (read,))
        if not isinstance(value, list):
            self.bad.append(Problem(f"{key} is not an array", self.places.key(key, where)))
        return tuple(found)

    def string(self, item: str, where: str, key: str) -> Requirement | Problem:
        place = partial(self.places.part, item, where, after=key)
        if item.startswith("-e ") and where.startswith("tool.pdm"):
            whole = place(0, len(item))
            return stated.read_editable(item[3:].strip(), lambda _start, _end: whole)
        return stated.read(item, place)

    def extras(self) -> dict[str, tuple[Requirement, ...]]:
        optional = table(self.project.get("optional-dependencies"))
        if optional or "dependencies" in self.project:
            return {
                normalise(name): self.strings(value, "project.optional-dependencies", name)
                for name, value in optional.items()
            }
        dependencies = table(self.poetry.get("dependencies"))
        found: dict[str, tuple[Requirement, ...]] = {}
        for name, members in table(self.poetry.get("extras")).items():
            wanted = {normalise(member) for member in texts(members)}
            entries = {key: value for key, value in dependencies.items() if normalise(key) in wanted}
            read = self.poetry_table(entries, "tool.poetry.dependencies")
            found[normalise(name)] = tuple(requirement for requirement, _ in read)
        return found

    # --- groups -------------------------------------------------------------------------------------------------

    def groups(self) -> dict[str, tuple[Requirement, ...]]:
        own: dict[str, tuple[Requirement, ...]] = {}
        includes: dict[str, tuple[str, ...]] = {}
        for name, value in table(self.data.get("dependency-groups")).items():
            group = normalise(name)
            own[group] = (*own.get(group, ()), *self.strings(value, "dependency-groups", name))
            entries = value if isinstance(value, list) else []
            wanted = tuple(text(entry, "include-group") for entry in entries if isinstance(entry, dict))
            includes[group] = (*includes.get(group, ()), *(normalise(include) for include in wanted if include))
        for group, requirements, included in self.tool_groups():
            own[group] = (*own.get(group, ()), *requirements)
            includes[group] = (*includes.get(group, ()), *included)
        return {group: self.resolved(group, own, includes, ()) for group in own}

    def tool_groups(self) -> list[tuple[str, tuple[Requirement, ...], tuple[str, ...]]]:
        """Groups in the tool's own tables: name, requirements, names of included groups."""
        found: list[tuple[str, tuple[Requirement, ...], tuple[str, ...]]] = []
        if self.tool == "poetry":
            for name, group in table(self.poetry.get("group")).items():
                read = self.poetry_table(table(group).get("dependencies"), f"tool.poetry.group.{name}.dependencies")
                included = tuple(normalise(include) for include in texts(table(group).get("include-groups")))
                found.append((normalise(name), tuple(requirement for requirement, _ in read), included))
            if "dev-dependencies" in self.poetry:
                read = self.poetry_table(self.poetry["dev-dependencies"], "tool.poetry.dev-dependencies")
                found.append(("dev", tuple(requirement for requirement, _ in read), ()))
        uv = table(self.tools.get("uv"))
        if self.tool == "uv" and "dev-dependencies" in uv:
            found.append(("dev", self.strings(uv["dev-dependencies"], "tool.uv", "dev-dependencies"), ()))
        if self.tool == "pdm":
            for name, value in table(table(self.tools.get("pdm")).get("dev-dependencies")).items():
                found.append((normalise(name), self.strings(value, "tool.pdm.dev-dependencies", name), ()))
        return found

    def resolved(
        self,
        group: str,
        own: Mapping[str, tuple[Requirement, ...]],
        includes: Mapping[str, tuple[str, ...]],
        chain: tuple[str, ...],
    ) -> tuple[Requirement, ...]:
        """A group with those that it includes, each once."""
        found = dict.fromkeys(own[group])
        for include in includes.get(group, ()):
            if include in (*chain, group) or len(chain) > 20:
                self.group_fault(f"the dependency group {include} includes itself", group)
            elif include not in own:
                self.group_fault(f"the dependency group {group} includes {include}, which is not there", group)
            else:
                found.update(dict.fromkeys(self.resolved(include, own, includes, (*chain, group))))
        return tuple(found)

    def group_fault(self, message: str, group: str) -> None:
        problem = Problem(message, self.places.key(group, "dependency-groups"))
        if problem not in self.bad:
            self.bad.append(problem)

    def default_groups(self) -> tuple[str, ...] | None:
        value = table(self.tools.get("uv")).get("default-groups")
        if value == "all":
            return tuple(normalise(group) for group in table(self.data.get("dependency-groups")))
        return tuple(normalise(group) for group in texts(value)) if isinstance(value, list) else None

    def optional_groups(self) -> frozenset[str]:
        groups = table(self.poetry.get("group")).items()
        return frozenset(normalise(name) for name, group in groups if table(group).get("optional") is True)

    # --- the rest -----------------------------------------------------------------------------------------------

    def build(self) -> tuple[Requirement, ...]:
        system = self.data.get("build-system")
        if isinstance(system, dict) and "requires" in system:
            return self.strings(system["requires"], "build-system", "requires")
        return default_build(whole(self.file))

    def package(self) -> bool:
        uv = table(self.tools.get("uv")).get("package")
        if self.tool == "uv":
            return uv if isinstance(uv, bool) else "build-system" in self.data
        if self.tool == "poetry":
            return self.poetry.get("package-mode") is not False
        if self.tool == "pdm":
            return table(self.tools.get("pdm")).get("distribution", "build-system" in self.data) is not False
        return True

    def requires_python(self) -> str | None:
        written = text(self.project, "requires-python")
        if written:
            return written
        python = table(self.poetry.get("dependencies")).get("python")
        return poetry_constraint.specifier(python) or None if isinstance(python, str) else None


def _files(value: object) -> tuple[str, ...]:
    named = table(value).get("file")
    return (named,) if isinstance(named, str) else texts(named)


def _poetry_specifier(constraint: str) -> str | None:
    return poetry_constraint.specifier(constraint)
