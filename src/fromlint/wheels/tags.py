"""Which wheel tags an environment takes, best first.

The order is that of ``packaging.tags`` (PEP 425, 513, 571, 599, 600, 656, 703, 803) as the image's pip carries it:
``packaging`` itself can only say it of the machine it runs on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import product

from fromlint.model.environment import Environment, Python
from fromlint.named_tuple import NamedTuple
from fromlint.wheels import versions
from fromlint.wheels.filename import tag_sets

# What `sysconfig.get_platform()` gives in a container of that platform. For arm/v7 a 64-bit kernel says aarch64 or
# armv8l, which pip turns into armv7l for a 32-bit interpreter; nothing is published as armv8l.
ARCHITECTURES: Mapping[str, str] = {
    "linux/amd64": "x86_64",
    "linux/arm64": "aarch64",
    "linux/arm64/v8": "aarch64",
    "linux/arm/v7": "armv7l",
    "linux/arm": "armv7l",
    "linux/arm/v6": "armv6l",
    "linux/arm/v5": "armv5tel",
    "linux/386": "i686",
    "linux/ppc64le": "ppc64le",
    "linux/s390x": "s390x",
    "linux/riscv64": "riscv64",
    "linux/loong64": "loongarch64",
    "linux/mips64le": "mips64",
}
PLATFORMS: Mapping[str, str] = {
    architecture: platform
    for platform, architecture in ARCHITECTURES.items()
    if platform not in ("linux/arm", "linux/arm64/v8")
}

# Architectures that have manylinux tags (packaging._manylinux), and the lowest glibc 2.x there.
_MANYLINUX_LOWEST = {
    "x86_64": 5,
    "i686": 5,
    "aarch64": 17,
    "armv7l": 17,
    "ppc64": 17,
    "ppc64le": 17,
    "s390x": 17,
    "riscv64": 17,
    "loongarch64": 17,
}
_LEGACY = {17: "manylinux2014", 12: "manylinux2010", 5: "manylinux1"}
_ABI3_SINCE = 2

# The pip that came first with each kind of tag.
_PIP_MANYLINUX2010 = (19, 0)
_PIP_MANYLINUX2014 = (19, 3)
_PIP_MANYLINUX = (20, 3)
_PIP_MUSLLINUX = (21, 2)
_PIP_FREE_THREADED = (24, 1)
_PIP_RISCV64 = (24, 1)
# "Please use pip<24.1": what cannot be read as PEP 508 says is ignored since; and the first Python that has such a pip.
_PIP_STRICT = (24, 1)
_PYTHON_OF_STRICT_PIP = (3, 8)
_PIP_ABI3T = (26, 1)
_PIP_LINUX_FIRST = (26, 3)
_NEWEST = (9999,)


class Target(NamedTuple):
    """What decides which files fit.

    ``python`` is major and minor, ``exact`` the full version as far as known (``3.12`` where only that is).
    ``platforms`` are the platform tags, best first. ``libc`` is glibc or musl, ``libc_version`` major and minor.
    ``pip`` is the version whose knowledge of tags counts, (9999,) where none limits. ``strict``: it is a pip that
    passes over releases whose metadata is not to the letter.
    """

    implementation: str
    python: tuple[int, int]
    exact: str
    free_threaded: bool
    platforms: tuple[str, ...]
    abis: tuple[str, ...]
    libc: str
    libc_version: tuple[int, int]
    architecture: str
    pip: tuple[int, ...]
    strict: bool = False


class PlatformTag(NamedTuple):
    """A platform tag taken apart. ``kind``: any, linux (of any libc), glibc, musl, other (not Linux)."""

    kind: str
    version: tuple[int, int]
    architecture: str


def tags(environment: Environment, platform: str, *, ignore_pip: bool) -> Mapping[str, int]:
    """Each tag (``cp312-cp312-musllinux_1_2_x86_64``) that the environment takes, with its rank: 0 is best.

    ``ignore_pip``: the installer is not the image's pip, whose age then limits nothing (uv, poetry). Empty where the
    environment is not known.
    """
    found = target(environment, platform, ignore_pip=ignore_pip)
    return {} if isinstance(found, str) else ranking(found).ranks


def target(
    environment: Environment,
    platform: str,
    *,
    ignore_pip: bool,
    platforms: Sequence[str] = (),
    python_version: str | None = None,
    implementation: str | None = None,
    abis: Sequence[str] = (),
) -> Target | str:
    """What decides in this environment, or the reason why that is not known.

    ``platforms`` to ``abis`` are pip's ``--platform``, ``--python-version``, ``--implementation`` and ``--abi``.
    """
    python = environment.python
    if python is None and python_version is None:
        return environment.unknown or "which Python the image has is not known"
    architecture = ARCHITECTURES.get(platform)
    if architecture is None:
        return f"{platform} is not a platform that wheels are known of"
    exact = _stated_python(python_version) if python_version else (python.version if python else "")
    numbers = versions.parse(exact)
    if numbers is None or len(numbers.release) < 2:
        return f"Python {exact} is not known well enough"
    short = _IMPLEMENTATIONS.get(implementation or (python.implementation if python else "cpython"))
    if short is None:
        return f"wheels of {implementation or (python.implementation if python else 'this Python')} are not known"
    libc_version = _two(environment.libc_version)
    if not platforms and (environment.libc not in ("glibc", "musl") or libc_version is None):
        return environment.unknown or "which C library the image has is not known"
    libc, libc_version = environment.libc or "", libc_version or (0, 0)
    pip = _NEWEST if ignore_pip or python is None or not python.pip else _pip_version(python.pip)
    minor = numbers.release[0], numbers.release[1]
    free_threaded = python is not None and python.free_threaded
    return Target(
        implementation=short,
        python=minor,
        exact=exact,
        free_threaded=free_threaded,
        platforms=_named(platforms) if platforms else tuple(_platforms(libc, libc_version, architecture, pip)),
        abis=tuple(abis) or _abis(short, minor, free_threaded and pip >= _PIP_FREE_THREADED),
        libc=libc,
        libc_version=libc_version,
        architecture=architecture,
        pip=pip,
        strict=not ignore_pip and python is not None and _is_strict(python, pip, minor),
    )


def _is_strict(python: Python, pip: tuple[int, ...], minor: tuple[int, int]) -> bool:
    """Whether the image's pip is for sure one that vendors a packaging without legacy specifiers."""
    return minor >= _PYTHON_OF_STRICT_PIP if python.newest_pip else _PIP_STRICT <= pip < _NEWEST


