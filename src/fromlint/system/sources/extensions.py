"""What the extension modules of a build script amount to: languages, headers, libraries."""

from __future__ import annotations

from collections.abc import Sequence

from fromlint.named_tuple import NamedTuple
from fromlint.system.sources import cargo, cmake, headers, preprocessor, script
from fromlint.system.sources.facts import Rust, Use
from fromlint.system.sources.sdist import Sdist
from fromlint.system.sources.unpack import directives
from fromlint.system.sources.values import Extension, Perhaps, truth

_LANGUAGES = {
    "c": "c",
    "m": "c",
    "cc": "cxx",
    "cpp": "cxx",
    "cxx": "cxx",
    "c++": "cxx",
    "pyx": "cython",
    "py": "cython",
}
_LANGUAGES |= {"f": "fortran", "f90": "fortran", "f95": "fortran", "for": "fortran", "pyf": "fortran", "cu": "cuda"}
_LANGUAGES |= {"rs": "rust", "i": "c", "C": "cxx"}
_KINDS = {"cxx": "cxx", "cuda": "cuda", "cffi": "c", "mypyc": "c"}
# What a build's own commands run where they do not leave the compiling to setuptools.
_BUILDERS = frozenset({"cmake", "make", "gcc", "g++", "cc", "c++", "cargo", "meson", "ninja", "scons", "bazel"})
_MOST_SOURCES = 500


class Found(NamedTuple):
    """What was found of a build; the fields are those of `SdistFacts`."""

    native: str
    languages: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    rust: Rust | None = None
    requires: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


def crate(path: str, sdist: Sdist) -> tuple[Rust, tuple[Use, ...]]:
    """The oldest rustc for the crate at ``path``, and the libraries that it binds."""
    minimum, uses = cargo.read(path, sdist.read)
    return Rust(minimum, False), uses


def languages_in(files: Sequence[str], sdist: Sdist, cplusplus: bool = False) -> list[str]:
    """The languages of sources. Cython's are those that it is translated to."""
    found = []
    for file in files[:_MOST_SOURCES]:
        ending = file.rpartition(".")[2]
        language = _LANGUAGES.get(ending) or _LANGUAGES.get(ending.lower())
        if language == "cython":
            language = "cxx" if cplusplus or sdist.comments(file).cplusplus else "c"
        if language is not None:
            found.append(language)
    return list(dict.fromkeys(found))


def found_in(followed: script.Script, sdist: Sdist) -> Found:
    """What a build script that was followed to its end compiles and needs."""
    used = list(dict.fromkeys(followed.used))
    uses = [Use(kind, name, sure) for (kind, name), sure in followed.uses.items()]
    languages: list[str] = []
    guessed: list[str] = []
    rust: Rust | None = None
    needed = [made for made in used if made.sure and not _optional(made)]
    for made in used:
        sure = made in needed
        if made.kind == "rust":
            path = made.texts("path")
            toolchain, wanted = crate(path[0] if path else "Cargo.toml", sdist)
            spoken, certain = ["rust"], True
            rust = toolchain if rust is None and (sure or not needed) else rust
            uses += wanted
        elif made.kind == "cmake":
            reader = cmake.Reader(sdist.read)
            reader.follow("")
            spoken, certain = reader.languages or ["c", "cxx"], True
            uses += [use._replace(sure=use.sure and sure) for use in reader.uses]
        else:
            files, certain = _files(made, sdist)
            spoken = _spoken(made, files, sdist)
            uses += _headers(made, files, sure and certain, sdist)
            uses += _linked(made, files, sure, sdist)
        if sure or not needed:
            (languages if certain else guessed).extend(spoken)
    native = _native(followed, used, needed)
    programs = {use.name for use in uses if use.kind == "program" and use.sure}
    if "make" in programs and any(name.endswith(".asm") for name in sdist.names):
        # a bundled library's makefile assembles them, and with this assembler
        uses.append(Use("program", "nasm", True))
    if native in ("no", "maybe") and programs & _BUILDERS:
        native = "yes"
    languages = languages or guessed or (languages_in(sdist.compiled(), sdist) if native != "no" else [])
    if native == "maybe" and not languages:
        native = "no"
    if native == "no":
        uses = [use for use in uses if use.kind == "module"]
    elif followed.picks:
        uses = [use._replace(sure=use.sure and use.kind == "program") for use in uses]
    spoken_at_all = languages or (["c"] if native != "no" else [])
    return Found(native, tuple(spoken_at_all), tuple(uses), rust, tuple(followed.requires), tuple(followed.notes))


