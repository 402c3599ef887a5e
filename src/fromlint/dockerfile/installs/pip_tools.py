"""pip-tools: pip-sync installs exactly what its files list; pip-compile writes such a file."""

from fromlint.dockerfile.installs import surroundings
from fromlint.dockerfile.installs.options import Reading, read, table
from fromlint.dockerfile.installs.pip import from_environment, index_unknown, install_options, subcommand
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.quoting import words_within
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import pip_tools as options
from fromlint.model.build import Install
from fromlint.model.place import Text


def install(program: Program, around: Surroundings) -> Install | None:
    """What pip-sync installs or pip-compile writes; None where it only shows something."""
    return _pip_sync(program, around) if program.name == "pip-sync" else _pip_compile(program, around)


def _pip_sync(program: Program, around: Surroundings) -> Install | None:
    """``pip-sync [FILE…]``: requirements.txt where none is named."""
    reading = read(program.words, table(options.COMMON, options.SYNC))
    if reading.has("--help", "--version", "--dry-run"):
        return None
    named = surroundings.known(reading.operands)
    if not reading.operands:
        named = (Text("requirements.txt", around.command.span),)
    python = reading.value("--python-executable") or program.python
    return _handing_on(reading, around, surroundings.plain(around, "pip-sync", "sync", python=python))._replace(
        files=named
    )


def _pip_compile(program: Program, around: Surroundings) -> Install | None:
    """``pip-compile [FILE…]`` as an export; its sources are pyproject.toml or requirements.in where none is named."""
    reading = read(program.words, table(options.COMMON, options.COMPILE))
    if reading.has("--help", "--version", "--dry-run"):
        return None
    start = surroundings.plain(around, "pip-compile", "export", python=program.python)
    install = _handing_on(reading, around, start)
    return install._replace(
        files=surroundings.known(reading.operands),
        constraints=reading.texts("--constraint"),
        extras=reading.values("--extra"),
        all_extras=reading.has("--all-extras"),
        output=reading.value("--output-file"),
        options=install.options._replace(
            pre=reading.has("--pre"),
            upgrade=reading.on("--upgrade", "--no-upgrade"),
            upgrade_packages=reading.values("--upgrade-package"),
        ),
    )


def _handing_on(reading: Reading, around: Surroundings, install: Install) -> Install:
    """With the options that pip gets: ``PIP_*``, those of the same names, and ``--pip-args``."""
    options_table = subcommand("install")
    extra = reading.last("--pip-args")
    handed = read(words_within(extra), options_table) if extra is not None else Reading((), ())
    named = ("--find-links", "--index-url", "--extra-index-url", "--no-index", "--user", "--uploaded-prior-to")
    own = tuple(given for given in reading.given if given.name in named)
    pip = Reading((*from_environment(options_table, around), *own, *handed.given), handed.operands)
    return install._replace(
        options=install_options(pip),
        secret=index_unknown(pip, around),
        unknown=(
            *surroundings.unknown(reading.operands),
            *surroundings.written(reading.unknown),
            *surroundings.unknown(pip.operands),
            *reading.unsure("--constraint"),
        ),
    )
