"""An sdist read: which backend builds it, what that compiles, and what it looks for outside."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from fromlint.system.sources import cargo, cmake, headers, meson, preprocessor, script
from fromlint.system.sources.facts import Refused, Rust, SdistFacts, Use
from fromlint.system.sources.unpack import Tree, directives, unpack
from fromlint.system.sources.values import Extension, Perhaps, truth

_PURE_BACKENDS = frozenset(
    {"flit_core", "flit", "uv_build", "whey", "hatchling", "poetry", "pdm", "trampolim", "flit_scm"}
)
_SETUPTOOLS = "setuptools.build_meta"
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
_LANGUAGES |= {"rs": "rust", "i": "swig", "C": "cxx"}
_KINDS = {"cxx": "cxx", "cuda": "cuda", "cffi": "c", "mypyc": "c"}
# What a build's own commands run where they do not leave the compiling to setuptools.
_BUILDERS = frozenset({"cmake", "make", "gcc", "g++", "cc", "c++", "cargo", "meson", "ninja", "scons", "bazel"})
_ELSEWHERE = re.compile(r"win32|windows|darwin|macos|pypy|\bnt\b", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_BESIDE = re.compile(r"(^|/)(tests?|testing|docs?|examples?|benchmarks?|samples?)/", re.IGNORECASE)
_MOST_SOURCES = 500
# maturin fetches a toolchain since this release, where MATURIN_NO_INSTALL_RUST is not set.
_MATURIN_FETCHES = (1, 8, 4)


class _Found(NamedTuple):
    """What a backend's reader found."""

    native: str
    languages: tuple[str, ...] = ()
    uses: tuple[Use, ...] = ()
    rust: Rust | None = None
    requires: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class _Sdist:
    """An unpacked sdist with its texts decoded on demand."""

    def __init__(self, tree: Tree) -> None:
        self.names = tree.names
        self._texts = tree.texts
        self._sources: preprocessor.Sources | None = None
        self._comments: dict[str, preprocessor.Comments] = {}

    def read(self, name: str) -> str | None:
        content = self._texts.get(name)
        return None if content is None else content.decode("utf-8", "replace").removeprefix("\ufeff")

    def toml(self, name: str) -> dict[str, Any] | None:
        return cargo.table(self.read(name))

    def comments(self, name: str) -> preprocessor.Comments:
        """What a Cython source says of its build."""
        if name not in self._comments:
            self._comments[name] = preprocessor.comments(self.read(name) or "")
        return self._comments[name]

    @property
    def sources(self) -> preprocessor.Sources:
        if self._sources is None:
            self._sources = preprocessor.sources(self.names, self.read)
        return self._sources


def read_sdist(data: bytes, filename: str, *, sha256: str | None = None, seconds: float = 10.0) -> SdistFacts | Refused:
    """What an sdist says about its build, or why it was not taken in. Never raises for any bytes.

    ``sha256`` (hex) is compared before anything is read. ``seconds`` bounds the unpacking; reading is bounded in steps.
    Nothing is written to disk, and nothing of it is executed.
    """
    tree = unpack(data, filename, sha256=sha256, seconds=seconds)
    return tree if isinstance(tree, Refused) else read_tree(tree)


def read_tree(tree: Tree) -> SdistFacts | Refused:
    """The same of an unpacked sdist."""
    sdist = _Sdist(tree)
    project: dict[str, Any] = {}
    if "pyproject.toml" in sdist.names:
        stated = sdist.toml("pyproject.toml")
        if stated is None:
            return Refused("its pyproject.toml cannot be read")
        project = stated
    if "pyproject.toml" not in sdist.names and "setup.py" not in sdist.names:
        return Refused("it has neither pyproject.toml nor setup.py at its top")
    system = _mapping(project, "build-system")
    backend = system.get("build-backend")
    backend = backend if isinstance(backend, str) else _SETUPTOOLS
    requires = tuple(text[:300] for text in _list(system.get("requires")) if isinstance(text, str))
    try:
        found = _by_backend(backend, system, requires, project, sdist)
    except RecursionError:
        found = _Found("maybe", notes=("it is too deeply nested to be read",))
    return SdistFacts(
        backend[:200],
        tuple(dict.fromkeys((*requires, *found.requires)))[:200],
        found.native,
        tuple(dict.fromkeys(found.languages)),
        _merged(found.uses),
        found.rust,
        tuple(dict.fromkeys(found.notes))[:20],
    )


