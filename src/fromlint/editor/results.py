"""The results of each Dockerfile that may come back, and when the index is worth asking."""

from __future__ import annotations

from collections.abc import Mapping
from time import time

from fromlint.editor.kept import Kept

_MOST = 6
"""Results that are kept of one Dockerfile: for what is undone and done again."""
_AGAIN = 600.0
"""Seconds after which the index may be asked the same again …"""
_AGAIN_FAILED = 60.0
"""… and where it could not be reached."""


class Results:
    """Results by Dockerfile, newest first, and until when what the index was asked for is not asked again."""

    def __init__(self) -> None:
        self._kept: dict[str, list[Kept]] = {}
        self._asked_until: dict[str, float] = {}
        self._offline: set[str] = set()

    def known(self, dockerfile: str, buffers: Mapping[str, bytes], given: Mapping[str, object]) -> Kept | None:
        """The result that a run would have now, None where it has to be run."""
        return next((kept for kept in self._kept.get(dockerfile, ()) if kept.holds(buffers, given)), None)

    def keep(self, kept: Kept) -> None:
        """Keep a result, in place of one that was found with the same contents."""
        others = [
            other
            for other in self._kept.get(kept.dockerfile, ())
            if (other.buffers, other.given) != (kept.buffers, kept.given)
        ]
        self._kept[kept.dockerfile] = [kept, *others[: _MOST - 1]]

    def forget(self, dockerfile: str) -> None:
        """Let go of a Dockerfile's results."""
        self._kept.pop(dockerfile, None)

    def due(self, kept: Kept) -> bool:
        """Whether the index has something to say that is not known yet, or may say it anew."""
        if kept.problem or kept.dockerfile in self._offline:
            return False
        if kept.asked:
            return time() > max(kept.report.good_until, kept.when + _AGAIN_FAILED)
        return any(self._asked_until.get(each, 0.0) < time() for each in kept.report.unasked)

    def unasked(self, dockerfile: str) -> frozenset[str]:
        """What the index would have been asked for."""
        return frozenset(each for kept in self._kept.get(dockerfile, ()) for each in kept.report.unasked)

    def asked(self, dockerfile: str, wanted: frozenset[str], kept: Kept | None) -> None:
        """The index was asked; ``kept`` is what came of it, None where that failed."""
        reached = kept is not None and kept.report.good_until > 0
        self._asked_until.update(dict.fromkeys(wanted, time() + (_AGAIN if reached else _AGAIN_FAILED)))
        if kept is not None and kept.offline:
            self._offline.add(dockerfile)

    def complete(self, kept: Kept) -> bool:
        """Whether nothing more is to be known: the index was asked, or is not to be."""
        return kept.asked or kept.dockerfile in self._offline

    def ask_anew(self) -> None:
        """The settings may allow other things now."""
        self._asked_until.clear()
        self._offline.clear()
