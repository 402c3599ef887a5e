"""Files that change in one step: the old content or the new, whatever happens in between."""

from __future__ import annotations

import os
import stat
import tempfile
from errno import EACCES, EBUSY, EPERM, EXDEV
from pathlib import Path


class NotWritten(Exception):
    """A file that was left as it is, and why, in one line."""


def replace(path: Path, before: bytes, after: bytes) -> None:
    """Give a file new content, if it still has the content that the new one was made of.

    The new content is written beside it and put in its place; its mode stays, and a link stays a link. Raises
    NotWritten.
    """
    place = Path(os.path.realpath(path))
    try:
        if place.read_bytes() != before:
            raise NotWritten(f"{path}: was changed by somebody else meanwhile; run it again")
        _exchange(place, after, stat.S_IMODE(place.stat().st_mode))
    except OSError as error:
        raise NotWritten(f"{path}: cannot be written: {error.strerror or error}") from error


def put(path: Path, content: bytes) -> None:
    """Have a file with this content: what was in it before stays where that fails (a full disk), as far as it can.

    Raises NotWritten.
    """
    try:
        if _is_stream(path):
            path.write_bytes(content)
            return
        place = Path(os.path.realpath(path))
        try:
            mode = stat.S_IMODE(place.stat().st_mode)
        except FileNotFoundError:
            umask = os.umask(0)
            os.umask(umask)
            mode = 0o666 & ~umask
        try:
            _exchange(place, content, mode)
        except OSError as error:
            # The folder takes no further file, or the file is mounted by itself.
            if error.errno not in (EACCES, EPERM, EBUSY, EXDEV) or not place.exists():
                raise
            place.write_bytes(content)
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        raise NotWritten(f"{path}: cannot be written: {getattr(error, 'strerror', None) or error}") from error


def _is_stream(path: Path) -> bool:
    """Whether a path is one to write to rather than a file to have: a pipe, a device, another name of stdout."""
    return (path.exists() and not path.is_file()) or str(path).startswith(("/dev/", "/proc/"))


def _exchange(place: Path, content: bytes, mode: int) -> None:
    """Put a file with this content and mode in the place of another. Raises OSError, and then nothing has changed."""
    descriptor, name = tempfile.mkstemp(prefix=f".{place.name[:100]}.", suffix=".fromlint", dir=place.parent)
    try:
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(name, mode)
        os.replace(name, place)
    except BaseException:
        os.unlink(name)
        raise
