"""What a command writes to a file, where its words tell: ``sed -i '/^torch/d'``, ``grep -v x a > b``, ``cat <<EOF``.

Only what keeps every line in its place is followed: a line that goes is left empty, so that what is found in the text
stands where it does in the file that a person sees.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fromlint.dockerfile.installs import install as install_of
from fromlint.dockerfile.shell import absolute
from fromlint.model.build import Command, FileMade
from fromlint.named_tuple import NamedTuple
from fromlint.project.walking import line_editor
from fromlint.project.walking.line_editor import Edit
from fromlint.regex import regex

_LONGEST = 1_000_000
_GREPS = frozenset({"grep", "egrep", "fgrep"})
# What hands on the lines that it gets, in whatever order.
_HANDING_ON = frozenset({"sort", "uniq", "tee", "unix2dos", "dos2unix"})
_SETTINGS = regex(r"\.(?:conf|ini|toml|cfg|netrc)$")
_FILES = regex(r"[\w./-]+\.(?:txt|in)")


class Written(NamedTuple):
    """The bytes of a file, and the path to show for it."""

    content: bytes
    shown: str


class Flow(NamedTuple):
    """What comes out of a command or a pipe: where the lines come from, and what is done to them on their way.

    They are those of the file at ``path``; or ``text``, which the Dockerfile itself holds from ``line`` on; or what
    ``command`` prints.
    """

    path: str | None = None
    text: str | None = None
    line: int = 1
    command: Command | None = None
    edits: tuple[Edit, ...] = ()


def of_file(made: FileMade) -> Flow | None:
    """What a command makes of a file; None where its words do not tell."""
    command = made.command
    if not made.feeders and not made.appended and _exports(command):
        # Whoever has an ARG that leaves it out has another way to have the same installed.
        return Flow(command=command)
    if command.conditional or (command.piped_from is not None and not made.feeders):
        return None
    if not made.feeders and (edit := _in_place(command)) is not None:
        return None if made.appended else Flow(made.path, edits=(edit,))
    return of_pipe((*made.feeders, command), settings=_SETTINGS.search(made.path) is not None)


def _exports(command: Command) -> bool:
    """Whether a command writes what a lock says, whatever else its words hold."""
    found = install_of(command)
    return found is not None and found.action == "export" and found.output is not None


def of_pipe(commands: Sequence[Command], *, settings: bool = False) -> Flow | None:
    """What the last of some commands prints, each of which reads what the one before it prints.

    ``settings``: it goes to a file whose lines nobody is shown, so that one word may hold several of them.
    """
    flow: Flow | None = None
    for command in commands:
        if not all(word.known for word in command.words):
            return None
        found = _source(command, settings) if flow is None else None
        if found is None:
            found = _filter(command, flow)
        if found is None:
            return None
        flow = found
    return flow


def edited(content: bytes, edits: Sequence[Edit]) -> bytes | None:
    """A file's content after edits; None where that might take long, or it is no text."""
    if not edits:
        return content
    if len(content) > _LONGEST:
        return None
    try:
        text: str | None = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    for edit in edits:
        if text is not None:
            text = line_editor.apply(edit, text)
    return text.encode() if text is not None else None


def included(command: Command, paths: Sequence[str]) -> str | None:
    """A requirements file that includes others, as good as one that holds them one after the other; None of others."""
    full = [absolute(path, command.directory) for path in paths]
    if not all(path is not None and _FILES.fullmatch(path) for path in full):
        return None
    return "".join(f"-r {path}\n" for path in full)


def _name(command: Command) -> str:
    return command.words[0].value.rpartition("/")[2]


def _words(command: Command) -> list[str]:
    return [word.value for word in command.words[1:]]


def _in_place(command: Command) -> Edit | None:
    """The edit of ``sed -i`` on one file, or of ``dos2unix``."""
    if not all(word.known for word in command.words):
        return None
    if _name(command) in ("dos2unix", "unix2dos"):
        return Edit((), (), True)
    edit = line_editor.of_sed(_words(command)) if _name(command) == "sed" else None
    return edit if edit is not None and edit.in_place and len(edit.files) == 1 else None


