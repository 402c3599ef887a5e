"""pipenv: install, sync, update, upgrade and requirements, with ``PIPENV_*`` variables and pip's own."""

import posixpath

from fromlint.dockerfile.installs import surroundings
from fromlint.dockerfile.installs.options import Reading, read, table
from fromlint.dockerfile.installs.pip import from_environment, index_unknown, install_options, subcommand
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.quoting import words_within
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import pipenv as options
from fromlint.model.build import Install, Word

_ACTIONS = {"install": "install", "sync": "sync", "update": "install", "upgrade": "install", "requirements": "export"}
CONFIGURATION = r"PIP_CONFIG_FILE|PIPENV_PYPI_MIRROR"
# Pipfile's categories by the names that they have in Pipfile.lock.
_LOCKED = {"packages": "default", "dev-packages": "develop"}


def install(program: Program, around: Surroundings) -> Install | None:
    """What a pipenv command installs, or exports; None where it does neither.

    Groups bear the names that they have in Pipfile.lock: ``develop`` for ``--dev``.
    """
    before = read(program.words, table(options.GENERAL, abbreviable=True), interspersed=False)
    name = before.operands[0].value if before.operands else ""
    if name not in _ACTIONS:
        return None
    own = options.REQUIREMENTS if name == "requirements" else options.INSTALL
    reading = read(before.operands[1:], table(options.GENERAL, own, abbreviable=True))
    reading = reading._replace(given=before.given + reading.given)
    if reading.has("--help", "--version", "--dry-run", "--outdated", "--lock-only"):
        return None
    project = _project(around)
    pip = _pips(reading, around)
    categories = _categories(reading, around)
    dev = _switch("--dev", reading, around)
    only = _switch("--dev-only", reading, around)
    upgrade = name in ("update", "upgrade") or _switch("--skip-lock", reading, around)
    files = reading.texts("--requirements") if name != "requirements" else ()
    return surroundings.plain(around, "pipenv", _ACTIONS[name], python=_python(reading, around))._replace(
        requirements=surroundings.known(reading.operands),
        editable=reading.texts("--editable"),
        files=files,
        options=install_options(pip)._replace(upgrade=upgrade, pre=_switch("--pre", reading, around)),
        groups=("develop",) if dev else (),
        extras=reading.values("--extras"),
        only_groups=categories or (("develop",) if only else ()),
        all_groups=reading.has("--all"),
        default_groups=dev,
        install_project=False,
        frozen=name in ("sync", "requirements")
        or _switch("--deploy", reading, around)
        or _switch("--ignore-pipfile", reading, around),
        system=_switch("--system", reading, around),
        project=project,
        venv=None if name == "requirements" else _venv(around.moved(project)),
        secret=_mirror_unknown(reading, around) or index_unknown(pip, around, CONFIGURATION),
        unknown=(
            *surroundings.unknown(reading.operands),
            *surroundings.written(reading.unknown),
            *reading.unsure("--requirements", "--editable", "--categories", "--extras"),
        ),
    )


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``pipenv run`` runs; () where there are none."""
    words = read(program.words, table(options.GENERAL, abbreviable=True), interspersed=False).operands
    return words[1:] if words and words[0].value == "run" else ()


def _switch(option: str, reading: Reading, around: Surroundings) -> bool:
    """Whether a switch is given, or its variable is true (pipenv's ``apply_env_vars``)."""
    return reading.has(option) or around.true("PIPENV_" + option.strip("-").replace("-", "_").upper())


def _python(reading: Reading, around: Surroundings) -> str | None:
    named = reading.value("--python") or around.variables.get("PIPENV_PYTHON")
    return named or around.variables.get("PIPENV_DEFAULT_PYTHON_VERSION") or None


def _categories(reading: Reading, around: Surroundings) -> tuple[str, ...]:
    given = reading.values("--categories") or (around.variables.get("PIPENV_DEFAULT_CATEGORIES", ""),)
    names = [name for value in given for name in value.replace(",", " ").split()]
    return tuple(_LOCKED.get(name, name) for name in names)


def _pips(reading: Reading, around: Surroundings) -> Reading:
    """What the pip that pipenv runs reads: ``PIP_*``, ``--extra-pip-args`` and the indexes that pipenv hands on."""
    options_table = subcommand("install")
    extra = reading.last("--extra-pip-args")
    handed = read(words_within(extra), options_table) if extra is not None else Reading((), ())
    indexes = [
        given._replace(name={"--index": "--index-url"}.get(given.name, given.name))
        for given in reading.given
        if given.name in ("--index", "--extra-index-url")
    ]
    mirror = reading.last("--pypi-mirror")
    url = mirror.value if mirror is not None and mirror.known else around.variables.get("PIPENV_PYPI_MIRROR")
    options = (*from_environment(options_table, around), *handed.given)
    if url:
        place = mirror.span if mirror is not None else around.place("PIPENV_PYPI_MIRROR")
        options = (*read((Word("--index-url", place), Word(url, place)), options_table).given, *options)
    return Reading((*options, *indexes), ())


def _mirror_unknown(reading: Reading, around: Surroundings) -> bool:
    return bool(reading.unsure("--pypi-mirror", "--extra-pip-args"))


def _project(around: Surroundings) -> str | None:
    """The folder of the Pipfile that ``PIPENV_PIPFILE`` names."""
    pipfile = around.variables.get("PIPENV_PIPFILE")
    return posixpath.dirname(pipfile) or "." if pipfile else None


def _venv(around: Surroundings) -> str | None:
    """The environment that pipenv uses: an active one or the project's ``.venv``; None where its path is not known."""
    active = around.variables.get("VIRTUAL_ENV")
    if active and not around.true("PIPENV_IGNORE_VIRTUALENVS"):
        return around.at(active)
    return around.at(".venv") if around.true("PIPENV_VENV_IN_PROJECT") else None