def _mapping(value: Mapping[str, Any], *path: str) -> Mapping[str, Any]:
    for name in path:
        inner = value.get(name)
        if not isinstance(inner, dict):
            return {}
        value = inner
    return value


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _merged(uses: Iterable[Use]) -> tuple[Use, ...]:
    """Each thing once, sure if it is anywhere; in a fixed order."""
    found: dict[tuple[str, str], bool] = {}
    for use in uses:
        found[use.kind, use.name] = found.get((use.kind, use.name), False) or use.sure
    return tuple(Use(kind, name, sure) for (kind, name), sure in sorted(found.items()))[:2_000]


def names_of(requires: Iterable[str]) -> frozenset[str]:
    """The normalised names that requirements mean on Linux and CPython."""
    found = set()
    for text in requires:
        name = _NAME.match(text.strip())
        marker = text.partition(";")[2]
        if name is not None and not (_ELSEWHERE.search(marker) and "!=" not in marker and " not " not in marker):
            found.add(re.sub(r"[-_.]+", "-", name[0]).lower())
    return frozenset(found)


def _by_backend(
    backend: str, system: Mapping[str, Any], requires: tuple[str, ...], project: Mapping[str, Any], sdist: _Sdist
) -> _Found:
    root = backend.partition(":")[0].partition(".")[0]
    if "backend-path" in system and "setup.py" not in sdist.names:
        # A backend of its own; most wrap one that is named among the requirements.
        wrapped = names_of(requires)
        root = next(
            (
                name
                for name in ("maturin", "mesonpy", "scikit_build_core", "hatchling", "flit_core", "poetry")
                if {name.replace("_", "-"), {"mesonpy": "meson-python", "poetry": "poetry-core"}.get(name, "")}
                & wrapped
            ),
            root,
        )
    if root == "maturin":
        return _maturin(requires, project, sdist)
    if root in ("mesonpy", "mesonpep517"):
        return _meson(sdist)
    if root in ("scikit_build_core", "py_build_cmake"):
        return _cmake(_mapping(project, "tool", "scikit-build"), sdist)
    if root == "poetry":
        return _poetry(requires, project, sdist)
    if root == "hatchling":
        return _hatch(requires, project, sdist)
    if root == "pdm":
        return _pdm(requires, project, sdist)
    if root in _PURE_BACKENDS:
        return _Found("no")
    if root in ("sipbuild", "pyqtbuild"):
        return _Found("yes", ("cxx",), (Use("program", "make", True),))
    return _setuptools(requires, project, sdist)


# --- the backends -----------------------------------------------------------------------------------------------


def _maturin(requires: tuple[str, ...], project: Mapping[str, Any], sdist: _Sdist) -> _Found:
    path = _mapping(project, "tool", "maturin").get("manifest-path", "Cargo.toml")
    rust, uses = _crate(path if isinstance(path, str) else "Cargo.toml", sdist)
    return _Found("yes", ("rust",), uses, rust._replace(fetches=_fetches(requires)))


