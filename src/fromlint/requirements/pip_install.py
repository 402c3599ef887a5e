"""What pip, ``uv pip``, pipx, pip-sync and the like install: words on the line, files, constraints, groups, scripts."""

import posixpath

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.place import Problem, Text, Unknown
from fromlint.model.requirement import Requirement
from fromlint.requirements import pip_configuration, pip_refusals, requirements_file, stated
from fromlint.requirements.collector import Collector
from fromlint.requirements.names import normalise
from fromlint.requirements.requirements_file import Rules
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.requirements.project_folder import Folder

# The first pip that takes nothing but a name behind #egg=.
_BARE_EGGS = 26
# Where pip-compile looks if it is told nothing (piptools' DEFAULT_REQUIREMENTS_FILES).
_COMPILED = ("requirements.in", "setup.py", "pyproject.toml", "setup.cfg")
_PROJECT_FILES = ("pyproject.toml", "setup.py", "setup.cfg")


def rules(install: Install, environment: Environment) -> Rules:
    """How this install reads requirements files."""
    uv = install.tool.startswith("uv")
    unset = "a secret or an argument without a value may set it" if install.secret else ""
    pip = (environment.python.pip if environment.python else None) or ""
    bare_eggs = not uv and pip.partition(".")[0].isdecimal() and int(pip.partition(".")[0]) >= _BARE_EGGS
    return Rules(install.environment, unset, not uv, not uv, bare_eggs, uv and not install.options.no_sources)


def gather(collector: Collector, install: Install, environment: Environment) -> None:
    """Takes in all that the command line names."""
    how = rules(install, environment)
    if install.tool in pip_configuration.TOOLS:
        pip_configuration.apply(collector, install, environment)
    if install.tool == "pip" and not collector.configuration:
        collector.bad.extend(Problem(why, install.span) for why in pip_refusals.of_options(install))
        if install.action == "export":  # what pip lock made is read by pip, or this would not be followed
            refused = pip_refusals.of_pylock(install.output or "", environment)
            collector.bad.extend([Problem(refused, install.span)] if refused else [])
    for path in collector.configuration.get("constraint", "").split():
        requirements_file.read(collector, path, install.span, how, constraint=True)
    for constraint in install.constraints:
        requirements_file.read(collector, constraint.value, constraint.span, how, constraint=True)
    for name in install.options.excludes:
        collector.unknown.append(Unknown(name, "excludes are not followed", install.span))
    for word in install.requirements:
        _word(collector, word, how, editable=False)
    for word in install.editable:
        _word(collector, word, how, editable=True)
    if install.tool in ("uv-pip", "uv-tool"):
        from fromlint.requirements import uv_settings

        uv_settings.apply(collector, install, project=install.tool == "uv-pip")
    for name in install.options.overrides:
        own = collector.beside()
        requirements_file.read(own, name, install.span, how)
        collector.absorb(own)
        collector.overrides.extend(own.requirements)
    for file in _files(collector, install):
        _file(collector, file, install, environment, how)
    for group in install.groups:
        _group(collector, group, install, how)
    for script in install.scripts:
        script_requirements(collector, script)
    if collector.overrides:
        from fromlint.requirements import uv_settings

        uv_settings.override(collector)
    if install.options.no_deps:
        # What a project's folder says that it depends on is not installed either.
        collector.requirements[:] = [each for each in collector.requirements if not each.parents]


def _files(collector: Collector, install: Install) -> tuple[Text, ...]:
    if install.files or install.tool != "pip-compile":
        return install.files
    for name in _COMPILED:
        path = collector.path(name)
        if path is not None and collector.files.exists(path):
            return (Text(name, install.span),)
    return ()


def _word(collector: Collector, word: Text, how: Rules, *, editable: bool) -> None:
    read = stated.read_editable if editable else stated.read
    take(collector, read(word.value, lambda _start, _end: word.span, bare_eggs=how.bare_eggs), how)


def take(collector: Collector, found: Requirement | Problem, how: Rules) -> None:
    """Takes in a requirement; one by path with what its folder says."""
    if isinstance(found, Requirement) and found.kind in ("path", "editable"):
        from fromlint.requirements import project_folder

        project_folder.state(collector, found, how)
    else:
        collector.state(found)


