"""A pylock.toml (PEP 751)."""

from fuzz.project import gathered
from fuzz.tomlwords import WORDS

__all__ = ["WORDS", "read"]


def read(data: bytes) -> None:
    gathered("pip", "pylock.toml", data, files=("pylock.toml",))
