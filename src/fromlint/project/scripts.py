"""Scripts of the build context: what a RUN does by one, and which a container is started with."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from fromlint.dockerfile.runs import script
from fromlint.dockerfile.shell import SHELLS, unread
from fromlint.dockerfile.source import whole
from fromlint.model.build import CommandUsed, DirectoryChanged, Event, ScriptStarted, Step, ToolFetched
from fromlint.model.files import FileMissing, Files, FileUnknown, FileUnreadable
from fromlint.model.place import Span
from fromlint.model.project import Script
from fromlint.project.commands import PATH

# A first line is never longer where it matters (BINPRM_BUF_SIZE of the kernel is 256).
_LONGEST = 256
_MOST = 16
_PACKAGE_MANAGERS = rb"\b(?:apt|apt-get|apk|aptitude|dnf|dpkg|microdnf|pacman|yum|zypper)\b"


def followed(event: ScriptStarted, files: Files) -> tuple[Event, ...] | None:
    """What a script does when a RUN starts it; None where that is not known.

    A Makefile and a script in another language than the shell's are not followed: they do anything if they name a
    package manager, else nothing of interest.
    """
    try:
        data = files.read(event.path)
    except (FileMissing, FileUnknown, FileUnreadable):
        return None
    text = data.decode("utf-8", "replace")
    if "\0" in text:
        return None
    interpreter = re.match(r"#!\s*(?:\S*/env\s+(?:-S\s+)?)?(\S+)", text)
    other = interpreter is not None and interpreter[1].rpartition("/")[2] not in SHELLS
    if other or posixpath.basename(event.path) == "Makefile" or unread(text):
        return (ToolFetched(None, event.span, script=True),) if re.search(_PACKAGE_MANAGERS, data) else ()
    return script(whole(text, files.shown(event.path)), event)


def started(steps: Sequence[Step], files: Files, directory: str | None = "/") -> Mapping[str, Script]:
    """The scripts that a stage starts its container with, by the name as written, as far as they are known.

    ``files`` are the stage's as they are at its end, ``directory`` its working folder at its beginning.
    """
    names: dict[str, None] = {}
    for step in steps:
        if isinstance(step.event, DirectoryChanged):
            directory = step.event.path
        elif isinstance(step.event, CommandUsed) and step.event.instruction != "RUN":
            names[step.event.name] = None
    found = {}
    for name in list(names)[:_MOST]:
        for path in _places(name, directory):
            script = _script(path, files)
            if script is not None:
                found[name] = script
                break
    return found


def _places(name: str, directory: str | None) -> tuple[str, ...]:
    """The paths at which a command of that name may lie."""
    if name.startswith("/"):
        return (name,)
    if "/" in name:
        return (posixpath.normpath(posixpath.join(directory, name)),) if directory is not None else ()
    return tuple(f"{folder}/{name}" for folder in PATH)


def _script(path: str, files: Files) -> Script | None:
    try:
        data = files.read(path)
    except (FileMissing, FileUnknown, FileUnreadable):
        return None
    if not data.startswith(b"#!"):
        return None
    line = data[:_LONGEST].partition(b"\n")[0].decode("utf-8", "replace")
    shown = files.shown(path)
    return Script(path, line, Span(shown, 1, 1, 1, len(line.rstrip("\r")) + 1))
