"""Regular expressions that are compiled when they are first used: a run uses a few of the two hundred that there are.

Imports nothing of ours.
"""

from __future__ import annotations

import re

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import AnyStr


def regex(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """What ``re.compile`` returns, made on first use. Raises nothing: a fault in ``text`` shows then."""
    return _Regex(text, flags)  # type: ignore[return-value]


class _Regex:
    """Stands for a pattern; from the first use on its methods are the pattern's own."""

    __slots__ = (
        "_flags", "_text", "findall", "finditer", "fullmatch", "match", "pattern", "search", "split", "sub", "subn"
    )  # fmt: skip

    def __init__(self, text: object, flags: int) -> None:
        self._text = text
        self._flags = flags

    def __getattr__(self, name: str) -> object:
        if name not in _Regex.__slots__:
            raise AttributeError(name)
        compiled = re.compile(self._text, self._flags)  # type: ignore[call-overload]
        for method in _Regex.__slots__[2:]:
            setattr(self, method, getattr(compiled, method))
        return getattr(self, name)
