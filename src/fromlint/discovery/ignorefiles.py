"""What .dockerignore and .gitignore leave out."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.discovery.globs import BadPattern, Match, docker, git
from fromlint.named_tuple import NamedTuple


class Rule(NamedTuple):
    """A line of an ignore file. ``folders``: it is about folders only. ``line`` counts from 1."""

    match: Match
    negated: bool
    folders: bool
    line: int


class DockerIgnore:
    """The patterns of a .dockerignore, asked by context path.

    After ``ignorefile.ReadAll`` and ``MatchesUsingParentResults`` of moby/patternmatcher: what a folder matched counts
    for all that is in it, pattern by pattern, and the last pattern that matches decides. Patterns that the builder
    refuses are left out; ``bad`` has the first of them, and its line.
    """

    def __init__(self, text: str) -> None:
        self.bad: tuple[int, str] | None = None
        self._rules: list[Rule] = []
        for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
            if line.startswith("#") or not (pattern := line.strip()):
                continue
            negated = pattern.startswith("!")
            pattern = pattern.removeprefix("!").strip()
            cleaned = posixpath.normpath(pattern) if pattern else ""
            cleaned = cleaned.lstrip("/") or cleaned
            try:
                if not cleaned:
                    raise BadPattern("! alone is no pattern")
                self._rules.append(Rule(docker(cleaned), negated, False, number))
            except BadPattern as error:
                self.bad = self.bad or (number, str(error))
        self.exceptions = any(rule.negated for rule in self._rules)
        self._seen: dict[str, tuple[bool, tuple[bool, ...]]] = {}

    def excludes(self, path: str) -> bool:
        """Whether the file or folder at a normalised context path is left out. A folder may still have files in it."""
        return bool(self._rules) and self._matched(path.strip("/"))[0]

    def _matched(self, path: str) -> tuple[bool, tuple[bool, ...]]:
        """Whether the path is left out, and which patterns matched it or a folder above."""
        missing: list[str] = []
        while path and path not in self._seen:
            missing.append(path)
            path = posixpath.dirname(path)
        result = self._seen[path] if path else (False, (False,) * len(self._rules))
        for each in reversed(missing):
            result = self._seen[each] = self._below(each, result[1])
        return result

    def _below(self, path: str, above: tuple[bool, ...]) -> tuple[bool, tuple[bool, ...]]:
        excluded = False
        matches: list[bool] = []
        for rule, inherited in zip(self._rules, above, strict=True):
            match = inherited or (rule.negated == excluded and rule.match(path))
            matches.append(match)
            if match:
                excluded = not rule.negated
        return excluded, tuple(matches)


class GitIgnore(NamedTuple):
    """The patterns of one .gitignore; ``folder`` is where it stands, with a ``/`` at its end."""

    folder: str
    rules: tuple[Rule, ...]


def read_gitignore(text: str, folder: str) -> GitIgnore:
    """The rules of a .gitignore (gitignore(5)); lines that cannot be read count for nothing."""
    rules: list[Rule] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        pattern = line.rstrip("\r")
        stripped = pattern.rstrip(" ")
        # A space at the end counts where a backslash stands before it.
        pattern = stripped + " " if stripped.endswith("\\") and stripped != pattern else stripped
        if not pattern or pattern.startswith("#"):
            continue
        negated = pattern.startswith("!")
        pattern = pattern[negated:]
        folders = pattern.endswith("/")
        pattern = pattern[:-1] if folders else pattern
        anchored = "/" in pattern
        pattern = pattern.removeprefix("/")
        if not pattern:
            continue
        try:
            rules.append(Rule(git(pattern if anchored else "**/" + pattern), negated, folders, number))
        except BadPattern:
            continue
    return GitIgnore(folder, tuple(rules))


def ignored(path: str, is_folder: bool, files: Sequence[GitIgnore]) -> bool:
    """Whether .gitignore files (the nearest last) leave a path out, as far as folders above it do not."""
    for file in reversed(files):
        if not path.startswith(file.folder):
            continue
        inside = path[len(file.folder) :]
        for rule in reversed(file.rules):
            if (is_folder or not rule.folders) and rule.match(inside):
                return not rule.negated
    return False
