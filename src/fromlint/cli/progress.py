"""A bar on stderr while the index is asked: only on a terminal, and only where that takes longer than a second."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from time import monotonic

_SECONDS = 1.0
_EVERY = 0.1
_WIDTH = 30
_ERASED = "\r\x1b[2K"

Progress = Callable[[int, int], None]
"""Is told how many questions were answered, of how many that were asked so far."""


@contextmanager
def shown(*, quiet: bool = False) -> Iterator[Progress | None]:
    """What to tell of the questions to the index, None where nobody would see it. In the end nothing is left of it."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    bar = _Bar()
    try:
        yield bar.told
    finally:
        bar.erase()


class _Bar:
    def __init__(self) -> None:
        self._start: float | None = None
        self._drawn: float | None = None

    def told(self, done: int, total: int) -> None:
        now = monotonic()
        if self._start is None:
            self._start = now
        if now - self._start < _SECONDS or (self._drawn is not None and now - self._drawn < _EVERY):
            return
        self._drawn = now
        full = _WIDTH * done // max(total, 1)
        sys.stderr.write(f"{_ERASED}asking the index [{'#' * full}{'.' * (_WIDTH - full)}] {done} of {total}")
        sys.stderr.flush()

    def erase(self) -> None:
        if self._drawn is not None:
            sys.stderr.write(_ERASED)
            sys.stderr.flush()
