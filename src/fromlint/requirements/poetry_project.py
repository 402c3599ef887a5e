"""What poetry installs or exports: by poetry.lock, or by pyproject.toml where there is none."""

import posixpath
from collections.abc import Iterable

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.place import Problem, Text
from fromlint.model.requirement import Requirement
from fromlint.requirements import pip_install, poetry_constraint, poetry_lock, project_folder, pyproject
from fromlint.requirements.collector import Collector
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import Root
from fromlint.requirements.names import normalise
from fromlint.requirements.poetry_lock import MAIN
from fromlint.requirements.pyproject import Pyproject
from fromlint.requirements.selection import Selection


def gather(collector: Collector, install: Install, environment: Environment) -> None:
    """Takes in what the project's lock gives for the groups of the command; its own plugins for ``poetry self``."""
    words = tuple(map(_word, install.requirements))
    pip_install.gather(collector, install._replace(requirements=words, groups=()), environment)
    if install.tool == "poetry-self":
        return
    here = collector.path(install.project or ".")
    if here is None:
        collector.text(None, "pyproject.toml", install.span)
        return
    path = collector.find(here, "pyproject.toml") or posixpath.join(here, "pyproject.toml")
    project = _project(collector, path, install)
    selection = _selection(install, project)
    if project is not None and project.build_script and project.package and install.install_project:
        # Without a build script poetry compiles nothing of the project: what it installs is a link.
        collector.requirements.append(project_folder.itself(collector, project, path))
    lock = posixpath.join(posixpath.dirname(path), "poetry.lock")
    if collector.files.exists(lock) is not False and not install.options.upgrade:
        content = collector.text(lock, collector.shown(lock), install.span)
        if content is not None:
            shown = collector.shown(lock)
            roots = _roots(project, selection) if project is not None else None
            collector.lock(poetry_lock.read(content, shown, selection, environment, roots))
    elif project is not None:
        for _, requirement in _stated(project, selection):
            pip_install.take(collector, requirement, pip_install.rules(install, environment))


def _project(collector: Collector, path: str, install: Install) -> Pyproject | None:
    content = collector.text(path, collector.shown(path), install.span)
    if content is None:
        return None
    found = pyproject.read(content, collector.shown(path), "poetry")
    if isinstance(found, Problem):
        collector.unreadable.append(found)
        return None
    collector.requires_python = found.requires_python
    collector.bad.extend(found.bad)
    collector.unknown.extend(found.unknown)
    collector.index_urls.update(found.index_urls)
    collector.options = found.options
    return found


def _selection(install: Install, project: Pyproject | None) -> Selection:
    """poetry's ``activated_groups``: only those named, or the default ones with and without some."""
    extras = tuple(normalise(name) for value in install.extras for name in value.replace(",", " ").split())
    names = Selection(
        extras=extras,
        all_extras=install.all_extras,
        without=tuple(map(normalise, install.without_packages)),
        install_project=install.install_project,
    )
    if install.options.no_deps:  # --only-root
        return names
    if install.only_groups:
        return names._replace(groups=_listed(install.only_groups))
    defaults: tuple[str, ...] = (MAIN,)
    if install.default_groups and project is not None:
        defaults = (MAIN, *(group for group in project.groups if group not in project.optional_groups))
    elif install.default_groups:
        defaults = (MAIN, "dev")
    return names._replace(
        groups=_listed(install.groups),
        default_groups=defaults,
        without_groups=_listed(install.without_groups),
        all_groups=install.all_groups,
    )


def _listed(values: Iterable[str]) -> tuple[str, ...]:
    """Names that may come separated by commas."""
    return tuple(normalise(name.strip()) for value in values for name in value.split(",") if name.strip())


def _stated(project: Pyproject, selection: Selection) -> list[tuple[str, Requirement]]:
    found: list[tuple[str, Requirement]] = []
    groups = selection.groups_of((MAIN, *project.groups))
    if MAIN in groups:
        found.extend((MAIN, requirement) for requirement in project.main or ())
        for extra in selection.extras_of(tuple(project.extras)):
            found.extend((MAIN, requirement) for requirement in project.extras[extra])
    for group in groups:
        found.extend((group, requirement) for requirement in project.groups.get(group, ()))
    return found


def _roots(project: Pyproject, selection: Selection) -> tuple[Root, ...]:
    return tuple(
        Root(group, Edge(stated.name, stated.extras, stated.marker, constraint=stated.specifier))
        for group, stated in _stated(project, selection)
    )


def _word(word: Text) -> Text:
    """``name@^1.2`` and ``name@latest``, which only poetry knows, as requirement text."""
    name, at, constraint = word.value.partition("@")
    if not at or "/" in word.value or ":" in word.value:
        return word
    specifier = "" if constraint.strip() == "latest" else poetry_constraint.specifier(constraint.strip())
    return word if specifier is None else word._replace(value=name.strip() + specifier)
