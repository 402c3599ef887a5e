"""What a project says it needs."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from fromlint.model.index import File
from fromlint.model.place import Problem, Span, Unknown
from fromlint.named_tuple import NamedTuple


class Requirement(NamedTuple):
    """A requirement as a source states it, before markers are evaluated.

    ``name`` is normalised (PEP 503), ``written`` as it stands. ``specifier`` and ``marker`` are plain text ("" where
    none). ``kind``: index (by name), vcs, url, path, editable. ``reference`` is the URL or path of the last four.
    ``hashes`` are ``sha256:…``. ``parents`` is the chain of names that pulls it in, () where it is direct.
    ``options`` are per-requirement ones (``--config-settings``, ``--no-binary``).
    """

    name: str
    written: str
    specifier: str
    extras: tuple[str, ...]
    marker: str
    kind: str
    reference: str | None
    hashes: tuple[str, ...]
    span: Span
    parents: tuple[str, ...] = ()


class FileOptions(NamedTuple):
    """Options that stand inside requirements files and apply to the whole install.

    ``only_binary``/``no_binary`` and ``all_releases``/``only_final`` are pairs that exclude each other: what is left
    of them once all files are read, to be applied on top of the install's own. Those from ``exclude_newer`` on, as in
    InstallOptions, come from uv's settings only.
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    only_binary: tuple[str, ...] = ()
    no_binary: tuple[str, ...] = ()
    prefer_binary: bool = False
    pre: bool = False
    require_hashes: bool = False
    all_releases: tuple[str, ...] = ()
    only_final: tuple[str, ...] = ()
    exclude_newer: str | None = None
    index_strategy: str | None = None
    resolution: str | None = None
    newer_packages: tuple[str, ...] = ()
    torch_backend: str | None = None
    no_deps: bool = False
    python_downloads: str | None = None
    python_preference: str | None = None


class Locked(NamedTuple):
    """A package as a lock file pins it. ``files`` is None where the lock lists none or only hashes.

    ``requires``: its dependencies as requirement text (PEP 508), for chains. ``source``: index, vcs, url, path,
    editable, virtual.
    ``index_url`` is the registry that the lock names, None for the default.
    """

    name: str
    version: str
    marker: str
    files: tuple[File, ...] | None
    hashes: tuple[str, ...]
    requires: tuple[str, ...]
    source: str
    reference: str | None
    index_url: str | None
    requires_python: str | None
    parents: tuple[str, ...]
    span: Span


class Needs(NamedTuple):
    """All that one install asks for, from whatever sources.

    ``locked`` is None where no lock decides; then the index does, from ``requirements``, ``constraints`` and
    ``options``.
    ``requires_python``: the project's own. ``read``: paths of all files read. ``index_unknown``: why it is not known
    which indexes are asked. ``out_of_scope``: what is not checked by design (conda's packages, what tox runs).
    ``overrides``: uv's, each in place of whatever else is asked of its name, by packages too.
    ``constraints_unknown``: a file with constraints could not be read.
    ``configuration``: the options of pip.conf files in the image that nothing overrides, by long name without dashes.
    ``folders``: what is installed from where it lies, as it is written, of a lock, too. ``by_machine``: on another CPU
    it may be something else.
    """

    requirements: tuple[Requirement, ...] = ()
    constraints: tuple[Requirement, ...] = ()
    locked: Collection[Locked] | None = None
    options: FileOptions = FileOptions()
    requires_python: str | None = None
    build_requirements: tuple[Requirement, ...] = ()
    index_urls: Mapping[str, str] = {}
    read: tuple[str, ...] = ()
    missing: tuple[Problem, ...] = ()
    unreadable: tuple[Problem, ...] = ()
    bad: tuple[Problem, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    index_unknown: str | None = None
    out_of_scope: tuple[Unknown, ...] = ()
    overrides: tuple[Requirement, ...] = ()
    configuration: Mapping[str, str] = {}
    constraints_unknown: bool = False
    folders: tuple[str, ...] = ()
    by_machine: bool = False
