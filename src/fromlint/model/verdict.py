"""What an installer would do with a requirement in an environment."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from fromlint.model.index import File
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple


class Outcome(Enum):
    """What the installer ends up with."""

    WHEEL = "wheel"
    SOURCE = "source"
    NONE = "none"
    UNKNOWN = "unknown"


class Obstacle(Enum):
    """Why no wheel (or, for ``NONE``, no file at all) fits."""

    MUSL = "musl"  # wheels for glibc only
    MUSL_TOO_OLD = "musl-too-old"
    GLIBC = "glibc"  # wheels for musl only
    GLIBC_TOO_OLD = "glibc-too-old"
    PURE = "pure"  # pure wheels for other Pythons: the sdist is pure, too
    PYTHON = "python"  # wheels for other Pythons or ABIs
    PLATFORM = "platform"  # wheels for other CPUs
    PIP = "pip"  # the image's pip does not know the tag
    NO_LINUX_WHEELS = "no-linux-wheels"  # none published for any Linux
    NO_WHEELS = "no-wheels"
    NOT_LISTED = "not-listed"  # the lock lists none: uv leaves those out that no Python of the project could take
    NO_BINARY = "no-binary"  # switched off by an option
    ONLY_BINARY = "only-binary"  # an sdist would fit, but may not be used
    REQUIRES_PYTHON = "requires-python"
    VERSION = "version"  # no release satisfies the specifiers
    YANKED = "yanked"
    HASHES = "hashes"  # no listed hash matches
    NO_FILES = "no-files"
    METADATA = "metadata"  # the image's pip passes over every release that is allowed, for what its metadata says
    CONFLICT = "conflict"  # those who ask for it ask for different versions


class Nearest(NamedTuple):
    """The nearest thing that would have a wheel: a version for this environment, or another Python, libc or CPU for
    this version.

    ``kind`` is version, python, libc, platform, glibc, musl or pip.
    """

    kind: str
    value: str
    filename: str


class Verdict(NamedTuple):
    """The outcome on one platform, and why. ``file`` is the file chosen; ``reason`` plain words for *unknown*,
    and the line at fault where the metadata is the obstacle.

    ``instead_of``: what was passed over (FL109), a newer version or the name of a native wheel, and why.
    ``age``: ISO day of the oldest answer it rests on; ``partial``: it rests on incomplete snapshot data.
    ``glibc``: the glibc version that the chosen wheel's tag asks for, None where none. ``exists`` false: the index
    has no such project. ``unasked``: unknown because the index could not be asked. ``asked``: who asks ("" for the
    project itself) for which versions, where that is the obstacle.
    """

    outcome: Outcome
    file: File | None = None
    obstacle: Obstacle | None = None
    reason: str | None = None
    nearest: tuple[Nearest, ...] = ()
    instead_of: tuple[str, str] | None = None
    age: str | None = None
    partial: bool = False
    glibc: str | None = None
    exists: bool = True
    unasked: bool = False
    asked: tuple[tuple[str, str], ...] = ()


class Package(NamedTuple):
    """A distribution that an install brings, with a verdict per platform.

    ``requirement`` is the stated one that leads here; ``parents`` the chain of names from it ("" direct).
    ``version`` is None where none could be chosen. ``kept``: it was already installed and stays. ``asked_by``: of one
    that the project itself asks for, the packages that do so, too.
    """

    name: str
    version: str | None
    requirement: Requirement
    parents: tuple[str, ...]
    verdicts: Mapping[str, Verdict]
    extras: tuple[str, ...] = ()
    kept: bool = False
    asked_by: tuple[str, ...] = ()
