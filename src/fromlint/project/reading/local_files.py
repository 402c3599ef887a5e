"""What the image holds of what is installed: projects, wheels and sdists, by path or where ``--find-links`` leads."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping

from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.index import File, Metadata, Page
from fromlint.model.requirement import Needs
from fromlint.named_tuple import NamedTuple
from fromlint.project.reading import own_code
from fromlint.project.walking.layers import ImageFiles
from fromlint.requirements.names import file_name, is_archive, local_path
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.system.sources import SdistFacts
    from fromlint.wheels.policy import Policy

_ARCHIVES = (".whl", ".tar.gz", ".zip", ".tar.bz2", ".tgz")
_MOST_FILES = 2_000


class Folder(NamedTuple):
    """A folder's files as an index page lists them, and what they depend on, by file name or other key."""

    page: Page
    metadata: Mapping[str, Metadata]


class Seen(NamedTuple):
    """What was seen for an install.

    ``policy`` is its own with the keys of ``folders``; ``own``: what builds take of what is compiled, by the path as it
    is written or the name of an sdist.
    """

    policy: Policy
    folders: Mapping[str, Folder]
    own: Mapping[str, SdistFacts]


def seen(
    policy: Policy, needs: Needs, files: ImageFiles, followed: ImageFiles, at: str, day: str, *, pure: bool = False
) -> Seen:
    """What lies in the image of what an install takes.

    ``files`` are those that it sees, ``followed`` with what its words were followed to. ``at`` tells it from other
    installs, ``day`` is the ISO day of the answer. ``pure``: of what compiles nothing, too.
    """
    own = dict(own_code.read(needs.folders, followed, pure=pure))
    folders: dict[str, Folder] = {}
    places = []
    for place in policy.places:
        key = f"{place} at {at}"
        found = _folder(place, key, files, day) if "://" not in place or place.startswith("file:") else None
        if found is not None:
            folders[key] = found
            own |= own_code.found_in(local_path(place), tuple(found.metadata), files)
        places.append(key if found is not None else place)
    archives = {path: f"{path} at {at}" for path in _named(needs)}
    for path, key in archives.items():
        page = Page("", key, (File(file_name(path)),), "context", day)
        folders[key] = Folder(page, {key: _metadata(local_path(path), followed)})
    return Seen(policy._replace(places=tuple(places), archives=archives), folders, own)


def _named(needs: Needs) -> Iterator[str]:
    """The archives that are named by path."""
    for each in needs.requirements:
        if each.kind == "path" and each.reference and is_archive(each.reference):
            yield each.reference


def _folder(place: str, key: str, files: ImageFiles, day: str) -> Folder | None:
    """What a ``--find-links`` place in the image holds; None where that is not surely known."""
    path = local_path(place)
    names = files.listing(path)
    if names is None or len(names) > _MOST_FILES:
        return None
    archives = [name for name in names if name.endswith(_ARCHIVES)]
    page = Page("", key, tuple(File(name) for name in archives), "context", day)
    return Folder(page, {name: _metadata(posixpath.join(path, name), files) for name in archives})


def _metadata(path: str, files: ImageFiles) -> Metadata:
    from fromlint.index import archives, core_metadata, sdist_metadata

    try:
        data = files.read(path)
        if not path.endswith(".whl"):
            return sdist_metadata.of_archive(data, path)
        member = archives.wheel_metadata(archives.members(data, len(data), lambda start, end: data[start:end]))
        if member is not None:
            text = archives.member(member, data, len(data), lambda start, end: data[start:end])
            found = core_metadata.fields(text)
            if found is not None:
                return core_metadata.metadata(found)
    except FileMissing:
        return core_metadata.unknown("it is not in the build context")
    except (archives.Unreadable, FileUnknown, FileUnreadable) as reason:
        return core_metadata.unknown(str(reason))
    return core_metadata.unknown("the wheel holds no METADATA")
