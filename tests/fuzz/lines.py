"""Which lines of fromlint an execution reached for the first time: an input that does so is worth keeping."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import CodeType, FrameType
from typing import Any, TypeVar

import fromlint

_OURS = fromlint.__path__[0]
Result = TypeVar("Result")


class Lines:
    """Remembers the lines that were reached. A function that has none left is not followed any more."""

    def __init__(self) -> None:
        self._left: dict[CodeType, set[int]] = {}
        self._fresh = False

    def run(self, execute: Callable[[], Result]) -> tuple[Result, bool]:
        """The result of ``execute``, and whether it reached a line that none before did."""
        self._fresh = False
        sys.settrace(self._called)
        try:
            result = execute()
        finally:
            sys.settrace(None)
        return result, self._fresh

    def _called(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        code = frame.f_code
        left = self._left.get(code)
        if left is None:
            ours = code.co_filename.startswith(_OURS)
            left = self._left[code] = {line for *_, line in code.co_lines() if line is not None} if ours else set()
        return self._line if left else None

    def _line(self, frame: FrameType, event: str, _: Any) -> Callable[..., Any] | None:
        left = self._left[frame.f_code]
        if frame.f_lineno in left:
            left.discard(frame.f_lineno)
            self._fresh = True
        return self._line
