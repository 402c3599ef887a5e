"""What ``uv sync``, ``uv run`` and ``uv export`` install: by uv.lock, or by pyproject.toml where there is none."""

import posixpath

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.place import Problem, Unknown
from fromlint.model.requirement import Requirement
from fromlint.requirements import pip_install, project_folder, pyproject, uv_lock, uv_settings, uv_sources
from fromlint.requirements.collector import Collector
from fromlint.requirements.names import normalise
from fromlint.requirements.pyproject import Pyproject
from fromlint.requirements.requirements_file import Rules
from fromlint.requirements.selection import Selection

# uv's own default (uv-workspace's ``DefaultGroups``).
_DEFAULT_GROUPS = ("dev",)


def gather(collector: Collector, install: Install, environment: Environment) -> None:
    """Takes in what the project's lock gives, and what else the command names (``--with``, scripts)."""
    pip_install.gather(collector, install._replace(groups=(), scripts=()), environment)
    own = [pip_install.script_requirements(collector, script) for script in install.scripts]
    if True in own:
        return  # a script with requirements of its own is run without the project
    here = collector.path(install.project or ".")
    if here is None:
        collector.text(None, "pyproject.toml", install.span)
        return
    project_file = collector.find(here, "pyproject.toml")
    lock = collector.find(here, "uv.lock")
    if project_file is None and lock is None and install.tool == "uv-run":
        return
    project = _project(collector, project_file or posixpath.join(here, "pyproject.toml"), install)
    uv_settings.apply(collector, install)
    root = posixpath.dirname(project_file) if project_file else here
    selection = _selection(install, project)
    if lock is None and (install.frozen or install.locked):
        missing = posixpath.join(root, "uv.lock")
        collector.missing.append(Problem(f"{collector.shown(missing)} is not there", install.span))
    elif lock is not None and not install.options.upgrade:
        folder = posixpath.dirname(lock)
        _locked(collector, lock, selection._replace(directory=_below(root, folder)), install, environment)
    elif project is not None:
        _unlocked(collector, root, project, selection, install, environment)
    uv_settings.override(collector)
    if project is not None and install.install_project and project.package and selection.project:
        collector.build_requirements.extend(project.build)


def _project(collector: Collector, path: str, install: Install) -> Pyproject | None:
    content = collector.text(path, collector.shown(path), install.span)
    if content is None:
        return None
    found = pyproject.read(content, collector.shown(path), "uv", sources=not install.options.no_sources)
    if isinstance(found, Problem):
        collector.unreadable.append(found)
        return None
    collector.requires_python = collector.requires_python or found.requires_python
    collector.bad.extend(found.bad)
    collector.unknown.extend(found.unknown)
    if not install.options.no_sources:
        collector.index_urls.update(found.index_urls)
    return found


def _selection(install: Install, project: Pyproject | None) -> Selection:
    default_groups: tuple[str, ...] = _DEFAULT_GROUPS
    if project is not None and project.default_groups is not None:
        default_groups = project.default_groups
    names = Selection(
        extras=tuple(map(normalise, install.extras)),
        without_extras=tuple(map(normalise, install.without_extras)),
        all_extras=install.all_extras,
        without_groups=tuple(map(normalise, install.without_groups)),
        members=tuple(map(normalise, install.packages)),
        all_members=install.all_packages,
        install_project=install.install_project,
        install_workspace=install.install_workspace,
        without=tuple(map(normalise, install.without_packages)),
    )
    if install.only_groups:
        return names._replace(project=False, groups=tuple(map(normalise, install.only_groups)))
    return names._replace(
        groups=tuple(map(normalise, install.groups)),
        default_groups=default_groups if install.default_groups else (),
        all_groups=install.all_groups,
    )


def _locked(collector: Collector, path: str, selection: Selection, install: Install, environment: Environment) -> None:
    shown = collector.shown(path)
    content = collector.text(path, shown, install.span)
    if content is None:
        return
    collector.lock(uv_lock.read(content, shown, selection, environment))
    for package in collector.locked or ():
        if package.source == "editable" and package.reference not in (None, "", "."):
            _member_build(collector, posixpath.join(posixpath.dirname(path), package.reference or ""))


def _member_build(collector: Collector, folder: str) -> None:
    """What builds a member of the workspace that is installed, too."""
    path = posixpath.normpath(posixpath.join(folder, "pyproject.toml"))
    if not collector.files.exists(path):
        return
    quiet = collector.beside()
    content = quiet.text(path, collector.shown(path), pyproject.whole(path))
    found = pyproject.read(content, collector.shown(path), "uv") if content is not None else None
    if isinstance(found, Pyproject):
        collector.build_requirements.extend(found.build)


def _unlocked(
    collector: Collector,
    root: str,
    project: Pyproject,
    selection: Selection,
    install: Install,
    environment: Environment,
) -> None:
    """What is asked for where there is no lock: by the project, or the members of its workspace that are named."""
    rules = pip_install.rules(install, environment)
    chosen = {root: project}
    if selection.members or selection.all_members or not project.is_project:
        members = uv_sources.members(collector, root) or {}
        for name in selection.members:
            if name not in members:
                message = f"the workspace has no member {name}"
                collector.bad.append(Problem(message, pyproject.whole(collector.shown(f"{root}/pyproject.toml"))))
        named = [members[name] for name in selection.members if name in members]
        folders = named if selection.members else [folder for folder in members.values() if folder != root]
        if selection.members:
            chosen = {}
        for folder in folders:
            member = _project(collector, posixpath.join(folder, "pyproject.toml"), install)
            if member is not None:
                chosen[folder] = member
    for folder, each in chosen.items():
        _by_project(collector, folder, each, selection, rules)


def _by_project(collector: Collector, folder: str, project: Pyproject, selection: Selection, rules: Rules) -> None:
    found: list[Requirement] = []
    if selection.project:
        if project.main is None and project.is_project:
            why = "its build backend works them out when it runs"
            collector.unknown.append(Unknown("the project's dependencies", why, pyproject.whole("pyproject.toml")))
        found.extend(project.main or ())
        for extra in selection.extras_of(tuple(project.extras)):
            found.extend(project.extras[extra])
    for group in selection.groups_of(tuple(project.groups)):
        found.extend(project.groups[group])
    for requirement in found:
        if requirement.name in selection.without:
            continue
        if requirement.name != project.name:  # extras are made of others (``all = ["x[a,b]"]``)
            project_folder.state(collector, requirement, rules, folder=folder, chain=(folder,))
        elif not selection.all_extras:
            own = selection._replace(extras=requirement.extras)
            for extra in own.extras_of(tuple(project.extras)):
                for inner in project.extras[extra]:
                    project_folder.state(collector, inner, rules, folder=folder, chain=(folder,))


def _below(folder: str, root: str) -> str:
    """The folder as a path from the lock's."""
    return posixpath.relpath(folder or ".", root or ".")
