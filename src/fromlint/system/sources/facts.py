"""What was read from an sdist: the nouns, and their form in the cache."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import Any

EDITION = 12
"""Counts up when reading gets better: facts that an earlier reading left in a cache are then read again."""

LARGEST = 64_000_000
"""Bytes of an sdist that is read."""

_ELSEWHERE = regex(r"win32|windows|darwin|macos|pypy|\bnt\b", re.IGNORECASE)
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_KINDS = frozenset({"header", "pkg-config", "library", "cmake", "program", "inside", "module"})
_NATIVE = frozenset({"yes", "optional", "maybe", "no"})


class Use(NamedTuple):
    """Something that the build looks for outside of the sdist.

    ``kind`` is *header* (as included), *pkg-config* (its name), *library* (as linked, without ``lib``), *cmake* (a
    package that CMake finds), *program* (that is run), *module* (that the build script imports, and that not every
    build environment has) or *inside* (a library's header that the sdist brings itself).
    ``sure`` is false where it stands under a condition that reading cannot decide, or where its absence is borne.
    """

    kind: str
    name: str
    sure: bool


class Rust(NamedTuple):
    """``minimum`` is the oldest rustc that takes it by its own word (``rust-version``, edition, form of Cargo.lock).

    ``fetches``: the backend may fetch a toolchain by itself where there is none (maturin since 1.8.4).
    """

    minimum: str | None
    fetches: bool


SETUP_PY = "setup.py"
USE_2TO3 = "setuptools.use_2to3"
"""Stands among modules for the argument of ``setup`` that setuptools 58 refuses."""


class SdistFacts(NamedTuple):
    """What an sdist says about its build.

    ``backend`` is the PEP 517 backend, setuptools' where none is named; `SETUP_PY` where there is no pyproject.toml, so
    that pip may build it without one. ``requires`` are what it builds with from the index (``build-system.requires``
    and ``setup_requires``), as written. ``native``: *yes* (it compiles, or fails), *optional* (where compiling fails it
    is installed without its native part), *maybe* (what decides was not understood), *no*. ``languages`` are c, cxx,
    cython, fortran, rust, cuda. ``notes`` are in plain words: what could not be read, and what is noteworthy.
    """

    backend: str
    requires: tuple[str, ...]
    native: str
    languages: tuple[str, ...]
    uses: tuple[Use, ...]
    rust: Rust | None = None
    notes: tuple[str, ...] = ()


class Refused(NamedTuple):
    """An archive that was not taken in, and why."""

    reason: str


def to_bytes(facts: SdistFacts | Refused) -> bytes:
    """The form in which facts are remembered by the hash of the sdist."""
    if isinstance(facts, Refused):
        value: dict[str, Any] = {"edition": EDITION, "refused": facts.reason}
    else:
        value = {"edition": EDITION, **facts._asdict()}
    return json.dumps(value, separators=(",", ":")).encode()


def from_bytes(data: bytes) -> SdistFacts | Refused | None:
    """The facts again; None where the bytes are not of this edition, or nothing that `to_bytes` gives."""
    try:
        value = json.loads(data)
        if not isinstance(value, dict) or value.get("edition") != EDITION:
            return None
        if "refused" in value:
            return Refused(_text(value["refused"]))
        rust = value["rust"]
        facts = SdistFacts(
            _text(value["backend"]),
            _texts(value["requires"]),
            _text(value["native"]),
            _texts(value["languages"]),
            tuple(Use(_text(kind), _text(name), bool(sure)) for kind, name, sure in value["uses"]),
            None if rust is None else Rust(None if rust[0] is None else _text(rust[0]), bool(rust[1])),
            _texts(value["notes"]),
        )
    except (ValueError, KeyError, TypeError, IndexError, RecursionError):
        return None
    if facts.native not in _NATIVE or any(use.kind not in _KINDS for use in facts.uses):
        return None
    return facts


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _texts(value: object) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(map(_text, value))


def names_of(requires: Iterable[str]) -> frozenset[str]:
    """The normalised names that requirements mean on Linux and CPython."""
    found = set()
    for text in requires:
        name = _NAME.match(text.strip())
        marker = text.partition(";")[2]
        if name is not None and not (_ELSEWHERE.search(marker) and "!=" not in marker and " not " not in marker):
            found.add(re.sub(r"[-_.]+", "-", name[0]).lower())
    return frozenset(found)
