"""From the names of shared libraries to what the data says of them, and to whether a stage has them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import cache

from fromlint.model.environment import Environment
from fromlint.system import archive, capabilities, stored
from fromlint.system.distribution import Distribution, distribution
from fromlint.system.needs import Library
from fromlint.system.shared.libraries import WheelLibraries
from fromlint.system.state import State


def libraries_from(
    found: WheelLibraries, name: str, environment: Environment, brought: Collection[str] = ()
) -> tuple[Library, ...]:
    """The libraries that a wheel loads and that no wheel of the closure brings, as the data calls them.

    ``brought`` are the names that the other wheels provide (`WheelLibraries.provided`). ``capability`` is ``soname:``
    and the library's own name where no capability stands for it. Where it is not known whether the import loads it,
    it does not count as loaded, and is not certain.
    """
    where = distribution(environment)
    inside = frozenset(brought)
    libraries = []
    for load in found.needed:
        if load.soname in inside:
            continue
        capability = _capability(load.soname)
        packages = _packages(load.soname, capability, where)
        libraries.append(
            Library(
                capability or f"soname:{load.soname}",
                (load.soname,),
                packages,
                load.at_import is True,
                "high" if packages and load.at_import is not None else "inferred",
                f"the ELF header of {load.member.rpartition('/')[2]} in the wheel of {name}",
            )
        )
    return tuple(libraries)


def absent(libraries: Iterable[Library], state: State) -> tuple[Library, ...]:
    """Those that are surely not in the stage: by the archive's word on each library, else by its capability."""
    return tuple(library for library in libraries if _there(library, state) is False)


def _there(library: Library, state: State) -> bool | None:
    held = [state.library(soname) for soname in library.sonames]
    known = [answer for answer in held if answer is not None]
    return all(known) if known else state.runs(library.capability)


@cache
def _capability(soname: str) -> str | None:
    """The capability that stands for a library. Its name is looked for in the data as it lies there, which is read
    only where it is found: to read all of it for the two or three libraries of a run would take 3 ms.
    """
    written = f'"{soname}"'.encode()
    for capability, line in stored.lines("system/capabilities.jsonl").items():
        if written in line and soname in capabilities.sonames(capability):
            return capability
    return None


def _packages(soname: str, capability: str | None, where: Distribution | None) -> tuple[str, ...]:
    """What brings a library in the release: the package that holds it, else what the capability names."""
    if where is None:
        return ()
    if where.archive is not None and where.indexed:
        owners = archive.owners(where.archive, soname)
        if owners:
            return owners[:1]
    names = capabilities.names(capability, where) if capability is not None else None
    return names.run if names is not None else ()
