"""The values of a setup.py's expressions, as far as they are plain: texts, lists of them, and files of the project.

Nothing of the script is executed: the few functions and methods that people read their requirements with (``open``,
``splitlines``, ``strip`` …) are ours, and bounded. Whatever is not surely understood is ``NotPlain``.
"""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Callable, Iterator, Sequence

from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.place import Span
from fromlint.named_tuple import NamedTuple

_DEEPEST = 50
_MOST_WORK = 100_000
# Characters of texts that count as one step in it.
_CHARACTERS = 100


class Interpreter(NamedTuple):
    """The Python that runs a setup.py: all the versions that it may have, its implementation and CPU as
    ``platform`` names them, None where not known.
    """

    versions: tuple[tuple[int, int, int], ...]
    implementation: str | None = None
    machine: str | None = None


ANY = Interpreter(tuple((3, minor, patch) for minor in range(6, 16) for patch in (0, 99)))
"""Where nothing is known of it: setup scripts of today are run by one of these."""


class NotPlain(Exception):
    """An expression that is no plain value."""


class Text(NamedTuple):
    """A string and where it stands. ``exact``: letter by letter from the beginning of its place on."""

    value: str
    span: Span
    exact: bool = False


class Path(NamedTuple):
    """A path, from the folder of setup.py."""

    value: str


class Opened(NamedTuple):
    """A file that is open for reading, or has been read."""

    content: Text


class Varying(NamedTuple):
    """What depends on the Python: a value for each version that it may have."""

    values: tuple[object, ...]


class Symbol(NamedTuple):
    """Something from outside of the script, by its dotted name (``os.path``)."""

    name: str


class Function(NamedTuple):
    """A function of the script. ``names`` are those that it sees."""

    node: ast.FunctionDef | ast.Lambda
    names: dict[str, object]


class Parsed(NamedTuple):
    """A requirement as ``parse_requirements`` of pip or pkg_resources hands it out."""

    text: Text


class Unread(NamedTuple):
    """What would come from a file that cannot be read."""

    error: FileMissing | FileUnknown | FileUnreadable


class _Unknown:
    __slots__ = ()


UNKNOWN = _Unknown()
"""What a name stands for whose value is not plain."""

# Gives the text of a file of the project, by its path from the folder of setup.py. Raises what ``Files.read`` raises.
Read = Callable[[str], Text]

# The parts of sys.version_info that have names.
_PARTS = ("major", "minor", "micro", "releaselevel", "serial")
_CONSTANTS: dict[str, object] = {"sys.platform": "linux", "os.name": "posix", "os.sep": "/", "os.linesep": "\n"}


