"""A pyproject.toml as every tool reads it, and a Pipfile."""

from fuzz.project import gathered
from fuzz.tomlwords import WORDS

__all__ = ["SHARE", "WORDS", "read"]

SHARE = 0.3


def read(data: bytes) -> None:
    gathered("pip", "pyproject.toml", data, requirements=(".",))
    for tool in ("uv-sync", "poetry", "pdm"):
        gathered(tool, "pyproject.toml", data)
    gathered("pipenv", "Pipfile", data)
