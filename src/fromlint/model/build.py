"""What a build does, step by step: the events that the instructions of a stage amount to, in order."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.model.dockerfile import Instruction
from fromlint.model.place import Span, Text
from fromlint.named_tuple import NamedTuple


class Word(NamedTuple):
    """A shell word after quote removal and expansion.

    ``value`` is None-free text; ``known`` is false where a part of it (a command substitution, an unset
    variable) cannot be known, in which case ``value`` holds the text as written.
    """

    value: str
    span: Span
    known: bool = True


class Redirect(NamedTuple):
    """``> file``, ``>> file``, ``< file``: ``operator`` as written."""

    operator: str
    target: Word


class Command(NamedTuple):
    """A simple command of a RUN line.

    ``assignments`` are the ``X=y`` before it; ``environment`` what exported variables hold at that point.
    ``conditional``: it may not run (in an ``if``, after ``||``, in a ``case`` or function not surely called).
    ``tolerated``: its failure does not fail the build (``|| true``, ``; `` without ``set -e``, in a
    condition, not the last of a pipe). ``directory``: the working folder, None where unknown.
    ``guards``: names looked for with ``command -v``/``which``/``type`` in a condition it stands under.
    ``piped_from``/``piped_to``: the neighbouring commands' names in a pipe.
    ``unknown``: exported variables that are set to what is not known. ``lost``: it is tolerated by nobody's will, as
    the script goes on for want of ``set -e``.
    """

    words: tuple[Word, ...]
    assignments: Mapping[str, Word]
    redirects: tuple[Redirect, ...]
    environment: Mapping[str, str]
    directory: str | None
    conditional: bool
    tolerated: bool
    guards: tuple[str, ...]
    piped_from: str | None
    piped_to: str | None
    span: Span
    unknown: tuple[str, ...] = ()
    lost: bool = False


class Mount(NamedTuple):
    """A ``--mount`` of a RUN: ``kind`` is bind, cache, tmpfs, secret or ssh; ``stage`` its ``from``.

    ``variable``: a secret's ``env=``, the variable that holds it.
    """

    kind: str
    source: str | None
    target: str | None
    stage: str | None
    identifier: str | None
    variable: str | None = None


# --- events -----------------------------------------------------------------------------------------------


class PackagesAdded(NamedTuple):
    """``apt-get install``, ``apk add``, ``dnf install``, …: names as written, without versions.

    ``manager`` is apt, apk, dnf, yum, microdnf, zypper, pacman, tdnf, conda. ``names`` hold the plain names, each with
    its place (``libpq5=15.*`` is ``libpq5``; ``foo/backports`` is ``foo``). ``virtual`` is apk's
    ``--virtual``/``-t`` name. ``recommends``: None where the configuration decides. ``unknown`` holds the
    words that could not be resolved. ``conditional`` as in Command. ``tolerated``: its failure is provided for
    (``|| true``), which a script without ``set -e`` does not do.
    """

    manager: str
    names: tuple[Text, ...]
    virtual: str | None
    recommends: bool | None
    foreign_source: bool
    unknown: tuple[Text, ...]
    conditional: bool
    tolerated: bool
    span: Span


class PackagesRemoved(NamedTuple):
    """``apt-get remove|purge``, ``apk del``: virtual names included. ``automatic``: what nothing needs goes too."""

    manager: str
    names: tuple[Text, ...]
    automatic: bool
    conditional: bool
    span: Span


class PackagesKept(NamedTuple):
    """``apt-mark manual`` and the ``scanelf | xargs apk add --virtual .rundeps`` idiom.

    ``names`` is empty with ``found`` true where the libraries to keep are found by a command
    (``ldd … | xargs dpkg-query … | xargs apt-mark manual``): then every run-time library stays.
    """

    manager: str
    names: tuple[str, ...]
    found: bool
    span: Span


class ListsUpdated(NamedTuple):
    """``apt-get update``, ``apk update``, ``apk add --no-cache`` does not count."""

    manager: str
    conditional: bool
    tolerated: bool
    span: Span


class ListsDeleted(NamedTuple):
    """``rm -rf /var/lib/apt/lists/*`` (or apk's cache)."""

    manager: str
    span: Span


class SourceAdded(NamedTuple):
    """A package source beyond the distribution's own was added: a sources.list entry, PPA, key, apk repository."""

    manager: str
    span: Span


class VariableSet(NamedTuple):
    """``ENV`` (``exported``) or ``ARG``: the value after expansion, None where unknown."""

    name: str
    value: str | None
    argument: bool
    span: Span


class DirectoryChanged(NamedTuple):
    """``WORKDIR``: absolute, None where unknown."""

    path: str | None
    span: Span


class UserChanged(NamedTuple):
    """``USER``."""

    name: str
    span: Span


class FilesCopied(NamedTuple):
    """``COPY`` or ``ADD``, or a ``RUN cp``/``mv`` (``local``): from the context, another stage, or an image.

    ``origin`` is what ``--from`` says after expansion: a stage's name or index, an image, a named context.
    ``contents`` are inline files (heredoc), by name; ``lines`` are the lines of the Dockerfile on which they begin.
    ``unknown`` says why sources or destination are not known. ``brings``: the names that it puts into the root of
    the image, where it does and they are known.
    """

    sources: tuple[Text, ...]
    destination: str | None
    origin: str | None
    excludes: tuple[str, ...]
    parents: bool
    contents: Mapping[str, str]
    local: bool
    unknown: str | None
    span: Span
    lines: Mapping[str, int] = {}
    brings: tuple[str, ...] | None = None


class FileMade(NamedTuple):
    """A file that a command makes or changes: ``poetry export -o requirements.txt``, ``pip freeze > x``, ``sed -i``.

    ``command`` are the words that make it, for whoever can follow them; ``feeders`` the commands whose output is piped
    into it, the first one first. ``/dev/stdin`` is what the next install reads that is told to read its input.
    """

    path: str
    command: Command
    appended: bool
    span: Span
    feeders: tuple[Command, ...] = ()


class FilesRemoved(NamedTuple):
    """``rm`` of paths, as absolute as they can be made."""

    paths: tuple[str, ...]
    span: Span


class VenvMade(NamedTuple):
    """``python -m venv``, ``virtualenv``, ``uv venv``, ``poetry``'s own: at ``path``, for the interpreter named.

    ``tool`` is venv, virtualenv or uv where the command makes it outright; else the Install's tool (uv-sync, poetry,
    …), which makes one only where there is none yet.
    """

    path: str
    tool: str
    python: str | None
    system_site_packages: bool
    relocatable: bool
    conditional: bool
    span: Span


class VenvActivated(NamedTuple):
    """``. path/bin/activate``: for the rest of this RUN only (``until`` is the RUN's own span)."""

    path: str
    span: Span


class CommandUsed(NamedTuple):
    """A command that is run, for the rules on tools: ``name`` as written; ``instruction`` RUN, CMD, ENTRYPOINT,
    HEALTHCHECK.

    ``guarded``: its absence is provided for (``command -v x``, ``|| true``, conditional). ``hidden``: a pipe forgets
    that it is not there, and what is behind it is content with nothing (``curl … | bash`` without pipefail).
    ``arguments`` are the words after it. ``directory``: the working folder, None where unknown.
    """

    name: str
    arguments: tuple[str, ...]
    instruction: str
    guarded: bool
    shell: bool
    span: Span
    directory: str | None = None
    hidden: bool = False


class ToolFetched(NamedTuple):
    """An installer script or download put a tool in place: ``rustup``, ``uv``, ``poetry``, ``node``, or None if
    unknown. ``script``: a script was run of which nothing is known, and which may have done anything.
    """

    name: str | None
    span: Span
    script: bool = False


class ScriptStarted(NamedTuple):
    """A RUN runs a script by its path: ``./install.sh``, ``bash /tmp/install.sh``, and ``make`` its Makefile.

    ``path`` is absolute, ``words`` are those after it. ``command`` is what starts it; ``arguments`` (the ARGs),
    ``mounts``, ``platform`` and ``recommends`` (apt's setting) are those of the RUN, for whoever can follow the script.
    """

    path: str
    words: tuple[Word, ...]
    command: Command
    arguments: Mapping[str, str | None]
    mounts: tuple[Mount, ...]
    platform: str | None
    recommends: bool | None
    span: Span


class FilesMounted(NamedTuple):
    """A ``--mount`` of a RUN: it is there for all events of the same instruction (``Step.instruction``) and no others.

    ``mount.target`` is absolute where that is known, as is the ``source`` of a mount from a stage or image.
    """

    mount: Mount
    span: Span


class Running(NamedTuple):
    """The circumstances of a RUN. ``variables`` are all that it sees, ``arguments`` the ARGs among them.

    ``settings`` are those that tools have kept from earlier commands (as variables), ``recommends`` is apt's setting.
    """

    variables: Mapping[str, str | None]
    arguments: Mapping[str, str | None]
    directory: str | None
    shell: tuple[str, ...]
    platform: str | None
    mounts: tuple[Mount, ...]
    settings: Mapping[str, str]
    recommends: bool | None


class LoopsMet(NamedTuple):
    """A RUN installs something in loops, and files may say how often and what.

    It is the first event of its RUN: whoever knows the files reads the instruction again with what these say.
    """

    instruction: Instruction
    running: Running
    span: Span


class ScriptUnread(NamedTuple):
    """A RUN, CMD, … whose commands are not known, and why: PowerShell, a script too long to be read."""

    why: str
    span: Span


class InstallOptions(NamedTuple):
    """Options of an install, from the command line, its environment and (later) configuration files.

    ``only_binary``/``no_binary`` are what is left once the options have been applied in the order given, as pip's
    FormatControl does it: ``:all:`` and normalised names, where a name beats the other side's ``:all:``. Options in
    requirements files are applied on top. ``all_releases``/``only_final`` are the same for pre-releases.
    ``platforms`` are pip's, or uv's ``--python-platform``. ``exclude_newer``: also pip's ``--uploaded-prior-to``;
    ``newer_packages`` are uv's ``--exclude-newer-package`` (``NAME=DAY``).
    ``force_reinstall``: also ``--ignore-installed``. ``upgrade``: of lock-driven tools that the lock does not decide.
    ``no_build_isolation``: also where only some packages are built so. ``overrides`` and ``excludes`` are uv's files.
    ``resolution`` (highest, lowest, lowest-direct), ``prerelease``, ``python_preference`` are uv's words, None where
    not given; ``python_downloads`` false: uv may not fetch a Python. ``only_deps``: not the requirements themselves.
    """

    index_url: str | None = None
    extra_index_urls: tuple[str, ...] = ()
    find_links: tuple[str, ...] = ()
    no_index: bool = False
    only_binary: tuple[str, ...] = ()
    no_binary: tuple[str, ...] = ()
    prefer_binary: bool = False
    pre: bool = False
    no_deps: bool = False
    require_hashes: bool = False
    upgrade: bool = False
    force_reinstall: bool = False
    no_build_isolation: bool = False
    build_constraints: tuple[str, ...] = ()
    break_system_packages: bool = False
    user: bool = False
    prefix: str | None = None
    root: str | None = None
    target: str | None = None
    platforms: tuple[str, ...] = ()
    python_version: str | None = None
    abis: tuple[str, ...] = ()
    implementation: str | None = None
    exclude_newer: str | None = None
    ignore_requires_python: bool = False
    index_strategy: str | None = None
    torch_backend: str | None = None
    config_settings: tuple[str, ...] = ()
    all_releases: tuple[str, ...] = ()
    only_final: tuple[str, ...] = ()
    upgrade_packages: tuple[str, ...] = ()
    upgrade_strategy: str | None = None
    only_deps: bool = False
    overrides: tuple[str, ...] = ()
    excludes: tuple[str, ...] = ()
    resolution: str | None = None
    prerelease: str | None = None
    no_sources: bool = False
    python_preference: str | None = None
    python_downloads: bool | None = None
    newer_packages: tuple[str, ...] = ()


class Install(NamedTuple):
    """A command that installs Python distributions.

    ``tool``: pip, uv-pip, pip-sync, uv-sync, uv-export, uv-run, uv-tool, pipx, poetry, pipenv, pdm, conda, tox, nox.
    ``action``: install, sync, wheel, download, export, run. ``requirements`` are the names,
    URLs and paths on the line; ``editable`` those after ``-e``. ``files``/``constraints`` are ``-r``/``-c``, as
    written. Of lock-driven tools: ``groups``, ``extras``, ``without_groups``, ``only_groups``, ``all_groups``,
    ``all_extras``, ``default_groups`` (false: ``--no-dev``, ``--no-default-groups``), ``install_project``, ``frozen``,
    ``packages`` (of pipx: the words that name the environments).
    ``python`` is the interpreter that runs or is named, as written: ``pip3``,
    ``/opt/venv/bin/python``, ``3.12``. ``system``: ``uv pip --system`` or ``pipenv --system``.
    ``environment`` holds exported variables and ARGs at that point; ``unknown`` are the words that could not be
    resolved. ``conditional`` and ``tolerated`` as in PackagesAdded.
    ``mounts`` are the RUN's. ``secret``: what configures the index may come from a secret mount, or is unknown.

    Further tools: uv-python (``uv python install``: requirements are Python versions), poetry-self, pip-compile,
    setup.py, flit, hatch, rye, pixi. ``runner`` is the tool in whose environment it runs (``uv run pip install``: uv).
    ``project``: where the project is, if not in ``directory``. ``venv``: the virtual environment that the tool itself
    makes or uses, None where the interpreter decides or its path is not known. ``scripts`` are those with their
    requirements inside (PEP 723). ``output``: the file that an export writes, the folder that uv-python fills.
    ``without_packages`` are left out (``--no-install-package``); ``all_packages`` and ``install_workspace`` are about a
    workspace's members. ``system`` also: poetry with ``virtualenvs.create`` false.
    """

    tool: str
    action: str
    requirements: tuple[Text, ...]
    editable: tuple[Text, ...]
    files: tuple[Text, ...]
    constraints: tuple[Text, ...]
    options: InstallOptions
    groups: tuple[str, ...]
    extras: tuple[str, ...]
    without_groups: tuple[str, ...]
    only_groups: tuple[str, ...]
    all_groups: bool
    all_extras: bool
    default_groups: bool
    install_project: bool
    frozen: bool
    packages: tuple[str, ...]
    python: str | None
    system: bool
    environment: Mapping[str, str]
    directory: str | None
    mounts: tuple[Mount, ...]
    secret: bool
    unknown: tuple[Text, ...]
    conditional: bool
    tolerated: bool
    span: Span
    runner: str | None = None
    project: str | None = None
    venv: str | None = None
    scripts: tuple[Text, ...] = ()
    output: str | None = None
    without_extras: tuple[str, ...] = ()
    without_packages: tuple[str, ...] = ()
    all_packages: bool = False
    install_workspace: bool = True
    locked: bool = False


Event = (
    PackagesAdded
    | PackagesRemoved
    | PackagesKept
    | ListsUpdated
    | ListsDeleted
    | SourceAdded
    | VariableSet
    | DirectoryChanged
    | UserChanged
    | FilesCopied
    | FileMade
    | FilesRemoved
    | VenvMade
    | VenvActivated
    | CommandUsed
    | ToolFetched
    | Install
    | FilesMounted
    | ScriptStarted
    | LoopsMet
    | ScriptUnread
)


class Step(NamedTuple):
    """An event and the instruction (its index in the stage) that it belongs to."""

    instruction: int
    event: Event
