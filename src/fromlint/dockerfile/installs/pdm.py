"""pdm: install, sync, add, update and export, with ``PDM_*`` variables."""

from fromlint.dockerfile.installs import formats, surroundings
from fromlint.dockerfile.installs.configuration import kept
from fromlint.dockerfile.installs.options import Reading, read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import pdm as options
from fromlint.model.build import Install, InstallOptions, VariableSet, Word
from fromlint.model.place import Text

TABLES = {
    "install": (options.GENERAL, options.PROJECT, options.INSTALL),
    "sync": (options.GENERAL, options.PROJECT, options.SYNC),
    "add": (options.GENERAL, options.PROJECT, options.ADD),
    "update": (options.GENERAL, options.PROJECT, options.ADD, options.UPDATE),
    "export": (options.GENERAL, options.PROJECT, options.EXPORT),
    "run": (options.GENERAL, options.PROJECT, options.RUN),
}
_ACTIONS = {"install": "install", "sync": "sync", "add": "install", "update": "install", "export": "export"}
CONFIGURATION = r"PDM_PYPI_\w+|PDM_CONFIG_FILE"


def _read(program: Program) -> tuple[str, Reading] | None:
    before = read(program.words, table(options.GENERAL, abbreviable=True), interspersed=False)
    name = before.operands[0].value if before.operands else ""
    if name not in TABLES:
        return None
    reading = read(before.operands[1:], table(*TABLES[name], abbreviable=True), interspersed=name != "run")
    return name, reading._replace(given=before.given + reading.given)


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``pdm run`` runs; () where there are none."""
    found = _read(program)
    return found[1].operands if found is not None and found[0] == "run" else ()


def install(program: Program, around: Surroundings) -> Install | None:
    """What a pdm command installs, or exports; None where it does neither.

    A group may be an extra or a development group: ``groups`` holds both, and ``:all`` (every extra) is ``all_extras``.
    ``files`` is the lock file, where another than pdm.lock is named.
    """
    found = _read(program)
    if found is None or found[0] not in _ACTIONS:
        return None
    name, reading = found
    if reading.has("--help", "--version", "--dry-run", "--no-sync", "--plugins", "--outdated"):
        return None
    chosen = reading.values("--group") if name != "add" else ()
    without = reading.values("--without")
    # ``--without`` alone takes every other group (pdm's GroupSelection.from_options).
    everything = ":all" in chosen or bool(without and not chosen and not reading.has("--dev", "--prod"))
    groups = tuple(group for group in chosen if group != ":all")
    lockfile = reading.texts("--lockfile")[-1:]
    project = reading.value("--project") or around.variables.get("PDM_PROJECT") or None
    added = surroundings.known(reading.operands) if name == "add" else ()
    return surroundings.plain(around, "pdm", _ACTIONS[name], python=_python(around))._replace(
        requirements=added,
        editable=reading.texts("--editable"),
        files=lockfile or _lockfile(around),
        options=_options(name, reading, around),
        groups=groups,
        without_groups=without,
        only_groups=(groups or ("dev",)) if reading.has("--no-default") else (),
        all_extras=everything,
        default_groups=not reading.on("--prod", "--dev"),
        install_project=not (
            (name == "export" and not reading.has("--self", "--editable-self"))
            or reading.has("--no-self")
            or around.true("PDM_NO_SELF")
        ),
        frozen=name in ("sync", "export")
        # pdm goes on where the lock is there and fits, and stops where it does not.
        or reading.has("--frozen-lockfile", "--check")
        or around.true("PDM_FROZEN_LOCKFILE")
        or around.true("PDM_NO_LOCK"),
        packages=tuple(word.value for word in reading.operands) if name == "update" else (),
        project=project,
        output=reading.value("--output"),
        system=reading.has("--global"),
        venv=None if reading.has("--global") or name == "export" else _venv(around.moved(project)),
        secret=surroundings.configured_elsewhere(around, CONFIGURATION),
        unknown=(
            *surroundings.unknown(reading.operands),
            *surroundings.written(reading.unknown),
            *reading.unsure("--group", "--without", "--lockfile", "--editable", "--project"),
        ),
    )


def _options(name: str, reading: Reading, around: Surroundings) -> InstallOptions:
    prefer = around.variables.get("PDM_PREFER_BINARY", "")
    isolated = not reading.has("--no-isolation") and not around.false("PDM_BUILD_ISOLATION")
    return InstallOptions(
        index_url=around.variables.get("PDM_PYPI_URL") or None,
        only_binary=_listed("PDM_ONLY_BINARY", around),
        no_binary=_listed("PDM_NO_BINARY", around),
        prefer_binary=formats.ALL in prefer.split(","),
        pre=reading.on("--pre", "--stable"),
        upgrade=name == "update",
        force_reinstall=reading.has("--reinstall"),
        no_build_isolation=not isolated,
        config_settings=reading.values("--config-setting"),
    )


def _listed(variable: str, around: Surroundings) -> tuple[str, ...]:
    return formats.listed(name.strip() for name in around.variables.get(variable, "").split(","))


def _lockfile(around: Surroundings) -> tuple[Text, ...]:
    named = around.variables.get("PDM_LOCKFILE")
    return (Text(named, around.place("PDM_LOCKFILE")),) if named else ()


def _python(around: Surroundings) -> str | None:
    return around.variables.get("PDM_PYTHON") or around.variables.get("PDM_USE_PYTHON_VERSION") or None


def _venv(around: Surroundings) -> str | None:
    """The environment that pdm uses: an active one, or ``.venv`` in the project; None where its path is not known."""
    active = around.variables.get("VIRTUAL_ENV")
    if active and not around.true("PDM_IGNORE_ACTIVE_VENV"):
        return around.at(active)
    if around.false("PDM_USE_VENV") or around.false("PDM_VENV_IN_PROJECT") or around.variables.get("PDM_PYTHON"):
        return None
    return around.at(".venv")


def settings(program: Program, around: Surroundings) -> tuple[VariableSet, ...]:
    """What ``pdm config KEY VALUE`` keeps."""
    words = read(program.words, table(options.GENERAL, abbreviable=True), interspersed=False).operands
    if not words or words[0].value != "config":
        return ()
    reading = read(words[1:], table(options.GENERAL, options.CONFIG))
    return () if reading.has("--delete") else kept(reading.operands, options.VARIABLES.get, around)
