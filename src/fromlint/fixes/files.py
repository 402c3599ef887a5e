"""Files that change in one step: the old content or the new, whatever happens in between."""

from __future__ import annotations

import os
import stat
import tempfile
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
        mode = stat.S_IMODE(place.stat().st_mode)
        descriptor, name = tempfile.mkstemp(prefix=f".{place.name}.", dir=place.parent)
        try:
            with open(descriptor, "wb") as file:
                file.write(after)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(name, mode)
            os.replace(name, place)
        except BaseException:
            os.unlink(name)
            raise
    except OSError as error:
        raise NotWritten(f"{path}: cannot be written: {error.strerror or error}") from error
