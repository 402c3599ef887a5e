"""Code that is installed from a folder or an sdist of the build context: what compiling it takes."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping

from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.project.walking.layers import ImageFiles
from fromlint.regex import regex
from fromlint.requirements.names import file_name, is_archive, local_path, named_by_archive
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.system.sources import SdistFacts
    from fromlint.system.sources.unpack import Collector, Tree

# Without one of these words in them, neither file asks for anything to be compiled.
_COMPILES = regex(
    rb"ext[-_]modules|\bExtension\b|cythonize|cffi_modules|rust[-_]extensions|setuptools[-_]rust|maturin|meson|scikit|cmake"
    rb"|mypyc|\bsip|\[tool\.poetry\.build|hooks\.custom|custom-hook|run-setuptools"
)
_BUILD_FILES = ("pyproject.toml", "setup.py")
# Nothing in these folders is part of a build.
_BESIDE = frozenset({".git", ".github", ".tox", ".venv", "venv", "node_modules", "__pycache__", "tests", "docs"})
_MOST_NAMES = 5_000
_SECONDS = 2.0
_MOST_SDISTS = 40


def read(paths: Iterable[str], files: ImageFiles, *, pure: bool = False) -> Mapping[str, SdistFacts]:
    """What the build files of projects say, in their folders or in sdists, by the path as it is written.

    Of folders only those that may compile something, unless ``pure``: a pure project's files are not walked through.
    """
    found = {}
    for path in paths:
        if "://" in path and not path.startswith("file:"):
            continue
        place = local_path(path)
        if is_archive(place):
            facts = None if place.endswith(".whl") else _packed(place, files)
        else:
            facts = _facts(place, files) if pure or _may_compile(place, files) else None
        if facts is not None:
            found[path] = facts
    return found


def found_in(folder: str, names: Iterable[str], files: ImageFiles) -> Mapping[str, SdistFacts]:
    """The same of the sdists in a folder, by their names; of those beside which no wheel of theirs lies."""
    beside = {named_by_archive(name) for name in names if name.endswith(".whl")}
    sdists = [name for name in names if not name.endswith(".whl") and named_by_archive(name) not in beside]
    read_now = {name: _packed(posixpath.join(folder, name), files) for name in sdists[:_MOST_SDISTS]}
    return {name: facts for name, facts in read_now.items() if facts is not None}


def _packed(path: str, files: ImageFiles) -> SdistFacts | None:
    from fromlint.system.sources import Refused, read_sdist

    try:
        data = files.read(path)
    except (FileMissing, FileUnknown, FileUnreadable):
        return None
    facts = read_sdist(data, file_name(path), seconds=_SECONDS)
    return None if isinstance(facts, Refused) else facts


def _may_compile(folder: str, files: ImageFiles) -> bool:
    for name in _BUILD_FILES:
        try:
            if _COMPILES.search(files.read(posixpath.join(folder, name))):
                return True
        except (FileMissing, FileUnknown, FileUnreadable):
            continue
    return False


def _facts(folder: str, files: ImageFiles) -> SdistFacts | None:
    # Few projects compile anything, and what reads them takes long to import.
    from fromlint.system.sources import Refused
    from fromlint.system.sources.reading import read_tree

    tree = _tree(folder, files)
    facts = read_tree(tree) if tree is not None else None
    return facts if facts is not None and not isinstance(facts, Refused) else None


def _tree(folder: str, files: ImageFiles) -> Tree | None:
    """The files of a folder as those of an unpacked sdist; None where it is not known what lies there."""
    from time import monotonic

    from fromlint.system.sources.unpack import Collector, Hostile

    if files.listing(folder) is None:
        return None
    collected = Collector(monotonic() + _SECONDS)
    waiting = [""]
    names = 0
    try:
        while waiting:
            inside = waiting.pop()
            for name in files.listing(posixpath.join(folder, inside)) or ():
                names += 1
                if names > _MOST_NAMES:
                    return None
                path = posixpath.join(inside, name)
                if name in _BESIDE:
                    continue
                if files.listing(posixpath.join(folder, path)) is not None:
                    waiting.append(path)
                    continue
                inner = collected.member(f"project/{path}")
                if collected.wants(inner, 1):
                    _keep(collected, inner, posixpath.join(folder, path), files)
    except Hostile:
        return None
    return collected.tree()


def _keep(collected: Collector, inner: str, path: str, files: ImageFiles) -> None:
    try:
        content = files.read(path)
    except (FileMissing, FileUnknown, FileUnreadable):
        return
    wanted = collected.wants(inner, len(content))
    if wanted:
        collected.keep(inner, content[:wanted])
