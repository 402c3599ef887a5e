"""pipx: install, inject, upgrade and run, each into an environment of its own by pip."""

from fromlint.dockerfile.installs import surroundings
from fromlint.dockerfile.installs.options import Reading, read, table
from fromlint.dockerfile.installs.pip import from_environment, index_unknown, install_options, subcommand
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.quoting import words_within
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import pipx as options
from fromlint.model.build import Install, Word
from fromlint.model.place import Text

TABLES = {
    "install": (options.GENERAL, options.COMMON),
    "inject": (options.GENERAL, options.COMMON, options.INJECT),
    "upgrade": (options.GENERAL, options.COMMON, options.UPGRADE),
    "run": (options.GENERAL, options.COMMON, options.RUN),
}


def _read(program: Program) -> tuple[str, Reading] | None:
    before = read(program.words, table(options.GENERAL, abbreviable=True), interspersed=False)
    name = before.operands[0].value if before.operands else ""
    if name not in TABLES:
        return None
    return name, read(before.operands[1:], table(*TABLES[name], abbreviable=True), interspersed=name != "run")


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``pipx run`` runs; () where there are none."""
    found = _read(program)
    return found[1].operands if found is not None and found[0] == "run" else ()


def install(program: Program, around: Surroundings) -> Install | None:
    """What a pipx command installs; None where it installs nothing."""
    found = _read(program)
    if found is None or found[1].has("--help", "--version"):
        return None
    name, reading = found
    named, rest = _named(name, reading)
    if not named and not rest and not reading.has("--requirement"):
        return None
    pip = _pips(reading, around)
    editable = reading.has("--editable")
    python = reading.value("--python") or around.variables.get("PIPX_DEFAULT_PYTHON") or None
    return surroundings.plain(around, "pipx", "run" if name == "run" else "install", python=python)._replace(
        requirements=(*(() if editable else named), *reading.texts("--preinstall", "--with")),
        editable=named if editable else (),
        files=(*reading.texts("--requirement"), *pip.texts("--requirement")),
        constraints=pip.texts("--constraint"),
        packages=_environments(name, reading),
        options=install_options(pip)._replace(upgrade=name == "upgrade" or reading.has("--upgrade")),
        secret=index_unknown(pip, around),
        unknown=(
            *rest,
            *surroundings.written(reading.unknown),
            *surroundings.unknown(pip.operands),
            *reading.unsure("--preinstall", "--with", "--spec", "--requirement"),
        ),
    )


def _named(name: str, reading: Reading) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """The requirements named, and the words among them that are not known."""
    if name == "run":
        words = reading.operands[:1]
        spec = reading.texts("--spec")
        if spec or reading.unsure("--spec"):
            return spec[-1:], ()
    elif name == "inject":
        words = reading.operands[1:]  # the first names the environment
    else:
        words = reading.operands
    return surroundings.known(words), surroundings.unknown(words)


def _environments(name: str, reading: Reading) -> tuple[str, ...]:
    """The words that name the environments: each package has its own, what is injected goes to the first word's."""
    words = reading.operands[:1] if name in ("inject", "run") else reading.operands
    return tuple(word.value for word in words)


def apart(install: Install) -> tuple[Install, ...]:
    """``pipx install a b`` as the two installs that it is; what is said of all of them goes to each."""
    number = len(install.packages)
    if number < 2 or len(install.requirements) < number:
        return (install,)
    shared = install.requirements[number:]
    return tuple(
        install._replace(packages=(package,), requirements=(requirement, *shared))
        for package, requirement in zip(install.packages, install.requirements[:number], strict=True)
    )


def _pips(reading: Reading, around: Surroundings) -> Reading:
    """What the pip that pipx runs reads: ``PIP_*``, ``--index-url`` and ``--pip-args``."""
    options_table = subcommand("install")
    extra = reading.last("--pip-args")
    handed = read(words_within(extra), options_table) if extra is not None else Reading((), ())
    index = tuple(given for given in reading.given if given.name == "--index-url")
    return Reading((*from_environment(options_table, around), *index, *handed.given), handed.operands)
