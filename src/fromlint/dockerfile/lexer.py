"""The builder's own shell: quotes, escapes, ``$V`` and ``${V…}``, and how it splits words.

After ``Lex`` in BuildKit's frontend/dockerfile/shell/lex.go. It expands the arguments of most instructions, and it
finds heredocs on a line. It is no shell: the text of a RUN is left to the shell in the image.
"""

import re
from collections.abc import Callable
from functools import lru_cache

from fromlint.dockerfile.characters import SPACE
from fromlint.regex import regex

_DEEPEST = 50
_NAME = regex(r"\d+|[@*#?$!0-]|(?:[^\W\d]|_)\w*")
_HEREDOC = regex(r"<<[\t\r ]*|<")


class Refused(ValueError):
    """The builder would refuse this text; the message says why."""


@lru_cache(maxsize=64)
def _ordinary(special: str) -> re.Pattern[str]:
    return re.compile(f"[^{re.escape(special)}]+")


class Lexer:
    """One pass over one text.

    ``lookup`` gives a variable's value, None where it is unset; ``is_unknown`` says that a variable is set to
    something that cannot be known. What is used without being known lands in ``missing``. With ``keep_missing`` a
    reference to such a variable stays as written; else it becomes nothing, as in the builder. ``keep_quotes`` and
    ``keep_escapes`` leave these characters in the text; with ``quotes`` false they have no meaning. ``limit`` bounds
    the length of the result, in characters.
    """

    def __init__(
        self,
        text: str,
        lookup: Callable[[str], str | None],
        *,
        is_unknown: Callable[[str], bool],
        escape: str,
        quotes: bool,
        keep_quotes: bool,
        keep_escapes: bool,
        keep_missing: bool,
        limit: int,
    ) -> None:
        self._text = text
        self._position = 0
        self._lookup = lookup
        self._is_unknown = is_unknown
        self._escape = escape
        self._quotes = quotes
        self._keep_quotes = keep_quotes
        self._keep_escapes = keep_escapes
        self._keep_missing = keep_missing
        self._left = limit
        self._depth = 0
        self.missing: list[str] = []

    def run(self) -> list[tuple[str, bool]]:
        """The pieces of the result, and of each whether white space in it separates words. Raises Refused."""
        return self._until("", self._keep_escapes)

    def _until(self, stop: str, keep_escapes: bool) -> list[tuple[str, bool]]:
        """``processStopOn``: pieces up to ``stop``, which is taken too; up to the end where it is empty."""
        outer, self._keep_escapes = self._keep_escapes, keep_escapes
        text, size = self._text, len(self._text)
        ordinary = _ordinary("$<" + self._escape + ("'\"" if self._quotes else "") + stop)
        pieces: list[tuple[str, bool]] = []
        while self._position < size:
            start = self._position
            if match := ordinary.match(text, start):
                self._position = match.end()
                pieces.append((match[0], True))
                continue
            character = text[start]
            if character == stop:
                self._position += 1
                self._keep_escapes = outer
                return pieces
            if character == "$":
                pieces.append((self._dollar(), True))
            elif character == "<" and (match := _HEREDOC.match(text, start)):
                self._position = match.end()
                pieces.append((match[0], False))
            elif character == "'" and self._quotes:
                pieces.append((self._single_quoted(), False))
            elif character == '"' and self._quotes:
                pieces.append((self._double_quoted(), False))
            else:
                self._position += 2
                pieces.append((text[start if keep_escapes else start + 1 : start + 2], False))
        self._keep_escapes = outer
        if stop:
            raise Refused(f"a '{stop}' is missing in ${{…}}")
        return pieces

    def _word(self, stop: str, keep_escapes: bool) -> str:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Refused(f"variables are nested more than {_DEEPEST} deep")
        word = "".join(piece for piece, _ in self._until(stop, keep_escapes))
        self._depth -= 1
        return word

    def _single_quoted(self) -> str:
        end = self._text.find("'", self._position + 1)
        if end < 0:
            raise Refused("a single quote is not closed")
        start, self._position = self._position, end + 1
        return self._text[start : end + 1] if self._keep_quotes else self._text[start + 1 : end]

    def _double_quoted(self) -> str:
        text, size, escape = self._text, len(self._text), self._escape
        ordinary = _ordinary('"$' + escape)
        self._position += 1
        pieces = ['"'] if self._keep_quotes else []
        while self._position < size:
            start = self._position
            if match := ordinary.match(text, start):
                self._position = match.end()
                pieces.append(match[0])
                continue
            character = text[start]
            if character == "$":
                pieces.append(self._dollar())
                continue
            self._position += 1
            if character == '"':
                if self._keep_quotes:
                    pieces.append('"')
                return "".join(pieces)
            if self._keep_escapes:
                pieces.append(character)
            if self._position == size:
                continue
            if text[self._position] in ('"', "$", escape):
                character = text[self._position]
                self._position += 1
            pieces.append(character)
        raise Refused("a double quote is not closed")

    def _dollar(self) -> str:
        text, start = self._text, self._position
        self._position += 1
        if text[self._position : self._position + 1] != "{":
            name = self._name()
            return self._value(name, start) if name else "$"
        self._position += 1
        if text[self._position : self._position + 1] in ("", "{", "}", ":"):
            raise Refused("bad substitution: ${ wants a name")
        name = self._name()
        modifier = text[self._position : self._position + 1]
        self._position += 1
        if modifier == "}":
            return self._value(name, start)
        if modifier == "/":
            return self._replaced(name, start)
        null_is_unset = modifier == ":"
        if null_is_unset:
            modifier = text[self._position : self._position + 1]
            self._position += 1
        if not modifier:
            raise Refused("a '}' is missing in ${…}")
        trims = modifier in "#%"
        if modifier not in "+-?#%" or (trims and null_is_unset):
            raise Refused(f"unsupported modifier {':' * null_is_unset}{modifier} in ${{{name}…}}")
        noted = len(self.missing)
        word = self._word("}", trims)
        if trims:
            return self._trimmed(name, modifier, word, start)
        if self._is_unknown(name):
            return self._unknown(name, start)
        value = self._lookup(name)
        if value is not None and not (null_is_unset and not value):
            if modifier == "+":
                return self._spend(word)
            del self.missing[noted:]
            return self._spend(value)
        if modifier == "-":
            return self._spend(word)
        del self.missing[noted:]
        if modifier == "?":
            raise Refused(f"{name}: {word or ('is not allowed to be ' + ('unset' if value is None else 'empty'))}")
        return ""

    def _trimmed(self, name: str, modifier: str, word: str, start: int) -> str:
        from fromlint.dockerfile.patterns import BadPattern, trim_prefix, trim_suffix

        longest = word.startswith(modifier)
        pattern = word[1:] if longest else word
        try:
            trim = trim_prefix if modifier == "#" else trim_suffix
            return trim(pattern, self._value(name, None), longest) if self._known(name) else self._value(name, start)
        except BadPattern as error:
            raise Refused(str(error)) from None

    def _replaced(self, name: str, start: int) -> str:
        from fromlint.dockerfile.patterns import BadPattern, replace

        everywhere = self._text[self._position : self._position + 1] == "/"
        self._position += everywhere
        pattern = self._word("/", True)
        replacement = self._word("}", True)
        if not self._known(name):
            return self._value(name, start)
        value = self._value(name, None)
        if everywhere and (len(value) + 1) * len(replacement) > self._left:
            raise Refused("the expansion is too long")
        try:
            return self._spend(replace(pattern, value, replacement, everywhere))
        except BadPattern as error:
            raise Refused(str(error)) from None

    def _name(self) -> str:
        match = _NAME.match(self._text, self._position)
        if match is None:
            return ""
        self._position = match.end()
        return match[0]

    def _known(self, name: str) -> bool:
        return not self._is_unknown(name) and self._lookup(name) is not None

    def _value(self, name: str, start: int | None) -> str:
        value = None if self._is_unknown(name) else self._lookup(name)
        return self._spend(value) if value is not None else self._unknown(name, start)

    def _unknown(self, name: str, start: int | None) -> str:
        self.missing.append(name)
        return self._text[start : self._position] if self._keep_missing and start is not None else ""

    def _spend(self, text: str) -> str:
        self._left -= len(text)
        if self._left < 0:
            raise Refused("the expansion is too long")
        return text


def words(pieces: list[tuple[str, bool]]) -> list[str]:
    """The words of a result: split at white space that was neither quoted nor escaped. There are no empty words."""
    found: list[str] = []
    word: list[str] = []
    for piece, splits in pieces:
        if not splits:
            word.append(piece)
            continue
        start = 0
        for match in _space().finditer(piece):
            word.append(piece[start : match.start()])
            found.append("".join(word))
            word = []
            start = match.end()
        word.append(piece[start:])
    found.append("".join(word))
    return [entry for entry in found if entry]


@lru_cache(maxsize=1)
def _space() -> re.Pattern[str]:
    return re.compile(f"[{SPACE}]+")
