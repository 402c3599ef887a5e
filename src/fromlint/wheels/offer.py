"""What indexes offer of one project: files grouped by version, newest first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial

from fromlint.model.index import File, Page
from fromlint.named_tuple import NamedTuple
from fromlint.wheels import filename, versions
from fromlint.wheels.specifiers import Specifiers, allows, window
from fromlint.wheels.versions import Key, Version


class Candidate(NamedTuple):
    """A wheel or sdist. ``tags``, ``build`` and ``python`` as in filename.Name."""

    file: File
    wheel: bool
    tags: str
    build: tuple[int, str] | None
    python: str | None


class Release:
    """All files of one version, in the order of the pages.

    Most releases of a page are never looked at, so a release asks for its files, and takes their names apart, only when
    it is. ``best``: which file was found to be the best, by what decides that; None until one was looked for.
    """

    __slots__ = ("_candidates", "_files", "_project", "best", "version")

    def __init__(self, version: Version, project: str, files: Callable[[], Iterable[File]]) -> None:
        self.version = version
        self._project = project
        self._files = files
        self._candidates: tuple[Candidate, ...] | None = None
        self.best: dict[tuple[object, ...], Candidate | None] | None = None

    @property
    def candidates(self) -> tuple[Candidate, ...]:
        """The files that an installer would look at."""
        if self._candidates is None:
            self._candidates = tuple(self._split())
        return self._candidates

    def only(self, kept: Sequence[Candidate]) -> Release:
        """The same release with some of its files."""
        return Release(self.version, self._project, lambda: [candidate.file for candidate in kept])

    def _split(self) -> Iterator[Candidate]:
        for file in self._files():
            name = filename.split(file.filename, self._project)
            if name is not None:
                yield Candidate(file, name.wheel, name.tags, name.build, name.python)


class Offer(NamedTuple):
    """A project as its index or indexes show it.

    ``releases`` are newest first, ``keys`` those of their versions in ascending order. ``date`` is the oldest day that
    a page speaks of; ``complete`` and ``exists`` as in Page. ``failure``: why an index that could change the answer is
    not known.
    """

    name: str
    releases: tuple[Release, ...]
    keys: tuple[Key, ...]
    date: str | None
    complete: bool
    exists: bool
    failure: str | None


def allowed(offer: Offer, wanted: Specifiers) -> Iterator[Release]:
    """The releases that specifiers allow, newest first."""
    start, end = window(wanted, offer.keys)
    for release in offer.releases[len(offer.releases) - end : len(offer.releases) - start]:
        if allows(wanted, release.version):
            yield release


def decided(offer: Offer, wanted: Specifiers) -> bool:
    """Whether what is known decides what is there to choose from: all of it, or the one release that is pinned.

    Of a release that an incomplete page (the snapshot's) lists all files are known.
    """
    return offer.complete or (wanted.pinned and next(allowed(offer, wanted), None) is not None)


# Pages are values, but hashing three thousand files takes longer than reading their names, so they are remembered by
# identity. The page is kept beside the answer so that no other can come to stand at its address.
_REMEMBERED = 512
_memory: dict[tuple[int, ...], tuple[tuple[Page, ...], Offer]] = {}


def offer(name: str, pages: Sequence[Page]) -> Offer:
    """What the pages of one project show together; ``name`` is normalised."""
    key = tuple(map(id, pages))
    remembered = _memory.get(key)
    if remembered is not None and remembered[1].name == name:
        return remembered[1]
    found = _read(name, pages)
    while len(_memory) >= _REMEMBERED:
        _memory.pop(next(iter(_memory)), None)
    _memory[key] = tuple(pages), found
    return found


def _read(name: str, pages: Sequence[Page]) -> Offer:
    by_page = [page.releases if page.regular else _by_version(name, page) for page in pages]
    by_version: dict[object, tuple[Version, list[str]]] = {}
    for text in dict.fromkeys(text for releases in by_page for text in releases):
        version = versions.parse(text)
        if version is not None:
            by_version.setdefault((version.key, version.local), (version, []))[1].append(text)
    newest_first = sorted(by_version.values(), key=lambda found: (found[0].key, found[0].local), reverse=True)
    releases = tuple(Release(version, name, partial(_files, by_page, texts)) for version, texts in newest_first)
    failures = [page.failure for page in pages if page.failure is not None]
    return Offer(
        name=name,
        releases=releases,
        keys=tuple(release.version.key for release in reversed(releases)),
        date=min((page.date for page in pages if page.failure is None), default=None),
        complete=all(page.complete for page in pages),
        exists=any(page.exists for page in pages),
        failure=failures[0] if failures else None,
    )


def _files(by_page: Sequence[Mapping[str, Sequence[File]]], texts: Sequence[str]) -> Iterator[File]:
    """The files of one version, which may be written in several ways (1.0, 1.0.0), in the order of the pages."""
    for releases in by_page:
        for text in texts if len(texts) == 1 else [text for text in releases if text in texts]:
            yield from releases.get(text, ())


def _by_version(name: str, page: Page) -> dict[str, list[File]]:
    """The files by the version that their names state, as cheaply as can be: a page may list thousands."""
    found: dict[str, list[File]] = {}
    ours: dict[str, bool] = {}
    for file in page.files:
        text = file.filename
        if text.endswith(".whl"):
            written, _, rest = text.partition("-")
            if written not in ours:
                ours[written] = filename.normalised(written) == name
            if ours[written]:
                found.setdefault(rest.partition("-")[0], []).append(file)
        else:
            split = filename.split(text, name)
            if split is not None:
                found.setdefault(split.version, []).append(file)
    return found
