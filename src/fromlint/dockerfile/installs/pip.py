"""pip: install, wheel, download and lock, with its options from the command line and from ``PIP_*`` variables."""

import re
from collections.abc import Iterable

from fromlint.dockerfile.installs import formats, surroundings
from fromlint.dockerfile.installs.configuration import kept
from fromlint.dockerfile.installs.options import COMMA, FLAG, MANY, OFF, Given, Option, Reading, Table, read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import FALSE, TRUE, Surroundings
from fromlint.dockerfile.installs.tables import pip as options
from fromlint.model.build import Install, InstallOptions, VariableSet, Word
from fromlint.model.place import Span, Text

_ACTIONS = {"install": "install", "wheel": "wheel", "download": "download", "lock": "export"}
# A variable that names a configuration file, which may name another index.
CONFIGURATION = r"PIP_CONFIG_FILE"
# Options whose value decides what is installed: one that cannot be known is said.
_DECISIVE = (
    "--requirement",
    "--constraint",
    "--editable",
    "--requirements-from-script",
    "--group",
    "--only-binary",
    "--no-binary",
    "--all-releases",
    "--only-final",
    "--platform",
    "--python-version",
    "--abi",
    "--implementation",
    "--uploaded-prior-to",
    "--build-constraint",
)


def general() -> Table:
    """The options that stand before pip's subcommand."""
    return table(options.MAIN, options.GENERAL, abbreviable=True, legacy=options.LEGACY)


def subcommand(name: str) -> Table:
    """The options of ``pip install``, ``wheel``, ``download`` or ``lock``, pip's general ones among them."""
    own = {
        "install": (options.FOREIGN_PLATFORM, options.INSTALL),
        "download": (options.FOREIGN_PLATFORM, options.DOWNLOAD),
        "wheel": (options.WHEEL,),
        "lock": (options.LOCK,),
    }[name]
    return table(options.GENERAL, options.COMMON, *own, abbreviable=True, legacy=options.LEGACY)


def install(program: Program, around: Surroundings) -> Install | None:
    """What a pip command installs (or builds, or downloads); None for every other subcommand."""
    if program.name == "get-pip.py":
        return _get_pip(program, around)
    before = read(program.words, general(), interspersed=False)
    if not before.operands or before.has("--help", "--version"):
        return None
    name = before.operands[0].value
    if name not in _ACTIONS:
        return None
    # pip takes the first word that equals the subcommand out and gives all others to the subcommand's parser.
    words = program.words
    at = next(index for index, word in enumerate(words) if word.value == name)
    return pip_install(name, (*words[:at], *words[at + 1 :]), program.python, around)


def pip_install(name: str, words: tuple[Word, ...], python: str | None, around: Surroundings) -> Install | None:
    """``pip NAME WORDS`` as an install, None where it only shows something."""
    options_table = subcommand(name)
    reading = read(words, options_table)
    if reading.has("--help", "--dry-run"):
        return None
    if not reading.has("--isolated"):
        reading = reading._replace(given=(*from_environment(options_table, around), *reading.given))
    files, unreadable = surroundings.files(reading.texts("--requirement"), around)
    chosen = reading.value("--python")
    return surroundings.plain(around, "pip", _ACTIONS[name], python=chosen or python)._replace(
        requirements=surroundings.known(reading.operands),
        editable=reading.texts("--editable"),
        files=files,
        constraints=reading.texts("--constraint"),
        scripts=reading.texts("--requirements-from-script"),
        options=install_options(reading),
        groups=reading.values("--group"),
        output=_output(name, reading),
        secret=index_unknown(reading, around),
        unknown=(
            *surroundings.unknown(reading.operands),
            *surroundings.written(reading.unknown),
            *reading.unsure(*_DECISIVE),
            *unreadable,
        ),
    )


def _output(name: str, reading: Reading) -> str | None:
    if name == "install":
        return None
    given = reading.value("--output", "--wheel-dir", "--dest")
    if name == "lock":
        return None if given == "-" else given or "pylock.toml"
    return given


def index_unknown(reading: Reading, around: Surroundings, pattern: str = CONFIGURATION) -> bool:
    """Whether it cannot be known which indexes are asked."""
    if reading.has("--no-index"):
        return bool(reading.unsure("--find-links"))
    main = reading.last("--index-url")
    return (
        (main is not None and not main.known)
        or bool(reading.unsure("--extra-index-url", "--find-links"))
        or surroundings.configured_elsewhere(around, pattern)
    )


