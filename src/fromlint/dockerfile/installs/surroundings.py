"""What stands around a command and bears on what it installs: variables, folder, mounts."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping

from fromlint.model.build import Command, Install, InstallOptions, Mount, Word
from fromlint.model.place import Span, Text
from fromlint.named_tuple import NamedTuple

TRUE = frozenset({"y", "yes", "t", "true", "on", "1"})
FALSE = frozenset({"n", "no", "f", "false", "off", "0"})

# Files that say where packages come from, wherever a secret mount may put them.
_INDEX_FILES = frozenset(
    {"pip.conf", "pip.ini", ".netrc", "netrc", ".pypirc", "uv.toml", "auth.toml", "pydistutils.cfg"}
)
_INDEX_OPTIONS = re.compile(r"--(?:default-index|extra-index-url|find-links|index|index-url|no-index)\b")
_INDEX_NAMES = r"(?:^|[^a-z])(?:uv|pip|pipenv|pdm|pypi\w*|netrc|index|artifactory|nexus|poetry)(?:[^a-z]|$)"


STANDARD_INPUT = "/dev/stdin"
_INPUTS = frozenset({"-", STANDARD_INPUT, "/proc/self/fd/0", "/dev/fd/0"})


class Surroundings(NamedTuple):
    """``variables`` are those with a known value, ``unknown`` those that may be set to something that is not known.

    ``directory``: the working folder, None where unknown. ``secret``: a secret mount may configure the index.
    """

    variables: Mapping[str, str]
    unknown: frozenset[str]
    directory: str | None
    mounts: tuple[Mount, ...]
    secret: bool
    command: Command

    def place(self, variable: str) -> Span:
        """Where a variable is set, as near as is known."""
        word = self.command.assignments.get(variable)
        return word.span if word is not None else self.command.span

    def at(self, path: str) -> str:
        """A path made absolute by the working folder; as it is where that is not known."""
        if self.directory is None:
            return posixpath.normpath(path) if path.startswith("/") else path
        return posixpath.normpath(posixpath.join(self.directory, path))

    def moved(self, path: str | None) -> Surroundings:
        """The same in another folder (``--directory``); None changes nothing."""
        return self if path is None else self._replace(directory=self.at(path) if self._reaches(path) else None)

    def _reaches(self, path: str) -> bool:
        return self.directory is not None or path.startswith("/")

    def true(self, variable: str) -> bool:
        """Whether a variable is surely set to something that means yes."""
        return self.variables.get(variable, "").strip().lower() in TRUE

    def false(self, variable: str) -> bool:
        """Whether a variable is surely set to something that means no."""
        return self.variables.get(variable, "").strip().lower() in FALSE


def of(command: Command, mounts: tuple[Mount, ...], arguments: Mapping[str, str | None]) -> Surroundings:
    """What a command sees: its own assignments beat exported variables, and these beat ARGs (BuildKit)."""
    variables: dict[str, str] = {}
    unknown: set[str] = set()
    for name, value in arguments.items():
        if value is None:
            unknown.add(name)
        else:
            variables[name] = value
    variables.update(command.environment)
    unknown -= command.environment.keys()
    for mount in mounts:
        if mount.kind == "secret" and mount.variable:
            unknown.add(mount.variable)
            variables.pop(mount.variable, None)
    for name, word in command.assignments.items():
        if word.known:
            variables[name] = word.value
            unknown.discard(name)
        else:
            variables.pop(name, None)
            unknown.add(name)
    secret = any(_configures_index(mount) for mount in mounts if mount.kind == "secret")
    return Surroundings(variables, frozenset(unknown), command.directory, mounts, secret, command)


def _configures_index(mount: Mount) -> bool:
    target = posixpath.basename(mount.target or "").lower()
    if target in _INDEX_FILES:
        return True
    names = (mount.variable, mount.identifier, target, posixpath.basename(mount.source or ""))
    return any(re.search(_INDEX_NAMES, name.lower()) for name in names if name)


def configured_elsewhere(surroundings: Surroundings, pattern: str) -> bool:
    """Whether the index may come from where it cannot be seen: a secret mount, an unknown variable of that name, or a
    word that is one of its options or nothing (``${WHEELS:+--find-links $WHEELS}``).

    ``pattern`` is matched against whole names; ``NETRC`` counts for every tool.
    """
    return (
        surroundings.secret
        or any(name == "NETRC" or re.fullmatch(pattern, name) is not None for name in surroundings.unknown)
        or any(
            not word.known and word.value.startswith("$") and _INDEX_OPTIONS.search(word.value)
            for word in surroundings.command.words
        )
    )


def files(given: Iterable[Text], around: Surroundings) -> tuple[tuple[Text, ...], tuple[Text, ...]]:
    """Files that an install reads, and those that cannot be had because they are made as the command runs.

    What is piped into the command is ``STANDARD_INPUT``; ``< FILE`` is that file.
    """
    found: list[Text] = []
    unreadable: list[Text] = []
    redirects = around.command.redirects
    redirected = [redirect.target for redirect in redirects if redirect.operator == "<"]
    fed = around.command.piped_from is not None or any(redirect.operator.startswith("<<") for redirect in redirects)
    for file in given:
        if file.value not in _INPUTS:
            (unreadable if file.value.startswith(("/dev/fd/", "<(")) else found).append(file)
        elif redirected and redirected[-1].known:
            found.append(Text(redirected[-1].value, redirected[-1].span))
        elif fed:
            found.append(file._replace(value=STANDARD_INPUT))
        else:
            unreadable.append(file)
    return tuple(found), tuple(unreadable)


def plain(surroundings: Surroundings, tool: str, action: str, *, python: str | None = None) -> Install:
    """An install that names nothing yet: the start for every tool's own reading."""
    command = surroundings.command
    return Install(
        tool=tool,
        action=action,
        requirements=(),
        editable=(),
        files=(),
        constraints=(),
        options=InstallOptions(),
        groups=(),
        extras=(),
        without_groups=(),
        only_groups=(),
        all_groups=False,
        all_extras=False,
        default_groups=True,
        install_project=True,
        frozen=False,
        packages=(),
        python=python,
        system=False,
        environment=surroundings.variables,
        directory=surroundings.directory,
        mounts=surroundings.mounts,
        secret=surroundings.secret,
        unknown=(),
        conditional=command.conditional,
        tolerated=command.tolerated and not command.lost,
        span=command.span,
    )


def known(words: tuple[Word, ...]) -> tuple[Text, ...]:
    """The words that are known, as texts."""
    return tuple(Text(word.value, word.span) for word in words if word.known)


def unknown(words: tuple[Word, ...]) -> tuple[Text, ...]:
    """The words that are not known, as they are written."""
    return tuple(Text(word.value, word.span) for word in words if not word.known)


def written(words: tuple[Word, ...]) -> tuple[Text, ...]:
    """All of the words, as they are written."""
    return tuple(Text(word.value, word.span) for word in words)