def _fetches(requires: Iterable[str]) -> bool:
    """Whether the requirements let a maturin come that fetches a toolchain."""
    for text in requires:
        if text.lower().startswith("maturin"):
            for operator, bound in re.findall(r"(<=|<|==|~=)\s*(\d+(?:\.\d+){0,3})", text):
                numbers = (*map(int, bound.split(".")), 0, 0)[:3]
                if operator == "~=":
                    if bound.count(".") > 1 and numbers[:2] < _MATURIN_FETCHES[:2]:
                        return False
                elif numbers < _MATURIN_FETCHES or (operator == "<" and numbers == _MATURIN_FETCHES):
                    return False
            return True
    return False


def _crate(path: str, sdist: _Sdist) -> tuple[Rust, tuple[Use, ...]]:
    minimum, uses = cargo.read(path, sdist.read)
    return Rust(minimum, False), uses


def _meson(sdist: _Sdist) -> _Found:
    wraps = {name.rpartition("/")[2].removesuffix(".wrap") for name in sdist.names if name.startswith("subprojects/")}
    folders = {name.split("/")[1] for name in sdist.names if name.startswith("subprojects/") and name.count("/") > 1}
    reader = meson.Reader(sdist.read, lambda name: name in wraps or name in folders)
    if not reader.follow():
        return _Found("maybe", notes=("its meson.build cannot be read",))
    return _Found("yes" if reader.languages else "no", tuple(reader.languages), tuple(reader.uses))


def _cmake(settings: Mapping[str, Any], sdist: _Sdist) -> _Found:
    wheel = _mapping(settings, "wheel")
    if wheel.get("cmake") is False:
        return _Found("no")
    folder = _mapping(settings, "cmake").get("source-dir", "")
    reader = cmake.Reader(sdist.read)
    if not reader.follow(folder.strip("./") if isinstance(folder, str) else ""):
        return _Found("maybe", notes=("its CMakeLists.txt cannot be read",))
    # An override for a failed build that switches CMake off (scikit-build-core 0.10).
    native = "yes"
    for override in _list(settings.get("overrides")):
        if (
            isinstance(override, dict)
            and _mapping(override, "if").get("failed")
            and _mapping(override, "wheel").get("cmake") is False
        ):
            native = "optional"
    return _Found(native, tuple(reader.languages), tuple(reader.uses))


def _poetry(requires: tuple[str, ...], project: Mapping[str, Any], sdist: _Sdist) -> _Found:
    build = _mapping(project, "tool", "poetry").get("build")
    path = build.get("script") if isinstance(build, dict) else build
    return _hook(path, "build", requires, sdist)


def _pdm(requires: tuple[str, ...], project: Mapping[str, Any], sdist: _Sdist) -> _Found:
    build = _mapping(project, "tool", "pdm", "build")
    path = build.get("custom-hook", "pdm_build.py" if "pdm_build.py" in sdist.names else None)
    if build.get("run-setuptools") is True or path is not None:
        return _hook(path, "pdm_build_update_setup_kwargs", requires, sdist)
    return _Found("no")


def _hook(path: object, function: str, requires: tuple[str, ...], sdist: _Sdist) -> _Found:
    """A backend's build script: a function that is handed the arguments of ``setup`` to change."""
    if not isinstance(path, str) or path not in sdist.names:
        return _Found("no")
    arguments: dict[str, Any] = {}
    given = [arguments] if function == "build" else [None, arguments]
    followed = script.Script(sdist.names, sdist.read, names_of(requires) | {"setuptools"})
    if not followed.follow(path, function, given):
        return _Found("maybe", notes=(f"{path[:60]} cannot be read",))
    if arguments:
        followed.finish(arguments)
    elif not followed.setups:
        # a script that compiles by itself
        followed.used += [made for made in followed.extensions if made not in followed.used]
    return _from_script(followed, sdist)


