"""Which steps of a build fill a folder with wheels: ``pip wheel -w /wheels``, ``python -m build``."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.model.build import CommandUsed, Install
from fromlint.project.walking.layers import Wheels

# Where programs that build a project put what they build, unless an option of the name says otherwise.
_BUILDERS = {
    ("poetry", "build"): ("-o", "--output"),
    ("uv", "build"): ("-o", "--out-dir"),
    ("hatch", "build"): (),
    ("flit", "build"): (),
    ("pdm", "build"): ("-d", "--dest"),
    ("rye", "build"): ("-o", "--out"),
    ("-m", "build"): ("-o", "--outdir"),
    ("pyproject-build",): ("-o", "--outdir"),
    ("setup.py", "bdist_wheel"): ("-d", "--dist-dir"),
    ("setup.py", "sdist"): ("-d", "--dist-dir"),
    ("maturin", "build"): ("-o", "--out"),
}
# Their other options that take a word (build 1.3, uv 0.13).
_VALUED = frozenset(
    {"--installer", "-C", "--config-setting", "--python", "-p", "--index-url", "--build-constraint", "-b"}
)
# What runs them in an environment of its own: uvx, uv tool run, uv run, pipx run …
_RUNNERS = frozenset({"uvx", "uv", "pipx", "poetry", "pdm", "hatch", "rye"})
# pipx runs a package by its name (``pipx run build`` is python -m build).
_BY_PACKAGE = {"build": "pyproject-build"}
# Where those put it that put it elsewhere than into dist.
_ELSEWHERE = {"maturin": "target/wheels"}


def filled(install: Install, at: tuple[int, int]) -> Wheels | None:
    """The folder that ``pip wheel`` or ``pip download`` fills; None for other installs. ``at``: its stage and step."""
    if install.action not in ("wheel", "download") or install.tool == "setup.py":
        return None
    folder = _absolute(install.output or ".", install.directory)
    if folder is None:
        return None
    own = [*install.requirements, *install.editable]
    if install.options.no_deps and len(own) == 1 and not install.files and _is_folder(own[0].value):
        return Wheels(folder, None, _absolute(own[0].value, install.directory))
    return Wheels(folder, at, None)


def built(used: CommandUsed) -> Wheels | None:
    """The folder that ``python -m build``, ``poetry build`` and their like fill with the project's wheel."""
    name = posixpath.basename(used.name)
    words = list(used.arguments)
    if name.startswith("python"):
        name = words.pop(0) if words and words[0] in ("-m", "setup.py") else name
        name = words.pop(0) if name == "-m" and words[:1] == ["maturin"] else name
    key = _key(name, words)
    if key is None and name in _RUNNERS:
        name, words = _inner(words)
        key = _key(name, words)
    if key is None:
        return None
    words = words[len(key) - 1 :]
    folder: str | None = None
    project = "."
    rest = iter(words)
    for word in rest:
        option, _, value = word.partition("=")
        if option in _BUILDERS[key]:
            folder = value or next(rest, None)
        elif option in _VALUED and not value:
            next(rest, None)
        elif not word.startswith("-") and key in (("uv", "build"), ("-m", "build"), ("pyproject-build",)):
            project = word
    where = _absolute(project, used.directory)
    made = _absolute(folder or posixpath.join(project, _ELSEWHERE.get(key[0], "dist")), used.directory)
    return Wheels(made, None, where) if made is not None and where is not None else None


def _key(name: str, words: Sequence[str]) -> tuple[str, ...] | None:
    return next((key for key in ((name,), (name, *words[:1])) if key in _BUILDERS), None)


def _inner(words: Sequence[str]) -> tuple[str, list[str]]:
    """The builder that a runner runs, and its words; "" where none is among them."""
    runs = next((at + 1 for at, word in enumerate(words) if word == "run"), 0)
    for at in range(runs, len(words)):
        name = posixpath.basename(words[at]).partition("@")[0]
        name = _BY_PACKAGE.get(name, name) if at == runs else name
        rest = list(words[at + 1 :])
        if name.startswith("python") and rest[:1] == ["-m"]:
            return "-m", rest[1:]
        if _key(name, rest) is not None:
            return name, rest
    return "", []


def _is_folder(word: str) -> bool:
    return word.startswith((".", "/")) and not word.endswith((".whl", ".gz", ".zip"))


def _absolute(path: str, directory: str | None) -> str | None:
    if path.startswith("/"):
        return posixpath.normpath(path)
    return None if directory is None else posixpath.normpath(posixpath.join(directory, path))
