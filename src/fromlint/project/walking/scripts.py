"""Scripts of the build context: what a RUN does by one, and which a container is started with."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping, Sequence

from fromlint.dockerfile import script_files
from fromlint.dockerfile.runs import made, script
from fromlint.dockerfile.shell import SHELLS, absolute, unread
from fromlint.dockerfile.source import whole
from fromlint.model.build import CommandUsed, DirectoryChanged, Event, ScriptStarted, ScriptUnread, Step, ToolFetched
from fromlint.model.files import FileMissing, Files, FileUnknown, FileUnreadable
from fromlint.model.place import Span
from fromlint.model.project import Script
from fromlint.project.known.commands import PATH
from fromlint.regex import regex

# A first line is never longer where it matters (BINPRM_BUF_SIZE of the kernel is 256).
_LONGEST = 256
_MOST = 16
_MAKEFILES = ("GNUmakefile", "makefile", "Makefile")
# What one wants to hear of if it is not followed.
_INSTALLS = regex(r"\b(?:pip3?|uv|poetry|pipenv|pdm|pipx)\b[^\n|;&]*\b(?:install|sync|add)\b|\bpip-sync\b|\buv run\b")
_PACKAGE_MANAGERS = rb"\b(?:apt|apt-get|apk|aptitude|dnf|dpkg|microdnf|pacman|yum|zypper)\b"


def followed(event: ScriptStarted, files: Files) -> tuple[Event, ...] | None:
    """What a script or a Makefile does when a RUN starts it; None where that is not known.

    What is not followed (another language than the shell's, a Makefile that is not plain) does anything if it names a
    package manager, else nothing of interest; that it plainly installs Python distributions is said.
    """
    makefile = script_files.make(event.command.words)
    names = _MAKEFILES if makefile is not None and not makefile.file else (posixpath.basename(event.path),)
    folder = posixpath.dirname(event.path)
    for name in names:
        path = posixpath.join(folder, name)
        try:
            data = files.read(path)
        except FileMissing:
            continue
        except (FileUnknown, FileUnreadable):
            return None
        text = data.decode("utf-8", "replace")
        if "\0" in text:
            return None
        done, why = _steps(text, path, event, files)
        if done is not None:
            return done
        unread: tuple[Event, ...] = ()
        if _INSTALLS.search(text):
            unread = (ScriptUnread(f"{files.shown(path)} installs something, and {why}", event.span),)
        return (*unread, ToolFetched(None, event.span, script=True)) if re.search(_PACKAGE_MANAGERS, data) else unread
    return None


def _steps(text: str, path: str, event: ScriptStarted, files: Files) -> tuple[tuple[Event, ...] | None, str]:
    """What a text does that is run; None with the reason, where that is not followed."""
    told = script_files.make(event.command.words)
    if told is not None:
        folder = absolute(told.folder, event.command.directory) or "/"
        steps = made(text, files.shown(path), event, lambda name: files.exists(posixpath.join(folder, name)))
        return steps, "what its targets run is not told plainly"
    interpreter = re.match(r"#!\s*(?:\S*/env\s+(?:-S\s+)?)?(\S+)", text)
    if interpreter is not None and interpreter[1].rpartition("/")[2] not in SHELLS:
        return None, f"the language of {interpreter[1]} is not known here"
    if script_files.is_make(event.command.words):
        return None, "what its targets run is not told plainly"
    why = unread(text)
    return (None, why) if why else (script(whole(text, files.shown(path)), event), "")


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
