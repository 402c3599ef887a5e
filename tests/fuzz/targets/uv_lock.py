"""A uv.lock."""

from fuzz.project import gathered
from fuzz.tomlwords import WORDS

__all__ = ["SHARE", "WORDS", "read"]

SHARE = 0.7


def read(data: bytes) -> None:
    gathered("uv-sync", "uv.lock", data)
