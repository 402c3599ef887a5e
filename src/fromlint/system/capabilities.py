"""Abstract needs (a C compiler, libpq's headers, libGL) as package names of a distribution's release."""

from __future__ import annotations

from functools import cache

from fromlint.named_tuple import NamedTuple
from fromlint.system import archive, stored, versions
from fromlint.system.distribution import Distribution
from fromlint.typed import Any

# Before the libraries: what is named first in the line to add.
_FIRST = (
    "c-compiler",
    "cxx-compiler",
    "fortran-compiler",
    "rust-toolchain",
    "linux-headers",
    "python-headers",
    "make",
    "pkg-config",
    "cmake",
    "ninja",
    "meson",
    "autotools",
    "bison-flex",
    "swig",
    "patch",
    "git",
)


class Names(NamedTuple):
    """What a capability is called in a release.

    ``build`` and ``run`` are the packages to add for a build and at run time; ``also`` are other sets of packages
    that give the same to a build. ``absent``: the release has nothing that gives it. ``stated_version`` is what
    the data file says of the packages' version (`version` asks the archive, too). ``certain`` is false for hearsay.
    ``default_python`` and ``versioned`` are for Python's headers: the plain package's minor, and the name of another
    minor's package. ``headers_alone``: the package (of a minor, or of ``3``) that holds them without tools.
    """

    build: tuple[str, ...]
    run: tuple[str, ...]
    also: tuple[tuple[str, ...], ...]
    absent: bool
    stated_version: str | None
    certain: bool
    default_python: str | None
    versioned: str | None
    headers_alone: str | None


def exists(capability: str) -> bool:
    """Whether the data knows the capability."""
    return capability in stored.lines("system/capabilities.jsonl")


def says(capability: str) -> str:
    """The capability in words."""
    entry = stored.entry("system/capabilities.jsonl", capability) or {}
    return str(entry.get("says", capability))


def sonames(capability: str) -> tuple[str, ...]:
    """The shared libraries that a program loads for it."""
    entry = stored.entry("system/capabilities.jsonl", capability) or {}
    return tuple(entry.get("sonames", ()))


def commands(capability: str) -> tuple[str, ...]:
    """The commands that it gives."""
    entry = stored.entry("system/capabilities.jsonl", capability) or {}
    return tuple(entry.get("commands", ()))


@cache
def by_command() -> dict[str, str]:
    """Which capability gives a command."""
    found: dict[str, str] = {}
    for name in stored.lines("system/capabilities.jsonl"):
        for command in commands(name):
            found.setdefault(command, name)
    return found


def order(capability: str) -> int:
    """Where a capability's packages stand in the line to add: compilers, headers, tools, libraries."""
    return _FIRST.index(capability) if capability in _FIRST else len(_FIRST)


def debian_package(capability: str) -> str | None:
    """The Debian package that ``debian:NAME`` stands for: what an sdist asks for and no capability names."""
    return capability[7:] if capability.startswith("debian:") else None


@cache
def names(capability: str, distribution: Distribution) -> Names | None:
    """The capability's names in a release, None where the data does not say."""
    entry = stored.entry("system/capabilities.jsonl", capability)
    table = (entry or {}).get(distribution.table)
    if table is None:
        return None
    release = distribution.release
    own = _of_release(table, release)
    build = tuple(own.get("build", table.get("build", ())))
    run = tuple(own.get("run", table.get("run", ())))
    return Names(
        build,
        run,
        tuple(map(tuple, own.get("also", table.get("also", ())))),
        bool(own.get("absent", False)) or release in table.get("absent", ()),
        own.get("version"),
        table.get("confidence") not in ("low", "knowledge"),
        own.get("python"),
        table.get("versioned"),
        table.get("headers_alone"),
    )


def tools() -> tuple[str, ...]:
    """The capabilities that are compilers, headers of the system or build tools."""
    return _FIRST


def is_tool(capability: str) -> bool:
    """Whether it is a compiler, headers of the system or a build tool, not a library."""
    return capability in _FIRST


@cache
def run_names(distribution: Distribution) -> frozenset[str]:
    """Every package of a release that some capability needs at run time."""
    found: set[str] = set()
    for capability in stored.lines("system/capabilities.jsonl"):
        found.update((names(capability, distribution) or _NOTHING).run)
    return frozenset(found)


def built_with(package: str, distribution: Distribution) -> tuple[str, ...]:
    """The capabilities of builds for which a package of a release is to be added."""
    found = ((each, names(each, distribution) or _NOTHING) for each in stored.lines("system/capabilities.jsonl"))
    return tuple(each for each, named in found if package in named.build)


_NOTHING = Names((), (), (), False, None, True, None, None, None)


def _of_release(table: dict[str, Any], release: str | None) -> dict[str, Any]:
    """What a table says of one release: by its name, or by a range of numbers (``<3.15``)."""
    if release is None:
        return {}
    merged: dict[str, Any] = {}
    if versions.release(release) is not None:
        for key, value in table.items():
            if key[0] in "<>=" and versions.within(release, key):
                merged.update(value)
    own = table.get(release)
    return {**merged, **own} if isinstance(own, dict) else merged


def version(capability: str, distribution: Distribution) -> str | None:
    """The upstream version of the packages that a build would get, None where not known."""
    found = names(capability, distribution)
    if found is None:
        return None
    if found.stated_version is not None or not distribution.indexed or distribution.archive is None:
        return found.stated_version
    held = (archive.version(distribution.archive, package) for package in found.build)
    return next((version for version in held if version is not None), None)
