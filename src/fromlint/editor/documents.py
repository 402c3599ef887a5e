"""The documents that are open in the editor, and files as it sees them: its word counts, else the disk's."""

from __future__ import annotations

import os
from collections.abc import Iterator
from typing import NamedTuple

from fromlint import judging
from fromlint.discovery.find import is_dockerfile_name
from fromlint.editor.positions import Positions, path_of, uri_of

_DOCKER_LANGUAGES = frozenset({"dockerfile", "containerfile", "docker"})


class Document(NamedTuple):
    """A document that is open. ``path`` is as the editor names it."""

    uri: str
    path: str
    text: str
    version: int | None
    language: str

    @property
    def is_dockerfile(self) -> bool:
        """Whether it is one by what the editor takes it for, or by its name."""
        return self.language.lower() in _DOCKER_LANGUAGES or is_dockerfile_name(os.path.basename(self.path))


class Documents:
    """Open documents by *place*: the path of a file without links. ``encoding`` is what the editor's columns count in.

    What is no file of this machine (``untitled:``, a revision) is not among them.
    """

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self._open: dict[str, Document] = {}

    def __contains__(self, place: str) -> bool:
        return place in self._open

    def __iter__(self) -> Iterator[tuple[str, Document]]:
        yield from list(self._open.items())

    def get(self, place: str) -> Document | None:
        """The document at a place, None where none is open."""
        return self._open.get(place)

    def opened(self, uri: str, language: str, version: int | None, text: str) -> str | None:
        """Take a document in. Returns its place, None for what is no file."""
        path = path_of(uri)
        if path is None:
            return None
        place = os.path.realpath(path)
        self._open[place] = Document(uri, path, text, version, language)
        return place

    def changed(self, uri: str, version: int | None, text: str) -> str | None:
        """Give a document another text. Returns its place, None where it is not open."""
        place = place_of(uri)
        if place not in self._open:
            return None
        self._open[place] = self._open[place]._replace(text=text, version=version)
        return place

    def closed(self, uri: str) -> str | None:
        """Let go of a document. Returns its place, None where it was not open."""
        place = place_of(uri)
        return place if self._open.pop(place, None) is not None else None

    def buffers(self) -> dict[str, bytes]:
        """The contents of all open documents."""
        return {place: _encoded(document.text) for place, document in self._open.items()}

    def content(self, place: str) -> bytes | None:
        """What a file holds; None where it cannot be read."""
        if place in self._open:
            return _encoded(self._open[place].text)
        try:
            if not os.path.isfile(place):
                return None
            with open(place, "rb") as file:
                return file.read(judging.LARGEST_DOCKERFILE)
        except (OSError, ValueError):
            return None

    def text(self, file: str) -> str:
        """The text of a file by its path in whatever form; "" where it cannot be read."""
        return (self.content(os.path.realpath(file)) or b"").decode("utf-8", "replace")

    def positions(self, file: str) -> Positions:
        """The places in a file, by its path in whatever form."""
        return Positions(self.text(file), self.encoding)

    def named(self, place: str) -> tuple[str, int | None]:
        """The URI and version by which the editor knows a file."""
        document = self._open.get(place)
        return (document.uri, document.version) if document is not None else (uri_of(place), None)


def place_of(uri: str) -> str:
    """The path without links that a URI stands for; "" for no file."""
    path = path_of(uri)
    return os.path.realpath(path) if path is not None else ""


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")
