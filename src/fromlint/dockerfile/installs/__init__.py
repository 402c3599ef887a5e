"""What installs Python distributions: from a shell command's words to an install, a virtual environment or settings."""

from collections.abc import Mapping

from fromlint.dockerfile.installs import programs, surroundings, tools
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.model.build import Command, Install, Mount, VariableSet, VenvMade, Word

__all__ = ["apart", "install", "settings", "venv"]

_DEPTH = 6  # of runners within runners: hostile lines nest without end
_SYSTEM = frozenset({"/", "/usr", "/usr/local"})


def install(
    command: Command, *, mounts: tuple[Mount, ...] = (), arguments: Mapping[str, str | None] | None = None
) -> Install | None:
    """What a command installs (builds, downloads, exports), None where it does nothing of the kind.

    ``mounts`` are the RUN's, ``arguments`` its stage's ARGs (None: no value), which count as environment. Of
    ``uv run pip install x`` it is what pip installs; the sync before it is not told apart.
    """
    return _install(command.words, surroundings.of(command, mounts, arguments or {}), _DEPTH)


def apart(installed: Install) -> tuple[Install, ...]:
    """An install as those that it stands for: ``pipx`` fills an environment for each of its words."""
    if installed.tool != "pipx":
        return (installed,)
    from fromlint.dockerfile.installs import pipx

    return pipx.apart(installed)


def _install(words: tuple[Word, ...], around: Surroundings, depth: int) -> Install | None:
    found = programs.program(words)
    if found is None or depth == 0:
        return None
    outer = tools.install(found, around)
    words = tools.inside(found, around)
    installed = _install(words, around, depth - 1) if words else None
    return outer if installed is None else _run_by(found, installed, outer)


def _run_by(runner: Program, installed: Install, outer: Install | None) -> Install:
    """An install that another tool runs, which goes to that tool's environment if it says nothing else."""
    if runner.name == "xargs":
        return installed
    venv = installed.venv or (outer.venv if outer is not None else None)
    return installed._replace(runner=installed.runner or runner.name, venv=venv)


def venv(
    command: Command, *, mounts: tuple[Mount, ...] = (), arguments: Mapping[str, str | None] | None = None
) -> VenvMade | None:
    """The virtual environment that a command makes, None where it makes none.

    ``uv sync``, ``poetry install`` and their like make the project's where there is none yet: the result's ``tool`` is
    then the Install's. The system's own Python (``UV_PROJECT_ENVIRONMENT=/usr/local``) is none.
    """
    around = surroundings.of(command, mounts, arguments or {})
    found = programs.program(command.words)
    for _ in range(_DEPTH):
        if found is None:
            return None
        made = tools.venv(found, around)
        if made is not None:
            return made
        words = tools.inside(found, around)
        if not words:
            break
        found = programs.program(words)
    installed = install(command, mounts=mounts, arguments=arguments)
    if installed is None or installed.venv is None or installed.runner or installed.system:
        return None
    active = around.variables.get("VIRTUAL_ENV")
    if installed.venv in _SYSTEM or (active and installed.venv == around.at(active)):
        return None
    return VenvMade(
        path=installed.venv,
        tool=installed.tool,
        python=installed.python,
        system_site_packages=around.true("POETRY_VIRTUALENVS_OPTIONS_SYSTEM_SITE_PACKAGES")
        if installed.tool == "poetry"
        else False,
        relocatable=False,
        conditional=command.conditional,
        span=command.span,
    )


def settings(command: Command) -> tuple[VariableSet, ...]:
    """The settings that a command keeps for later ones, as variables: ``poetry config virtualenvs.create false`` is
    ``POETRY_VIRTUALENVS_CREATE``. A variable that is really set beats them.
    """
    found = programs.program(command.words)
    return tools.settings(found, surroundings.of(command, (), {})) if found is not None else ()
