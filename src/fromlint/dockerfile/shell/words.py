"""Shell words: quote removal, expansion and splitting (POSIX shell language 2.6, with bash's braces and arrays).

The syntax tree gives the limits of a word; what stands between them is read here, because places and partly known
words are wanted: ``foo==$VERSION`` with an unknown version is still about ``foo``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from fromlint.dockerfile.shell import patterns
from fromlint.dockerfile.shell.state import Unset, Value
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import Protocol

_MOST_FIELDS = 1_000
_LONGEST_VALUE = 65_536
_DEEPEST = 12
_LONGEST_BRACES = 500

Mark = tuple[int, int, int]


class Field(NamedTuple):
    """A word after expansion, and where it was written: ``start`` to ``end`` in the script's text.

    ``marks`` say which part of the value was written where: offset in the value, offset in the text, and length,
    0 for what an expansion gave. None: the value stands in the text as it is.
    """

    value: str
    known: bool
    start: int
    end: int
    marks: tuple[Mark, ...] | None = None


class Scope(Protocol):
    """What expansion asks of the shell."""

    def lookup(self, name: str) -> Value | Unset:
        """A variable, a positional parameter, ``@``."""

    def assign(self, name: str, value: str | None) -> None:
        """``${X:=y}``."""

    def substitute(self, text: str, start: int, end: int) -> str | None:
        """Follow the commands of a substitution, and give its output where that is plain."""


_PLAIN = regex(r"[A-Za-z0-9_./:=,@%+\-*?!\[\]^#]+").fullmatch
_RAW = regex(r"'[^']*'").fullmatch
_QUOTED = regex(r'"[^"\\$`]*"').fullmatch
_SPECIAL = regex(r"['\"\\$`{]")
_SPECIAL_QUOTED = regex(r"[\"\\$`]")
_SPECIAL_HERE = regex(r"[\\$`]")
_NAME = regex(r"[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-]")
_PARAMETER = regex(r"(#(?=[A-Za-z_0-9@*]))?(!)?([A-Za-z_][A-Za-z0-9_]*|[0-9]+|[@*#?$!-])(\[[^\]]*\])?")
_OPERATOR = regex(r":?[-=+?]|##?|%%?|//?|\^\^?|,,?|:|@")
_CLOSING = regex(r"""\\.|'[^']*'|[(){}"`]|\$[({]""", re.DOTALL)
_RANGE = r"(-?\d{1,6})\.\.(-?\d{1,6})|([A-Za-z])\.\.([A-Za-z])"
_WANTS_VALUE = ("==", "~=", ">=", "<=", "!=", "@")
_ANSI = regex(r"\\(x[0-9A-Fa-f]{1,2}|u[0-9A-Fa-f]{1,4}|[0-7]{1,3}|.)", re.DOTALL)
_ANSI_LETTERS = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "e": "\x1b", "f": "\f", "v": "\v"}
_GAP = regex(r"[ \t\n]+")


def expand(scope: Scope, text: str, start: int, end: int) -> list[Field]:
    """The fields that a word as an argument amounts to: none for an empty ``$X``, several for ``$LIST`` or ``{a,b}``.

    An unknown part leaves the field ``known`` false, with that part as written.
    """
    raw = text[start:end]
    if _PLAIN(raw):
        return [Field(raw, True, start, end)]
    if _RAW(raw) or _QUOTED(raw):
        return [Field(raw[1:-1], True, start, end, ((0, start + 1, end - start - 2),))]
    reader = _Reader(scope, text, start, end, split=True)
    reader.unquoted(start, end)
    return reader.fields()


def single(scope: Scope, text: str, start: int, end: int) -> Field:
    """A word where no splitting takes place: the right side of an assignment, a redirection's target."""
    raw = text[start:end]
    if _PLAIN(raw):
        return Field(raw, True, start, end)
    reader = _Reader(scope, text, start, end, split=False)
    reader.unquoted(start, end)
    return reader.whole()


def here(scope: Scope, text: str, start: int, end: int, *, expands: bool, strip: bool) -> Field:
    """The body of a here-document; ``strip``: without the tabs that its lines begin with."""
    if not expands and not strip:
        return Field(text[start:end], True, start, end)
    reader = _Reader(scope, text, start, end, split=False)
    while start < end:
        stop = (text.find("\n", start, end) + 1 or end) if strip else end
        while strip and text.startswith("\t", start, stop):
            start += 1
        if expands:
            reader.quoted(start, stop, _SPECIAL_HERE)
        else:
            reader.verbatim(start, stop)
        start = stop
    return reader.whole()


