"""An sdist read: which backend builds it, what that compiles, and what it looks for outside."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from fromlint.system.needs import BACKENDS
from fromlint.system.sources import cmake, meson, script
from fromlint.system.sources.extensions import Found, crate, found_in, languages_in
from fromlint.system.sources.facts import SETUP_PY, Refused, SdistFacts, Use, names_of
from fromlint.system.sources.sdist import Sdist
from fromlint.system.sources.unpack import Tree
from fromlint.system.sources.values import Extension
from fromlint.typed import Any

_PURE_BACKENDS = frozenset(
    {"flit_core", "flit", "uv_build", "whey", "hatchling", "poetry", "pdm", "trampolim", "flit_scm"}
)
_NATIVE_BACKENDS = frozenset({"maturin", "mesonpy", "mesonpep517", "scikit_build_core", "py_build_cmake"})
# Distributions that a backend of the sdist's own may wrap, and their modules.
_WRAPPED = {
    BACKENDS[module]: module
    for module in ("maturin", "mesonpy", "scikit_build_core", "hatchling", "flit_core", "poetry")
}
_SETUPTOOLS = "setuptools.build_meta"
# maturin fetches a toolchain since this release, where MATURIN_NO_INSTALL_RUST is not set.
_MATURIN_FETCHES = (1, 8, 4)


def read_tree(tree: Tree) -> SdistFacts | Refused:
    """What an unpacked sdist says about its build, or why nothing can be said."""
    sdist = Sdist(tree)
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
        found = Found("maybe", notes=("it is too deeply nested to be read",))
    return SdistFacts(
        backend[:200] if "pyproject.toml" in sdist.names else SETUP_PY,
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


def _by_backend(
    backend: str, system: Mapping[str, Any], requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist
) -> Found:
    root = backend.partition(":")[0].partition(".")[0]
    if "backend-path" in system and "setup.py" not in sdist.names and root not in _PURE_BACKENDS | _NATIVE_BACKENDS:
        return _own_backend(backend, system, requires, project, sdist)
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
        return Found("no")
    if root in ("sipbuild", "pyqtbuild"):
        return Found("yes", ("cxx",), (Use("program", "make", True),))
    return _setuptools(requires, project, sdist)


def _own_backend(
    backend: str, system: Mapping[str, Any], requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist
) -> Found:
    """A backend that the sdist brings: what it wraps, else what its functions may make."""
    for name in sorted(names_of(requires) & _WRAPPED.keys()):
        return _by_backend(_WRAPPED[name], {}, requires, project, sdist)
    module = backend.partition(":")[0].replace(".", "/")
    for folder in _list(system.get("backend-path")):
        path = f"{folder}/{module}".strip("./") if isinstance(folder, str) else ""
        for file in (f"{path}.py", f"{path}/__init__.py"):
            available = names_of(requires) | {"setuptools"}
            followed = script.Script(sdist.names, sdist.read, available, path.rpartition("/")[0])
            if file in sdist.names and followed.try_all(file) and followed.extensions:
                followed.used = [*followed.extensions]
                found = found_in(followed, sdist)
                return found._replace(native="maybe" if found.native == "yes" else found.native)
    languages = languages_in(sdist.compiled(), sdist)
    found = _setuptools(requires, project, sdist)
    return found if found.native != "no" or not languages else Found("maybe", tuple(languages))


# --- the backends -----------------------------------------------------------------------------------------------


def _maturin(requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist) -> Found:
    path = _mapping(project, "tool", "maturin").get("manifest-path", "Cargo.toml")
    rust, uses = crate(path if isinstance(path, str) else "Cargo.toml", sdist)
    return Found("yes", ("rust",), uses, rust._replace(fetches=_fetches(requires)))


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


def _meson(sdist: Sdist) -> Found:
    reader = meson.Reader(sdist.read, meson.brought(sdist.names, sdist.read).__contains__)
    if not reader.follow():
        return Found("maybe", notes=("its meson.build cannot be read",))
    return Found("yes" if reader.languages else "no", tuple(reader.languages), tuple(reader.uses))


def _cmake(settings: Mapping[str, Any], sdist: Sdist) -> Found:
    wheel = _mapping(settings, "wheel")
    if wheel.get("cmake") is False:
        return Found("no")
    folder = _mapping(settings, "cmake").get("source-dir", "")
    defined = {
        name: str(value).upper() if isinstance(value, bool) else value
        for name, value in _mapping(settings, "cmake", "define").items()
        if isinstance(value, bool | str)
    }
    reader = cmake.Reader(sdist.read, defined)
    if not reader.follow(folder.strip("./") if isinstance(folder, str) else ""):
        return Found("maybe", notes=("its CMakeLists.txt cannot be read",))
    languages = reader.languages or reader.perhaps
    native = "yes" if reader.languages else "maybe" if reader.perhaps else "no"
    # An override for a failed build that switches CMake off (scikit-build-core 0.10).
    for override in _list(settings.get("overrides")):
        if isinstance(override, dict) and _mapping(override, "if").get("failed"):
            native = "optional" if _mapping(override, "wheel").get("cmake") is False else native
    return Found(native, tuple(languages), tuple(reader.uses))


def _poetry(requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist) -> Found:
    build = _mapping(project, "tool", "poetry").get("build")
    path = build.get("script") if isinstance(build, dict) else build
    return _hook(path, "build", requires, sdist)


def _pdm(requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist) -> Found:
    build = _mapping(project, "tool", "pdm", "build")
    path = build.get("custom-hook", "pdm_build.py" if "pdm_build.py" in sdist.names else None)
    if build.get("run-setuptools") is True or path is not None:
        return _hook(path, "pdm_build_update_setup_kwargs", requires, sdist)
    return Found("no")


def _hook(path: object, function: str, requires: tuple[str, ...], sdist: Sdist) -> Found:
    """A backend's build script: a function that is handed the arguments of ``setup`` to change."""
    if not isinstance(path, str) or path not in sdist.names:
        return Found("no")
    arguments: dict[str, Any] = {}
    given = [arguments] if function == "build" else [None, arguments]
    followed = script.Script(sdist.names, sdist.read, names_of(requires) | {"setuptools"})
    if not followed.follow(path, function, given):
        return Found("maybe", notes=(f"{path[:60]} cannot be read",))
    if arguments:
        followed.finish(arguments)
    elif not followed.setups:
        # a script that compiles by itself
        followed.used += [made for made in followed.extensions if made not in followed.used]
    return found_in(followed, sdist)


