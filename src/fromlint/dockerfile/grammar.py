"""What the builder refuses in a single instruction: its flags, and how many arguments of what form it takes.

After BuildKit's frontend/dockerfile/instructions: parse.go, bflag.go and commands_run*.go.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from fromlint.dockerfile.characters import BLANK
from fromlint.dockerfile.heredocs import marker
from fromlint.dockerfile.source import locate
from fromlint.dockerfile.words import PlacedFlag, Refused, assignments, fields, plain
from fromlint.model.dockerfile import Instruction, Source
from fromlint.model.place import Problem

KEYWORDS = frozenset(
    {"ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER"}
    | {"ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR"}
)
HEREDOC_KEYWORDS = frozenset({"ADD", "COPY", "RUN"})
JSON_KEYWORDS = frozenset({"ADD", "CMD", "COPY", "ENTRYPOINT", "HEALTHCHECK", "RUN", "SHELL", "VOLUME"})

_BOOLEAN, _ONE, _MANY = "boolean", "one", "many"
_FLAGS = {
    "ADD": {
        "chown": _ONE,
        "chmod": _ONE,
        "link": _BOOLEAN,
        "keep-git-dir": _BOOLEAN,
        "checksum": _ONE,
        "unpack": _BOOLEAN,
        "exclude": _MANY,
    },
    "COPY": {
        "chown": _ONE,
        "from": _ONE,
        "chmod": _ONE,
        "link": _BOOLEAN,
        "exclude": _MANY,
        "parents": _BOOLEAN,
    },
    "FROM": {"platform": _ONE},
    "HEALTHCHECK": {
        "interval": _ONE,
        "timeout": _ONE,
        "start-period": _ONE,
        "start-interval": _ONE,
        "retries": _ONE,
    },
    "RUN": {"mount": _MANY, "network": _ONE, "security": _ONE, "device": _MANY},
}
_FLAGS_UNCHECKED = frozenset({"ARG", "STOPSIGNAL"})

_MOUNT_TYPES = frozenset({"bind", "cache", "tmpfs", "secret", "ssh"})
_MOUNT_SWITCHES = frozenset({"readonly", "ro", "readwrite", "rw", "required"})
_MOUNT_KEYS = _MOUNT_SWITCHES | frozenset(
    {"type", "from", "source", "src", "target", "dst", "destination"}
    | {"id", "sharing", "size", "mode", "uid", "gid", "env"}
)
# Buildah's internal/volumes/volumes.go.
_BUILDAH_SWITCHES = frozenset(
    {"bind-nonrecursive", "nosuid", "nodev", "noexec", "no-dereference", "tmpcopyup", "z", "u"}
    | {"shared", "rshared", "private", "rprivate", "slave", "rslave"}
)
_BUILDAH_KEYS = _BUILDAH_SWITCHES | frozenset(
    {"bind-propagation", "relabel", "consistency", "tmpfs-mode", "tmpfs-size"}
)


def flag_problems(
    keyword: str, source: Source, flags: tuple[PlacedFlag, ...], *, buildah: bool = False
) -> Iterator[Problem]:
    """What is wrong with the flags of an instruction; ``source`` is its whole line.

    ``buildah``: it is Buildah that reads the file, whose mounts take options that BuildKit does not have.
    """
    if keyword in _FLAGS_UNCHECKED:
        return
    known = _FLAGS.get(keyword, {})
    seen: set[str] = set()
    for (name, value), start, end in flags:
        kind = known.get(name)
        said: Iterable[str] = ()
        if kind is None:
            said = [f"{keyword} has no flag --{_short(name)}"]
        elif name in seen and kind != _MANY:
            said = [f"--{name} is given twice"]
        elif kind == _BOOLEAN:
            if value is not None and value.lower() not in ("true", "false"):
                said = [f"--{name} is true or false, not {_short(value)!r}"]
        elif value is None:
            said = [f"--{name} wants a value"]
        elif name == "mount":
            said = _mount_problems(value, buildah)
        seen.add(name)
        for message in said:
            yield Problem(message, locate(source, start, end))


def _mount_problems(value: str, buildah: bool) -> Iterator[str]:
    switches = _MOUNT_SWITCHES | _BUILDAH_SWITCHES if buildah else _MOUNT_SWITCHES
    for field in fields(value):
        name, equals, setting = field.partition("=")
        name = name.lower()
        if name not in _MOUNT_KEYS and not (buildah and name in _BUILDAH_KEYS):
            yield f"--mount has no option {_short(name)!r}"
        elif not equals and name not in switches:
            yield f"--mount's option {name} wants a value"
        elif name == "type" and "$" not in setting and setting.lower() not in _MOUNT_TYPES:
            yield f"there is no mount type {_short(setting)!r}"
        elif name == "from" and "$" in setting[:-1]:
            yield "--mount's from takes no variables; name a stage instead, whose FROM may have some"


def argument_problems(instruction: Instruction, escape: str) -> Iterator[Problem]:
    """What is wrong with the arguments of an instruction."""
    check = _CHECKS.get(instruction.keyword)
    try:
        if check is not None:
            check(instruction, escape)
    except Refused as refused:
        source = instruction.arguments
        span = locate(source, refused.start, refused.end) if source.text else instruction.span
        yield Problem(str(refused), span)


def _assignments(instruction: Instruction, escape: str) -> None:
    assignments(instruction, escape)


def _one_or_more(instruction: Instruction, _: str) -> None:
    if not instruction.arguments.text or instruction.exec_form == ():
        raise Refused(f"{instruction.keyword} requires an argument", 0, len(instruction.arguments.text))


def _copy(instruction: Instruction, _: str) -> None:
    text = instruction.arguments.text
    words = instruction.exec_form if instruction.exec_form is not None else text.split(None, 1)
    if len(words) < 2:
        raise Refused(f"{instruction.keyword} requires at least one source and a destination", 0, len(text))
    start = max(text.rfind(blank) for blank in BLANK) + 1
    if instruction.exec_form is None and marker(text[start:]) is not None:
        raise Refused(f"{instruction.keyword} cannot have a heredoc as its destination", start, len(text))


def _shell(instruction: Instruction, _: str) -> None:
    if not instruction.exec_form:
        said = 'SHELL requires its arguments in JSON form, such as ["/bin/bash", "-c"]'
        raise Refused(said, 0, len(instruction.arguments.text))


def _healthcheck(instruction: Instruction, _: str) -> None:
    text = instruction.arguments.text
    words = text.split(None, 1)
    kind = words[0].upper() if words else ""
    if not words:
        raise Refused("HEALTHCHECK requires at least one argument", 0, 0)
    if kind not in ("CMD", "NONE"):
        raise Refused(f"HEALTHCHECK takes CMD or NONE, not {_short(words[0])!r}", 0, len(words[0]))
    if kind == "NONE" and len(words) > 1:
        raise Refused("HEALTHCHECK NONE takes no arguments", 0, len(text))
    if kind == "CMD" and (len(words) == 1 or instruction.exec_form == ()):
        raise Refused("a command is missing after HEALTHCHECK CMD", 0, len(text))


def _from(instruction: Instruction, _: str) -> None:
    text = instruction.arguments.text
    words = plain(instruction.arguments)
    if len(words) == 3 and words[1].value.lower() == "as":
        if not _valid_name(words[2].value):
            said = "it begins with a letter and has only letters, digits, '-', '_' and '.'"
            raise Refused(
                f"{_short(words[2].value)!r} is no name for a stage: {said}", text.rindex(words[2].value), len(text)
            )
    elif len(words) != 1:
        raise Refused("FROM takes an image, or an image followed by AS and a name", 0, len(text))


_CHECKS: Mapping[str, Callable[[Instruction, str], None]] = {
    "ADD": _copy,
    "ARG": _assignments,
    "COPY": _copy,
    "ENV": _assignments,
    "EXPOSE": _one_or_more,
    "FROM": _from,
    "HEALTHCHECK": _healthcheck,
    "LABEL": _assignments,
    "MAINTAINER": _one_or_more,
    "ONBUILD": _one_or_more,
    "SHELL": _shell,
    "STOPSIGNAL": _one_or_more,
    "USER": _one_or_more,
    "VOLUME": _one_or_more,
    "WORKDIR": _one_or_more,
}


def stage_name(source: Source) -> str | None:
    """The name that a FROM gives its stage, in lower case as the builder keeps it; None where it gives none."""
    words = plain(source)
    if len(words) == 3 and words[1].value.lower() == "as" and _valid_name(words[2].value):
        return words[2].value.lower()
    return None


def _valid_name(name: str) -> bool:
    return re.fullmatch(r"[a-z][a-z0-9-_.]*", name.lower()) is not None


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:80] + "…"
