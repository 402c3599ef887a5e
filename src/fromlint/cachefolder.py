"""Where the cache lies, and how its files go. Apart, because a run in which nothing has changed needs no more of it."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def folder(environ: Mapping[str, str]) -> str | None:
    """The folder of the cache: ``FROMLINT_CACHE_DIR``, else the user's cache folder; None where there is none."""
    own = environ.get("FROMLINT_CACHE_DIR")
    if own:
        return os.path.abspath(own)
    if sys.platform.startswith("linux"):
        # what platformdirs says there, without the 7 ms that importing it takes
        base = environ.get("XDG_CACHE_HOME", "").strip()
        if not os.path.isabs(base):
            home = environ.get("HOME") or os.path.expanduser("~")
            base = os.path.join(home, ".cache") if os.path.isabs(home) else ""
        return os.path.join(base, "fromlint") if base else None
    from platformdirs import user_cache_dir

    return user_cache_dir("fromlint", appauthor=False)


def deleted(paths: Iterable[str]) -> int:
    """Delete files, as far as that can be done; the bytes that were freed."""
    freed = 0
    for path in paths:
        try:
            size = os.path.getsize(path)
            os.unlink(path)
            freed += size
        except OSError:
            continue
    return freed
