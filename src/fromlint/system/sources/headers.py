"""Which Debian package, and which capability of the data, gives what a build looks for.

`data/headers/debian.bin` is made by `scripts/make_header_data.py`, where its form is written down.
"""

from __future__ import annotations

import re
import zlib
from functools import cache

from fromlint.regex import regex
from fromlint.system import capabilities, stored

_KINDS = {"header": "h", "pkg-config": "p", "library": "l", "cmake": "m", "program": "c"}
# The kernel's headers come with the C library on Debian, by themselves on Alpine.
_KERNEL = regex(r"(linux|asm|asm-generic|mtd|scsi)/.+\.h")
# Programs that builds run and that are packages of their own on Debian.
_PROGRAMS = frozenset({"nasm", "yasm", "gperf", "ragel", "re2c", "gawk", "m4", "tclsh", "doxygen"})
# Found with the compiler or the interpreter.
_OWN_LIBRARIES = regex(
    r"c|m|pthread|dl|rt|util|crypt|resolv|nsl|stdc\+\+|gcc|gcc_s|gomp|atomic|quadmath|gfortran|python3|anl"
    r"|supc\+\+"
)


@cache
def _tables() -> tuple[dict[str, str], dict[str, str]]:
    """By kind and name (``h zlib.h``) the package, and by package the capability."""
    with open(stored.path("headers", "debian.bin"), "rb") as source:
        text = zlib.decompress(source.read()).decode()
    packages: dict[str, str] = {}
    words: dict[str, str] = {}
    for line in text.split("\n"):
        package, capability, *fields = line.split("\t")
        if capability:
            words[package] = capability
        for field in fields:
            kind, *names = field.split(" ")
            for name in names:
                packages[f"{kind} {name}"] = package
    return packages, words


def gives(kind: str, name: str) -> str | None:
    """The word for what gives it: a capability, else ``debian:`` and a package; None where no package is known.

    ``kind`` and ``name`` are those of a `Use`. A header's own folder counts where no file is known by itself.
    """
    if kind == "header" and _KERNEL.fullmatch(name):
        return "linux-headers"
    if kind == "library" and _OWN_LIBRARIES.fullmatch(name):
        return None
    if kind == "program":
        capability = capabilities.by_command().get(name)
        if capability is not None:
            return capability
        if name in _PROGRAMS:
            return f"debian:{name}"
    packages, words = _tables()
    letter = _KINDS.get(kind)
    package = packages.get(f"{letter} {name}")
    if package is None and kind == "header" and "/" in name:
        package = packages.get(f"d {name.partition('/')[0]}")
    if package is None and kind == "cmake":
        package = packages.get(f"m lib{name}") or packages.get(f"p {name}") or packages.get(f"p lib{name}")
    if package is None:
        return None
    return words.get(package) or f"debian:{package}"


def related(header: str, word: str) -> bool:
    """Whether a header bears the name of the package that a word stands for: ``fuse.h`` and ``debian:libfuse-dev``."""
    stem = re.sub(r"^lib|[\d._-]", "", header.rpartition("/")[2].rpartition(".")[0].lower())
    name = re.sub(r"^debian:(lib)?|-?dev$|[\d._-]", "", word)
    return stem == name or (len(stem) > 2 and len(name) > 2 and (stem.startswith(name) or name.startswith(stem)))
