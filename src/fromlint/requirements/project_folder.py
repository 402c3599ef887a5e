"""A project's folder that is installed by path: what it needs, by pyproject.toml, setup.cfg or setup.py."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from functools import partial

from fromlint.model.files import FileUnreadable
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import decoding, pyproject, requirements_file, uv_sources
from fromlint.requirements.collector import LARGEST, Collector, start_of
from fromlint.requirements.names import is_archive, local_path, normalise
from fromlint.requirements.pyproject import Pyproject
from fromlint.requirements.requirements_file import Rules
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.requirements.setup_files import Setup
    from fromlint.requirements.setup_values import Text

# Projects that depend on each other by path.
_DEEPEST = 10


class Folder(NamedTuple):
    """A project. ``main`` are its dependencies, () also where they are not known (then the collector says so)."""

    name: str | None
    main: tuple[Requirement, ...]
    extras: Mapping[str, tuple[Requirement, ...]]
    build: tuple[Requirement, ...]
    requires_python: str | None


def state(
    collector: Collector, requirement: Requirement, rules: Rules, *, chain: tuple[str, ...] = (), folder: str = "."
) -> None:
    """Takes in a requirement; one by path with what its folder says that it needs, and what builds it.

    A wheel or an archive stands for itself. ``chain`` are the folders that lead here. Paths count from ``folder``.
    """
    if requirement.kind == uv_sources.WORKSPACE:
        member = _member(collector, requirement, folder)
        if member is None:
            return
        requirement = member
    if requirement.kind not in ("path", "editable"):
        collector.requirements.append(requirement)
        return
    reference = requirement.reference or ""
    path = collector.path(posixpath.join(folder, local_path(reference)))
    if path is not None and path in chain:
        return
    if is_archive(reference):
        collector.requirements.append(requirement._replace(name=requirement.name or requirement.written))
        return
    if path is None:
        why = "the working folder at this point is not known"
        collector.unknown.append(Unknown(requirement.written, why, requirement.span))
        collector.requirements.append(requirement)
        return
    project = read(collector, path, requirement.span, rules, extras=requirement.extras)
    name = (project.name if project else None) or requirement.name
    if project is not None or name:  # of what has neither a name nor a folder that can be read nothing can be said
        collector.requirements.append(requirement._replace(name=name or requirement.written))
    if project is None:
        return
    collector.build_requirements.extend(project.build)
    collector.requires_python = collector.requires_python or project.requires_python
    parents = (*requirement.parents, name or requirement.written)
    for needed in with_extras(project, requirement.extras) if len(chain) < _DEEPEST else ():
        needed = needed._replace(parents=parents, marker=_both(requirement.marker, needed.marker))
        state(collector, needed, rules, chain=(*chain, path), folder=path)


def itself(collector: Collector, project: Pyproject, path: str) -> Requirement:
    """The project of a pyproject.toml, as tools install it that take all that it needs from elsewhere."""
    name = project.name or "the project"
    place = pyproject.whole(collector.shown(path))
    return Requirement(name, name, "", (), "", "editable", posixpath.dirname(path), (), place)


def _member(collector: Collector, requirement: Requirement, folder: str) -> Requirement | None:
    """A member of the workspace by its folder; None after an entry that says why there is none."""
    here = collector.path(folder)
    members = uv_sources.members(collector, here) if here is not None else None
    where = (members or {}).get(requirement.name)
    if where is None:
        why = f"{requirement.name} is not a member of the workspace"
        collector.bad.append(Problem(why, requirement.span))
        return None
    return requirement._replace(kind="editable", reference=where)


def with_extras(folder: Folder, extras: Iterable[str]) -> tuple[Requirement, ...]:
    """The dependencies with those of some extras, where extras may be made of others (``all = ["x[a,b]"]``)."""
    found = dict.fromkeys(folder.main)
    wanted = list(dict.fromkeys(extras))
    for extra in wanted:
        for requirement in folder.extras.get(extra, ()):
            if requirement.name == folder.name:
                wanted.extend(inner for inner in requirement.extras if inner not in wanted)
            else:
                found[requirement] = None
    return tuple(found)


def read(collector: Collector, path: str, span: Span, rules: Rules, *, extras: tuple[str, ...] = ()) -> Folder | None:
    """The project in a folder; None after an entry that says why there is none. ``extras`` are those that count."""
    written = posixpath.join(path, "pyproject.toml")
    there = collector.files.exists(written)
    if there is False:
        return _by_setup(collector, path, span, rules)
    content = collector.text(written, collector.shown(written), span)
    if content is None:
        return None
    found = pyproject.read(content, collector.shown(written), "uv" if rules.sources else "")
    if isinstance(found, Problem):
        collector.unreadable.append(found)
        return None
    return _by_pyproject(collector, path, span, rules, found, extras)


def _by_pyproject(
    collector: Collector, path: str, span: Span, rules: Rules, found: Pyproject, wanted: tuple[str, ...]
) -> Folder:
    collector.bad.extend(found.bad)
    collector.unknown.extend(found.unknown)
    main = found.main
    extras = {**found.extras, **_dynamic_extras(collector, path, span, rules, found, wanted)}
    name = found.name
    requires_python = found.requires_python
    if main is None and found.dynamic_files:
        main = _listed(collector, path, found.dynamic_files, span, rules)
    if main is None:
        setup = _setup(collector, path, span)
        if setup is not None:
            main = _setup_main(collector, path, setup, span, rules)
            extras = {**setup.extras, **extras}
            name = name or (normalise(setup.name) if setup.name else None)
            requires_python = requires_python or setup.requires_python
        else:
            shown = collector.shown(posixpath.join(path, "pyproject.toml"))
            why = "its build backend works them out when it runs"
            collector.unknown.append(Unknown(f"the dependencies of {shown}", why, span))
    return Folder(name, main or (), extras, found.build, requires_python)


def _dynamic_extras(
    collector: Collector, path: str, span: Span, rules: Rules, found: Pyproject, wanted: tuple[str, ...]
) -> dict[str, tuple[Requirement, ...]]:
    """The wanted extras that setuptools takes from files; what another backend works out is not known."""
    if found.dynamic_extras is None:
        return {}
    read = {
        extra: _listed(collector, path, found.dynamic_extras[extra], span, rules)
        for extra in wanted
        if extra in found.dynamic_extras
    }
    if not found.dynamic_extras and wanted:
        why = "its build backend works them out when it runs"
        collector.unknown.append(Unknown(f"the extras {', '.join(wanted)}", why, span))
    return read


def _by_setup(collector: Collector, path: str, span: Span, rules: Rules) -> Folder | None:
    setup = _setup(collector, path, span)
    if setup is None:
        there = collector.files.exists(path)
        shown = collector.shown(path)
        if there is False:
            collector.missing.append(Problem(f"{shown} is not there", span))
        elif there is None or collector.files.names(path) is None:
            collector.unknown.append(Unknown(shown, "what it holds is not known", span))
        else:
            message = f"{shown} is not installable: neither setup.py nor pyproject.toml found"
            collector.bad.append(Problem(message, span))
        return None
    main = _setup_main(collector, path, setup, span, rules)
    builder = pyproject.default_build(span)
    name = normalise(setup.name) if setup.name else None
    return Folder(name, main or (), setup.extras, (*builder, *setup.build), setup.requires_python)


def _setup(collector: Collector, path: str, span: Span) -> Setup | None:
    """setup.cfg and setup.py together; None where there is neither, or neither can be read."""
    from fromlint.requirements import setup_files

    found: list[Setup] = []
    for name in ("setup.cfg", "setup.py"):
        file = posixpath.join(path, name)
        if not collector.files.exists(file):
            continue
        content = collector.text(file, collector.shown(file), span, any_encoding=name == "setup.py")
        if content is None:
            continue
        shown = collector.shown(file)
        if name == "setup.cfg":
            setup = setup_files.read_cfg(content, shown)
        else:
            reader = partial(_opened, collector, path)
            setup = setup_files.read_py(content, shown, reader, setup_files.interpreter(collector.environment))
        if isinstance(setup, Problem):
            collector.unreadable.append(setup)
        else:
            found.append(setup)
            collector.by_machine = collector.by_machine or setup.by_machine
    return _together(found) if found else None


def _opened(collector: Collector, folder: str, name: str) -> Text:
    """A file that setup.py in ``folder`` opens. Raises what reading it raises."""
    from fromlint.requirements.setup_values import Text

    path = posixpath.normpath(posixpath.join(folder, name))
    data = collector.files.read(path)
    collector.note_read(path)
    try:
        content = decoding.utf8_text(data) if len(data) <= LARGEST else None
    except decoding.NotText as reason:
        raise FileUnreadable(str(reason)) from None
    if content is None:
        raise FileUnreadable(f"{name} is larger than {LARGEST // 1_000_000} MB")
    return Text(content, start_of(collector.shown(path)), True)


def _together(found: list[Setup]) -> Setup:
    """What several files say of one project: setup() gets what setup.cfg says where setup.py says nothing."""
    from fromlint.requirements.setup_files import Setup

    first, last = found[0], found[-1]
    if first is last:
        return first
    said = bool(first.main or first.files)
    return Setup(
        last.name or first.name,
        first.main if said else last.main,
        first.files,
        {**first.extras, **last.extras},
        (*first.build, *last.build),
        last.requires_python or first.requires_python,
        (*first.bad, *last.bad),
        () if said else last.unknown,
        () if said else last.missing,
    )


def _setup_main(
    collector: Collector, path: str, setup: Setup, span: Span, rules: Rules
) -> tuple[Requirement, ...] | None:
    collector.bad.extend(setup.bad)
    collector.unknown.extend(setup.unknown)
    collector.missing.extend(setup.missing)
    return _listed(collector, path, setup.files, span, rules) if setup.files else setup.main


def _listed(collector: Collector, path: str, names: Iterable[str], span: Span, rules: Rules) -> tuple[Requirement, ...]:
    """The requirements of files that setuptools is told to take them from."""
    own = collector.beside(path)
    for name in names:
        requirements_file.read_path(own, posixpath.normpath(posixpath.join(path, name)), span, rules)
    collector.absorb(own)
    return tuple(own.requirements)


def _both(first: str, second: str) -> str:
    return f"({first}) and ({second})" if first and second else first or second
