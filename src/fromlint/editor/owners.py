"""Which Dockerfiles the open documents belong to."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Sequence

from fromlint import run
from fromlint.discovery import repository
from fromlint.discovery.find import is_dockerfile_name
from fromlint.editor.documents import Document, Documents
from fromlint.editor.workers import Worker

# What a search through the repository is worth: files that say what is installed, or how Dockerfiles are built.
_READ_BY_BUILDS = re.compile(
    r".*\.(txt|in|toml|lock|cfg)|setup\.py|pipfile|.*\.dockerignore|\.python-version|pip\.conf"
    r"|(docker-)?compose.*\.ya?ml|.*bake.*\.(hcl|json)|build\.ya?ml",
    re.I,
)
_DECLARING = re.compile(r".*\.(ya?ml|hcl|dockerignore)|.*bake.*", re.I)


class Owners:
    """The Dockerfiles of open documents. A search of the repository for them is under way at most once."""

    def __init__(self, documents: Documents, log: Callable[[str], None]) -> None:
        self._folders: tuple[str, ...] = ()
        self._documents = documents
        self._log = log
        self._found: dict[str, tuple[str, ...]] = {}
        self._open: set[str] = set()
        self._sought = ""
        self._worker = Worker("fromlint search")

    def dockerfiles(self) -> tuple[str, ...]:
        """The Dockerfiles to look at, as far as they are known: open ones first, each once whatever links there are."""
        by_place: dict[str, str] = {}
        others: dict[str, str] = {}
        for place, document in self._documents:
            if document.is_dockerfile:
                by_place[place] = document.path
            elif place not in (*self._found, self._sought) and _matters(document):
                self._open.add(place)
            for owner in self._found.get(place, ()):
                others.setdefault(os.path.realpath(owner), owner)
        return tuple({**others, **by_place}[place] for place in dict.fromkeys((*by_place, *others)))

    def unknown(self, place: str) -> bool:
        """Whether nothing is known yet of a document."""
        return place not in self._found and (place in self._open or place == self._sought)

    def changed(self, paths: Sequence[str]) -> None:
        """These files are new, gone or changed on disk: the Dockerfiles of documents may be others now."""
        if any(is_dockerfile_name(os.path.basename(path)) or _declares(path) for path in paths):
            self._open.update(self._found)

    def moved(self, folders: Sequence[str]) -> None:
        """The workspace has these folders."""
        self._folders = tuple(folders)
        self._open.update(self._found)

    def forget(self, place: str) -> None:
        """A document was closed."""
        self._found.pop(place, None)
        self._open.discard(place)

    async def search(self) -> bool:
        """Find the owners of documents of which they are not known. Returns whether one has other ones than before."""
        changed = False
        while self._open:
            self._sought = place = self._open.pop()
            document = self._documents.get(place)
            if document is None or document.is_dockerfile:
                continue
            try:
                found = await self._worker.run(run.belonging, [document.path], root=self._root(document))
            except Exception as error:
                self._log(f"{document.path}: internal error: {type(error).__name__}: {error}")
                found = ()
            if place in self._documents:
                owners = tuple(os.path.abspath(path) for path in found)
                changed |= owners != self._found.get(place)
                self._found[place] = owners
        self._sought = ""
        return changed

    def _root(self, document: Document) -> str | None:
        """The folder that all of a file's project lies in where it is in no repository: the workspace's."""
        folder = os.path.dirname(document.path)
        if repository.root(folder) is not None:
            return None
        around = [each for each in self._folders if repository.is_below(folder, each)]
        return max(around, key=len, default=None)


def _matters(document: Document) -> bool:
    return _READ_BY_BUILDS.fullmatch(os.path.basename(document.path)) is not None


def _declares(path: str) -> bool:
    """Whether a file may say how Dockerfiles are built."""
    return _DECLARING.fullmatch(os.path.basename(path)) is not None
