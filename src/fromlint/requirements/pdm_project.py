"""What pdm installs or exports: by pdm.lock, or by pyproject.toml where there is none (pdm's ``cli/filters.py``)."""

import posixpath

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.place import Problem
from fromlint.model.requirement import Requirement
from fromlint.requirements import pdm_lock, pip_install, project_folder, pylock, pyproject
from fromlint.requirements.collector import Collector
from fromlint.requirements.graph import Edge
from fromlint.requirements.lock import Root
from fromlint.requirements.names import normalise
from fromlint.requirements.pdm_lock import DEFAULT
from fromlint.requirements.pyproject import Pyproject
from fromlint.requirements.selection import Selection

# Backends that compile nothing unless a project brings code of its own for it.
_PURE = frozenset({"pdm-backend", "pdm-pep517", "hatchling", "hatch-vcs", "flit-core", "poetry-core", "uv-build"})


def gather(collector: Collector, install: Install, environment: Environment) -> None:
    """Takes in what the project's lock gives for the groups of the command."""
    pip_install.gather(collector, install._replace(files=(), groups=()), environment)
    here = collector.path(install.project or ".")
    if here is None:
        collector.text(None, "pyproject.toml", install.span)
        return
    path = collector.find(here, "pyproject.toml") or posixpath.join(here, "pyproject.toml")
    project = _project(collector, path, install)
    lock = _lock(collector, posixpath.dirname(path), install)
    content = None
    if lock is not None and not install.options.upgrade:
        content = collector.text(lock, collector.shown(lock), install.span)
    elif install.frozen and lock is None:
        missing = posixpath.join(posixpath.dirname(path), "pdm.lock")
        collector.missing.append(Problem(f"{collector.shown(missing)} is not there", install.span))
        return
    if lock is not None and content is not None:
        _locked(collector, content, lock, install, project, environment)
    elif lock is None and project is not None:
        selection = _selection(install, project)
        wanted = selection.groups_of((DEFAULT, *project.extras, *project.groups))
        for stated in (stated for group, stated in _stated(project) if group in wanted):
            pip_install.take(collector, stated, pip_install.rules(install, environment))
    if project is not None and install.install_project and project.package:
        collector.build_requirements.extend(project.build)
        if not {each.name for each in project.build} <= _PURE:
            collector.requirements.append(project_folder.itself(collector, project, path))


def _lock(collector: Collector, folder: str, install: Install) -> str | None:
    if install.files:
        return posixpath.normpath(posixpath.join(folder, install.files[-1].value))
    for name in ("pdm.lock", "pylock.toml"):
        path = posixpath.join(folder, name)
        if collector.files.exists(path) is not False:
            return path
    return None


def _locked(
    collector: Collector,
    content: str,
    path: str,
    install: Install,
    project: Pyproject | None,
    environment: Environment,
) -> None:
    shown = collector.shown(path)
    if pylock.is_pylock(posixpath.basename(path)):
        selection = _selection(install, project)
        chosen = set(selection.groups_of(tuple(project.groups)) if project else selection.groups)
        extras = tuple(project.extras) if project else ()
        groups = tuple(group for group in chosen if group not in extras)
        both = selection._replace(
            project=DEFAULT in selection.groups_of((DEFAULT,)), groups=groups, default_groups=(), all_groups=False
        )
        wanted = selection.groups_of(extras)
        collector.lock(pylock.read(content, shown, both._replace(extras=wanted, all_extras=False), environment))
        return
    selection = _selection(install, project)
    roots = _roots(project) if project is not None else None
    as_locked = _untouched(install)
    collector.lock(pdm_lock.read(content, shown, selection, environment, roots, as_locked=as_locked))


def _project(collector: Collector, path: str, install: Install) -> Pyproject | None:
    content = collector.text(path, collector.shown(path), install.span)
    if content is None:
        return None
    found = pyproject.read(content, collector.shown(path), "pdm")
    if isinstance(found, Problem):
        collector.unreadable.append(found)
        return None
    collector.requires_python = found.requires_python
    collector.bad.extend(found.bad)
    collector.unknown.extend(found.unknown)
    return found


def _untouched(install: Install) -> bool:
    """Whether no option says which groups: then pdm installs all that the lock was made for, extras too."""
    said = (install.groups, install.without_groups, install.only_groups, install.all_extras, not install.default_groups)
    return not any(said)


def _selection(install: Install, project: Pyproject | None) -> Selection:
    """pdm's GroupSelection: the project's own dependencies and, unless ``--prod``, the development groups."""
    without = tuple(map(normalise, install.without_groups))
    if install.only_groups:
        return Selection(groups=tuple(map(normalise, install.only_groups)), without_groups=without)
    groups = tuple(map(normalise, install.groups))
    development = tuple(project.groups) if project is not None else ("dev",)
    extras = tuple(project.extras) if project is not None and install.all_extras else ()
    chosen = (DEFAULT, *groups, *extras)
    # A development group that is named stands for itself; otherwise all of them come along.
    if install.default_groups and not set(groups) & set(development):
        chosen = (*chosen, *development)
    return Selection(groups=chosen, without_groups=without)


def _stated(project: Pyproject) -> list[tuple[str, Requirement]]:
    found = [(DEFAULT, requirement) for requirement in project.main or ()]
    for groups in (project.extras, project.groups):
        found.extend((group, requirement) for group, members in groups.items() for requirement in members)
    return found


def _roots(project: Pyproject) -> tuple[Root, ...]:
    return tuple(
        Root(group, Edge(stated.name, stated.extras, stated.marker, constraint=stated.specifier))
        for group, stated in _stated(project)
    )
