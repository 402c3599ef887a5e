"""What the editor was told of each file, so that it is told again only what has changed."""

from __future__ import annotations

from collections.abc import Callable

from lsprotocol import types

from fromlint.editor.diagnostics import Found
from fromlint.editor.documents import Documents

Publish = Callable[[str, list[types.Diagnostic], int | None], None]


class Board:
    """Diagnostics by Dockerfile and file. One file may have some of several Dockerfiles."""

    def __init__(self, documents: Documents, publish: Publish) -> None:
        self._documents = documents
        self._publish = publish
        self._found: dict[str, Found] = {}
        self._told: dict[str, list[types.Diagnostic]] = {}

    def replace(self, dockerfile: str, found: Found) -> None:
        """Take what is found of a Dockerfile in place of what was, and tell what has changed by that."""
        before = self._found.pop(dockerfile, {})
        if found:
            self._found[dockerfile] = found
        for place in dict.fromkeys((*before, *found)):
            self._tell(place)

    def found(self, dockerfile: str) -> Found:
        """What is found of a Dockerfile."""
        return self._found.get(dockerfile, {})

    def again(self, place: str) -> None:
        """Tell of a file even if nothing has changed: the editor may have let go of it."""
        self._told.pop(place, None)

    def tell(self, place: str) -> None:
        """Tell what is found in an open document, if it was not told; also that there is nothing."""
        if place not in self._told:
            self._tell(place)

    def _tell(self, place: str) -> None:
        merged: dict[tuple[object, ...], types.Diagnostic] = {}
        for dockerfile in sorted(self._found):
            for diagnostic in self._found[dockerfile].get(place, ()):
                merged.setdefault(_alike(diagnostic), diagnostic)
        now = list(merged.values())
        if self._told.get(place) != now:
            uri, version = self._documents.named(place)
            self._publish(uri, now, version)
        self._told[place] = now


def _alike(diagnostic: types.Diagnostic) -> tuple[object, ...]:
    """What two Dockerfiles say alike of one line is said once."""
    start, end = diagnostic.range.start, diagnostic.range.end
    return start.line, start.character, end.line, end.character, diagnostic.code, diagnostic.message
