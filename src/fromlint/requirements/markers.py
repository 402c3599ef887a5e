"""Markers, evaluated for an image and never for the machine that the linter runs on.

Three-valued: an answer is given only if it is the same whatever is not known of the image. Where the patch
version of its Python is not known, all patch versions that could tell a difference are tried. Where
``platform_machine`` depends on the kernel below the container (linux/386, linux/arm/v7), all that it may say.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from fromlint.model.environment import Environment
from fromlint.requirements import marker_text, versions
from fromlint.requirements.marker_text import Comparison, Junction

_BY_VERSION = frozenset({"implementation_version", "platform_release", "python_full_version", "python_version"})

# What ``uname -m`` may say in a container of a platform: the kernel's word, which is the host's.
_MACHINES: Mapping[str, tuple[str, ...]] = {
    "amd64": ("x86_64",),
    "386": ("i686", "x86_64"),
    "arm64": ("aarch64",),
    "arm": ("armv7l", "aarch64"),
    "arm/v5": ("armv5tel", "armv7l", "aarch64"),
    "arm/v6": ("armv6l", "armv7l", "aarch64"),
    "arm/v7": ("armv7l", "aarch64"),
    "ppc64le": ("ppc64le",),
    "s390x": ("s390x",),
    "riscv64": ("riscv64",),
    "loong64": ("loongarch64",),
    "mips64le": ("mips64",),
}

_SYSTEMS: Mapping[str, Mapping[str, str]] = {
    "linux": {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"},
    "windows": {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows"},
}

_IMPLEMENTATIONS = {"cpython": "CPython", "pypy": "PyPy", "graalpy": "GraalVM", "graalvm": "GraalVM"}

# Above any patch version that a Python ever had.
_LAST_PATCH = 99

_World = Mapping[str, str]


def evaluate(
    marker: str,
    environment: Environment,
    platform: str,
    extras: frozenset[str],
    *,
    groups: frozenset[str] = frozenset(),
    together: bool = False,
) -> bool | None:
    """Whether ``marker`` holds in ``environment`` on ``platform`` (``linux/amd64``); None where that is not known.

    An empty marker holds; what is no marker is unknown. ``extras`` (normalised) are tried one at a time, as pip
    does, or with ``together`` as a set in which ``extra == "a" and extra == "b"`` can hold, as in the locks of uv
    and poetry. ``extras`` and ``groups`` also answer the ``extras`` and ``dependency_groups`` of PEP 751.
    """
    if not marker or marker.isspace():
        return True
    python = environment.python
    version = python.version if python else ""
    implementation = python.implementation.lower() if python else ""
    return _evaluate(marker, version, implementation, platform, extras, groups, together)


@lru_cache(maxsize=16384)
def _evaluate(
    marker: str,
    version: str,
    implementation: str,
    platform: str,
    extras: frozenset[str],
    groups: frozenset[str],
    together: bool,
) -> bool | None:
    tree = marker_text.parse(marker)
    if tree is None:
        return None
    asked = marker_text.comparisons(tree)
    names = {comparison.variable for comparison in asked}
    one_at_a_time = "extra" in names and not together
    chosen = [frozenset({extra}) for extra in sorted(extras)] if one_at_a_time and extras else [extras]
    sets = {"extras": extras, "dependency_groups": groups}
    answers: set[bool | None] = set()
    for world in _worlds(asked, names, version, implementation, platform):
        answers.add(_any(_tree(tree, world, extra, sets) for extra in chosen))
        if len(answers) > 1:
            return None
    return answers.pop()


def _worlds(
    asked: Iterable[Comparison], names: set[str], version: str, implementation: str, platform: str
) -> list[_World]:
    system, _, machine = platform.partition("/")
    known = dict(_SYSTEMS.get(system, {}))
    if implementation:
        known["implementation_name"] = implementation
        if implementation in _IMPLEMENTATIONS:
            known["platform_python_implementation"] = _IMPLEMENTATIONS[implementation]
    found = re.match(r"(\d+)\.(\d+)", version)
    if found:
        known["python_version"] = found[0]
    machine_names = _machines(system, machine) if "platform_machine" in names else ()
    fulls = _full_versions(asked, version) if names & {"python_full_version", "implementation_version"} else ()
    worlds: list[_World] = []
    for machine in machine_names or ("",):
        for full in fulls or ("",):
            world = dict(known)
            if machine:
                world["platform_machine"] = machine
            if full:
                world["python_full_version"] = full
                if implementation == "cpython":
                    world["implementation_version"] = full
            worlds.append(world)
    return worlds


def machines(platform: str) -> tuple[str, ...]:
    """What ``platform.machine()`` may say in an image for a platform (``linux/arm64``)."""
    system, _, machine = platform.partition("/")
    return _machines(system, machine)


def _machines(system: str, machine: str) -> tuple[str, ...]:
    if system == "windows":
        return ("AMD64",) if machine.startswith("amd64") else ()
    return _MACHINES.get(machine) or _MACHINES.get(machine.partition("/")[0], ())


def _full_versions(asked: Iterable[Comparison], version: str) -> tuple[str, ...]:
    if re.match(r"\d+\.\d+\.\d", version):
        return (version,)
    found = re.match(r"\d+\.\d+", version)
    if found is None:
        return ()
    patches = {0, _LAST_PATCH}
    for comparison in asked:
        for patch in re.findall(r"\d+\.\d+\.(\d{1,4})(?!\d)", comparison.literal):
            patches.update((max(int(patch) - 1, 0), int(patch), int(patch) + 1))
    return tuple(f"{found[0]}.{patch}" for patch in sorted(patches)[:64])


def _any(answers: Iterable[bool | None]) -> bool | None:
    unknown = False
    for answer in answers:
        if answer:
            return True
        unknown = unknown or answer is None
    return None if unknown else False


def _all(answers: Iterable[bool | None]) -> bool | None:
    unknown = False
    for answer in answers:
        if answer is False:
            return False
        unknown = unknown or answer is None
    return None if unknown else True


def _tree(
    part: Comparison | Junction, world: _World, extra: frozenset[str], sets: Mapping[str, frozenset[str]]
) -> bool | None:
    if isinstance(part, Junction):
        return _any(_all(_tree(item, world, extra, sets) for item in items) for items in part.alternatives)
    if part.variable == "extra":
        return _extra(part, extra)
    if part.variable in sets:
        return _membership(part, sets[part.variable])
    value = world.get(part.variable)
    if value is None:
        return None
    left, right = (part.literal, value) if part.reversed else (value, part.literal)
    if part.variable in _BY_VERSION and part.operator not in ("in", "not in"):
        answer = versions.holds(left, part.operator, right)
        if answer is not None:
            return answer
    return _as_text(left, part.operator, right)


def _extra(comparison: Comparison, chosen: frozenset[str]) -> bool | None:
    given = sorted(chosen) or [""]  # without an extra, packaging has the empty one
    if comparison.operator == "==":
        return comparison.literal in given
    if comparison.operator == "!=":
        return comparison.literal not in given
    if comparison.reversed:
        return _any(_as_text(comparison.literal, comparison.operator, name) for name in given)
    return _any(_as_text(name, comparison.operator, comparison.literal) for name in given)


def _membership(comparison: Comparison, names: frozenset[str]) -> bool | None:
    if not comparison.reversed:
        return None
    if comparison.operator in ("in", "not in"):
        return (comparison.literal in names) == (comparison.operator == "in")
    return {"==": False, "!=": True}.get(comparison.operator)


def _as_text(left: str, operator: str, right: str) -> bool | None:
    """Comparison of texts as ``packaging`` has it: order means nothing, so only equality is left of ``<=``."""
    match operator:
        case "in":
            return left in right
        case "not in":
            return left not in right
        case "==" | "<=" | ">=":
            return left == right
        case "!=":
            return left != right
        case "<" | ">":
            return False
    return None
