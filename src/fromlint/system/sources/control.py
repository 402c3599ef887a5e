"""How the following of a build script leaves the ordinary order of statements."""

from __future__ import annotations

from fromlint.typed import Any


class Control(Exception):
    """Something that leaves the ordinary order of statements."""


class Returned(Control):
    """A function returns."""

    def __init__(self, value: Any) -> None:
        self.value = value


class Raised(Control):
    """The script raises or exits."""


class NoModule(Raised):
    """An import of what the build environment does not have."""


class Loop(Control):
    """``break`` or ``continue``."""


class TooMuch(Exception):
    """More steps than a build script takes."""
