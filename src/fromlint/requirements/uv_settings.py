"""uv's own configuration in the image: uv.toml or ``[tool.uv]`` of the project, then the user's and the system's.

The nearest folder decides that has one of the two, uv.toml before pyproject.toml (uv-settings, ``FilesystemOptions``);
what it does not say comes from ``~/.config/uv/uv.toml``, then ``/etc/uv/uv.toml``. A file named by ``UV_CONFIG_FILE``
stands for all of them.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from functools import partial

from fromlint.model.build import Install
from fromlint.model.place import Problem
from fromlint.model.requirement import FileOptions, Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.requirements import project_indexes, stated, toml_text
from fromlint.requirements.collector import Collector, start_of
from fromlint.requirements.lock import table, texts
from fromlint.requirements.toml_places import Places
from fromlint.requirements.toml_text import Document
from fromlint.typed import Any

_LEVELS = 50


class _Settings(NamedTuple):
    """A file with settings: its path, what it holds, the table of uv's and where that stands."""

    path: str
    document: Document
    own: Mapping[str, Any]
    header: str


def apply(collector: Collector, install: Install, *, project: bool = True) -> None:
    """Takes in indexes, constraints and overrides that uv's configuration names.

    ``project`` false: uv leaves the project's own out (``uv tool``).
    """
    options = FileOptions()
    for number, settings in enumerate(_files(collector, install, project=project)):
        # What stands under pip is for ``uv pip`` alone, and comes before the rest.
        pip = table(settings.own.get("pip")) if install.tool == "uv-pip" else {}
        index_urls, further = project_indexes.of_uv(settings.document, {**settings.own, **pip})
        if not install.options.no_sources:
            for name, url in index_urls.items():
                collector.index_urls.setdefault(name, url)
        options = _below(options, further)
        if number == 0:
            collector.constraints.extend(_requirements(collector, settings, "constraint-dependencies"))
            collector.overrides.extend(_requirements(collector, settings, "override-dependencies"))
            collector.configuration |= _of_builds({**settings.own, **pip})
    collector.options = options


def _of_builds(own: Mapping[str, Any]) -> dict[str, str]:
    """What bears on builds, as pip's configuration names it."""
    found = {}
    if texts(own.get("build-constraint-dependencies")):
        found["build-constraint"] = "build-constraint-dependencies"
    if own.get("no-build-isolation") is True or texts(own.get("no-build-isolation-package")):
        found["no-build-isolation"] = "true"
    return found


def override(collector: Collector) -> None:
    """Has overrides take the place of what the project itself asks of their names.

    What packages ask of these names is overridden where the closure is worked out.
    """
    if not collector.overrides or collector.locked is not None:
        return
    names = {requirement.name for requirement in collector.overrides}
    asked = {requirement.name for requirement in collector.requirements}
    kept = [requirement for requirement in collector.requirements if requirement.name not in names]
    collector.requirements[:] = [*kept, *(one for one in collector.overrides if one.name in asked)]


def _files(collector: Collector, install: Install, *, project: bool) -> Iterator[_Settings]:
    variables = install.environment
    if variables.get("UV_NO_CONFIG", "").lower() in ("1", "true", "yes", "on"):
        return
    own = variables.get("UV_CONFIG_FILE")
    if own:
        path = collector.path(own)
        settings = _read(collector, path) if path is not None else None
        if settings is not None:
            yield settings
        return
    here = collector.path(install.project or ".")
    found = _of_project(collector, here) if project and here is not None else None
    if found is not None:
        yield found
    home = variables.get("HOME") or "/root"
    configured = variables.get("XDG_CONFIG_HOME") or posixpath.join(home, ".config")
    system = (path for path in ("/etc/xdg/uv/uv.toml", "/etc/uv/uv.toml") if collector.files.exists(path))
    for path in (posixpath.join(configured, "uv/uv.toml"), next(system, None)):
        further = _read(collector, path) if path is not None and collector.files.exists(path) else None
        if further is not None:
            yield further


def _of_project(collector: Collector, folder: str) -> _Settings | None:
    for _ in range(_LEVELS):
        for name in ("uv.toml", "pyproject.toml"):
            path = posixpath.join(folder, name)
            settings = _read(collector, path) if collector.files.exists(path) else None
            if settings is not None:
                return settings
        above = posixpath.dirname(folder)
        if above == folder:
            return None
        folder = above
    return None


def _read(collector: Collector, path: str) -> _Settings | None:
    """The settings in a file; None where it has none, or after an entry that says why it cannot be read."""
    shown = collector.shown(path)
    quiet = collector.beside()
    content = quiet.text(path, shown, start_of(shown))
    if content is None:
        collector.absorb(quiet)
        return None
    document = toml_text.load(content, shown)
    in_project = posixpath.basename(path) == "pyproject.toml"
    if isinstance(document, Problem):
        if not in_project:  # whoever reads the project says it of pyproject.toml
            collector.unreadable.append(document)
        return None
    if not in_project:
        return _Settings(path, document, document.data, "")
    own = table(table(document.data.get("tool")).get("uv"))
    return _Settings(path, document, own, "tool.uv") if own else None


def _below(options: FileOptions, further: FileOptions) -> FileOptions:
    """``options`` with what they leave open from a file of less weight; lists add up."""
    return FileOptions(
        options.index_url or further.index_url,
        (*options.extra_index_urls, *further.extra_index_urls),
        (*options.find_links, *further.find_links),
        options.no_index or further.no_index,
        (*options.only_binary, *further.only_binary),
        (*options.no_binary, *further.no_binary),
        pre=options.pre or further.pre,
        exclude_newer=options.exclude_newer or further.exclude_newer,
        index_strategy=options.index_strategy or further.index_strategy,
        require_hashes=options.require_hashes or further.require_hashes,
        resolution=options.resolution or further.resolution,
        newer_packages=(*further.newer_packages, *options.newer_packages),
        torch_backend=options.torch_backend or further.torch_backend,
        no_deps=options.no_deps or further.no_deps,
        python_downloads=options.python_downloads or further.python_downloads,
        python_preference=options.python_preference or further.python_preference,
    )


def _requirements(collector: Collector, settings: _Settings, key: str) -> Iterator[Requirement]:
    items = texts(settings.own.get(key))
    if not items:
        return
    places = Places(settings.document.text, collector.shown(settings.path))
    for item in items:
        read = stated.read(item, partial(places.part, item, settings.header, after=key))
        if isinstance(read, Problem):
            collector.bad.append(read)
        else:
            yield read
