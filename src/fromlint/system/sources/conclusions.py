"""From what an sdist says to what its build needs of the system, in the words of the data."""

from __future__ import annotations

import re
from collections.abc import Collection

from fromlint.model.environment import Environment, Python
from fromlint.regex import regex
from fromlint.system import capabilities, versions
from fromlint.system.needs import BACKENDS, BuildNeeds
from fromlint.system.needs import Rust as Toolchain
from fromlint.system.sources import headers
from fromlint.system.sources.facts import SETUP_PY, USE_2TO3, SdistFacts, names_of

_COMPILERS = {"c": "c-compiler", "cython": "c-compiler", "cxx": "cxx-compiler", "fortran": "fortran-compiler"}
_COMPILERS |= {"rust": "rust-toolchain", "cuda": "cuda"}
# Compiled build tools that come from the index as wheels, but on these platforms of official images: their lists of
# files there, cmake 4.4.5, ninja 1.13.2 and swig 4.5.1, 2026-11-30.
_FETCHED = ("cmake", "ninja", "swig")
_NOT_FETCHED_ON = frozenset({"linux/arm/v5", "linux/arm/v6", "linux/mips64le"})
# A word of the data that no source build lacks, or that is no business of one.
_NEVER = regex(r"python-command|python-pip|python-venv|bash|c-compiler|cxx-compiler|less|vim|nano|curl|wget")
_ISOLATION = ("no-build-isolation",)
# Modules of the standard library, and the Python that has them no more ("What's new" of 3.12 and 3.13).
_DROPPED = {**dict.fromkeys(("imp", "asynchat", "asyncore", "smtpd"), (3, 12))}
_DROPPED |= dict.fromkeys(
    ("lib2to3", "cgi", "cgitb", "pipes", "crypt", "telnetlib", "nntplib", "uu", "xdrlib"), (3, 13)
)
_FROM_THE_INDEX = regex(r"python|cython|numpy|pybind11|nanobind")


def needs_from(
    facts: SdistFacts,
    name: str,
    version: str | None,
    environment: Environment,
    python: Python | None,
) -> BuildNeeds:
    """What building a release takes, inferred from its sdist.

    ``needs`` are capabilities, or ``debian:`` and a package that no capability stands for; ``optional`` those that
    stand under a condition which reading cannot decide. ``confidence`` is *medium* where the sdist surely compiles
    and everything in ``needs`` is asked for unconditionally, else *inferred* (which is not `certain`).
    Of build tools that have no wheel for the platform the system's own are needed.
    """
    needs = [*compilers(facts)]
    optional: list[str] = []
    if facts.native != "no":
        for word, sure in _asked(facts):
            (needs if sure else optional).append(word)
        if environment.platform in _NOT_FETCHED_ON:
            needs += [tool for tool in _FETCHED if tool in names_of(facts.requires)]
    rust = None
    if facts.rust is not None:
        rust = Toolchain(facts.rust.minimum, facts.rust.fetches)
        if rust.fetched:
            needs = [need for need in needs if need != "rust-toolchain"]
    hopeless, exits = _hopeless(facts, python)
    minor = None
    if needs and python is not None and python.prefix == "/usr" and facts.native != "optional":
        minor = versions.minor(python.version)
        needs.append("python-headers")
    needs = sorted({*needs}, key=lambda need: (capabilities.order(need), need))
    return BuildNeeds(
        name=name,
        version=version,
        kind="pure" if facts.native == "no" else "native",
        languages=facts.languages,
        needs=tuple(needs),
        optional=tuple(sorted({*optional} - {*needs})),
        fallback=facts.native == "optional",
        switches=(),
        rust=rust,
        hopeless=hopeless,
        exits=exits,
        python=minor,
        alternatives=(),
        confidence="medium" if facts.native in ("yes", "no", "optional") else "inferred",
        source=f"read from the sdist of {name}{f' {version}' if version else ''}",
        note="; ".join(facts.notes[:3]),
        backend=backend(facts),
        inferred=True,
    )


def confirmed(hearsay: BuildNeeds, read: BuildNeeds) -> BuildNeeds:
    """What the data says by hearsay, where the sdist says as much: what either names is needed.

    Which compilers there are to be the sdist decides. Where it does not say anything for sure, hearsay stays.
    """
    if hearsay.kind == "unbuildable" or hearsay.hopeless is not None or not read.needs or not read.certain:
        return hearsay
    libraries = [need for need in hearsay.needs if need not in _COMPILERS.values()]
    needs = sorted({*libraries, *read.needs}, key=lambda need: (capabilities.order(need), need))
    return read._replace(
        kind=hearsay.kind,
        needs=tuple(needs),
        switches=hearsay.switches,
        alternatives=hearsay.alternatives,
        note=hearsay.note,
    )


