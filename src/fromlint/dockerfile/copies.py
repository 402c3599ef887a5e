"""COPY and ADD (BuildKit's ``dispatchCopy`` in frontend/dockerfile/dockerfile2llb/convert.go)."""

import re

from fromlint.dockerfile.expand import expand
from fromlint.dockerfile.files import known_folder
from fromlint.dockerfile.scope import Scope
from fromlint.dockerfile.shell import absolute, json_words
from fromlint.dockerfile.words import plain
from fromlint.model.build import FilesCopied
from fromlint.model.dockerfile import Heredoc, Instruction
from fromlint.model.place import Text

_ARCHIVE = r"\.(?:tar|tar\.(?:gz|bz2|xz|zst)|tgz|tbz2?|txz)$"
_REMOTE = r"^(?:https?|git|ssh|ftp)://|^git@|^github\.com/"
_HEREDOC = r"^\d*<<-?\s*[\"']?([^\"'<\s]+)[\"']?$"


def copied(instruction: Instruction, scope: Scope, directory: str | None) -> FilesCopied | None:
    """What a COPY or ADD brings; None where it has too few words for the builder.

    A destination that must be a folder ends in ``/``; of one that is not known it is the folder that it is surely in.
    What ADD downloads or unpacks is ``unknown``.
    """
    heredocs = {heredoc.delimiter: heredoc for heredoc in instruction.heredocs}
    words = _words(instruction)
    unknown: str | None = None
    sources: list[Text] = []
    contents: dict[str, str] = {}
    lines: dict[str, int] = {}
    destination: str | None = None
    if len(words) < 2:
        return None
    for number, word in enumerate(words):
        last = number == len(words) - 1
        marker = re.match(_HEREDOC, word.value) if heredocs and not last else None
        if marker and marker[1] in heredocs:
            contents[marker[1]] = _content(heredocs[marker[1]], scope)
            lines[marker[1]] = heredocs[marker[1]].body.anchors[0].line
            continue
        value, why = scope.expanded(word.value)
        unknown = unknown or why
        if last:
            destination = _destination(known_folder(word.value) if value is None else value, directory)
        else:
            sources.append(Text(word.value if value is None else value, word.span))
    if destination is None and unknown is None:
        unknown = "the working folder is not known"
    if len(sources) + len(contents) > 1 and destination and not destination.endswith("/"):
        destination += "/"
    origin, excludes, parents, unpacks = _flags(instruction, scope)
    if instruction.keyword == "ADD":
        unknown = unknown or _fetched(sources, unpacks)
    return FilesCopied(
        tuple(sources), destination, origin, excludes, parents, contents, False, unknown, instruction.span, lines
    )


def _words(instruction: Instruction) -> tuple[Text, ...]:
    if instruction.exec_form is None:
        return plain(instruction.arguments)
    return json_words(instruction.exec_form, instruction.arguments)


def _flags(instruction: Instruction, scope: Scope) -> tuple[str | None, tuple[str, ...], bool, bool]:
    origin: str | None = None
    excludes: list[str] = []
    parents = False
    unpacks = True
    for name, value in instruction.flags:
        if name == "from" and value:
            origin = scope.expanded(value)[0] or value
        elif name == "exclude" and value:
            excludes.append(scope.expanded(value)[0] or value)
        elif name == "parents":
            parents = value is None or value.lower() == "true"
        elif name == "unpack":
            unpacks = value is None or value.lower() == "true"
    return origin, tuple(excludes), parents, unpacks


def _destination(path: str, directory: str | None) -> str | None:
    made = absolute(path, directory)
    folder = path.endswith("/") or path.rpartition("/")[2] in (".", "..", "")
    return made + "/" if made and folder and made != "/" else made


def _fetched(sources: list[Text], unpacks: bool) -> str | None:
    for source in sources:
        if re.search(_REMOTE, source.value) or source.value.endswith(".git"):
            return f"{source.value} is fetched during the build"
        if unpacks and re.search(_ARCHIVE, source.value):
            return f"{source.value} is unpacked during the build"
    return None


def _content(heredoc: Heredoc, scope: Scope) -> str:
    """The file that a heredoc makes, its variables filled in; as written where they are not known."""
    text = heredoc.body.text
    if not heredoc.expand:
        return text
    return expand(text, scope.value, quotes=False, keep_missing=True).text
