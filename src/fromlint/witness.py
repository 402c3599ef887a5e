"""What a run looked at on disk, so that it is known whether another run would see the same.

Whoever asks the file system for something that the answer depends on says so here first: ``looked_at(path)`` for what
is in a file or folder, ``looked_for(path)`` for whether it is there. It costs nothing where nobody records. Each thread
records for itself: the editor checks in several. Imports nothing of ours.
"""

from __future__ import annotations

import os
from _thread import get_ident

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_FOLDER = "folder"
# In nanoseconds.
_TICK = 50_000_000
_SECOND = 1_000_000_000

# By thread.
_recorded: dict[int, dict[str, str]] = {}


def looked_at(path: str) -> str:
    """Note how a path is now: a file, a folder and its names, a link and its aim, or nothing. Returns the path."""
    seen = _recorded.get(get_ident()) if _recorded else None
    if seen is not None and (path not in seen or seen[path] == _FOLDER):
        seen[path] = signature(path)
    return path


def looked_for(path: str) -> str:
    """Note what a path is: of a folder only that it is one, whatever is in it. Returns the path."""
    seen = _recorded.get(get_ident()) if _recorded else None
    if seen is not None and path not in seen:
        found = signature(path)
        seen[path] = _FOLDER if found.startswith(_FOLDER) else found
    return path


def also(seen: Mapping[str, str]) -> None:
    """Note what was recorded elsewhere, by another process or within a block of its own."""
    own = _recorded.get(get_ident())
    if own is not None:
        for path, noted in seen.items():
            if path not in own or own[path] == _FOLDER:
                own[path] = noted


class recording:  # noqa: N801 (a context manager; contextlib would take 3 ms of a run of 30)
    """Record within the block what this thread looks at. Gives the signatures by path, complete at the block's end."""

    def __enter__(self) -> dict[str, str]:
        self._outer = _recorded.get(get_ident())
        seen: dict[str, str] = {}
        _recorded[get_ident()] = seen
        return seen

    def __exit__(self, *_: object) -> None:
        if self._outer is None:
            _recorded.pop(get_ident(), None)
        else:
            _recorded[get_ident()] = self._outer


def signature(path: str) -> str:
    """What changes when a file's content or a folder's names do: kind, place, size and times in nanoseconds.

    "" where there is nothing. The change time is among them, which nobody can set back.
    """
    try:
        found = os.lstat(path)
        kind = found.st_mode & 0o170000
        name = {0o040000: _FOLDER, 0o120000: "link", 0o100000: "file"}.get(kind, "other")
        text = f"{name} {found.st_ino} {found.st_size} {found.st_mtime_ns} {found.st_ctime_ns} {found.st_mode:o}"
        if name == "link":
            text += f" {signature(os.path.realpath(path))}"
    except (OSError, ValueError):
        return ""
    return text


def same(path: str, noted: str) -> bool:
    """Whether a path is as it was when it was noted."""
    found = signature(path)
    return found == noted or (noted == _FOLDER and found.startswith(_FOLDER))


def settled(noted: str, started: float) -> bool:
    """Whether what was noted of a path would surely show a change after ``started`` (seconds since 1970).

    A file that was changed shortly before may be changed again without a new time (git's "racy" files): within a tick
    of the kernel's clock, or two seconds where a file system counts in seconds.
    """
    times = [int(time) for time in noted.split()[3:5]]
    tick = _TICK if not times or times[0] % _SECOND else 2 * _SECOND
    return max(times, default=0) <= started * _SECOND - tick
