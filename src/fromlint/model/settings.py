"""What a person may set, on the command line or in a settings file."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.named_tuple import NamedTuple


class Settings(NamedTuple):
    """All settings, by the names of the command line's options.

    ``select`` and ``ignore`` hold codes (``FL201``), prefixes (``FL2``) or names. ``images`` says what private base
    images are: pattern to official reference. ``index_timeout`` is the time for all index requests of a run, in
    seconds. ``as_of`` is an ISO day, None for today. ``index_allow`` are host patterns that may be asked, () for all.
    ``baseline`` is the path of a file of findings that are put up with. ``exclude`` are patterns of paths that a folder
    search leaves out. ``inspect``: look at base images that are not known where they lie.
    """

    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    fail_on: str = "warning"
    strict: bool = False
    platform: tuple[str, ...] = ()
    build_arg: Mapping[str, str] = {}
    target: str | None = None
    context: str | None = None
    requirements: tuple[str, ...] = ()
    offline: bool = False
    index_url: str | None = None
    index_allow: tuple[str, ...] = ()
    index_timeout: float = 20.0
    as_of: str | None = None
    images: Mapping[str, str] = {}
    exclude: tuple[str, ...] = ()
    exit_zero: bool = False
    baseline: str | None = None
    inspect: bool = False
    file: str | None = None
    folder: str | None = None
