"""As much of HCL as bake files need: blocks, attributes, strings with ``${…}``, lists, objects, references.

Operators, functions and ``for`` are not followed: what they make is not known. A text that is no HCL at all is read as
far as it goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from fromlint.discovery.documents import LARGEST, Unreadable
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex

_TOKEN = regex(
    r"""
    (?P<space>[ \t\r]+|\#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z))
  | (?P<newline>\n)
  | (?P<heredoc><<-?(?P<mark>[A-Za-z_]\w*)[ \t]*\r?\n)
  | (?P<string>")
  | (?P<name>[A-Za-z_][\w-]*)
  | (?P<number>\d+(?:\.\d+)?)
  | (?P<sign>=>|==|!=|<=|>=|&&|\|\||\.\.\.|.)
    """,
    re.DOTALL | re.VERBOSE,
)
_DEEPEST = 50


class Unknown:
    """A value that cannot be known."""


UNKNOWN = Unknown()

Value = str | list["Value"] | dict[str, "Value"] | Unknown | None
"""What an expression comes to; numbers and booleans are strings, ``null`` is None."""


class Template(NamedTuple):
    """A string: literal parts, and references (``Reference``) or what is not known (``UNKNOWN``) between them."""

    parts: tuple[str | Reference | Unknown, ...]


class Reference(NamedTuple):
    """``NAME`` or ``target.app.context``."""

    path: tuple[str, ...]


class Items(NamedTuple):
    """``[…]``."""

    values: tuple[Expression, ...]


class Pairs(NamedTuple):
    """``{…}`` as a value."""

    values: tuple[tuple[str, Expression], ...]


Expression = Template | Reference | Items | Pairs | Unknown | None


class Block(NamedTuple):
    """``kind "label" { … }``: ``attributes`` by name, of repeated ones the last. ``line`` counts from 1."""

    kind: str
    labels: tuple[str, ...]
    attributes: Mapping[str, Expression]
    line: int


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def read(text: str) -> tuple[Block, ...]:
    """The top-level blocks of an HCL text; blocks within them are left out. Raises Unreadable."""
    if len(text) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1_048_576} MiB")
    return tuple(_Reader(list(_tokens(text))).blocks())


def template(text: str) -> Template:
    """The inside of a quoted string (of JSON, too): ``${NAME}`` and ``${a.b}`` are followed."""
    parts: list[str | Reference | Unknown] = []
    position = 0
    while True:
        start = text.find("${", position)
        start = start if start >= 0 else len(text)
        literal = text[position:start]
        if literal.endswith("$") and start < len(text):
            # $${ is ${ itself.
            parts.append(literal + "{")
            position = start + 2
            continue
        parts.append(UNKNOWN if "%{" in literal.replace("%%{", "") else literal)
        if start == len(text):
            return Template(tuple(part for part in parts if part != ""))
        end = _closing(text, start + 2)
        inside = text[start + 2 : end].strip()
        name = re.fullmatch(r"[A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*", inside)
        parts.append(Reference(tuple(inside.split("."))) if name else UNKNOWN)
        position = end + 1


def _closing(text: str, position: int) -> int:
    """Where the ``}`` stands that closes a ``${`` before ``position``; the end of the text where none does."""
    depth = 1
    for match in re.compile(r"[{}]").finditer(text, position):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.start()
    return len(text)


def value(expression: Expression, lookup: Callable[[tuple[str, ...]], Value]) -> Value:
    """What an expression comes to; ``lookup`` gives the values of references."""
    if expression is None or isinstance(expression, Unknown):
        return expression
    if isinstance(expression, Reference):
        return lookup(expression.path)
    if isinstance(expression, Items):
        return [value(each, lookup) for each in expression.values]
    if isinstance(expression, Pairs):
        return {name: value(each, lookup) for name, each in expression.values}
    parts = [lookup(part.path) if isinstance(part, Reference) else part for part in expression.parts]
    known = [part for part in parts if isinstance(part, str)]
    return "".join(known) if len(known) == len(parts) else UNKNOWN


def _tokens(text: str) -> Iterator[_Token]:
    position = 0
    line = 1
    while position < len(text):
        match = _TOKEN.match(text, position)
        assert match is not None
        kind = match.lastgroup or "sign"
        start, position = position, match.end()
        if match["heredoc"]:
            end = re.compile(rf"^[ \t]*{match['mark']}[ \t]*\r?$", re.MULTILINE).search(text, position)
            stop = end.start() if end else len(text)
            yield _Token("string", text[position:stop], line)
            position = end.end() if end else len(text)
        elif kind == "string":
            position = _string_end(text, position)
            yield _Token("string", _unescaped(text[start + 1 : position - 1]), line)
        elif kind != "space":
            yield _Token(kind, match[0], line)
        line += text.count("\n", start, position)


_STRING_PART = regex(r'\\.|\$\{|[{}"\n]', re.DOTALL)


def _string_end(text: str, position: int) -> int:
    """Behind the quote that closes a string; one in ``${…}`` closes nothing. A line end ends what is not closed."""
    depth = 0
    quoted = False
    for match in _STRING_PART.finditer(text, position):
        part = match[0]
        if part == "${" or (part == "{" and depth and not quoted):
            depth += 1
        elif part == "}" and depth and not quoted:
            depth -= 1
        elif part == '"' and depth:
            quoted = not quoted
        elif part == '"' or part == "\n":
            return match.end()
    return len(text)


def _unescaped(text: str) -> str:
    return re.sub(r"\\(.)", lambda match: {"n": "\n", "t": "\t", "r": "\r"}.get(match[1], match[1]), text)


class _Reader:
    """One pass over the tokens."""

    def __init__(self, tokens: list[_Token]) -> None:
        self._tokens = tokens
        self._position = 0
        self._depth = 0

    def blocks(self) -> Iterator[Block]:
        while self._position < len(self._tokens):
            token = self._next()
            if token.kind != "name":
                continue
            labels: list[str] = []
            while self._peek().kind in ("string", "name"):
                labels.append(self._next().text)
            if self._peek().text == "{" and self._peek().kind == "sign":
                self._next()
                yield Block(token.text, tuple(labels), self._attributes(), token.line)
            elif self._peek().text == "=":
                self._next()
                self._expression()

    def _attributes(self) -> dict[str, Expression]:
        """The attributes up to the ``}`` that closes the block, which is taken."""
        found: dict[str, Expression] = {}
        while self._position < len(self._tokens):
            token = self._next()
            if token.kind == "sign" and token.text == "}":
                break
            if token.kind not in ("name", "string"):
                continue
            while self._peek().kind in ("string", "name"):
                self._next()
            if self._peek().kind == "sign" and self._peek().text == "{":
                self._skip_group()
            elif self._peek().text in ("=", ":"):
                self._next()
                found[token.text] = self._expression()
        return found

    def _expression(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise Unreadable("it is nested more deeply than anybody writes")
        found = self._primary()
        # An operator, a call or an index behind it: what comes of that is not known.
        while not self._at_end():
            token = self._peek()
            if token.kind == "sign" and token.text in "([{":
                self._skip_group()
            else:
                self._next()
                if token.kind == "sign":
                    self._skip_newlines()
            found = UNKNOWN
        self._depth -= 1
        return found

    def _primary(self) -> Expression:
        token = self._peek()
        if token.kind == "string":
            return template(self._next().text)
        if token.kind == "number":
            return Template((self._next().text,))
        if token.kind == "name":
            return self._reference()
        if token.text == "[":
            return self._list()
        if token.text == "{":
            return self._object()
        if token.text == "(":
            self._skip_group()
        return UNKNOWN

    def _reference(self) -> Expression:
        path = [self._next().text]
        while self._peek().text == "." and self._peek(1).kind == "name":
            self._next()
            path.append(self._next().text)
        if path == ["null"]:
            return None
        if path in (["true"], ["false"]):
            return Template((path[0],))
        return Reference(tuple(path))

    def _list(self) -> Expression:
        self._next()
        values: list[Expression] = []
        comprehension = False
        while self._position < len(self._tokens):
            self._skip_newlines()
            if self._peek().text == "]" and self._peek().kind == "sign":
                self._next()
                break
            if self._peek()[:2] == ("name", "for"):
                comprehension = True
            before = self._position
            values.append(self._expression())
            self._skip_newlines()
            if self._peek().text == "," or self._position == before:
                self._next()
        return UNKNOWN if comprehension else Items(tuple(values))

    def _object(self) -> Expression:
        self._next()
        values: list[tuple[str, Expression]] = []
        while self._position < len(self._tokens):
            self._skip_newlines()
            token = self._next()
            if token.kind == "sign" and token.text == "}":
                break
            if token.kind in ("name", "string") and self._peek().text in ("=", ":"):
                self._next()
                values.append((token.text, self._expression()))
        return Pairs(tuple(values))

    def _skip_group(self) -> None:
        """Past a bracket and all up to the one that closes it."""
        depth = 0
        while self._position < len(self._tokens):
            token = self._next()
            if token.kind == "sign" and token.text in "([{":
                depth += 1
            elif token.kind == "sign" and token.text in ")]}":
                depth -= 1
                if depth == 0:
                    return

    def _skip_newlines(self) -> None:
        while self._peek().kind == "newline":
            self._next()

    def _at_end(self) -> bool:
        """Whether an expression ends here: at a line end, a comma or a closing bracket."""
        token = self._peek()
        return token.kind in ("newline", "end") or (token.kind == "sign" and token.text in ",)]}")

    def _peek(self, ahead: int = 0) -> _Token:
        position = self._position + ahead
        return self._tokens[position] if position < len(self._tokens) else _Token("end", "", 0)

    def _next(self) -> _Token:
        token = self._peek()
        self._position += 1
        return token
