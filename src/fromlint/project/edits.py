"""What a command writes to a file, where its words tell: ``sed -i '/^torch/d'``, ``grep -v``, ``echo``, ``cat <<EOF``.

Only what keeps every line in its place is followed: a line that goes is left empty, so that what is found in the text
stands where it does in the file that a person sees.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from fromlint.model.build import Command, FileMade
from fromlint.model.files import FileMissing
from fromlint.named_tuple import NamedTuple
from fromlint.project import line_editor

_LONGEST = 1_000_000


class Written(NamedTuple):
    """The bytes of a file, and the path to show for it."""

    content: bytes
    shown: str


# Gives the file at a path as it was before the command. Raises FileMissing, FileUnknown, FileUnreadable.
Read = Callable[[str], Written]


def written(made: FileMade, read: Read) -> Written | None:
    """What the file holds after the command; None where the command's words do not tell.

    Raises what ``read`` raises of a file that the command reads.
    """
    command = made.command
    name = command.words[0].value.rpartition("/")[2]
    if name == "touch":
        # What is there keeps what it holds.
        return _touched(made, read)
    if command.conditional:
        return None
    if command.piped_from is not None or not all(word.known for word in command.words):
        return None
    if name in ("sed", "grep", "egrep", "fgrep"):
        return _edited(made, name, read)
    text = _said(command, name)
    if text is None:
        return None
    # Lines above it keep the place right: what is found in it stands in the Dockerfile.
    own = Written(("\n" * (_line(command) - 1) + text).encode(), command.span.file)
    if not made.appended:
        return own
    try:
        before = read(made.path)
    except FileMissing:
        return own
    gap = b"" if before.content.endswith(b"\n") or not before.content else b"\n"
    return Written(before.content + gap + text.encode(), before.shown)


def _touched(made: FileMade, read: Read) -> Written | None:
    try:
        return read(made.path)
    except FileMissing:
        return None if made.command.conditional else Written(b"", made.command.span.file)


def _edited(made: FileMade, name: str, read: Read) -> Written | None:
    words = [word.value for word in made.command.words[1:]]
    edit = line_editor.of_sed(words) if name == "sed" else line_editor.of_grep(name, words)
    if edit is None or made.appended or (name == "sed") != edit.in_place or len(edit.files) != 1:
        return None
    before = read(made.path if edit.in_place else edit.files[0])
    if len(before.content) > _LONGEST:
        return None
    try:
        text = before.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    after = line_editor.apply(edit, text)
    return Written(after.encode(), before.shown) if after is not None else None


def _said(command: Command, name: str) -> str | None:
    """The text of ``echo x``, ``printf x`` (of one line each) and ``cat <<EOF``; None where that is not plain."""
    documents = [target for operator, target in command.redirects if operator.startswith("<<")]
    words = [word.value for word in command.words[1:]]
    if name == "cat" and not words and len(documents) == 1 and documents[0].known:
        return documents[0].value
    if documents or name not in ("echo", "printf"):
        return None
    return _echoed(words) if name == "echo" else _printed(words)


def _echoed(words: Sequence[str]) -> str | None:
    text = " ".join(words)
    if words[:1] and re.fullmatch(r"-[neE]+", words[0]):
        return None
    return None if "\\" in text or "\n" in text else text + "\n"


def _printed(words: Sequence[str]) -> str | None:
    if len(words) == 2 and words[0] in ("%s", "%s\\n"):
        text = words[1]
    elif len(words) == 1 and "%" not in words[0]:
        text = words[0].removesuffix("\\n")
    else:
        return None
    return None if "\\" in text or "\n" in text else text + "\n"


def _line(command: Command) -> int:
    """The line of the Dockerfile on which the text of a command begins."""
    for operator, target in command.redirects:
        if operator.startswith("<<"):
            return target.span.line
    return command.span.line