def _optional(made: Extension) -> bool:
    return truth(made.fields.get("optional", False)) is True


def _native(followed: script.Script, used: list[Extension], needed: list[Extension]) -> str:
    if used and followed.fallback:
        return "optional"
    if needed:
        return "yes"
    if used:
        return "optional" if all(map(_optional, used)) else "maybe"
    return "maybe" if followed.unclear else "no"


def _files(made: Extension, sdist: Sdist) -> tuple[list[str], bool]:
    """The sources of an extension module, and whether they are known: else all that might be meant."""
    files = [file for name in made.texts("sources") if (file := _file(name, sdist)) is not None]
    if files or made.text:
        return files[:_MOST_SOURCES], made.complete("sources") or bool(made.text)
    if made.complete("sources") and made.kind != "cffi":
        return [], True
    return sdist.compiled(), False


def _spoken(made: Extension, files: Sequence[str], sdist: Sdist) -> list[str]:
    cplusplus = made.fields.get("language") == "c++"
    found = languages_in(files, sdist, cplusplus)
    if made.kind in _KINDS:
        found.append(_KINDS[made.kind])
    if cplusplus or "-c++" in made.texts("swig_opts"):
        found.append("cxx")
    return found or ["c"]


def _headers(made: Extension, files: Sequence[str], sure: bool, sdist: Sdist) -> list[Use]:
    text = directives(made.text.encode("utf-8", "replace")).decode("utf-8", "replace") if made.text else ""
    uses = []
    for header in preprocessor.headers(sdist.sources, files, [*_macros(made), *sdist.macros], text):
        if not header.inside:
            uses.append(Use("header", header.name, header.sure and sure))
        elif headers.gives("header", header.name) is not None:
            uses.append(Use("inside", header.name, True))
    return uses


def _linked(made: Extension, files: Sequence[str], sure: bool, sdist: Sdist) -> list[Use]:
    stated = [*made.texts("libraries"), *(text[2:] for text in made.texts("extra_link_args") if text.startswith("-l"))]
    for file in files:
        if file.endswith((".pyx", ".py")):
            stated += sdist.comments(file).libraries
    uses = [
        Use("library", str(name), sure and not isinstance(name, Perhaps) and not sdist.brings(name)) for name in stated
    ]
    if any(file.endswith(".i") for file in files):
        uses.append(Use("program", "swig", sure))
    return uses


def _file(name: str, sdist: Sdist) -> str | None:
    """The file of the sdist that a source's name means, perhaps with another ending: Cython's input or output."""
    path = name.replace("\\", "/").removeprefix("./")
    if path in sdist.names:
        return path
    stem = path.rpartition(".")[0]
    for ending in (".pyx", ".c", ".cpp", ".py"):
        if stem and stem + ending in sdist.names:
            return stem + ending
    return path if path.rpartition(".")[2] in _LANGUAGES else None


def _macros(made: Extension) -> list[str]:
    """The macros that the build defines in any case."""
    names = [text[2:].partition("=")[0] for text in made.texts("extra_compile_args") if text.startswith("-D")]
    stated = made.fields.get("define_macros")
    for macro in stated if isinstance(stated, list | tuple) else ():
        name = macro[0] if isinstance(macro, tuple | list) and macro else None
        if isinstance(name, str) and not isinstance(name, Perhaps):
            names.append(name)
    return names