def install_options(reading: Reading) -> InstallOptions:
    """pip's options as they stand after the environment and the command line, in this order, have been read."""
    binary = formats.mutually_exclusive(_either(reading, "--only-binary", "--no-binary"))
    releases = formats.mutually_exclusive(_either(reading, "--all-releases", "--only-final"))
    return InstallOptions(
        index_url=reading.known("--index-url") or None,
        extra_index_urls=reading.values("--extra-index-url"),
        find_links=reading.values("--find-links"),
        no_index=reading.has("--no-index"),
        only_binary=binary.first,
        no_binary=binary.second,
        prefer_binary=reading.has("--prefer-binary"),
        pre=reading.has("--pre"),
        no_deps=reading.has("--no-deps"),
        require_hashes=reading.has("--require-hashes"),
        upgrade=reading.has("--upgrade"),
        force_reinstall=reading.has("--force-reinstall", "--ignore-installed"),
        no_build_isolation=reading.has("--no-build-isolation"),
        build_constraints=reading.values("--build-constraint"),
        break_system_packages=reading.has("--break-system-packages"),
        user=reading.on("--user", "--no-user"),
        prefix=reading.value("--prefix"),
        root=reading.value("--root"),
        target=reading.value("--target"),
        platforms=reading.values("--platform"),
        python_version=reading.known("--python-version"),
        abis=reading.values("--abi"),
        implementation=reading.known("--implementation"),
        exclude_newer=reading.known("--uploaded-prior-to"),
        ignore_requires_python=reading.has("--ignore-requires-python"),
        config_settings=reading.values("--config-settings"),
        all_releases=releases.first,
        only_final=releases.second,
        upgrade_strategy=reading.known("--upgrade-strategy"),
        only_deps=reading.has("--only-deps"),
    )


def _either(reading: Reading, first: str, second: str) -> Iterable[tuple[bool, str]]:
    for given in reading.given:
        if given.name in (first, second) and given.known and given.value is not None:
            yield given.name == first, given.value


def from_environment(options_table: Table, around: Surroundings) -> tuple[Given, ...]:
    """The options that ``PIP_*`` variables give: every long spelling has one.

    As pip's ``_update_defaults`` reads them: empty ones do not count, repeatable options are separated by white space,
    and a switch that pip keeps as ``store_false`` is given by a *false* value (``PIP_NO_BUILD_ISOLATION=0``).
    """
    given: list[Given] = []
    for variable, value in around.variables.items():
        option = _option(variable, options_table)
        if option is not None and value:
            given += _from_variable(option, value, around.place(variable))
    for variable in sorted(around.unknown):
        option = _option(variable, options_table)
        if option is not None and option.takes_value:
            given.append(Given(option.name, "$" + variable, False, around.place(variable)))
    return tuple(given)


def _option(variable: str, options_table: Table) -> Option | None:
    if not variable.startswith("PIP_"):
        return None
    return options_table.options.get("--" + variable[4:].lower().replace("_", "-"))


def _from_variable(option: Option, value: str, place: Span) -> list[Given]:
    if option.kind in (FLAG, OFF):
        wanted = TRUE if option.kind == FLAG else FALSE
        return [Given(option.name, None, True, place)] if value.lower() in wanted else []
    values = value.split() if option.kind in (MANY, COMMA) else [value]
    return [Given(option.name, single, True, place) for single in values]


def _get_pip(program: Program, around: Surroundings) -> Install | None:
    """``get-pip.py``: ``pip install --upgrade pip`` and whatever else is named, with pip's own options."""
    words = tuple(word for word in program.words if word.value not in ("--no-setuptools", "--no-wheel"))
    installed = pip_install("install", words, program.python, around)
    if installed is None:
        return None
    named = any(re.match(r"pip(?![\w-])", text.value, re.IGNORECASE) for text in installed.requirements)
    requirements = installed.requirements if named else (Text("pip", around.command.span), *installed.requirements)
    return installed._replace(requirements=requirements, options=installed.options._replace(upgrade=True))


def settings(program: Program, around: Surroundings) -> tuple[VariableSet, ...]:
    """What ``pip config set KEY VALUE`` keeps."""
    words = read(program.words, general(), interspersed=False).operands
    if not words or words[0].value != "config":
        return ()
    operands = read(words[1:], table(options.CONFIG)).operands
    return kept(operands[1:], _variable, around) if operands and operands[0].value == "set" else ()


def _variable(key: str) -> str | None:
    """``global.index-url``; a section that names a subcommand holds for that one, of which install is what counts."""
    section, _, name = key.partition(".")
    return "PIP_" + name.replace("-", "_").upper() if section in ("global", "install") and name else None