class Values:
    """Works out expressions, within bounds. ``read`` gives the project's files.

    ``asked_machine``: whether something depends on the CPU.
    """

    def __init__(self, file: str, lines: Sequence[str], read: Read, interpreter: Interpreter = ANY) -> None:
        self.file = file
        self.lines = lines
        self.read = read
        self.interpreter = interpreter
        self.asked_machine = False
        self._work = _MOST_WORK
        self._depth = 0

    def spend(self, work: int = 1) -> None:
        """Count work. Raises NotPlain where it is too much."""
        self._work -= work
        if self._work < 0:
            raise NotPlain

    def value(self, node: ast.expr, names: dict[str, object]) -> object:
        """What an expression stands for. Raises NotPlain, and what reading a file raises."""
        self.spend()
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                raise NotPlain
            found = self._evaluated(node, names)
        finally:
            self._depth -= 1
        if isinstance(found, Unread):
            raise found.error
        if found is UNKNOWN:
            raise NotPlain
        return found

    def called(self, node: ast.Call, names: dict[str, object]) -> object:
        """What a call gives. Raises NotPlain, and what reading a file raises."""
        raise NotImplementedError

    # --- expressions ----------------------------------------------------------------------------------------------

    def _evaluated(self, node: ast.expr, names: dict[str, object]) -> object:
        match node:
            case ast.Constant(value=str() as value):
                return Text(value, self.span(node))
            case ast.Constant(value=None | bool() | int() as value):
                return value
            case ast.Name(id=name):
                if name == "__file__":
                    return Path("setup.py")
                return self._outer(names[name] if name in names else Symbol(name))
            case ast.List() | ast.Tuple() | ast.Set():
                return [value for item in node.elts for value in self._elements(item, names)]
            case ast.Dict():
                return self._mapping(node, names)
            case ast.JoinedStr():
                return Text("".join(self._piece(part, names) for part in node.values), self.span(node))
            case ast.BinOp(op=ast.Add()):
                return self._sum(self.value(node.left, names), self.value(node.right, names), node)
            case ast.BinOp(op=ast.Div()):
                parts = (self.path(self.value(part, names)) for part in (node.left, node.right))
                return Path(posixpath.join(*parts))
            case ast.IfExp():
                return self.value(node.body if self.truth(node.test, names) else node.orelse, names)
            case ast.BoolOp() | ast.Compare() | ast.UnaryOp(op=ast.Not()):
                return self._logic(node, names)
            case ast.ListComp() | ast.GeneratorExp() | ast.SetComp():
                return list(self._turns(node.elt, node.generators, dict(names)))
            case ast.Lambda():
                return Function(node, names)
            case ast.Subscript():
                return self._item(self.value(node.value, names), node.slice, names)
            case ast.Attribute():
                return self._attribute(self.value(node.value, names), node.attr)
            case ast.Call():
                return self.called(node, names)
        raise NotPlain

    def _elements(self, node: ast.expr, names: dict[str, object]) -> Sequence[object]:
        if isinstance(node, ast.Starred):
            return self.all(self.value(node.value, names))
        return (self.value(node, names),)

    def _mapping(self, node: ast.Dict, names: dict[str, object]) -> dict[str, object]:
        """A dictionary; what one of its values is may not be known."""
        found: dict[str, object] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            if key is None:
                inner = self.value(part, names)
                if not isinstance(inner, dict):
                    raise NotPlain
                found.update(inner)
                continue
            found[self.text(self.value(key, names)).value] = self.maybe(part, names)
        return found

    def maybe(self, node: ast.expr, names: dict[str, object]) -> object:
        """The value; UNKNOWN where it is not plain, Unread where it comes from a file that cannot be read."""
        try:
            return self.value(node, names)
        except NotPlain:
            return UNKNOWN
        except (FileMissing, FileUnknown, FileUnreadable) as error:
            return Unread(error)

    def _piece(self, node: ast.expr, names: dict[str, object]) -> str:
        if isinstance(node, ast.FormattedValue):
            if node.format_spec is not None or node.conversion >= 0:
                raise NotPlain
            return _written(self.value(node.value, names))
        return self.text(self.value(node, names)).value

    def _sum(self, left: object, right: object, node: ast.expr) -> object:
        if isinstance(left, list) and isinstance(right, list):
            self.spend(len(left) + len(right))
            return [*left, *right]
        if isinstance(left, Text | Path) and isinstance(right, Text):
            self.spend_on(len(left.value) + len(right.value))
            joined = left.value + right.value
            return Path(joined) if isinstance(left, Path) else Text(joined, self.span(node))
        raise NotPlain

    def truth(self, node: ast.expr, names: dict[str, object]) -> bool:
        """Whether a condition holds. Raises NotPlain where that is not known."""
        return self.holds(self.value(node, names))

    def holds(self, value: object) -> bool:
        """The same of a value."""
        if isinstance(value, Text):
            return bool(value.value)
        if value is None or isinstance(value, bool | int | list | dict):
            return bool(value)
        raise NotPlain

    def _logic(self, node: ast.expr, names: dict[str, object]) -> object:
        if isinstance(node, ast.UnaryOp):
            return not self.truth(node.operand, names)
        if isinstance(node, ast.BoolOp):
            value: object = None
            for part in node.values:
                value = self.value(part, names)
                if self.holds(value) is isinstance(node.op, ast.Or):
                    return value
            return value
        if not isinstance(node, ast.Compare):
            raise NotPlain
        sides = [self.value(part, names) for part in (node.left, *node.comparators)]
        return all(
            self._compares(left, operator, right)
            for left, operator, right in zip(sides, node.ops, sides[1:], strict=False)
        )

    def _compares(self, left: object, operator: ast.cmpop, right: object) -> bool:
        """A comparison that all the Pythons agree on."""
        count = max(len(side.values) if isinstance(side, Varying) else 1 for side in (left, right))
        self.spend(count)
        answers = {
            _compared(bare(one), operator, bare(other))
            for one, other in zip(_each(left, count), _each(right, count), strict=True)
        }
        if len(answers) != 1:
            raise NotPlain
        return answers.pop()

    def _outer(self, value: object) -> object:
        """What something from outside of the script is, where that is known."""
        if not isinstance(value, Symbol):
            return value
        constant = _CONSTANTS.get(value.name)
        if isinstance(constant, str):
            return Text(constant, self.span(None))
        versions = self.interpreter.versions
        if value.name == "sys.version_info":
            return Varying(tuple([*version, Text("final", self.span(None)), 0] for version in versions))
        if value.name == "sys.version":
            return self._agreed(tuple(Text(".".join(map(str, version)), self.span(None)) for version in versions))
        if value.name == "sys.hexversion":
            return self._agreed(
                tuple(major << 24 | minor << 16 | micro << 8 | 0xF0 for major, minor, micro in versions)
            )
        return value

    def _agreed(self, values: tuple[object, ...]) -> object:
        """One value where all are the same."""
        return values[0] if all(value == values[0] for value in values) else Varying(values)

    def _turns(
        self, element: ast.expr, generators: Sequence[ast.comprehension], names: dict[str, object]
    ) -> Iterator[object]:
        if not generators:
            yield self.value(element, names)
            return
        generator = generators[0]
        for item in self.items(self.value(generator.iter, names)):
            self.spend()
            self.bind(generator.target, item, names)
            if all(self.truth(condition, names) for condition in generator.ifs):
                yield from self._turns(element, generators[1:], names)

    def bind(self, target: ast.expr, value: object, names: dict[str, object]) -> None:
        """Give a name, or the names of a tuple, what they stand for from now on."""
        if isinstance(target, ast.Name):
            names[target.id] = value
        elif isinstance(target, ast.Tuple | ast.List):
            values = self.items(value) if value is not UNKNOWN else [UNKNOWN] * len(target.elts)
            if len(values) != len(target.elts):
                raise NotPlain
            for part, item in zip(target.elts, values, strict=True):
                self.bind(part, item, names)
        elif isinstance(target, ast.Subscript):
            holder = self.value(target.value, names)
            if not isinstance(holder, dict):
                raise NotPlain
            holder[self.text(self.value(target.slice, names)).value] = value

    def _item(self, holder: object, key: ast.expr, names: dict[str, object]) -> object:
        if isinstance(holder, Varying):
            return self._agreed(tuple(self._item(value, key, names) for value in holder.values))
        if isinstance(key, ast.Slice):
            bounds = [None if part is None else self.value(part, names) for part in (key.lower, key.upper)]
            if key.step is not None or not all(bound is None or type(bound) is int for bound in bounds):
                raise NotPlain
            low, high = (bound if isinstance(bound, int) else None for bound in bounds)
            if isinstance(holder, list):
                return list(self.all(holder))[low:high]
            if isinstance(holder, Text):
                start, end, _ = slice(low, high).indices(len(holder.value))
                return cut(holder, start, max(start, end))
            raise NotPlain
        at = self.value(key, names)
        if isinstance(holder, dict) and isinstance(at, Text) and at.value in holder:
            return holder[at.value]
        if isinstance(holder, list) and type(at) is int and -len(holder) <= at < len(holder):
            found: object = holder[at]
            return found
        if isinstance(holder, Text) and type(at) is int and -len(holder.value) <= at < len(holder.value):
            at %= len(holder.value)
            return cut(holder, at, at + 1)
        raise NotPlain

    def _attribute(self, holder: object, name: str) -> object:
        if isinstance(holder, Symbol):
            return self._outer(Symbol(f"{holder.name}.{name}"))
        if isinstance(holder, Varying) and name in _PARTS:
            return self._item(holder, ast.Constant(_PARTS.index(name)), {})
        if isinstance(holder, Path) and name == "parent":
            return Path(above(holder.value))
        if isinstance(holder, Parsed) and name in ("req", "requirement"):
            return holder
        raise NotPlain

    # --- what values are --------------------------------------------------------------------------------------------

    def items(self, value: object) -> Sequence[object]:
        """What can be gone through, one by one. Raises NotPlain."""
        if isinstance(value, Opened):
            return list(lines(value.content, keep=True))
        if isinstance(value, list):
            for item in value:
                if isinstance(item, Unread):
                    raise item.error
                if item is UNKNOWN:
                    raise NotPlain
            return value
        if isinstance(value, dict):
            return [Text(key, self.span(None)) for key in value]
        raise NotPlain

    def all(self, value: object) -> Sequence[object]:
        """The same, to be copied."""
        values = self.items(value)
        self.spend(len(values))
        return values

    def path(self, value: object) -> str:
        """A text or path as a path. Raises NotPlain for all else."""
        if isinstance(value, Text | Path):
            return value.value
        raise NotPlain

    def text(self, value: object) -> Text:
        """The value where it is a text. Raises NotPlain."""
        if isinstance(value, Text):
            return value
        raise NotPlain

    def spend_on(self, characters: int) -> None:
        """Count the work that so many characters make."""
        self.spend(characters // _CHARACTERS)

    def span(self, node: ast.AST | None) -> Span:
        """Where a piece of the script stands; its beginning for None."""
        line = getattr(node, "lineno", 1)
        last = getattr(node, "end_lineno", line)
        start = self._column(line, getattr(node, "col_offset", 0))
        return Span(self.file, line, start, last, self._column(last, getattr(node, "end_col_offset", 1)))

    def _column(self, line: int, offset: int) -> int:
        """The column in code points; the syntax tree counts bytes of UTF-8."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="ignore")) + 1


def above(path: str) -> str:
    """The folder that a path lies in: setup.py's own has one, too."""
    path = posixpath.normpath(path) if path else "."
    return posixpath.join(path, "..") if path == "." or path.endswith("..") else posixpath.dirname(path)


def _each(value: object, count: int) -> Sequence[object]:
    """A value for each of the Pythons. Raises NotPlain where it is not known for so many."""
    if not isinstance(value, Varying):
        return [value] * count
    if len(value.values) != count:
        raise NotPlain
    return value.values


def _written(value: object) -> str:
    if isinstance(value, Text):
        return value.value
    if type(value) is int:
        return str(value)
    raise NotPlain


def bare(value: object) -> object:
    """A value as it is compared."""
    if isinstance(value, Text | Path):
        return value.value
    if isinstance(value, list):
        return [bare(item) for item in value]
    if value is None or isinstance(value, bool | int):
        return value
    raise NotPlain


def _compared(left: object, operator: ast.cmpop, right: object) -> bool:
    match operator:
        case ast.Eq() | ast.NotEq():
            return (left == right) is isinstance(operator, ast.Eq)
        case ast.Is() | ast.IsNot() if right is None or isinstance(right, bool):
            return (left is right) is isinstance(operator, ast.Is)
        case ast.In() | ast.NotIn():
            if isinstance(right, str) and isinstance(left, str):
                return (left in right) is isinstance(operator, ast.In)
            if isinstance(right, list):
                return (left in right) is isinstance(operator, ast.In)
        case ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE():
            if isinstance(left, int) and isinstance(right, int):
                left, right = [left], [right]
            if isinstance(left, list) and isinstance(right, list):
                try:
                    return {
                        ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right
                    }[type(operator)]  # fmt: skip
                except TypeError:
                    raise NotPlain from None
    raise NotPlain


def cut(text: Text, start: int, end: int) -> Text:
    """A part of a text, where it stands."""
    value = text.value[start:end]
    if not text.exact:
        return Text(value, text.span)
    before = text.value[:start]
    line = text.span.line + before.count("\n")
    column = start - before.rfind("\n") if "\n" in before else text.span.column + start
    return Text(value, _at(text.span.file, line, column, value), True)


def _at(file: str, line: int, column: int, value: str) -> Span:
    first = value.partition("\n")[0]
    return Span(file, line, column, line, column + max(1, len(first.rstrip())))


def lines(text: Text, *, keep: bool = False, last: bool = False) -> Iterator[Text]:
    """The lines of a text. ``keep``: with their ends; ``last``: also the empty one behind the last end."""
    parts = text.value.split("\n") if last else text.value.splitlines(keep)
    line, column = text.span.line, text.span.column
    for part in parts:
        yield Text(part, _at(text.span.file, line, column, part), True) if text.exact else Text(part, text.span)
        line, column = line + 1, 1
