"""The rules' pages as files in the cache, so that an editor can open what a code links to without a network."""

from __future__ import annotations

import os
from functools import cache
from glob import escape, glob
from pathlib import Path

from fromlint import rules
from fromlint.cachefolder import deleted, folder

_FOLDER = "rules"


def page(code: str) -> str | None:
    """The URI of a rule's page; None where there is no such rule, or no place for the page."""
    place = folder(os.environ)
    return _page(place, code) if place is not None and code in rules.CODES else None


@cache
def _page(place: str, code: str) -> str | None:
    rule = rules.rule(code)
    text = f"# {rule.CODE} {rule.NAME} ({rule.SEVERITY.word})\n\n{(rule.__doc__ or '').strip()}\n"
    path = os.path.join(place, _FOLDER, f"{code}.md")
    try:
        if not _is(path, text):
            os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
            beside = f"{path}.{os.getpid()}"
            with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(beside, path)
    except OSError:
        return None
    return Path(path).as_uri()


def remove(place: str) -> int:
    """Delete the pages in a cache folder; the bytes that were freed."""
    return deleted(glob(os.path.join(escape(place), _FOLDER, "FL*.md*")))


def _is(path: str, text: str) -> bool:
    try:
        with open(path, encoding="utf-8") as file:
            return file.read(len(text) + 1) == text
    except (OSError, ValueError):
        return False