def _hatch(requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist) -> Found:
    build = _mapping(project, "tool", "hatch", "build")
    hooks = {**_mapping(build, "hooks"), **_mapping(build, "targets", "wheel", "hooks")}
    found = Found("no")
    for name, settings in hooks.items():
        if not isinstance(settings, dict) or settings.get("enable-by-default") is False:
            continue
        if name == "scikit-build":
            return _cmake(settings, sdist)
        if name in ("cython", "mypyc", "cmake", "meson"):
            found = Found("yes", ("c",))
        elif name == "custom":
            path = settings.get("path", "hatch_build.py")
            followed = script.Script(sdist.names, sdist.read, names_of(requires) | {"hatchling"})
            if isinstance(path, str) and followed.follow(path):
                followed.used += followed.extensions
                sub = found_in(followed, sdist)
                if sub.native != "no" or sdist.compiled():
                    found = sub._replace(native="maybe") if sub.native in ("no", "yes") else sub
                    found = (
                        found
                        if found.languages
                        else found._replace(languages=tuple(languages_in(sdist.compiled(), sdist)))
                    )
    return found


def _setuptools(requires: tuple[str, ...], project: Mapping[str, Any], sdist: Sdist) -> Found:
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
            native = "maybe" if sdist.compiled() and "Extension" in (sdist.read("setup.py") or "") else "no"
            return Found(native, tuple(languages_in(sdist.compiled(), sdist)) if native == "maybe" else (), notes=note)
        if not followed.setups and "ext_modules" in (sdist.read("setup.py") or ""):
            # It was not followed to where it sets up anything.
            followed.unclear = True
    for place in _list(_mapping(project, "tool", "setuptools").get("ext-modules")):
        if isinstance(place, dict):
            followed.used.append(Extension("c", place, True))
    rust = _mapping(project, "tool", "setuptools-rust")
    for place in (*_list(rust.get("ext-modules")), *_list(rust.get("bins"))):
        if isinstance(place, dict):
            followed.used.append(Extension("rust", {"path": "Cargo.toml", **place}, True))
    return found_in(followed, sdist)