def backend(facts: SdistFacts) -> str | None:
    """The distribution that brings the backend, None where it is another or the sdist's own."""
    if facts.backend == SETUP_PY:
        return "setuptools"
    return BACKENDS.get(re.split(r"[.:]", facts.backend, maxsplit=1)[0])


def compilers(facts: SdistFacts) -> tuple[str, ...]:
    """The compilers without which the build fails, or may fail where ``native`` is *maybe*."""
    if facts.native == "no":
        return ()
    found = [_COMPILERS[language] for language in facts.languages if language in _COMPILERS]
    # Rust links with the C compiler's driver, and the compilers of the others build on C's.
    if found and "cxx-compiler" not in found:
        found.append("c-compiler")
    if "cxx-compiler" in found:
        found = [word for word in found if word != "c-compiler"]
    return tuple(dict.fromkeys(found))


def _asked(facts: SdistFacts) -> list[tuple[str, bool]]:
    """The words for what the sdist looks for outside, each with whether it surely needs it."""
    brought = names_of(facts.requires)
    bundled = {headers.gives("header", use.name) for use in facts.uses if use.kind == "inside"}
    # What more than a header speaks for.
    witnesses = {headers.gives(use.kind, use.name) or "" for use in facts.uses if use.kind not in ("header", "inside")}
    families = {_family(witness) for witness in witnesses}
    found: dict[str, bool] = {}
    for use in facts.uses:
        if use.kind == "program" and use.name == "cmake" and "ninja" not in brought:
            # a build script that runs CMake takes its default generator
            found["make"] = found.get("make", False) or use.sure
        if use.kind in ("inside", "module") or use.name.partition("/")[0].lower() in brought:
            continue
        word = headers.gives(use.kind, use.name)
        if word is None or _NEVER.fullmatch(word) or _FROM_THE_INDEX.search(word):
            continue
        alone = use.kind == "header" and word.startswith("debian:") and word not in witnesses
        # a header's bare name may be another library's, or another version's (fuse.h, where fuse3 is asked for)
        if alone and (_family(word) in families or ("/" not in use.name and not headers.related(use.name, word))):
            continue
        found[word] = found.get(word, False) or (use.sure and (use.kind != "header" or word not in bundled))
    return list(found.items())


def _family(word: str) -> str:
    """``debian:libfuse-dev`` and ``debian:libfuse3-dev`` are of one."""
    return re.sub(r"[\d.]", "", word)


def _hopeless(facts: SdistFacts, python: Python | None) -> tuple[str | None, tuple[str, ...]]:
    """Why the build script fails before it builds anything, and what would let it pass."""
    running = versions.release(python.version) if python is not None else None
    isolation = (*_ISOLATION, SETUP_PY) if facts.backend == SETUP_PY else _ISOLATION
    for use in facts.uses:
        if use.kind != "module" or not use.sure:
            continue
        if use.name == "pkg_resources":
            # setuptools 82 is for Python 3.9 and later: an older one gets the last release that has it.
            if not _old_setuptools(facts.requires, 82) and (running is None or running[:2] >= (3, 9)):
                ways = ("build-constraint", *isolation)
                return "its build script imports pkg_resources, which setuptools 82 dropped", ways
        elif use.name == USE_2TO3:
            if not _old_setuptools(facts.requires, 58):
                ways = ("build-constraint", *_ISOLATION, "setuptools<58")
                return "its setup.py asks for use_2to3, which setuptools 58 dropped", ways
        elif use.name in _DROPPED:
            if running is not None and running[:2] >= _DROPPED[use.name]:
                minor = ".".join(map(str, _DROPPED[use.name]))
                return f"its build script imports {use.name}, which Python {minor} dropped", ()
        else:
            return f"its build script imports {use.name[:60]}, which nothing brings to the build", isolation
    return None, ()


def _old_setuptools(requires: Collection[str], dropped: int) -> bool:
    """Whether the requirements keep setuptools below the release that dropped something."""
    for text in requires:
        match = re.match(r"setuptools\b[^;]*?(<=?|==|~=)\s*(\d{1,4})", text.strip())
        if match is not None and (int(match[2]) < dropped or (match[1] == "<" and int(match[2]) == dropped)):
            return True
    return False
