"""What is fuzzed: one module a reader, with ``read(data)``, which returns for any bytes, and ``WORDS`` of its language.

``SHARE`` is how many executions a target gets in proportion to others, 1 where it says nothing. Seeds lie in
``seeds/NAME/``, a file each; regressions in ``seeds/NAME/`` too, called by what they did.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import NamedTuple

_SEEDS = Path(__file__).parent.parent / "seeds"


class Target(NamedTuple):
    """A reader, the inputs to begin with, the words of its language, and its share of the executions."""

    name: str
    read: Callable[[bytes], object]
    seeds: tuple[bytes, ...]
    words: Sequence[bytes]
    share: float


def names() -> tuple[str, ...]:
    """All targets, sorted."""
    return tuple(sorted(found.name for found in iter_modules(__path__)))


def target(name: str) -> Target:
    """The target of a name. Raises LookupError where it has no seeds."""
    module = import_module(f"{__name__}.{name}")
    seeds = tuple(path.read_bytes() for path in sorted((_SEEDS / name).iterdir()))
    if not seeds:
        raise LookupError(f"{name} has no seeds")
    return Target(name, module.read, seeds, getattr(module, "WORDS", ()), getattr(module, "SHARE", 1.0))