def _file(collector: Collector, file: Text, install: Install, environment: Environment, how: Rules) -> None:
    written, extras = stated.split_extras(file.value)
    name = posixpath.basename(written)
    if _is_pylock(name):
        _pylock(collector, Text(written, file.span), extras, install, environment)
    elif install.tool in ("uv-pip", "pip-compile") and name in _PROJECT_FILES:
        _project_file(collector, Text(written, file.span), install, how)
    elif install.tool.startswith("uv") and name.endswith(".py"):
        script_requirements(collector, file)
    else:
        own = collector.beside()
        own.options = collector.options
        requirements_file.read(own, file.value, file.span, how)
        collector.absorb(own)
        collector.constraints.extend(own.constraints)
        collector.options = own.options
        for requirement in own.requirements:
            take(collector, requirement, how)


def _is_pylock(name: str) -> bool:
    if not name.startswith("pylock"):
        return False
    from fromlint.requirements import pylock

    return pylock.is_pylock(name)


def _pylock(
    collector: Collector, file: Text, extras: tuple[str, ...], install: Install, environment: Environment
) -> None:
    from fromlint.requirements import pylock
    from fromlint.requirements.selection import Selection

    refused = pip_refusals.of_pylock(posixpath.basename(file.value), environment) if install.tool == "pip" else None
    if refused is not None:
        collector.bad.append(Problem(refused, file.span))
        return
    path = collector.path(file.value)
    shown = collector.shown(path) if path else file.value
    content = collector.text(path, shown, file.span)
    if content is None:
        return
    groups = tuple(normalise(group.rpartition(":")[2]) for group in install.groups)
    selection = Selection(
        groups=groups, extras=(*extras, *map(normalise, install.extras)), all_extras=install.all_extras
    )
    collector.lock(pylock.read(content, shown, selection, environment))


def _project_file(collector: Collector, file: Text, install: Install, how: Rules) -> None:
    """``uv pip install -r pyproject.toml``: the dependencies of the project there, and not itself."""
    from fromlint.requirements import project_folder

    path = collector.path(file.value)
    shown = collector.shown(path) if path else file.value
    if path is None or not collector.files.exists(path):
        collector.text(path, shown, file.span)
        return
    extras = tuple(map(normalise, install.extras))
    folder = project_folder.read(collector, posixpath.dirname(path), file.span, how, extras=extras)
    if folder is not None:
        _dependencies(collector, folder, install, how, posixpath.dirname(path))


def _dependencies(collector: Collector, folder: "Folder", install: Install, how: Rules, path: str) -> None:
    from fromlint.requirements import project_folder

    extras = tuple(folder.extras) if install.all_extras else tuple(map(normalise, install.extras))
    for requirement in project_folder.with_extras(folder, extras):
        project_folder.state(collector, requirement, how, folder=path, chain=(path,))
    collector.requires_python = collector.requires_python or folder.requires_python


def _group(collector: Collector, group: str, install: Install, how: Rules) -> None:
    """``--group [PATH:]NAME``: a dependency group of the pyproject.toml at PATH or in the working folder."""
    file, colon, name = group.rpartition(":")
    written = file if colon else "pyproject.toml"
    if _is_pylock(posixpath.basename(written)):
        return  # one of a lock's, which is read for its file
    path = collector.path(written)
    shown = collector.shown(path) if path else written
    content = collector.text(path, shown, install.span)
    if content is None:
        return
    from fromlint.requirements import project_folder, pyproject

    uv = "uv" if install.tool == "uv-pip" else ""
    found = pyproject.read(content, shown, uv, sources=not install.options.no_sources)
    if isinstance(found, Problem):
        collector.unreadable.append(found)
    elif normalise(name) not in found.groups:
        collector.bad.append(Problem(f"{shown} has no dependency group {name}", install.span))
    else:
        collector.bad.extend(problem for problem in found.bad if problem not in collector.bad)
        folder = posixpath.dirname(path or "")
        for requirement in found.groups[normalise(name)]:
            project_folder.state(collector, requirement, how, folder=folder)


def script_requirements(collector: Collector, script: Text) -> bool:
    """What a script says that it needs (PEP 723). False where it surely says nothing."""
    path = collector.path(script.value)
    shown = collector.shown(path) if path else script.value
    content = collector.text(path, shown, script.span)
    if content is None:
        return True
    from fromlint.requirements import script_block

    block = script_block.read(content, shown)
    if block is None:
        return False
    if isinstance(block, Problem):
        collector.unreadable.append(block)
        return True
    collector.requirements.extend(block.requirements)
    collector.bad.extend(block.bad)
    collector.requires_python = collector.requires_python or block.requires_python
    return True
