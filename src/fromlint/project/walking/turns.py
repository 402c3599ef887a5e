"""What the loops of a RUN go over: names of files in the image, and what files hold."""

from __future__ import annotations

import posixpath
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase

from fromlint.dockerfile.shell import Turns
from fromlint.model.place import Span, Text
from fromlint.project.walking import followed
from fromlint.project.walking.layers import ImageFiles

_SIGNS = frozenset("*?[")
# Loops that people write go over fewer, and patterns of patterns of a large context must not take for ever.
_MOST_NAMES = 1_000


def of(image: ImageFiles, span: Span) -> Turns:
    """What patterns and substitutions stand for among the files of an image, to be read at ``span``."""

    def turns(text: str, lines: bool, directory: str | None, variables: Mapping[str, str]) -> Sequence[str] | None:
        files = image.seen_from(directory)
        if text.startswith(("$", "`", '"')):
            pipe = followed.pipe_of(Text(text, span), variables, directory)
            said = followed.lines_said(pipe, files) if pipe else None
            return _plain(said, lines=lines) if said is not None else None
        return _matching(text, files)

    return turns


def _plain(said: Sequence[str], *, lines: bool) -> list[str] | None:
    """The lines, or all their words. A line that is a comment is nothing that could be installed, and is left out."""
    kept = [line.strip() for line in said if line.strip() and not line.lstrip().startswith("#")]
    if lines:
        return kept
    words = [word for line in said for word in line.split()]
    return words if len(kept) == len([line for line in said if line.strip()]) else None


def _matching(pattern: str, files: ImageFiles) -> list[str] | None:
    """The names that a pattern stands for, sorted as shells do; None where not all are known, or there is none."""
    found = ["/"] if pattern.startswith("/") else [""]
    for part in pattern.strip("/").split("/"):
        if not _SIGNS & set(part):
            found = [posixpath.join(before, part) for before in found]
            continue
        deeper: list[str] = []
        for before in found:
            names = files.listing(before or ".")
            if names is None:
                return None
            deeper += [
                posixpath.join(before, name)
                for name in sorted(names)
                if fnmatchcase(name, part) and name.startswith(".") <= part.startswith(".")
            ]
            if len(deeper) > _MOST_NAMES:
                return None
        found = deeper
    if pattern.endswith("/"):
        found = [f"{path}/" for path in found if files.listing(path) is not None]
    return [path for path in found if files.exists(path) is not False] or None