def _source(command: Command, settings: bool) -> Flow | None:
    """Where the lines of a pipe's first command come from, where it is not for a file that it edits."""
    name, words = _name(command), _words(command)
    documents = [target for operator, target in command.redirects if operator.startswith("<<")]
    if name == "cat" and words and not documents:
        if len(words) == 1:
            return Flow(words[0])
        text = included(command, words)
        return Flow(text=text, line=command.span.line) if text is not None else None
    if name == "xargs":
        # What it hands to its command is what it reads.
        named = re.match(r"(?:-r |-t |-n ?\d+ )*-a (\S+)", " ".join(words))
        redirected = [target for operator, target in command.redirects if operator == "<" and target.known]
        path = named[1] if named else redirected[-1].value if redirected else None
        return Flow(path) if path is not None else None
    if len(documents) == 1:
        known = documents[0].known and not words and name == "cat"
        return Flow(text=documents[0].value, line=documents[0].span.line) if known else None
    if name in ("echo", "printf") and not documents:
        text = _echoed(words, settings) if name == "echo" else _printed(words, settings)
        return Flow(text=text, line=command.span.line) if text is not None else None
    if name in (*_GREPS, "sed", "cut", "tr", "awk", *_HANDING_ON, "cat"):
        return None
    return Flow(command=command)


def _filter(command: Command, before: Flow | None) -> Flow | None:
    """The flow behind a command that hands on, changes or leaves out lines: of ``before``, or of the file it names."""
    name, words = _name(command), _words(command)
    files: tuple[str, ...] = ()
    edit: Edit | None = None
    if name == "sed" or name in _GREPS:
        edit = line_editor.of_sed(words) if name == "sed" else line_editor.of_grep(name, words)
        if edit is None or edit.in_place:
            return None
        files = edit.files
    elif name == "cut":
        edit, files = _cut(words)
        if edit is None:
            return None
    elif name == "tr":
        if words not in (["-d", "\\r"], ["-d", "\r"]):
            return None
    elif name in _HANDING_ON or name == "cat":
        files = () if name == "tee" else tuple(word for word in words if not word.startswith("-") or word == "-")
        if name != "tee" and any(
            re.fullmatch(r"-[ufr]+|--unique", word) is None for word in words if word not in files
        ):
            return None
    else:
        return None
    redirected = [target for operator, target in command.redirects if operator == "<"]
    if not files and redirected:
        files = (redirected[-1].value,) if redirected[-1].known else ()
    if len(files) == 1 and files != ("-",):
        before = Flow(files[0])
    elif len(files) > 1:
        return None
    if before is None or edit is None:
        return before
    return before._replace(edits=(*before.edits, edit))


def _cut(words: Sequence[str]) -> tuple[Edit | None, tuple[str, ...]]:
    """``cut -d ';' -f 1`` as an edit, and the files that it names."""
    found = re.fullmatch(r"(?:-d ?(?P<a>\S| ) -f ?1|-f ?1 -d ?(?P<b>\S| ))(?P<files>(?: [^- ]\S*)?)", " ".join(words))
    delimiter = (found["a"] or found["b"]) if found else None
    if found is None or delimiter is None:
        return None, ()
    return line_editor.of_sed((f"s/[{delimiter}].*//",)), tuple(found["files"].split())


def _echoed(words: Sequence[str], settings: bool) -> str | None:
    if words[:1] and re.fullmatch(r"-[neE]+", words[0]):
        if words[0] not in ("-e", "-ne") or not settings:
            return None
        words = words[1:]
    return _one_line(" ".join(words), settings)


def _printed(words: Sequence[str], settings: bool) -> str | None:
    if words[:1] in (["%s"], ["%s\\n"]) and (len(words) == 2 or (settings and words[0] != "%s")):
        return _one_line("\n".join(words[1:]), settings)
    if len(words) == 1 and "%" not in words[0]:
        return _one_line(words[0].removesuffix("\\n"), settings)
    return None


def _one_line(text: str, settings: bool) -> str | None:
    """The text as a line; lines that the shell's own echo or printf makes of ``\\n`` only for settings."""
    if settings:
        text = text.replace("\\n", "\n")
    return None if "\\" in text or ("\n" in text and not settings) else text + "\n"