def limits(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Where the words of a stretch of text begin and end: cut at blanks that are not quoted."""
    found: list[tuple[int, int]] = []
    offset = start
    while offset < end:
        if gap := _GAP.match(text, offset, end):
            offset = gap.end()
            continue
        begin = offset
        while offset < end and text[offset] not in " \t\n":
            character = text[offset]
            if character == "'":
                offset = _after(text, "'", offset + 1, end)
            elif character == '"':
                offset = _after_quote(text, offset + 1, end)
            elif character == "`":
                offset = _after_backtick(text, offset + 1, end)
            elif text.startswith(("$(", "${"), offset):
                offset = _closing(text, offset + 2, end, ")" if text[offset + 1] == "(" else "}")[1]
            else:
                offset += 2 if character == "\\" else 1
        found.append((begin, min(offset, end)))
    return found


class _Reader:
    """Reads one word into fields."""

    def __init__(self, scope: Scope, text: str, start: int, end: int, *, split: bool, depth: int = 0) -> None:
        self.scope = scope
        self.text = text
        self.start = start
        self.end = end
        self.split = split
        self.depth = depth
        self.done: list[Field] = []
        self.parts: list[str] = []
        self.marks: list[Mark] = []
        self.size = 0
        self.known = True
        self.present = False

    # --- results

    def fields(self) -> list[Field]:
        if self.present:
            self._finish()
        return self.done

    def whole(self) -> Field:
        return Field("".join(self.parts), self.known, self.start, self.end, tuple(self.marks))

    def _finish(self) -> None:
        self.done.append(self.whole())
        self.parts, self.marks, self.size, self.known, self.present = [], [], 0, True, False

    def _literal(self, value: str, offset: int, *, verbatim: bool = True) -> None:
        if value and self.size < _LONGEST_VALUE:
            self.marks.append((self.size, offset, len(value) if verbatim else 0))
            self.parts.append(value)
            self.size += len(value)
            self.present = True

    def _unknown(self, start: int, end: int) -> None:
        self.known = False
        self.present = True
        self._literal(self.text[start:end], start)

    def _insert(self, value: str, offset: int, *, quoted: bool) -> None:
        """The outcome of an expansion, split at blanks unless quoted."""
        if quoted or not self.split:
            self._literal(value, offset, verbatim=False)
            return
        pieces = value.split()
        if value[:1].isspace() and self.present:
            self._finish()
        for number, piece in enumerate(pieces):
            if number:
                if len(self.done) >= _MOST_FIELDS:
                    return
                self._finish()
            self._literal(piece, offset, verbatim=False)
        if pieces and value[-1:].isspace():
            self._finish()

    # --- reading

    def verbatim(self, start: int, end: int) -> None:
        self._literal(self.text[start:end], start)

    def unquoted(self, start: int, end: int, *, loose: bool = False) -> None:
        """What stands outside of quotes; ``loose``: literal blanks separate words, as in ``${X:-a b}``."""
        text = self.text
        offset = start
        if text.startswith("~", start, end) and text[start + 1 : min(start + 2, end)] in ("", "/"):
            self._home(start)
            offset += 1
        while offset < end:
            found = _SPECIAL.search(text, offset, end)
            stop = found.start() if found else end
            if loose:
                self._insert(text[offset:stop], offset, quoted=False)
            else:
                self._literal(text[offset:stop], offset)
            if not found:
                return
            offset = stop
            character = found[0]
            if character == "'":
                close = _after(text, "'", offset + 1, end)
                self.present = True
                self._literal(text[offset + 1 : max(close - 1, offset + 1)], offset + 1)
                offset = close
            elif character == '"':
                self.present = True
                close = _after_quote(text, offset + 1, end)
                self.quoted(offset + 1, max(close - 1, offset + 1), _SPECIAL_QUOTED)
                offset = close
            elif character == "\\":
                if text[offset + 1 : offset + 2] != "\n":
                    self._literal(text[offset + 1 : min(offset + 2, end)], offset + 1)
                offset += 2
            elif character == "{":
                if not self.split or not self._braces(offset, end):
                    self._literal("{", offset)
                    offset += 1
                else:
                    return
            else:
                offset = self._expansion(offset, end, quoted=False)

    def quoted(self, start: int, end: int, special: re.Pattern[str]) -> None:
        """What stands between double quotes, or in a here-document."""
        text = self.text
        offset = start
        while offset < end:
            found = special.search(text, offset, end)
            stop = found.start() if found else end
            self._literal(text[offset:stop], offset)
            if not found:
                return
            offset = stop
            if found[0] == "\\":
                following = text[offset + 1 : offset + 2]
                if following == "\n":
                    pass
                elif following in ("$", "`", "\\") or (following == '"' and special is _SPECIAL_QUOTED):
                    self._literal(following, offset + 1)
                else:
                    self._literal(text[offset : min(offset + 2, end)], offset)
                offset += 2
            elif found[0] == '"':
                offset += 1
            else:
                offset = self._expansion(offset, end, quoted=True)

    def _home(self, offset: int) -> None:
        home = self.scope.lookup("HOME")
        if isinstance(home, str):
            self._literal(home, offset, verbatim=False)
        else:
            self._unknown(offset, offset + 1)

    def _expansion(self, offset: int, end: int, *, quoted: bool) -> int:
        """An expansion that begins at ``offset``; returns where it ends.

        An empty one after ``==`` is a place for a value (``ARG VERSION=``), which only the one who builds knows.
        """
        before = len(self.done), self.size
        close = self._dollar(offset, end, quoted=quoted)
        if (len(self.done), self.size) == before and self.parts and self.parts[-1].endswith(_WANTS_VALUE):
            self._unknown(offset, close)
        return close

    def _dollar(self, offset: int, end: int, *, quoted: bool) -> int:
        """As ``_expansion``, whatever it amounts to."""
        text = self.text
        if text[offset] == "`":
            close = _after_backtick(text, offset + 1, end)
            return self._substitution(offset, offset + 1, close - 1, close, quoted=quoted)
        following = text[offset + 1 : min(offset + 2, end)]
        if following == "(":
            inner, close = _closing(text, offset + 2, end, ")")
            if text.startswith("((", offset + 1) and text[inner - 1 : inner] == ")":
                self._unknown(offset, close)
                return close
            return self._substitution(offset, offset + 2, inner, close, quoted=quoted)
        if following == "{":
            inner, close = _closing(text, offset + 2, end, "}")
            self._parameter(offset, offset + 2, inner, close, quoted=quoted)
            return close
        if following == "'" and not quoted:
            close = offset + 2
            while close < end and text[close] != "'":
                close += 2 if text[close] == "\\" else 1
            self.present = True
            self._literal(_ANSI.sub(_ansi, text[offset + 2 : min(close, end)]), offset + 2, verbatim=False)
            return min(close + 1, end)
        if following == '"' and not quoted:
            return offset + 1
        if name := _NAME.match(text, offset + 1, end):
            self._variable(name[0], offset, name.end(), quoted=quoted)
            return name.end()
        self._literal("$", offset)
        return offset + 1

    def _substitution(self, offset: int, start: int, inner: int, close: int, *, quoted: bool) -> int:
        output = self.scope.substitute(self.text, start, max(start, inner))
        if output is None:
            self._unknown(offset, close)
        else:
            self._insert(output, offset, quoted=quoted)
        return close

    def _variable(self, name: str, start: int, end: int, *, quoted: bool) -> None:
        value = self.scope.lookup(name)
        if value is None or isinstance(value, Unset):
            self._unknown(start, end)
        elif isinstance(value, str):
            self._insert(value, start, quoted=quoted)
        elif name in ("@", "*"):
            self._several(value, start, quoted=quoted, joined=name == "*")
        else:
            self._insert(value[0] if value else "", start, quoted=quoted)

    def _several(self, values: Sequence[str], offset: int, *, quoted: bool, joined: bool) -> None:
        """``"$@"``: a field each; ``"$*"``: one."""
        if not quoted or joined or not self.split:
            self._insert(" ".join(values), offset, quoted=quoted)
            return
        for number, value in enumerate(values[:_MOST_FIELDS]):
            if number:
                self._finish()
            self.present = True
            self._literal(value, offset, verbatim=False)
        if not values and self.start + 1 == offset:
            # The quotes around an empty "$@" leave no word.
            self.present = False

    def _parameter(self, offset: int, start: int, inner: int, close: int, *, quoted: bool) -> None:
        """``${…}``: the text between the braces stands from ``start`` to ``inner``."""
        text = self.text
        head = _PARAMETER.match(text, start, inner)
        if head is None or head[2] or self.depth > _DEEPEST:
            self._unknown(offset, close)
            return
        value = self.scope.lookup(head[3])
        if isinstance(value, tuple) and head[3] not in ("@", "*"):
            value = _element(value, head[4])
            if isinstance(value, tuple) and head.end() == inner and not head[1]:
                self._several(value, offset, quoted=quoted, joined=head[4] == "[*]")
                return
        elif isinstance(value, tuple) and head.end() == inner and not head[1]:
            self._several(value, offset, quoted=quoted, joined=head[3] == "*")
            return
        elif head[4] and not isinstance(value, Unset):
            value = value if head[4] in ("[0]", "[@]", "[*]") else None
        if head[1]:
            value = str(len(value)) if isinstance(value, (str, tuple)) else None
        elif head.end() < inner:
            word = self._alternative(head[3], value, head.end(), inner)
            if word is not None:
                self._put(word, inner, quoted=quoted)
                return
            value = self._operation(value, head.end(), inner)
        if isinstance(value, tuple):
            value = " ".join(value)
        if isinstance(value, str):
            self._insert(value, offset, quoted=quoted)
        else:
            self._unknown(offset, close)

    def _alternative(self, name: str, value: Value | Unset, start: int, inner: int) -> int | None:
        """Where the word of ``:-``, ``:=``, ``:+`` (or without the colon) begins, if it counts."""
        found = _OPERATOR.match(self.text, start, inner)
        operator = found[0] if found else ""
        if found is None or operator[-1:] not in ("-", "=", "+") or value is None:
            return None
        absent = isinstance(value, Unset) or (operator[0] == ":" and value in ("", ()))
        if absent == (operator[-1] == "+"):
            return None
        if operator[-1] == "=":
            self.scope.assign(name, self._inner(found.end(), inner))
        return found.end()

    def _put(self, start: int, end: int, *, quoted: bool) -> None:
        if self.depth > _DEEPEST:
            self._unknown(start, end)
            return
        self.depth += 1
        if quoted:
            self.quoted(start, end, _SPECIAL_QUOTED)
        else:
            self.unquoted(start, end, loose=self.split)
        self.depth -= 1

    def _operation(self, value: Value | Unset, start: int, inner: int) -> Value:
        """What an operator other than those makes of a value."""
        found = _OPERATOR.match(self.text, start, inner)
        if found is None:
            return None
        operator = found[0]
        if operator[-1] in "-=+?" and operator != ":":
            # The word of these does not count here: the value does, and nothing where + finds none.
            if operator[-1] == "+":
                return "" if value is not None else None
            return None if isinstance(value, Unset) else value
        if not isinstance(value, str):
            return None
        if operator in ("^^", "^", ",,", ",") and found.end() == inner:
            changed = value if len(operator) == 2 else value[:1]
            return (changed.upper() if operator[0] == "^" else changed.lower()) + value[len(changed) :]
        if operator == ":":
            return _slice(value, self.text[found.end() : inner])
        if operator[0] not in "#%/":
            return None
        pattern_end = inner
        if operator[0] == "/":
            pattern_end = _slash(self.text, found.end(), inner)
        pattern = self._inner(found.end(), pattern_end)
        replacement = self._inner(pattern_end + 1, inner) if pattern_end < inner else ""
        if pattern is None or replacement is None:
            return None
        return patterns.cut(value, operator, pattern, replacement)

    def _inner(self, start: int, end: int) -> str | None:
        """A word within an expansion as a string, None where it is not known."""
        reader = _Reader(self.scope, self.text, start, end, split=False, depth=self.depth + 1)
        reader.unquoted(start, end)
        return "".join(reader.parts) if reader.known else None

    def _braces(self, offset: int, end: int) -> bool:
        """``{a,b}`` and ``{1..3}`` at ``offset``, with all that follows in the word; false if it is none."""
        if self.depth > _DEEPEST:
            return False
        alternatives, close = _alternatives(self.text, offset + 1, end)
        if close < 0:
            return False
        values: list[Field] = []
        if len(alternatives) == 1:
            series = _series(self.text[alternatives[0][0] : alternatives[0][1]])
            values = [Field(value, True, offset, close) for value in series]
        else:
            for start, stop in alternatives:
                reader = _Reader(self.scope, self.text, start, stop, split=True, depth=self.depth + 1)
                reader.unquoted(start, stop)
                values += reader.fields() or [Field("", True, start, stop)]
        if not values:
            return False
        tail = _Reader(self.scope, self.text, close, end, split=True, depth=self.depth + 1)
        tail.unquoted(close, end)
        after = tail.fields() or [Field("", True, close, end)]
        before, known = "".join(self.parts), self.known
        self.parts, self.marks, self.size, self.present = [], [], 0, False
        for field in values:
            for rest in after:
                if len(self.done) >= _MOST_FIELDS:
                    return True
                value = before + field.value + rest.value
                if value:
                    self.done.append(Field(value, known and field.known and rest.known, self.start, self.end, ()))
        return True


def _element(value: tuple[str, ...], index: str | None) -> Value | Unset:
    """What ``[n]`` or ``[@]`` picks from an array."""
    if index in ("[@]", "[*]"):
        return value
    number = (index or "[0]")[1:-1]
    if not number.isdecimal() or len(number) > 6:
        return None
    return value[int(number)] if int(number) < len(value) else Unset.UNSET


def _slice(value: str, bounds: str) -> str | None:
    """``${X:offset:length}``."""
    numbers = bounds.replace(" ", "").split(":")
    if len(numbers) > 2 or not all(re.fullmatch(r"-?\d{1,6}", number) for number in numbers):
        return None
    start = int(numbers[0])
    start = max(0, len(value) + start) if start < 0 else start
    if len(numbers) == 1:
        return value[start:]
    length = int(numbers[1])
    return value[start : start + length] if length >= 0 else value[start:length]


def _series(text: str) -> list[str]:
    found = re.fullmatch(_RANGE, text)
    if found is None:
        return []
    if found[1]:
        first, last = int(found[1]), int(found[2])
        step = 1 if last >= first else -1
        if abs(last - first) > _MOST_FIELDS:
            return []
        return [str(number) for number in range(first, last + step, step)]
    first, last = ord(found[3]), ord(found[4])
    step = 1 if last >= first else -1
    return [chr(number) for number in range(first, last + step, step)]


def _ansi(match: re.Match[str]) -> str:
    escape = match[1]
    if escape[0] in "xu" and len(escape) > 1:
        return chr(int(escape[1:], 16))
    if escape[0] in "01234567":
        return chr(int(escape, 8) & 0xFF)
    return _ANSI_LETTERS.get(escape, escape)


def _after(text: str, mark: str, offset: int, end: int) -> int:
    found = text.find(mark, offset, end)
    return end + 1 if found < 0 else found + 1


def _after_backtick(text: str, offset: int, end: int) -> int:
    while offset < end and text[offset] != "`":
        offset += 2 if text[offset] == "\\" else 1
    return min(offset + 1, end) if offset < end else end + 1


def _after_quote(text: str, offset: int, end: int, depth: int = 0) -> int:
    """Behind the double quote that ends what begins at ``offset``."""
    while offset < end:
        found = _SPECIAL_QUOTED.search(text, offset, end)
        if found is None:
            return end + 1
        offset = found.start()
        if found[0] == '"':
            return offset + 1
        if found[0] == "`":
            offset = _after_backtick(text, offset + 1, end)
        elif found[0] == "$" and depth <= _DEEPEST and text.startswith(("$(", "${"), offset):
            offset = _closing(text, offset + 2, end, ")" if text[offset + 1] == "(" else "}", depth + 1)[1]
        else:
            offset += 2 if found[0] == "\\" else 1
    return end + 1


def _closing(text: str, offset: int, end: int, mark: str, depth: int = 0) -> tuple[int, int]:
    """Where the ``)`` or ``}`` stands that ends what begins at ``offset``, and the offset behind it."""
    opening = "(" if mark == ")" else "{"
    level = 1
    while found := _CLOSING.search(text, offset, end):
        token = found[0]
        offset = found.end()
        if token == '"':
            if depth > _DEEPEST:
                break
            offset = min(_after_quote(text, offset, end, depth + 1), end)
        elif token == "`":
            offset = min(_after_backtick(text, offset, end), end)
        elif token == mark:
            level -= 1
            if level == 0:
                return found.start(), offset
        elif token in ("$" + opening, opening):
            level += 1
        elif token.startswith("$"):
            if depth > _DEEPEST:
                break
            offset = _closing(text, offset, end, ")" if token == "$(" else "}", depth + 1)[1]
    return end, end


def _slash(text: str, offset: int, end: int) -> int:
    while offset < end and text[offset] != "/":
        offset += 2 if text[offset] == "\\" else 1
    return min(offset, end)


def _alternatives(text: str, offset: int, end: int) -> tuple[list[tuple[int, int]], int]:
    """The limits of what stands between the commas of a brace expansion, and the offset behind it; -1: none."""
    found: list[tuple[int, int]] = []
    level = 0
    begin = offset
    end = min(end, offset + _LONGEST_BRACES)
    while offset < end:
        character = text[offset]
        if character in "'\"`$ \t\n":
            # Quotes and variables between braces are too rare to be worth their rules.
            return [], -1
        if character == "{":
            level += 1
        elif character == "}":
            if level == 0:
                found.append((begin, offset))
                return found, offset + 1 if len(found) > 1 or ".." in text[begin:offset] else -1
            level -= 1
        elif character == "," and level == 0:
            found.append((begin, offset))
            begin = offset + 1
        offset += 2 if character == "\\" else 1
    return [], -1
