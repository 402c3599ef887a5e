"""Which Dockerfiles there are in a folder."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from fromlint.discovery import repository
from fromlint.discovery.ignorefiles import GitIgnore, ignored, read_gitignore
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.witness import looked_at

# With re.S: a line end in a name must not hide a file.
_NAME = regex(r"(?:dockerfile|containerfile)(?:[.-].*)?|.*\.(?:dockerfile|containerfile)|containerfile.*", re.I | re.S)
# People's own: Dockerfile_prod, web-Dockerfile. A script may be called so, too: the first lines tell.
_OWN_NAME = regex(r"dockerfile_[^.]*|.*[_-](?:dockerfile|containerfile)", re.I | re.S)
_NEVER = (".dockerignore", ".containerignore", ".md", ".rst", ".adoc", "~", ".orig", ".rej", ".bak", ".swp", ".lock")
_TEMPLATES = (".j2", ".jinja", ".jinja2", ".tmpl", ".tpl", ".template", ".gotmpl", ".erb", ".mustache", ".in", ".ejs")
_PROGRAMS = (
    *(".py", ".sh", ".js", ".ts", ".go", ".rb", ".ps1", ".java", ".rs", ".c", ".cs", ".php", ".lua", ".vim", ".el"),
    *(".css", ".scss", ".less", ".jsx", ".tsx", ".mjs", ".cjs", ".vue", ".svelte", ".kt", ".swift", ".pl", ".bat"),
)
_DOCUMENTS = (
    *(".txt", ".json", ".yml", ".yaml", ".toml", ".html", ".xml", ".snap", ".diff", ".patch", ".log"),
    *(".map", ".svg", ".png"),
)
_PERHAPS = (*_TEMPLATES, *_PROGRAMS, *_DOCUMENTS)
"""Templates, programs and documents about Dockerfiles; or Dockerfiles named for a language. Their first lines tell, as
they do for names with several dots (``dockerfile-1f3a.js.map``)."""
_TEMPLATE = regex(rb"\{\{|\{%|<%|@@\w+@@|%%\w+%%")
_HEAD = regex(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n)*[ \t]*(?:FROM|ARG)[ \t]+\S", re.I)
_HEAD_BYTES = 16_384

VENDORED = frozenset(
    {".git", ".hg", ".svn", ".jj", "node_modules", "bower_components", "site-packages", "dist-packages", "vendor"}
    | {"third_party", "third-party", ".venv", "venv", ".virtualenv", ".tox", ".nox", ".terraform", "__pycache__"}
    | {".mypy_cache", ".pytest_cache", ".ruff_cache", ".cache", ".eggs", ".direnv", ".yarn", ".pnpm-store"}
)
"""Folders whose contents are somebody else's, or made."""

# Most are called so, and the patterns for the others take long to compile.
_PLAIN_NAMES = frozenset({"Dockerfile", "Containerfile"})
_DEEPEST = 60
_LARGEST_GITIGNORE = 1_048_576


class Found(NamedTuple):
    """``dockerfiles`` are paths below the folder searched, as that was given, sorted; ``unreadable`` are folders."""

    dockerfiles: tuple[str, ...]
    unreadable: tuple[str, ...]


def is_dockerfile_name(name: str) -> bool:
    """Whether a file is called as Dockerfiles are: ``Dockerfile``, ``Dockerfile.*``, ``Dockerfile-*``,
    ``Dockerfile_*``, ``*.Dockerfile``, ``*-Dockerfile``, ``*_Dockerfile``, ``Containerfile*``, in any case.
    """
    if name in _PLAIN_NAMES:
        return True
    if "ockerfile" not in name.lower() and "ontainerfile" not in name.lower():
        return False
    called = _NAME.fullmatch(name) or _OWN_NAME.fullmatch(name)
    return called is not None and not name.lower().endswith(_NEVER)


def is_dockerfile(path: str) -> bool:
    """Whether a file that is called as Dockerfiles are is one, where its name may also be another thing's."""
    name = os.path.basename(path)
    try:
        if not os.path.isfile(path):
            return False
        if name in _PLAIN_NAMES:
            return True
        plain = name.count(".") < 2 and not name.lower().endswith(_PERHAPS)
        if plain and _OWN_NAME.fullmatch(name) is None:
            return True
        with open(looked_at(path), "rb") as file:
            head = file.read(_HEAD_BYTES)
    except OSError:
        return False
    return _HEAD.match(head) is not None and _TEMPLATE.search(head) is None


def dockerfiles(folder: str, *, exclude: Sequence[str] = ()) -> Found:
    """All Dockerfiles in a folder and below.

    What .gitignore leaves out (of the folder, those below, and those above up to the repository's root) is not
    searched, nor are vendored trees, virtual environments and links to folders. ``exclude`` are further patterns,
    written as in a .gitignore of the folder.
    """
    found: dict[str, str] = {}
    unreadable: list[str] = []
    start = os.path.abspath(folder)
    above = _above(start)
    base = read_gitignore("\n".join(exclude), start + os.sep)
    waiting: list[tuple[str, str, tuple[GitIgnore, ...], int]] = [(folder, start, above, 0)]
    while waiting:
        shown, path, rules, depth = waiting.pop()
        try:
            entries = list(os.scandir(looked_at(path)))
        except OSError:
            unreadable.append(shown)
            continue
        names = {entry.name for entry in entries}
        if depth and "pyvenv.cfg" in names:
            continue
        if ".gitignore" in names:
            rules = (*rules, _gitignore(path))
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                here = f"{path.rstrip(os.sep)}{os.sep}{name}"
                if name not in VENDORED and depth < _DEEPEST and not ignored(here, True, (*rules, base)):
                    waiting.append((os.path.join(shown, name), here, rules, depth + 1))
            elif is_dockerfile_name(name):
                here = f"{path.rstrip(os.sep)}{os.sep}{name}"
                if not ignored(here, False, (*rules, base)) and is_dockerfile(entry.path):
                    _add(found, entry, os.path.join(shown, name))
    return Found(tuple(sorted(os.path.normpath(path) for path in found.values())), tuple(sorted(unreadable)))


def _above(start: str) -> tuple[GitIgnore, ...]:
    """The .gitignore files above a folder, those of the repository's own configuration first."""
    top = repository.root(start)
    if top is None:
        return ()
    rules = [_read(os.path.join(top, ".git", "info", "exclude"), top)]
    rules += [_gitignore(folder) for folder in reversed(repository.upwards(start, top)[1:])]
    return tuple(rules)


def _gitignore(folder: str) -> GitIgnore:
    return _read(os.path.join(folder, ".gitignore"), folder)


def _read(path: str, folder: str) -> GitIgnore:
    text = ""
    if os.path.isfile(looked_at(path)):
        try:
            with open(path, "rb") as file:
                text = file.read(_LARGEST_GITIGNORE).decode("utf-8", "replace")
        except OSError:
            text = ""
    return read_gitignore(text, folder.rstrip(os.sep) + os.sep)


def _add(found: dict[str, str], entry: os.DirEntry[str], shown: str) -> None:
    """Note a Dockerfile; of a file and links to it, the file, or the first of the links by name."""
    if not entry.is_symlink():
        found[os.path.realpath(entry.path)] = shown
        return
    real = os.path.realpath(entry.path)
    if real not in found or (os.path.islink(found[real]) and shown < found[real]):
        found[real] = shown
