"""What a file says about a build: which context, Dockerfile, target, arguments and platforms."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from fromlint.named_tuple import NamedTuple


class BuildSpec(NamedTuple):
    """One build that a compose file, a bake file, a Home Assistant app or a workflow declares.

    ``file`` and ``line`` are where; ``kind`` is compose, bake, app or workflow; ``name`` is the service's, target's,
    app's or job's. ``context`` is the folder, absolute, None where it is not local or not known (``unknown`` says why).
    ``dockerfile`` is the Dockerfile's path, absolute. ``args`` has None for a value that is not known. ``contexts``
    are named contexts; a local one is an absolute path. ``tags`` are the names that the built image gets, as far as
    they are known; ``corp/base:*`` where only the tag is not.
    """

    file: str
    line: int
    kind: str
    name: str
    context: str | None
    dockerfile: str
    target: str | None = None
    args: Mapping[str, str | None] = {}
    platforms: tuple[str, ...] = ()
    contexts: Mapping[str, str] = {}
    unknown: str | None = None
    tags: tuple[str, ...] = ()


def is_remote(context: str) -> bool:
    """Whether a context is no folder: a URL, a git repository, standard input."""
    return "://" in context or context.startswith(("git@", "github.com/")) or context == "-"


def local(base: str, path: str) -> str:
    """A path that is relative to ``base``, absolute and normalised."""
    return os.path.normpath(os.path.join(base, path))


def named_contexts(base: str, contexts: Mapping[str, str]) -> dict[str, str]:
    """Named contexts with local folders made absolute; ``docker-image://``, ``target:`` and ``service:`` stay."""
    return {
        name: where if is_remote(where) or where.startswith(("target:", "service:")) else local(base, where)
        for name, where in contexts.items()
    }


def image_names(written: Iterable[str], value: Callable[[str], str | None]) -> tuple[str, ...]:
    """An image's names, as far as ``value`` knows the variables in them; the tag is ``*`` where it alone is unknown."""
    found = []
    for text in (each.strip() for each in written):
        name, colon, tag = text.rpartition(":")
        if text and (known := value(text)):
            found.append(known)
        elif colon and "$" in tag and "/" not in tag and (known := value(name)):
            found.append(f"{known}:*")
    return tuple(found)


def key_values(text: str) -> tuple[str, str | None]:
    """``NAME=value`` as name and value; ``NAME`` alone takes its value from the environment: None."""
    name, equals, value = text.partition("=")
    return name.strip(), value if equals else None
