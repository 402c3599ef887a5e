"""Which module reads which program: looked up by name and imported when a command needs it."""

import importlib
from collections.abc import Callable

from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.model.build import Install, VariableSet, VenvMade, Word
from fromlint.typed import cast

_MODULES = {
    "pip": "pip",
    "get-pip.py": "pip",
    "pip-sync": "pip_tools",
    "pip-compile": "pip_tools",
    "uv": "uv",
    "uvx": "uv",
    "poetry": "poetry",
    "pipenv": "pipenv",
    "pdm": "pdm",
    "pipx": "pipx",
    "conda": "conda",
    "mamba": "conda",
    "micromamba": "conda",
    "tox": "others",
    "nox": "others",
    "hatch": "others",
    "flit": "others",
    "rye": "others",
    "pixi": "others",
    "setup.py": "others",
    "venv": "virtualenv",
    "virtualenv": "virtualenv",
    "xargs": "xargs",
}


def _function(program: Program, name: str) -> object:
    module = importlib.import_module(f"{__package__}.{_MODULES[program.name]}")
    return getattr(module, name, None)


def install(program: Program, around: Surroundings) -> Install | None:
    """What the program installs."""
    function = cast(Callable[[Program, Surroundings], Install | None] | None, _function(program, "install"))
    return function(program, around) if function is not None else None


def venv(program: Program, around: Surroundings) -> VenvMade | None:
    """The virtual environment that the program is there to make."""
    function = cast(Callable[[Program, Surroundings], VenvMade | None] | None, _function(program, "venv"))
    return function(program, around) if function is not None else None


def inside(program: Program, around: Surroundings) -> tuple[Word, ...]:
    """The words that the program runs in its environment (``uv run``, ``conda run``, ``xargs``)."""
    function = cast(Callable[[Program, Surroundings], tuple[Word, ...]] | None, _function(program, "inside"))
    words = function(program, around) if function is not None else ()
    return words[1:] if words and words[0].value == "--" else words


def settings(program: Program, around: Surroundings) -> tuple[VariableSet, ...]:
    """The settings that the program keeps for later commands."""
    function = cast(Callable[[Program, Surroundings], tuple[VariableSet, ...]] | None, _function(program, "settings"))
    return function(program, around) if function is not None else ()
