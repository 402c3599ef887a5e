r"""The part of sed and grep that people use on requirements files: lines deleted and text replaced.

Scripts are read as POSIX and GNU sed have them (``/re/d``, ``3,$d``, ``s/a/b/g``, basic and extended expressions).
Whatever is not surely understood, or might take long, gives None.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from fromlint.named_tuple import NamedTuple

_MOST_WORK = 20_000_000
"""Steps that matching may take at worst, as a bound: expressions come from hostile files."""
_LONGEST_SCRIPT = 2_000
_CLASSES = {"space": r"\s", "blank": " \t", "digit": "0-9", "alpha": "a-zA-Z", "alnum": "a-zA-Z0-9", "upper": "A-Z"}


class Pattern(NamedTuple):
    """An expression. ``repeats``: how many of its parts are repeated, which bounds the work."""

    match: re.Pattern[str]
    repeats: int


# A line's number, "$" for the last, or a pattern.
Address = int | str | Pattern


class Step(NamedTuple):
    """A command of a script: lines from ``first`` to ``last`` (all, where None) are deleted or have text replaced.

    ``negated``: the other lines. ``pattern`` is what is replaced by ``replacement`` (a text, or a group's number).
    """

    first: Address | None
    last: Address | None
    negated: bool
    pattern: Pattern | None = None
    replacement: tuple[str | int, ...] = ()
    everywhere: bool = False


class Edit(NamedTuple):
    """What is done to the lines of ``files``. ``in_place``: the result takes the file's place."""

    steps: tuple[Step, ...]
    files: tuple[str, ...]
    in_place: bool


class _NotUnderstood(Exception):
    pass


def of_sed(words: Sequence[str]) -> Edit | None:
    """The edit of a sed command line without the command's name."""
    scripts: list[str] = []
    operands: list[str] = []
    in_place, extended, quiet = False, False, False
    rest = iter(words)
    for word in rest:
        if word in ("-e", "--expression"):
            scripts.append(next(rest, ""))
        elif word in ("-E", "-r", "--regexp-extended"):
            extended = True
        elif word in ("-i", "--in-place") or re.fullmatch(r"-i\.\w+|--in-place=\.\w+", word):
            in_place = True
        elif word in ("-n", "--quiet", "--silent"):
            quiet = True
        elif word in ("-nE", "-nr", "-En", "-rn"):
            quiet = extended = True
        elif word in ("-Ei", "-ri"):
            in_place = extended = True
        elif word in ("-ie", "-iE"):
            return None  # not what it looks like: a suffix for a copy
        elif word.startswith("-") and word != "-":
            return None
        else:
            operands.append(word)
    if not scripts and operands:
        scripts.append(operands.pop(0))
    try:
        steps = tuple(step for script in scripts for step in _Script(script, extended, quiet).steps())
    except (_NotUnderstood, re.error, RecursionError):
        return None
    if quiet and len(steps) != 1:
        return None
    return Edit(steps, tuple(operands), in_place)


def of_grep(name: str, words: Sequence[str]) -> Edit | None:
    """The edit of a grep command line without the command's name: lines that it leaves out are deleted."""
    letters = {"egrep": "E", "fgrep": "F"}.get(name, "")
    patterns: list[str] = []
    operands: list[str] = []
    rest = iter(words)
    for word in rest:
        cluster = re.fullmatch(r"-([EFGivwx]*)(e?)", word)
        if word in ("--invert-match", "--ignore-case"):
            letters += word[2:3] if word != "--invert-match" else "v"
        elif cluster and len(word) > 1:
            letters += cluster[1]
            if cluster[2]:
                patterns.append(next(rest, ""))
        elif word.startswith("-"):
            return None
        else:
            operands.append(word)
    if not patterns and operands:
        patterns.append(operands.pop(0))
    kept_apart = "v" in letters
    try:
        found = [_grep_pattern(pattern, letters) for pattern in patterns]
    except (_NotUnderstood, re.error, RecursionError):
        return None
    if kept_apart:
        return Edit(tuple(Step(pattern, None, False) for pattern in found), tuple(operands), False)
    return Edit((Step(found[0], None, True),), tuple(operands), False) if len(found) == 1 else None


def _grep_pattern(written: str, letters: str) -> Pattern:
    if len(written) > _LONGEST_SCRIPT or "\n" in written:
        raise _NotUnderstood
    if "F" in letters:
        made, repeats = re.escape(written), 0
    else:
        made, repeats = _python(written, "E" in letters)
    if "w" in letters:
        made = rf"(?<!\w)(?:{made})(?!\w)"
    if "x" in letters:
        made = rf"^(?:{made})$"
    return Pattern(re.compile(made, re.IGNORECASE if "i" in letters else 0), repeats)


def apply(edit: Edit, text: str) -> str | None:
    """The text after the edit, with as many lines as before: one that is deleted is empty. None: it might take long."""
    lines = text.split("\n")
    end = len(lines) if lines[-1] else len(lines) - 1
    for step in edit.steps:
        for pattern in (step.first, step.last, step.pattern):
            if isinstance(pattern, Pattern):
                work = sum((len(line) + 1) ** (pattern.repeats + 1) for line in lines)
                if work > _MOST_WORK:
                    return None
    gone: set[int] = set()
    for step in edit.steps:
        for number in list(_chosen(step, lines, end)):
            if number in gone:
                continue
            if step.pattern is None:
                gone.add(number)
                continue
            changed = step.pattern.match.sub(
                lambda match, pieces=step.replacement: _replaced(match, pieces),
                lines[number],
                count=0 if step.everywhere else 1,
            )
            if len(changed) > 10 * len(lines[number]) + 10_000:
                return None
            lines[number] = changed
    return "\n".join("" if number in gone else line for number, line in enumerate(lines))


def _replaced(match: re.Match[str], pieces: Sequence[str | int]) -> str:
    return "".join(piece if isinstance(piece, str) else match[piece] or "" for piece in pieces)


def _chosen(step: Step, lines: Sequence[str], end: int) -> Iterator[int]:
    """The indexes of the lines that a step is about."""
    within = False
    for number in range(end):
        if step.first is None:
            chosen = True
        elif step.last is None:
            chosen = _is_at(step.first, number, lines, end)
        elif within:
            chosen = True
            within = not _ends(step.last, number, lines, end)
        else:
            chosen = _is_at(step.first, number, lines, end)
            # A range that ends at a line's number already passed is that one line.
            within = chosen and not (isinstance(step.last, int) and step.last <= number + 1)
        if chosen != step.negated:
            yield number


def _ends(address: Address, number: int, lines: Sequence[str], end: int) -> bool:
    if isinstance(address, int):
        return number + 1 >= address
    return _is_at(address, number, lines, end)


def _is_at(address: Address, number: int, lines: Sequence[str], end: int) -> bool:
    if isinstance(address, Pattern):
        return address.match.search(lines[number]) is not None
    return number + 1 == (end if address == "$" else address)


class _Script:
    """Reads one sed script. ``quiet``: only what ``p`` prints is kept."""

    def __init__(self, text: str, extended: bool, quiet: bool) -> None:
        if len(text) > _LONGEST_SCRIPT:
            raise _NotUnderstood
        self._text = text
        self._extended = extended
        self._quiet = quiet
        self._at = 0

    def steps(self) -> Iterator[Step]:
        """The commands, in order. Raises _NotUnderstood."""
        while self._skip(" \t\n;"):
            yield self._step()
            if self._skip(" \t") and self._text[self._at] not in ";\n":
                raise _NotUnderstood

    def _skip(self, characters: str) -> bool:
        """Whether something is left behind these characters."""
        while self._at < len(self._text) and self._text[self._at] in characters:
            self._at += 1
        return self._at < len(self._text)

    def _take(self) -> str:
        if self._at >= len(self._text):
            raise _NotUnderstood
        self._at += 1
        return self._text[self._at - 1]

    def _step(self) -> Step:
        first = self._address()
        last: Address | None = None
        if first is not None and self._skip(" \t") and self._text[self._at] == ",":
            self._at += 1
            self._skip(" \t")
            last = self._address()
            if last is None:
                raise _NotUnderstood
        self._skip(" \t")
        negated = False
        while self._text[self._at : self._at + 1] == "!":
            negated = True
            self._at += 1
        command = self._take()
        if command == "p" and self._quiet and first is not None:
            return Step(first, last, not negated)
        if command == "d" and not self._quiet:
            return Step(first, last, negated)
        if command != "s" or self._quiet:
            raise _NotUnderstood
        delimiter = self._take()
        if delimiter in "\\\n":
            raise _NotUnderstood
        written, replacement = self._until(delimiter), self._until(delimiter)
        flags = ""
        while self._at < len(self._text) and self._text[self._at] in "giI":
            flags += self._take()
        pattern = self._pattern(written, "i" in flags or "I" in flags)
        if "g" in flags and pattern.match.search("") is not None:
            # Where nothing matches beside something that did, sed and Python differ.
            raise _NotUnderstood
        return Step(first, last, negated, pattern, _pieces(replacement, pattern.match.groups), "g" in flags)

    def _address(self) -> Address | None:
        character = self._text[self._at : self._at + 1]
        if character == "$":
            self._at += 1
            return "$"
        if number := re.compile(r"[0-9]{1,7}").match(self._text, self._at):
            self._at = number.end()
            if self._text[self._at : self._at + 1] == "~":
                raise _NotUnderstood
            return int(number[0])
        if character not in ("/", "\\"):
            return None
        self._at += 1
        delimiter = "/" if character == "/" else self._take()
        written = self._until(delimiter)
        ignore = self._text[self._at : self._at + 1] == "I"
        self._at += ignore
        return self._pattern(written, ignore)

    def _until(self, delimiter: str) -> str:
        """The text up to the delimiter, which it may hold after a backslash."""
        found: list[str] = []
        while (character := self._take()) != delimiter:
            if character == "\\":
                following = self._take()
                found.append(following if following == delimiter else "\\" + following)
            else:
                found.append(character)
        return "".join(found)

    def _pattern(self, written: str, ignore: bool) -> Pattern:
        if not written:
            raise _NotUnderstood
        made, repeats = _python(written, self._extended)
        return Pattern(re.compile(made, re.IGNORECASE if ignore else 0), repeats)


def _pieces(replacement: str, groups: int) -> tuple[str | int, ...]:
    pieces: list[str | int] = []
    characters = iter(replacement)
    for character in characters:
        if character == "&":
            pieces.append(0)
        elif character == "\n":
            raise _NotUnderstood
        elif character == "\\":
            following = next(characters, "")
            if following.isdecimal() and int(following) <= groups:
                pieces.append(int(following))
            elif following and not following.isalnum() and following != "\n":
                pieces.append(following)
            else:
                raise _NotUnderstood
        else:
            pieces.append(character)
    return tuple(pieces)


def _python(written: str, extended: bool) -> tuple[str, int]:
    """A POSIX expression (with GNU's additions) as Python has it, and how many of its parts are repeated.

    Raises _NotUnderstood: also of a repeated group, which may take for ever.
    """
    found: list[str] = []
    repeats = 0
    at = 0
    depth = 0
    while at < len(written):
        character = written[at]
        at += 1
        if character == "[":
            piece, at = _bracket(written, at)
            found.append(piece)
            continue
        special = extended
        if character == "\\":
            if at >= len(written):
                raise _NotUnderstood
            character = written[at]
            at += 1
            if character in "sSwWb":
                found.append("\\" + character)
                continue
            if character.isalnum() or character in "<>`'\n":
                raise _NotUnderstood
            special = not extended
            if character not in "(){}|+?":
                found.append(re.escape(character))
                continue
        elif character in ".^$":
            # In a basic expression the last two mean something at its ends alone.
            begins = character == "^" and (not found or found[-1] in ("(", "|"))
            ends = character == "$" and (at == len(written) or written.startswith(("\\)", "\\|"), at))
            found.append(character if extended or character == "." or begins or ends else "\\" + character)
            continue
        elif character == "*":
            if not found or found[-1] in ("(", "|", "^"):
                found.append(r"\*")
                continue
            special = True
        elif character not in "(){}|+?":
            found.append(re.escape(character))
            continue
        if not special:
            found.append("\\" + character)
            continue
        if character in "{}":
            raise _NotUnderstood
        if character in "*+?":
            if not found or found[-1] in (")", "(", "|", "*", "+", "?"):
                raise _NotUnderstood
            repeats += 1
        depth += {"(": 1, ")": -1}.get(character, 0)
        if depth < 0:
            raise _NotUnderstood
        found.append(character)
    return "".join(found), repeats


def _bracket(written: str, at: int) -> tuple[str, int]:
    """A bracket expression that begins before ``at``, and where it ends."""
    made = "["
    if written[at : at + 1] == "^":
        made += "^"
        at += 1
    start = at
    while at < len(written):
        character = written[at]
        if character == "]" and at > start:
            return made + "]", at + 1
        if named := re.compile(r"\[:(\w+):\]").match(written, at):
            if named[1] not in _CLASSES:
                raise _NotUnderstood
            made += _CLASSES[named[1]]
            at = named.end()
            continue
        if character == "[" and written[at + 1 : at + 2] in (".", "="):
            raise _NotUnderstood
        made += "\\" + character if character in "\\]^[&~|" else character
        at += 1
    raise _NotUnderstood
