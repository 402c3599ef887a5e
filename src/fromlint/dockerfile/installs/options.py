"""The option-table reader that all installers share: words on a command line to options given and operands.

A table is text, one option a line: its spellings, then what it takes, then the variable that stands for it.

    -r --requirement = many
    -i --index-url =          UV_INDEX_URL
    -U --upgrade
    --no-build-isolation off

``=`` takes a value, ``= many`` may be given again, ``= comma`` and ``= space`` are lists within one value, ``?`` takes
a value only if one follows; ``off`` is a switch whose variable turns the opposite on (pip's ``store_false``). The first
long spelling is the option's name.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence

from fromlint.model.build import Word
from fromlint.model.place import Span, Text
from fromlint.named_tuple import NamedTuple

FLAG, OFF, ONE, MANY, COMMA, SPACE, OPTIONAL = "flag", "off", "one", "many", "comma", "space", "optional"
_KINDS = {"many": MANY, "comma": COMMA, "space": SPACE}


class Option(NamedTuple):
    """An option: ``kind`` is FLAG, OFF, ONE, MANY, COMMA, SPACE or OPTIONAL; ``variable`` stands for it."""

    name: str
    kind: str
    variable: str | None

    @property
    def takes_value(self) -> bool:
        return self.kind not in (FLAG, OFF, OPTIONAL)


class Table(NamedTuple):
    """Options by every spelling. ``abbreviable`` are the long spellings of which a unique beginning will do.

    ``variables`` are the options that have one, by its name.
    """

    options: Mapping[str, Option]
    abbreviable: tuple[str, ...]
    variables: Mapping[str, Option]


class Given(NamedTuple):
    """An option that was given: ``value`` is None for a switch. ``known`` false: the value cannot be known."""

    name: str
    value: str | None
    known: bool
    span: Span


class Reading(NamedTuple):
    """What a command line says. ``unknown`` are words that may be operands or the value of an unknown option."""

    given: tuple[Given, ...]
    operands: tuple[Word, ...]
    unknown: tuple[Word, ...] = ()

    def has(self, *names: str) -> bool:
        """Whether any of the options was given."""
        return any(given.name in names for given in self.given)

    def last(self, *names: str) -> Given | None:
        """The last of the options that was given, None where none was."""
        return next((given for given in reversed(self.given) if given.name in names), None)

    def on(self, name: str, *opposites: str) -> bool:
        """Whether a switch is on, where the last of it and its opposites wins."""
        last = self.last(name, *opposites)
        return last is not None and last.name == name

    def value(self, *names: str) -> str | None:
        """The value that counts (the last), as written where it cannot be known; None where not given."""
        last = self.last(*names)
        return last.value if last is not None else None

    def known(self, *names: str) -> str | None:
        """The value that counts (the last), None where it is not given or cannot be known."""
        last = self.last(*names)
        return last.value if last is not None and last.known else None

    def values(self, *names: str) -> tuple[str, ...]:
        """All known values, in order."""
        return tuple(text.value for text in self.texts(*names))

    def texts(self, *names: str) -> tuple[Text, ...]:
        """All known values with their places, in order."""
        return tuple(
            Text(given.value, given.span)
            for given in self.given
            if given.name in names and given.known and given.value is not None
        )

    def unsure(self, *names: str) -> tuple[Text, ...]:
        """The values, as written, that cannot be known."""
        return tuple(
            Text(given.value or "", given.span) for given in self.given if given.name in names and not given.known
        )


@functools.lru_cache(maxsize=64)
def table(*blocks: str, abbreviable: bool = False, legacy: str = "") -> Table:
    """The table that these blocks of text describe; a later block beats an earlier one.

    ``abbreviable``: a long option may be shortened as long as it is unique (optparse, argparse). ``legacy`` are options
    that only older versions of the tool know, which therefore make no abbreviation ambiguous.
    """
    options: dict[str, Option] = {}
    spelled: list[str] = []
    for block in (legacy, *blocks):
        for line in block.splitlines():
            names, option = _option(line.split())
            options.update(dict.fromkeys(names, option))
            if abbreviable and block is not legacy:
                spelled += [name for name in names if name.startswith("--")]
    variables = {option.variable: option for option in options.values() if option.variable is not None}
    return Table(options, tuple(dict.fromkeys(spelled)), variables)


def _option(words: list[str]) -> tuple[list[str], Option]:
    names = [word for word in words if word.startswith("-")]
    rest = words[len(names) :]
    kind, variable = FLAG, None
    for word in rest:
        if word == "=":
            kind = ONE
        elif word == "?":
            kind = OPTIONAL
        elif word in ("off", *_KINDS):
            kind = _KINDS.get(word, OFF)
        else:
            variable = word
    name = next((spelling for spelling in names if spelling.startswith("--")), names[0] if names else "")
    return names, Option(name, kind, variable)


def read(words: Sequence[Word], options: Table, *, interspersed: bool = True) -> Reading:
    """What the words say, by the table. With ``interspersed`` false reading stops at the first operand.

    An option that is not in the table is left out; the word after it, which may be its value or an operand, is unknown.
    """
    given: list[Given] = []
    operands: list[Word] = []
    unknown: list[Word] = []
    at = 0
    while at < len(words):
        word = words[at]
        at += 1
        if word.value == "--":
            operands += words[at:]
            break
        if not word.value.startswith("-") or word.value == "-":
            if not interspersed:
                operands += words[at - 1 :]
                break
            operands.append(word)
            continue
        following = words[at] if at < len(words) else None
        found, taken = _long(word, following, options) if word.value[1] == "-" else _short(word, following, options)
        if found is not None:
            given += found
            at += taken
        elif "=" not in word.value and following is not None and not following.value.startswith("-"):
            unknown.append(following)
            at += 1
        elif not word.known and "=" not in word.value:
            unknown.append(word)
    return Reading(tuple(given), tuple(operands), tuple(unknown))


def _long(word: Word, following: Word | None, options: Table) -> tuple[list[Given] | None, int]:
    """The options that a ``--word`` gives, and how many further words it takes; None where the table has none."""
    name, equals, value = word.value.partition("=")
    option = options.options.get(name) or _abbreviated(name, options)
    if option is None:
        return None, 0
    if option.kind in (FLAG, OFF):
        return [Given(option.name, None, True, word.span)], 0
    if equals:
        return _split(option, value, word), 0
    return _separate(option, word, following)


def _abbreviated(name: str, options: Table) -> Option | None:
    matches = [spelling for spelling in options.abbreviable if spelling.startswith(name)]
    return options.options[matches[0]] if len(matches) == 1 else None


def _short(word: Word, following: Word | None, options: Table) -> tuple[list[Given] | None, int]:
    """The same for ``-word``: switches in a row, the last of which may take the rest as its value."""
    given: list[Given] = []
    for at, letter in enumerate(word.value[1:], start=2):
        option = options.options.get("-" + letter)
        if option is None:
            return (given or None), 0
        if option.kind in (FLAG, OFF):
            given.append(Given(option.name, None, True, word.span))
            continue
        if rest := word.value[at:]:
            return given + _split(option, rest.removeprefix("="), word), 0
        found, taken = _separate(option, word, following)
        return given + found, taken
    return given, 0


def _separate(option: Option, word: Word, following: Word | None) -> tuple[list[Given], int]:
    """The option with the next word as its value. Without one the tool refuses the line: the option is left out."""
    if following is None or (option.kind == OPTIONAL and following.value.startswith("-")):
        return ([Given(option.name, None, True, word.span)] if option.kind == OPTIONAL else []), 0
    return _split(option, following.value, following), 1


def _split(option: Option, value: str, word: Word) -> list[Given]:
    return [Given(option.name, part, word.known, word.span) for part in parts(option, value, word.known)]


def parts(option: Option, value: str, known: bool = True) -> list[str]:
    """The single values in one that may be a list; a value that cannot be known is left whole."""
    if not known or option.kind not in (COMMA, SPACE):
        return [value]
    return [part.strip() for part in (value.split(",") if option.kind == COMMA else value.split()) if part.strip()]