def _hatch(requires: tuple[str, ...], project: Mapping[str, Any], sdist: _Sdist) -> _Found:
    build = _mapping(project, "tool", "hatch", "build")
    hooks = {**_mapping(build, "hooks"), **_mapping(build, "targets", "wheel", "hooks")}
    found = _Found("no")
    for name, settings in hooks.items():
        if not isinstance(settings, dict) or settings.get("enable-by-default") is False:
            continue
        if name == "scikit-build":
            return _cmake(settings, sdist)
        if name in ("cython", "mypyc", "cmake", "meson"):
            found = _Found("yes", ("c",))
        elif name == "custom":
            path = settings.get("path", "hatch_build.py")
            followed = script.Script(sdist.names, sdist.read, names_of(requires) | {"hatchling"})
            if isinstance(path, str) and followed.follow(path):
                followed.used += followed.extensions
                sub = _from_script(followed, sdist)
                if sub.native != "no" or _compiled_sources(sdist):
                    found = sub._replace(native="maybe") if sub.native in ("no", "yes") else sub
                    found = found if found.languages else found._replace(languages=_all_languages(sdist))
    return found


def _setuptools(requires: tuple[str, ...], project: Mapping[str, Any], sdist: _Sdist) -> _Found:
    available = names_of(requires) | {"setuptools", "wheel"}
    followed = script.Script(sdist.names, sdist.read, available)
    if "setup.py" in sdist.names:
        readable = followed.follow("setup.py")
        more = names_of(followed.requires) - available
        if readable and more:
            # what setup_requires brings is there when the script is run for the build
            followed = script.Script(sdist.names, sdist.read, available | more)
            followed.follow("setup.py")
        if not readable:
            note = ("its setup.py cannot be read as Python 3",)
            native = "maybe" if _compiled_sources(sdist) and "Extension" in (sdist.read("setup.py") or "") else "no"
            return _Found(native, _all_languages(sdist) if native == "maybe" else (), notes=note)
    for place in _list(_mapping(project, "tool", "setuptools").get("ext-modules")):
        if isinstance(place, dict):
            followed.used.append(Extension("c", place, True))
    rust = _mapping(project, "tool", "setuptools-rust")
    for place in (*_list(rust.get("ext-modules")), *_list(rust.get("bins"))):
        if isinstance(place, dict):
            followed.used.append(Extension("rust", {"path": "Cargo.toml", **place}, True))
    return _from_script(followed, sdist)


# --- extensions -------------------------------------------------------------------------------------------------


def _compiled_sources(sdist: _Sdist) -> list[str]:
    found = [
        name
        for name in sdist.names
        if name.rpartition(".")[2] in _LANGUAGES
        and not name.endswith((".py", ".rs", ".i"))
        and not _BESIDE.search(name)
    ]
    return sorted(found)[:_MOST_SOURCES]


def _all_languages(sdist: _Sdist) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_LANGUAGES[name.rpartition(".")[2]] for name in _compiled_sources(sdist)))


def _from_script(followed: script.Script, sdist: _Sdist) -> _Found:
    used = list(dict.fromkeys(followed.used))
    uses = [Use(kind, name, sure) for (kind, name), sure in followed.uses.items()]
    languages: list[str] = []
    rust: Rust | None = None
    needed = [made for made in used if made.sure and not _optional(made)]
    for made in used:
        sure = made in needed
        if made.kind == "rust":
            crate, bound = _crate(made.texts("path")[0] if made.texts("path") else "Cargo.toml", sdist)
            uses += bound
            if sure or not needed:
                rust = rust or crate
                languages.append("rust")
            continue
        spoken, wanted = _extension(made, sure, sdist)
        uses += wanted
        if sure or not needed:
            languages += spoken
    native = _native(followed, used, needed)
    programs = {use.name for use in uses if use.kind == "program" and use.sure}
    if "make" in programs and any(name.endswith(".asm") for name in sdist.names):
        # a bundled library's makefile assembles them, and with this assembler
        uses.append(Use("program", "nasm", True))
    if native in ("no", "maybe") and programs & _BUILDERS:
        native = "yes"
        languages = languages or [*(_all_languages(sdist) or ("c",))]
    if native == "no":
        uses = [use for use in uses if use.kind == "module"]
    elif followed.picks:
        uses = [use._replace(sure=use.sure and use.kind == "program") for use in uses]
    elif native == "maybe" and not languages:
        languages = [*_all_languages(sdist)]
        native = "maybe" if languages else "no"
    return _Found(native, tuple(languages), tuple(uses), rust, tuple(followed.requires), tuple(followed.notes))


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


