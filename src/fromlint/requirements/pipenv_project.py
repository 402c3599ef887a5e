"""What pipenv installs or exports: by Pipfile.lock, or by Pipfile where there is none."""

import posixpath

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.place import Problem
from fromlint.model.requirement import FileOptions
from fromlint.requirements import pip_install, pipfile, pipfile_lock
from fromlint.requirements.collector import Collector, start_of
from fromlint.requirements.names import normalise
from fromlint.requirements.pipfile_lock import DEFAULT
from fromlint.requirements.requirements_file import Rules
from fromlint.requirements.selection import Selection

# PIPENV_MAX_DEPTH: how far above the working folder the Pipfile is looked for.
_LEVELS = 4


def gather(collector: Collector, install: Install, environment: Environment) -> None:
    """Takes in what the lock gives for the categories of the command, and what else the command names."""
    pip_install.gather(collector, install._replace(groups=()), environment)
    here = collector.path(install.project or ".")
    if here is None:
        collector.text(None, "Pipfile", install.span)
        return
    path = collector.find(here, "Pipfile", levels=_LEVELS)
    folder = posixpath.dirname(path) if path else here
    lock = posixpath.join(folder, "Pipfile.lock")
    selection = Selection(
        groups=install.only_groups or (DEFAULT, *install.groups),
        all_groups=install.all_groups,
        without=tuple(map(normalise, install.without_packages)),
    )
    if collector.files.exists(lock) is not False and not install.options.upgrade:
        content = collector.text(lock, collector.shown(lock), install.span)
        if content is not None:
            collector.lock(pipfile_lock.read(content, collector.shown(lock), selection, environment))
    elif install.frozen and not install.options.upgrade:
        collector.missing.append(Problem(f"{collector.shown(lock)} is not there", install.span))
    elif path is not None:
        _by_pipfile(collector, path, selection, pip_install.rules(install, environment))


def _by_pipfile(collector: Collector, path: str, selection: Selection, how: Rules) -> None:
    shown = collector.shown(path)
    content = collector.text(path, shown, start_of(shown))
    found = pipfile.read(content, shown) if content is not None else None
    if found is None:
        return
    if isinstance(found, Problem):
        collector.unreadable.append(found)
        return
    collector.bad.extend(found.bad)
    collector.requires_python = found.requires_python
    collector.index_urls.update(found.index_urls)
    if found.sources:
        collector.options = FileOptions(found.sources[0], found.sources[1:])
    for category in selection.groups_of(tuple(found.categories)):
        for requirement in found.categories[category]:
            pip_install.take(collector, requirement, how)
