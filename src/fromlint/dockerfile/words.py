"""The words of an instruction's arguments, each with its place.

After BuildKit's frontend/dockerfile/parser/line_parsers.go and split_command.go. Quotes and escapes stay in the words:
they go when the words are expanded.
"""

from __future__ import annotations

import re
from functools import lru_cache

from fromlint.dockerfile.characters import BLANK, SPACE
from fromlint.dockerfile.source import locate
from fromlint.model.dockerfile import Flag, Instruction, Source
from fromlint.model.place import Text
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_NOT_BLANK = regex(f"[^{BLANK}]+")
_BLANKS = regex(f"[{BLANK}]+")


class Assignment(NamedTuple):
    """``name=value``, or ``name`` alone with ``value`` None (of an ARG). ``legacy``: ``ENV name value``."""

    name: Text
    value: Text | None
    legacy: bool = False


class Refused(ValueError):
    """The builder would refuse these arguments: why, and the part of the text that it is about."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


@lru_cache(maxsize=2)
def _quoted_word(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    return re.compile(rf"(?:{mark}.|'[^']*'?|\"(?:{mark}.|[^\"{mark}])*\"?|[^{SPACE}'\"{mark}]+)+", re.DOTALL)


def plain(source: Source) -> tuple[Text, ...]:
    """Words separated by blanks alone, whatever quotes say: of FROM, COPY, ADD, EXPOSE and VOLUME."""
    return tuple(_text(source, match.start(), match.end()) for match in _NOT_BLANK.finditer(source.text))


def quoted(source: Source, escape: str) -> tuple[Text, ...]:
    """Words in which quotes and escapes protect white space: of ENV, LABEL and ARG (``parseWords``)."""
    return tuple(_text(source, match.start(), match.end()) for match in _quoted_word(escape).finditer(source.text))


def assignments(instruction: Instruction, escape: str) -> tuple[Assignment, ...]:
    """The names and values of an ENV, LABEL or ARG, nothing expanded. Raises Refused as the builder does."""
    source = instruction.arguments
    keyword = instruction.keyword
    found = list(_quoted_word(escape).finditer(source.text))
    if not found:
        raise Refused(f"{keyword} requires at least one argument", 0, len(source.text))
    if keyword != "ARG" and "=" not in found[0][0]:
        gap = _BLANKS.search(source.text)
        if gap is None:
            raise Refused(f"{keyword} must have two arguments", 0, len(source.text))
        whole = _text(source, gap.end(), len(source.text))
        return (Assignment(_text(source, 0, gap.start()), whole, legacy=True),)
    pairs: list[Assignment] = []
    for match in found:
        name, equals, _ = match[0].partition("=")
        middle = match.start() + len(name)
        if equals and not name:
            raise Refused(f"{keyword} names can not be blank", match.start(), match.end())
        if not equals and keyword != "ARG":
            shown = match[0] if len(match[0]) <= 80 else match[0][:80] + "…"
            raise Refused(f"there is no = in {shown}: it must have the form name=value", match.start(), match.end())
        value = _text(source, middle + 1, match.end()) if equals else None
        pairs.append(Assignment(_text(source, match.start(), middle), value))
    return tuple(pairs)


def _text(source: Source, start: int, end: int) -> Text:
    return Text(source.text[start:end], locate(source, start, end))


class PlacedFlag(NamedTuple):
    """A flag, and the offsets of the word that it is."""

    flag: Flag
    start: int
    end: int


@lru_cache(maxsize=2)
def _flag_word(escape: str) -> re.Pattern[str]:
    mark = re.escape(escape)
    double = rf"\"(?:{mark}.|[^\"{mark}])*(?:\"|{mark}\Z)?"
    single = rf"'(?:{mark}.|[^'{mark}])*(?:'|{mark}\Z)?"
    return re.compile(rf"(?:{mark}.|{single}|{double}|[^{SPACE}'\"{mark}]+|{mark}\Z)+", re.DOTALL)


def flags(text: str, start: int, escape: str) -> tuple[tuple[PlacedFlag, ...], int]:
    """The ``--name=value`` words that ``text`` has from ``start`` on, and where they end (``extractBuilderFlags``).

    A ``--`` alone ends them and is taken. Quotes and escapes are removed, those in single quotes included.
    """
    found: list[PlacedFlag] = []
    size = len(text)
    while True:
        while start < size and text[start] in SPACE:
            start += 1
        if not text.startswith("--", start):
            return tuple(found), start
        end = _end_of_flag(text, start, escape)
        word = _unquoted(text[start:end], escape)
        start, begin = end, start
        if word == "--":
            return tuple(found), start
        name, equals, value = word[2:].partition("=")
        found.append(PlacedFlag(Flag(name, value if equals else None), begin, end))


def _end_of_flag(text: str, start: int, escape: str) -> int:
    # Most are plain, and the pattern for the others takes long to compile.
    plain = _NOT_BLANK.match(text, start)
    word = plain[0] if plain else ""
    if word.isascii() and word.isprintable() and _unquoted(word, escape) is word:
        return start + len(word)
    match = _flag_word(escape).match(text, start)
    return match.end() if match else start + 2


def _unquoted(word: str, escape: str) -> str:
    if escape not in word and "'" not in word and '"' not in word:
        return word
    quote = ""
    characters: list[str] = []
    escaped = False
    for character in word:
        if escaped:
            characters.append(character)
            escaped = False
        elif character == escape:
            escaped = True
        elif quote and character == quote:
            quote = ""
        elif not quote and character in "'\"":
            quote = character
        else:
            characters.append(character)
    return "".join(characters)


def fields(value: str) -> tuple[str, ...]:
    """The comma-separated fields of a ``--mount`` value; a field may be in double quotes, as in CSV."""
    if '"' not in value:
        return tuple(value.split(","))
    import csv

    try:
        return tuple(next(csv.reader([value], strict=True), ()))
    except csv.Error:
        return tuple(value.split(","))
