"""Builds by ``docker build`` in makefiles and shell scripts, and in the comments of Dockerfiles: which name goes where.

Read as text, line by line: they say which Dockerfile an image's name stands for and no more than that is asked of them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence

from fromlint.discovery.specs import BuildSpec, key_values
from fromlint.regex import regex

FILES = regex(r"(?:GNU)?[Mm]akefile|[\w.-]+\.(?:mk|sh)|[Jj]ustfile")
_BUILD = regex(
    r"\b(?:docker|podman|nerdctl)\s+(?:buildx\s+|image\s+)?build\s+([^;&|\n]*)|\bbuildah\s+(?:bud|build)\s+([^;&|\n]*)"
)
_CONTINUED = regex(r"\\\n\s*")
_COMMENTS = regex(r"^\s*#.*$", re.M)
# Options that take no value; all others that begin with a dash and hold no = take the next word.
_FLAGS = frozenset(
    {"--no-cache", "--pull", "--push", "--load", "--rm", "--squash", "--quiet", "-q", "--force-rm", "--compress", "-D"}
)


def builds(data: bytes, path: str, root: str) -> Iterator[BuildSpec]:
    """The builds in a makefile or script at ``path``, whose paths count from its folder, else from ``root``."""
    text = _CONTINUED.sub(" ", data.decode("utf-8", "replace"))
    for match in _BUILD.finditer(text):
        line = text.count("\n", 0, match.start()) + 1
        words = _words(match[1] or match[2])
        spec = _spec(words, path, line, [os.path.dirname(os.path.abspath(path)), root])
        if spec is not None:
            yield spec


def of_itself(data: bytes, dockerfile: str) -> Iterator[BuildSpec]:
    """The builds that a Dockerfile's own comments tell of: they are of this Dockerfile."""
    for comment in _COMMENTS.finditer(data.decode("utf-8", "replace")):
        match = _BUILD.search(comment[0])
        tags = _options(_words(match[1] or match[2]))[1] if match is not None else ()
        if tags:
            absolute = os.path.abspath(dockerfile)
            yield BuildSpec(dockerfile, 1, "command", "docker build", None, absolute, tags=tags)


def _words(text: str) -> list[str]:
    return [word.strip("\"'") for word in text.split()]


def _options(words: Sequence[str]) -> tuple[dict[str, list[str]], tuple[str, ...], list[str]]:
    """Options with their values, the tags among them, and what is left."""
    found: dict[str, list[str]] = {}
    left: list[str] = []
    waiting = iter(words)
    for word in waiting:
        if not word.startswith("-") or word == "-":
            left.append(word)
            continue
        name, equals, value = word.partition("=")
        if not equals and name not in _FLAGS:
            value = next(waiting, "")
        found.setdefault(name, []).append(value)
    tags = [tag for name in ("-t", "--tag") for tag in found.get(name, ()) if tag and "$" not in tag]
    return found, tuple(tags), left


def _spec(words: Sequence[str], path: str, line: int, folders: Sequence[str]) -> BuildSpec | None:
    options, tags, left = _options(words)
    context = left[0] if left else "."
    named = (options.get("-f") or options.get("--file") or [""])[-1]
    if not tags or "$" in context or "$" in named:
        return None
    for folder in folders:
        where = os.path.normpath(os.path.join(folder, context))
        dockerfile = os.path.join(folder, named) if named else os.path.join(where, "Dockerfile")
        if os.path.isfile(dockerfile):
            targets = [target for target in options.get("--target", ()) if "$" not in target]
            pairs = [key_values(text) for text in options.get("--build-arg", ())]
            return BuildSpec(
                path,
                line,
                "command",
                "docker build",
                where,
                os.path.abspath(dockerfile),
                target=targets[-1] if targets else None,
                args={key: value if value is None or "$" not in value else None for key, value in pairs},
                tags=tags,
            )
    return None
