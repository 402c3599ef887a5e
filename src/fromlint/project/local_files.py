"""Wheels and sdists in folders of the image that ``--find-links`` names: what the build context puts there."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping

from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.index import File, Metadata, Page
from fromlint.named_tuple import NamedTuple
from fromlint.project.layers import ImageFiles

_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz")
_MOST_FILES = 2_000


class Folder(NamedTuple):
    """A folder's files as an index page lists them, and what they depend on, by file name."""

    page: Page
    metadata: Mapping[str, Metadata]


def folder(place: str, key: str, files: ImageFiles, day: str) -> Folder | None:
    """What a ``--find-links`` place in the image holds; None where that is not surely known.

    ``key`` tells it from other places of that path, ``day`` is the ISO day of the answer.
    """
    path = _path(place)
    names = files.listing(path)
    if names is None or len(names) > _MOST_FILES:
        return None
    archives = [name for name in names if name.endswith(_ARCHIVES)]
    page = Page("", key, tuple(File(name) for name in archives), "context", day)
    return Folder(page, {name: _metadata(posixpath.join(path, name), files) for name in archives})


def _path(place: str) -> str:
    if not place.startswith("file:"):
        return place
    from urllib.parse import unquote

    return unquote("/" + place[5:].lstrip("/"))


def _metadata(path: str, files: ImageFiles) -> Metadata:
    from fromlint.index import archives, core_metadata

    if not path.endswith(".whl"):
        return core_metadata.unknown("only its build would tell")
    try:
        data = files.read(path)
        member = archives.wheel_metadata(archives.members(data, len(data), lambda start, end: data[start:end]))
        if member is not None:
            text = archives.member(member, data, len(data), lambda start, end: data[start:end])
            found = core_metadata.fields(text)
            if found is not None:
                return core_metadata.metadata(found)
    except (archives.Unreadable, FileMissing, FileUnknown, FileUnreadable):
        pass
    return core_metadata.unknown("the wheel cannot be read")
