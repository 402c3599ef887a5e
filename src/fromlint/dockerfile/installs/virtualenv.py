"""``python -m venv`` and ``virtualenv``."""

from fromlint.dockerfile.installs.options import read, table
from fromlint.dockerfile.installs.programs import Program
from fromlint.dockerfile.installs.surroundings import Surroundings
from fromlint.dockerfile.installs.tables import venv as options
from fromlint.model.build import VenvMade


def venv(program: Program, around: Surroundings) -> VenvMade | None:
    """The virtual environment that the command makes (the first, of several); None where it makes none."""
    virtualenv = program.name == "virtualenv"
    reading = read(program.words, table(options.VIRTUALENV if virtualenv else options.VENV, abbreviable=True))
    if reading.has("--help", "--version") or not reading.operands:
        return None
    python = reading.value("--python") or (around.variables.get("VIRTUALENV_PYTHON") if virtualenv else None)
    site_packages = reading.has("--system-site-packages")
    return VenvMade(
        path=around.at(reading.operands[0].value),
        tool=program.name,
        python=python or program.python,
        system_site_packages=site_packages or (virtualenv and around.true("VIRTUALENV_SYSTEM_SITE_PACKAGES")),
        relocatable=False,
        conditional=around.command.conditional,
        span=around.command.span,
    )
