"""Where a project ends: the root of its repository."""

import os

from fromlint.regex import regex
from fromlint.witness import looked_at, looked_for

_SUBMODULE = regex(r"(?m)^[ \t]*path[ \t]*=[ \t]*(\S.*?)[ \t]*$")
_LARGEST_LIST = 1_048_576


def root(path: str) -> str | None:
    """The nearest folder from ``path`` upwards that holds a ``.git``, absolute; None where there is none."""
    folder = os.path.abspath(path)
    while True:
        if os.path.lexists(looked_for(os.path.join(folder, ".git"))):
            return folder
        above = os.path.dirname(folder)
        if above == folder:
            return None
        folder = above


def project(folder: str) -> str:
    """Where what belongs to a folder's files may lie: the repository's root; where there is none, the folder that
    fromlint was started in, if that is above; else the folder itself.
    """
    found = root(folder)
    if found is not None:
        return found
    here = os.getcwd()
    return here if is_below(folder, here) else os.path.abspath(folder)


def submodules(folder: str) -> tuple[str, ...]:
    """The folders that a repository's ``.gitmodules`` gives to other repositories (gitmodules(5)), as written."""
    path = os.path.join(folder, ".gitmodules")
    try:
        if leads_out(path) or not os.path.isfile(looked_at(path)):
            return ()
        with open(path, "rb") as file:
            text = file.read(_LARGEST_LIST).decode("utf-8", "replace")
    except OSError:
        return ()
    return tuple(_SUBMODULE.findall(text))


def upwards(folder: str, limit: str) -> tuple[str, ...]:
    """``folder`` and the folders above it up to ``limit``, absolute; ``folder`` alone where that is not above it."""
    folder, limit = os.path.abspath(folder), os.path.abspath(limit)
    if not is_below(folder, limit):
        return (folder,)
    folders = [folder]
    while folder != limit:
        folder = os.path.dirname(folder)
        folders.append(folder)
    return tuple(folders)


def is_below(path: str, folder: str) -> bool:
    """Whether a path is a folder or lies in it, by their names."""
    path, folder = os.path.abspath(path), os.path.abspath(folder)
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def is_outside(path: str, start: str) -> bool:
    """Whether a path leads, behind all links, out of the repository that the folder ``start`` is in.

    Never where that is in none.
    """
    limit = root(start)
    return limit is not None and not is_below(os.path.realpath(path), os.path.realpath(limit))


def leads_out(path: str) -> bool:
    """Whether a path is a link that leads out of the repository that the link is in: a repository's files may be
    anybody's, and what they point to is not theirs to show."""
    return os.path.islink(path) and is_outside(path, os.path.dirname(os.path.abspath(path)))
