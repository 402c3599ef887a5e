"""poetry: install, sync, update, add, export and ``self``, with ``POETRY_*`` variables."""

from __future__ import annotations

from fromlint.dockerfile.installs import formats, surroundings
from fromlint.dockerfile.installs.configuration import kept
from fromlint.dockerfile.installs.options import Reading, read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import poetry as options
from fromlint.model.build import Install, InstallOptions, VariableSet, Word
from fromlint.model.place import Text
from fromlint.named_tuple import NamedTuple

TABLES = {
    "install": (options.GLOBAL, options.GROUPS, options.INSTALL),
    "sync": (options.GLOBAL, options.GROUPS, options.INSTALL),
    "update": (options.GLOBAL, options.GROUPS, options.UPDATE),
    "add": (options.GLOBAL, options.ADD),
    "export": (options.GLOBAL, options.GROUPS, options.EXPORT),
    "config": (options.GLOBAL, options.CONFIG),
    "run": (options.GLOBAL,),
    "self add": (options.GLOBAL, options.ADD),
    "self install": (options.GLOBAL, options.INSTALL),
    "self sync": (options.GLOBAL, options.INSTALL),
    "self update": (options.GLOBAL, options.UPDATE),
}
CONFIGURATION = r"POETRY_(?:HTTP_BASIC|REPOSITORIES|CERTIFICATES)_\w+"
_DECISIVE = ("--with", "--without", "--only", "--extras", "--directory", "--project")


class Line(NamedTuple):
    """A poetry command: its name (``self add``), what was given, and where it works (``--directory``)."""

    name: str
    reading: Reading
    around: Surroundings


def line(program: Program, around: Surroundings) -> Line | None:
    """A poetry command read; None for those that are not in the tables, and for help."""
    before = read(program.words, table(options.GLOBAL), interspersed=False)
    words = before.operands
    names = [word.value for word in words[:2]]
    length = 2 if names[:1] == ["self"] else 1
    name = " ".join(names[:length])
    if name not in TABLES:
        return None
    reading = read(words[length:], table(*TABLES[name]), interspersed=name != "run")
    reading = reading._replace(given=before.given + reading.given)
    if reading.has("--help", "--version", "--dry-run"):
        return None
    return Line(name, reading, around.moved(reading.value("--directory")))


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``poetry run`` runs; () where there are none."""
    read_line = line(program, around)
    return read_line.reading.operands if read_line is not None and read_line.name == "run" else ()


def install(program: Program, around: Surroundings) -> Install | None:
    """What a poetry command installs, or exports; None where it does neither."""
    read_line = line(program, around)
    if read_line is None or read_line.name in ("run", "config") or read_line.reading.has("--lock"):
        return None
    if read_line.name.startswith("self "):
        return _own(read_line, program.python)
    return _projects(read_line, program.python)


def _projects(read_line: Line, python: str | None) -> Install:
    name, reading, around = read_line
    action = {"export": "export", "sync": "sync"}.get(name, "install")
    if reading.has("--sync", "--remove-untracked"):
        action = "sync"
    exported = name == "export"
    added = name == "add"
    only = reading.values("--only")
    if reading.has("--no-dev"):
        only = (*only, "main")  # poetry's own translation of the old option (GroupCommand.activated_groups)
    operands = () if name == "update" else reading.operands
    editable = reading.has("--editable")
    return _start(read_line, "poetry", action, python)._replace(
        requirements=() if editable else surroundings.known(operands),
        editable=surroundings.known(operands) if editable else (),
        groups=() if added else (*reading.values("--with"), *(("dev",) if reading.has("--dev") else ())),
        extras=() if added else reading.values("--extras"),
        without_groups=reading.values("--without"),
        only_groups=only or (("dev",) if reading.has("--dev-only") else ()),
        all_groups=reading.has("--all-groups"),
        all_extras=reading.has("--all-extras"),
        # An export starts from the main group alone (poetry-plugin-export, ``default_groups``).
        default_groups=not exported,
        install_project=not (exported or name == "update" or reading.has("--no-root")),
        frozen=name in ("install", "sync", "export"),
        packages=tuple(word.value for word in reading.operands) if name == "update" else (),
        output=reading.value("--output"),
        system=_no_venv(around),
        venv=None if exported else _venv(around.moved(reading.value("--project"))),
        unknown=(
            *surroundings.unknown(operands),
            *surroundings.written(reading.unknown),
            *reading.unsure(*_DECISIVE),
        ),
    )


def _own(read_line: Line, python: str | None) -> Install:
    """``poetry self …``: into poetry's own environment, never the project's."""
    reading = read_line.reading
    action = "sync" if read_line.name == "self sync" else "install"
    operands = reading.operands
    named = surroundings.known(operands)
    if read_line.name == "self update":
        # ``poetry self update 1.8``: the operand is poetry's own version.
        named = tuple(Text(f"poetry=={text.value}", text.span) for text in named) or (
            Text("poetry", read_line.around.command.span),
        )
    return _start(read_line, "poetry-self", action, python)._replace(
        requirements=named,
        install_project=False,
        unknown=(*surroundings.unknown(operands), *surroundings.written(reading.unknown)),
    )


def _start(read_line: Line, tool: str, action: str, python: str | None) -> Install:
    reading, around = read_line.reading, read_line.around
    return surroundings.plain(around, tool, action, python=python)._replace(
        options=InstallOptions(
            no_binary=_policy(around.variables.get("POETRY_INSTALLER_NO_BINARY", "")),
            only_binary=_policy(around.variables.get("POETRY_INSTALLER_ONLY_BINARY", "")),
            pre=reading.has("--allow-prereleases"),
            no_deps=reading.has("--only-root"),
            upgrade=read_line.name in ("update", "self update"),
        ),
        project=reading.value("--project"),
        secret=surroundings.configured_elsewhere(around, CONFIGURATION),
    )


def _policy(value: str) -> tuple[str, ...]:
    """poetry's PackageFilterPolicy: names, ``:all:`` or ``:none:``, or a truth value for either."""
    word = value.strip().lower()
    if word in ("true", "1"):
        return (formats.ALL,)
    if word in ("false", "0"):
        return ()
    return formats.listed(name.strip() for name in value.split(","))


def _no_venv(around: Surroundings) -> bool:
    """Whether poetry installs into the Python that it finds, without a venv of its own (``virtualenvs.create``)."""
    return around.variables.get("POETRY_VIRTUALENVS_CREATE", "").strip().lower() in ("false", "0")


def _venv(around: Surroundings) -> str | None:
    """The environment that poetry uses: an active one, or ``.venv`` in the project; None where its path is not known.

    Outside of the project its folder's name holds a hash of the project's path.
    """
    active = around.variables.get("VIRTUAL_ENV")
    if active:
        return around.at(active)
    if _no_venv(around) or around.variables.get("POETRY_VIRTUALENVS_IN_PROJECT", "").lower() not in ("true", "1"):
        return None
    return around.at(".venv")


def settings(program: Program, around: Surroundings) -> tuple[VariableSet, ...]:
    """What ``poetry config KEY VALUE`` keeps."""
    read_line = line(program, around)
    if read_line is None or read_line.name != "config" or read_line.reading.has("--unset", "--list"):
        return ()
    return kept(read_line.reading.operands, _variable, around)


def _variable(key: str) -> str:
    return "POETRY_" + key.replace(".", "_").replace("-", "_").upper()
