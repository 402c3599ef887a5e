"""Tools that are known by name only, and ``setup.py``: said to be skipped, with a reason, by whoever reads on."""

import posixpath

from fromlint.dockerfile.installs import surroundings
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.model.build import Install, Word
from fromlint.model.place import Text

# What makes each tool install something; None: whatever it is asked to do, except to show something.
_INSTALLING: dict[str, frozenset[str] | None] = {
    "tox": None,
    "nox": None,
    "hatch": frozenset({"run", "shell", "test", "fmt", "env create", "dep sync"}),
    "flit": frozenset({"install"}),
    "rye": frozenset({"sync", "install", "add", "run", "fetch"}),
    "pixi": frozenset({"install", "add", "run", "shell", "global install", "global add"}),
}
_SHOWING = frozenset({"--help", "-h", "--version", "-V", "--list", "-l", "list", "config", "quickstart", "--help-ini"})
_SETUP = frozenset({"install", "develop", "bdist_wheel", "bdist_egg", "build", "build_ext"})


def install(program: Program, around: Surroundings) -> Install | None:
    """An install that says which tool it is, and of setup.py what; None where the tool installs nothing."""
    if program.name == "setup.py":
        return _setup_py(program, around)
    words = [word.value for word in program.words]
    if any(word in _SHOWING for word in words[:1]) or {"--help", "--version"} & set(words):
        return None
    installing = _INSTALLING[program.name]
    names = [word for word in words if not word.startswith("-")]
    if installing is not None and not ({" ".join(names[:1]), " ".join(names[:2])} & installing):
        return None
    action = "run" if "run" in names[:1] or installing is None else "install"
    return surroundings.plain(around, program.name, action, python=program.python)


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that ``hatch run`` or ``rye run`` runs, without hatch's name of an environment (``test:pip``)."""
    words = program.words
    while words and words[0].value.startswith("-"):
        words = words[1:]
    if not words or words[0].value != "run":
        return ()
    words = words[1:]
    if not words or program.name != "hatch":
        return words
    head = words[0]
    return (head._replace(value=head.value.rpartition(":")[2]), *words[1:])


def _setup_py(program: Program, around: Surroundings) -> Install | None:
    """``python setup.py install`` or ``develop``: the project beside that file, as pip would be told of it."""
    commands = {word.value for word in program.words} & _SETUP
    if not commands or program.path is None or {"--help", "-h", "--version"} & {word.value for word in program.words}:
        return None
    project = (Text(posixpath.dirname(program.path) or ".", around.command.span),)
    installed = bool(commands & {"install", "develop"})
    install = surroundings.plain(around, "setup.py", "install" if installed else "wheel", python=program.python)
    # bdist_wheel builds the project and leaves what it depends on to whoever installs the wheel.
    install = install._replace(options=install.options._replace(no_deps=not installed))
    return install._replace(editable=project) if "develop" in commands else install._replace(requirements=project)
