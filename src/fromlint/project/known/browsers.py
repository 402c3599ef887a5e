"""Browsers that ``playwright install`` fetches: the packages that they load come with ``--with-deps`` alone."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.model.build import CommandUsed, Event, Step

NAME = "playwright"
# Firefox brings what WebKit and Chromium load; Chrome and Edge are installed as packages.
_CHROMIUM = frozenset({"chromium", "chromium-headless-shell", "chromium-tip-of-tree"})
_OTHERS = frozenset({"firefox", "webkit", "chrome", "msedge", "ffmpeg"})


def fetched(steps: Sequence[Step]) -> bool:
    """Whether Chromium is fetched in these steps, for sure."""
    return any(_fetches(step.event) for step in steps)


def _fetches(event: Event) -> bool:
    words = _words(event)
    if not words or words[0] != "install" or not isinstance(event, CommandUsed) or event.guarded:
        return False
    return not _OTHERS.intersection(words) or bool(_CHROMIUM.intersection(words))


def with_libraries(event: Event) -> bool:
    """Whether an event installs what browsers load, by the system's package manager."""
    words = _words(event)
    return bool(words) and (words[0] == "install-deps" or "--with-deps" in words)


def _words(event: Event) -> tuple[str, ...]:
    """What is said to playwright: of ``playwright …``, ``python -m playwright …``, ``npx playwright …``."""
    if not isinstance(event, CommandUsed) or event.instruction != "RUN":
        return ()
    words = (posixpath.basename(event.name), *event.arguments)
    for number, word in enumerate(words[:6]):
        if word == NAME or word.startswith(f"{NAME}@"):
            return words[number + 1 :]
    return ()