def _extension(made: Extension, sure: bool, sdist: _Sdist) -> tuple[list[str], list[Use]]:
    """The languages of one extension module, and what compiling and linking it looks for."""
    files = [file for name in made.texts("sources") if (file := _file(name, sdist)) is not None]
    known = made.complete("sources") or bool(made.text)
    if not files and not made.text and (made.kind in ("cmake", "cffi") or not known):
        if made.kind == "cmake":
            reader = cmake.Reader(sdist.read)
            reader.follow("")
            return reader.languages or ["c", "cxx"], [use._replace(sure=use.sure and sure) for use in reader.uses]
        # which sources are compiled was not understood: all are perhaps
        files, known = _compiled_sources(sdist), False
    languages = [_KINDS[made.kind]] if made.kind in _KINDS else []
    for file in files[:_MOST_SOURCES]:
        language = _LANGUAGES.get(file.rpartition(".")[2] if file.endswith(".C") else file.rpartition(".")[2].lower())
        if language == "cython":
            language = "cxx" if made.fields.get("language") == "c++" or sdist.comments(file).cplusplus else "c"
        if language == "swig":
            language = "cxx" if "-c++" in made.texts("swig_opts") else "c"
        if language is not None:
            languages.append(language)
    if made.fields.get("language") == "c++":
        languages.append("cxx")
    included = preprocessor.headers(
        sdist.sources,
        files[:_MOST_SOURCES],
        _macros(made),
        directives(made.text.encode()).decode("utf-8", "replace") if made.text else "",
    )
    uses = [
        Use("header", header.name, header.sure and sure and known)
        if not header.inside
        else Use("inside", header.name, True)
        for header in included
        if not header.inside or headers.gives("header", header.name) is not None
    ]
    if any(file.endswith(".i") for file in files):
        uses.append(Use("program", "swig", sure))
    stated = [*made.texts("libraries"), *(text[2:] for text in made.texts("extra_link_args") if text.startswith("-l"))]
    for file in files[:_MOST_SOURCES]:
        if file.endswith((".pyx", ".py")):
            stated += sdist.comments(file).libraries
    for name in stated:
        certain = sure and not isinstance(name, Perhaps) and not _bundled(name, sdist)
        uses.append(Use("library", name, certain))
    if made.kind == "cffi" and made.text:
        languages.append("c")
    return languages or ["c"], uses


def _file(name: str, sdist: _Sdist) -> str | None:
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
    names = [text[2:].partition("=")[0] for text in made.texts("extra_compile_args") if text.startswith("-D")]
    for macro in _list(made.fields.get("define_macros")):
        if (
            isinstance(macro, tuple | list)
            and macro
            and isinstance(macro[0], str)
            and not isinstance(macro[0], Perhaps)
        ):
            names.append(macro[0])
    return names


def _bundled(library: str, sdist: _Sdist) -> bool:
    """Whether the sdist seems to bring a library's own sources: a folder that bears its name."""
    plain = re.sub(r"[^a-z]", "", library.lower())
    for name in sdist.names:
        for part in name.lower().split("/")[:-1]:
            if len(plain) > 2 and re.sub(r"[^a-z]", "", part).removeprefix("lib") == plain.removeprefix("lib"):
                return any(
                    other.startswith(name[: len(name) - len(name.rpartition("/")[2])])
                    and other.endswith((".c", ".cc", ".cpp"))
                    for other in sdist.names
                )
    return False


Reader = Callable[[str], str | None]