_IMPLEMENTATIONS = {"cpython": "cp", "cp": "cp", "pypy": "pp", "pp": "pp"}


class Ranking:
    """The tags of a target with their ranks, and a memory of the compressed tags seen so far."""

    __slots__ = ("_seen", "ranks")

    def __init__(self, ranks: Mapping[str, int]) -> None:
        self.ranks = ranks
        self._seen: dict[str, int | None] = {}

    def of(self, tags: str) -> int | None:
        """The best rank among a wheel's tags (``cp39.cp310-abi3-…``), None where none of them is taken."""
        try:
            return self._seen[tags]
        except KeyError:
            found = [self.ranks[tag] for tag in _each(tags) if tag in self.ranks]
            rank = self._seen[tags] = min(found, default=None)
            return rank


# A wheel's name cannot be longer than a file name may be, so neither can this many tags be meant in earnest.
_MOST_TAGS = 4096


def _each(tags: str) -> Iterator[str]:
    pythons, abis, platforms = tag_sets(tags)
    if len(pythons) * len(abis) * len(platforms) > _MOST_TAGS:
        return
    for python, abi, platform in product(pythons, abis, platforms):
        yield f"{python.lower()}-{abi.lower()}-{platform.lower()}"


@lru_cache(maxsize=128)
def ranking(target: Target) -> Ranking:
    """The tags that the target takes, ranked."""
    ranks: dict[str, int] = {}
    for tag in _ordered(target):
        ranks.setdefault(tag, len(ranks))
    return Ranking(ranks)


@lru_cache(maxsize=4096)
def platform_tag(text: str) -> PlatformTag:
    """A platform tag taken apart: ``manylinux2014_x86_64`` asks for glibc 2.17 on x86_64."""
    if text == "any":
        return PlatformTag("any", (0, 0), "")
    head, _, rest = text.partition("_")
    if head == "linux":
        return PlatformTag("linux", (0, 0), rest)
    for minor, legacy in _LEGACY.items():
        if head == legacy:
            return PlatformTag("glibc", (2, minor), rest)
    if head in ("manylinux", "musllinux"):
        major, _, rest = rest.partition("_")
        minor_digits, _, architecture = rest.partition("_")
        if major.isdecimal() and minor_digits.isdecimal() and len(major + minor_digits) < 12:
            kind = "glibc" if head == "manylinux" else "musl"
            return PlatformTag(kind, (int(major), int(minor_digits)), architecture)
    return PlatformTag("other", (0, 0), "")


def pip_for(tag: PlatformTag, text: str) -> str:
    """The pip that a platform tag needs, for people: ``20.3``."""
    if tag.architecture == "riscv64" and tag.kind == "glibc":
        return _dotted(_PIP_RISCV64)
    if tag.kind == "musl":
        return _dotted(_PIP_MUSLLINUX)
    if text.startswith("manylinux2014_"):
        return _dotted(_PIP_MANYLINUX2014)
    if text.startswith("manylinux2010_"):
        return _dotted(_PIP_MANYLINUX2010)
    return _dotted(_PIP_MANYLINUX)


