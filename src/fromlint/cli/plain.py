"""A command line of ``fromlint check`` that is in order, read without click.

What is not in order, and what asks for help, is left to click, whose words people know.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from fromlint.cli.options import CHECK, Kind, Option

_LONGEST_NUMBER = 9


def check(words: Sequence[str], environ: Mapping[str, str]) -> dict[str, object] | None:
    """The parameters of ``checking.check``; None where this is another command, or not surely in order.

    ``words`` are those after the program's name.
    """
    if "_FROMLINT_COMPLETE" in environ:
        return None
    by_spelling = {spelling: option for option in CHECK for spelling in option.spellings}
    values: dict[str, object] = {option.name: option.absent for option in CHECK}
    paths: list[str] = []
    remaining = iter(words[1:] if words[:1] == ["check"] else words)
    for number, word in enumerate(remaining):
        if word == "-" or not word.startswith("-"):
            if not number and words[0] != "check" and not os.path.exists(word):
                return None  # most likely the name of another command
            paths.append(word)
            continue
        spelling, equals, value = word.partition("=")
        option = by_spelling.get(spelling)
        if option is None or (equals and option.kind is Kind.FLAG):
            return None
        if option.kind is Kind.FLAG:
            values[option.name] = True
            continue
        given = value if equals else next(remaining, None)
        if given is None or (given.startswith("-") and not equals) or not _takes(option, given):
            return None
        before = values[option.name]
        values[option.name] = (*before, given) if isinstance(before, tuple) else _value(option, given)
    return {"paths": tuple(paths), **values}


def _takes(option: Option, word: str) -> bool:
    """Whether an option surely takes a word."""
    if option.choices:
        return word in option.choices
    if option.kind is Kind.NUMBER:
        return word.isascii() and word.isdigit() and word != "0" and len(word) < _LONGEST_NUMBER
    if option.kind is Kind.FILE:
        return not os.path.isdir(word)
    if option.kind is Kind.FOLDER:
        return not os.path.exists(word) or os.path.isdir(word)
    return True


def _value(option: Option, word: str) -> object:
    return int(word) if option.kind is Kind.NUMBER else word