def _ordered(target: Target) -> Iterator[str]:
    """packaging.tags: ``cpython_tags`` or ``generic_tags``, then ``compatible_tags``."""
    major, minor = target.python
    nodot = f"{major}{minor}"
    interpreter = f"{target.implementation}{nodot}"
    platforms = target.platforms
    if target.implementation == "cp":
        yield from _cpython(target, interpreter, platforms)
    else:
        for abi in (*target.abis, "none"):
            yield from (f"{interpreter}-{abi}-{platform}" for platform in platforms)
    pythons = [f"py{nodot}", f"py{major}", *(f"py{major}{older}" for older in range(minor - 1, -1, -1))]
    for python in pythons:
        yield from (f"{python}-none-{platform}" for platform in platforms)
    yield f"{interpreter}-none-any"
    yield from (f"{python}-none-any" for python in pythons)


def _cpython(target: Target, interpreter: str, platforms: tuple[str, ...]) -> Iterator[str]:
    major, minor = target.python
    threaded = any("t" in abi.removeprefix("cp") for abi in target.abis[:1])
    for abi in target.abis:
        if abi not in ("abi3", "abi3t", "none"):
            yield from (f"{interpreter}-{abi}-{platform}" for platform in platforms)
    stable: str | None = "abi3" if target.python >= (3, 2) else None
    if threaded:
        stable = "abi3t" if target.pip >= _PIP_ABI3T else None
    if stable:
        yield from (f"{interpreter}-{stable}-{platform}" for platform in platforms)
    yield from (f"{interpreter}-none-{platform}" for platform in platforms)
    if stable:
        for older in range(minor - 1, _ABI3_SINCE - 1, -1):
            yield from (f"cp{major}{older}-{stable}-{platform}" for platform in platforms)


def _abis(implementation: str, python: tuple[int, int], free_threaded: bool) -> tuple[str, ...]:
    major, minor = python
    if implementation == "pp":
        # EXT_SUFFIX is .pypy310-pp73-x86_64-linux-gnu.so since PyPy 7.3; the pp73 has not changed since.
        return (f"pypy{major}{minor}_pp73",)
    if python < (3, 3):
        # Built for four-byte code points: so are docker's, every distribution's and conda's Python 2 (PEP 513).
        return (f"cp{major}{minor}mu",)
    if python < (3, 8):
        return (f"cp{major}{minor}m",)
    return (f"cp{major}{minor}{'t' if free_threaded and python >= (3, 13) else ''}",)


def _platforms(libc: str, version: tuple[int, int], architecture: str, pip: tuple[int, ...]) -> Iterator[str]:
    """packaging.tags._linux_platforms on a machine of that libc and architecture."""
    if pip >= _PIP_LINUX_FIRST:
        yield f"linux_{architecture}"
    if libc == "glibc":
        yield from _manylinux(version, architecture, pip)
    elif pip >= _PIP_MUSLLINUX:
        for minor in range(min(version[1], 99), -1, -1):
            yield f"musllinux_{version[0]}_{minor}_{architecture}"
    if pip < _PIP_LINUX_FIRST:
        yield f"linux_{architecture}"


def _manylinux(version: tuple[int, int], architecture: str, pip: tuple[int, ...]) -> Iterator[str]:
    lowest = _MANYLINUX_LOWEST.get(architecture)
    if lowest is None or version[0] != 2 or (architecture == "riscv64" and pip < _PIP_RISCV64):
        return
    legacy_since = {17: _PIP_MANYLINUX2014, 12: _PIP_MANYLINUX2010, 5: (0,)}
    for minor in range(min(version[1], 999), lowest - 1, -1):
        if pip >= _PIP_MANYLINUX:
            yield f"manylinux_2_{minor}_{architecture}"
        if minor in _LEGACY and pip >= legacy_since[minor]:
            yield f"{_LEGACY[minor]}_{architecture}"


def _named(platforms: Sequence[str]) -> tuple[str, ...]:
    """pip's ``--platform``: each as named, and for the legacy aliases the older ones besides.

    Unlike on a real machine ``musllinux_1_2`` stands for itself only (pip._internal.utils.compatibility_tags).
    """
    found: dict[str, None] = {}
    for platform in platforms:
        head, _, architecture = platform.partition("_")
        found[platform] = None
        older = {"manylinux2014": ("manylinux2010", "manylinux1"), "manylinux2010": ("manylinux1",)}.get(head, ())
        if head == "manylinux2010" or architecture in ("i686", "x86_64"):
            found.update(dict.fromkeys(f"{alias}_{architecture}" for alias in older))
    return tuple(found)


def _stated_python(text: str) -> str:
    """pip's ``--python-version``: ``312`` and ``3.12`` are one; what is left out is 0."""
    if "." not in text and len(text) > 1:
        text = f"{text[0]}.{text[1:]}"
    return text + ".0" * max(0, 2 - text.count("."))


def _two(text: str | None) -> tuple[int, int] | None:
    version = versions.parse(text) if text else None
    if version is None:
        return None
    return version.release[0], version.release[1] if len(version.release) > 1 else 0


def _pip_version(text: str) -> tuple[int, ...]:
    version = versions.parse(text)
    return version.release if version is not None else _NEWEST


def _dotted(version: tuple[int, ...]) -> str:
    return ".".join(map(str, version))
