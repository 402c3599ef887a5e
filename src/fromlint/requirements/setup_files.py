"""setup.cfg and setup.py: what they say as plain values. Neither is ever run.

setup.cfg after setuptools' ``config/setupcfg.py``; of setup.py the call of ``setup`` is read as a syntax tree, with
names that are assigned a plain value once at the top of the file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import partial

from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.python_text import parsed
from fromlint.requirements import stated
from fromlint.requirements.names import normalise

# A hand-written file comes nowhere near it, and the compiler's memory is bounded by it.
_LARGEST = 1_000_000
# configparser takes quadratic time on the blanks of a line.
_LONGEST_LINE = 10_000
_MOST_SEARCHES = 500
_MOST_VALUES = 20_000


class Setup(NamedTuple):
    """What a setup file says. ``main`` is None where the requirements are not plain values (``unknown`` says so) or
    are not said; ``files`` are the requirements files that ``install_requires = file:`` names.
    """

    name: str | None = None
    main: tuple[Requirement, ...] | None = None
    files: tuple[str, ...] = ()
    extras: Mapping[str, tuple[Requirement, ...]] = {}
    build: tuple[Requirement, ...] = ()
    requires_python: str | None = None
    bad: tuple[Problem, ...] = ()
    unknown: tuple[Unknown, ...] = ()


def read_cfg(content: str, file: str) -> Setup | Problem:
    """What setup.cfg says, or why it cannot be read. ``file`` is the path to show."""
    import configparser

    longest = max(map(len, content.splitlines()), default=0)
    if len(content) > _LARGEST or longest > _LONGEST_LINE:
        return Problem("too large for a setup.cfg", Span(file, 1, 1, 1, 2))
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(content)
    except configparser.Error as error:
        line = getattr(error, "lineno", None) or next((line for line, _ in getattr(error, "errors", ())), 1)
        return Problem(f"not valid: {str(error).splitlines()[0]}", Span(file, line, 1, line, 2))
    cfg = _Cfg(content, file)

    def listed(section: str, key: str) -> tuple[Requirement, ...]:
        return cfg.requirements(parser.get(section, key, fallback=""))

    written = parser.get("options", "install_requires", fallback=None)
    files: tuple[str, ...] = ()
    main: tuple[Requirement, ...] | None = None
    if written is not None and written.strip().startswith("file:"):
        files = tuple(name.strip() for name in written.strip()[5:].replace("\n", ",").split(",") if name.strip())
    elif written is not None:
        main = cfg.requirements(written)
    elif parser.has_section("options"):
        main = ()
    extras_section = "options.extras_require"
    extras = {
        normalise(name): listed(extras_section, name)
        for name in (parser.options(extras_section) if parser.has_section(extras_section) else ())
    }
    return Setup(
        parser.get("metadata", "name", fallback="").strip() or None,
        main,
        files,
        extras,
        listed("options", "setup_requires"),
        parser.get("options", "python_requires", fallback="").strip() or None,
        tuple(cfg.bad),
    )


class _Cfg:
    def __init__(self, content: str, file: str) -> None:
        self.lines = content.splitlines()
        self.whole: dict[str, int] = {}
        for number, line in enumerate(self.lines, 1):
            self.whole.setdefault(line.strip(), number)
        self.file = file
        self.searches = 0
        self.bad: list[Problem] = []

    def requirements(self, value: str) -> tuple[Requirement, ...]:
        """The requirements of a value: one a line, or separated by semicolons on a single one."""
        lines = value.splitlines() if "\n" in value else value.split(";")
        found: list[Requirement] = []
        for line in lines:
            written = line.strip()
            if not written or written.startswith("#"):
                continue
            read = stated.read(written, self.place(written))
            if isinstance(read, Problem):
                self.bad.append(read)
            else:
                found.append(read)
        return tuple(found)

    def place(self, written: str) -> stated.Place:
        number = self.whole.get(written)
        if number is None and self.searches < _MOST_SEARCHES:
            self.searches += 1
            number = next((number for number, line in enumerate(self.lines, 1) if written in line), None)
        if number is None:
            return partial(_on_line, self.file, 1, 1)
        return partial(_on_line, self.file, number, self.lines[number - 1].find(written) + 1)


def _on_line(file: str, line: int, column: int, start: int, end: int) -> Span:
    return Span(file, line, column + start, line, column + end)


def read_py(content: str, file: str) -> Setup | Problem:
    """What the call of ``setup`` in setup.py says, or why the file cannot be read. ``file`` is the path to show."""
    if len(content) > _LARGEST:
        return Problem("too large for a setup.py", Span(file, 1, 1, 1, 2))
    try:
        tree = parsed(content)
    except SyntaxError as error:
        line, column = error.lineno or 1, error.offset or 1
        return Problem(f"not valid Python: {error.msg}", Span(file, line, max(column, 1), line, max(column, 1) + 1))
    except ValueError:
        return Problem("not Python that can be read", Span(file, 1, 1, 1, 2))
    try:
        return _Py(tree, content, file).read()
    except RecursionError:
        return Problem("not Python that can be read: nested too deeply", Span(file, 1, 1, 1, 2))


class _NotPlain(Exception):
    """An expression that is no plain value."""


class _Text(NamedTuple):
    value: str
    node: ast.AST


class _Py:
    def __init__(self, tree: ast.Module, content: str, file: str) -> None:
        self.tree = tree
        self.lines = content.split("\n")
        self.file = file
        self.visits = 0
        self.names = _assigned(tree)
        self.bad: list[Problem] = []
        self.unknown: list[Unknown] = []

    def read(self) -> Setup:
        call = next((node for node in ast.walk(self.tree) if _calls_setup(node)), None)
        if not isinstance(call, ast.Call):
            return Setup()
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
        hidden = len(given) < len(call.keywords)
        main = self.listed(given.get("install_requires"), "install_requires", hidden, call)
        extras = self.extras(given.get("extras_require"))
        build = self.listed(given.get("setup_requires"), "setup_requires", False, call)
        return Setup(
            self.single(given.get("name")),
            main,
            (),
            extras,
            build or (),
            self.single(given.get("python_requires")),
            tuple(self.bad),
            tuple(self.unknown),
        )

    def single(self, node: ast.expr | None) -> str | None:
        try:
            values = self.texts(node, 0) if node is not None else []
        except _NotPlain:
            return None
        return values[0].value if len(values) == 1 else None

    def listed(self, node: ast.expr | None, what: str, hidden: bool, call: ast.Call) -> tuple[Requirement, ...] | None:
        if node is None:
            if hidden:
                self.unknown.append(Unknown(what, "setup() gets its arguments from a dictionary", self.span(call.func)))
                return None
            return ()
        try:
            values = self.texts(node, 0)
        except _NotPlain:
            why = "setup.py works it out when it runs, which it never does here"
            self.unknown.append(Unknown(what, why, self.span(node)))
            return None
        return self.requirements(values)

    def extras(self, node: ast.expr | None) -> dict[str, tuple[Requirement, ...]]:
        if isinstance(node, ast.Name):
            node = self.names.get(node.id, node)
        if not isinstance(node, ast.Dict):
            return {}
        found: dict[str, tuple[Requirement, ...]] = {}
        for key, value in zip(node.keys, node.values, strict=True):
            if isinstance(key, ast.Constant) and isinstance(key.value, str):
                try:
                    found[normalise(key.value)] = self.requirements(self.texts(value, 0))
                except _NotPlain:
                    what = f"extras_require[{key.value!r}]"
                    self.unknown.append(Unknown(what, "setup.py works it out when it runs", self.span(value)))
        return found

    def requirements(self, values: Iterable[_Text]) -> tuple[Requirement, ...]:
        found: list[Requirement] = []
        for value in values:
            span = self.span(value.node)
            # A single text may hold one requirement a line, as setuptools takes it.
            for line in filter(None, (line.strip() for line in value.value.splitlines())):
                if line.startswith("#"):
                    continue
                read = stated.read(line, lambda _start, _end, span=span: span)  # type: ignore[misc]
                if isinstance(read, Problem):
                    self.bad.append(read)
                else:
                    found.append(read)
        return tuple(found)

    def texts(self, node: ast.expr, depth: int) -> list[_Text]:
        """The strings that an expression stands for: literals, lists of them, sums, and names for such."""
        self.visits += 1
        if depth > 50 or self.visits > _MOST_VALUES:  # names for sums of names grow without end
            raise _NotPlain
        match node:
            case ast.Constant(value=str() as value):
                return [_Text(value, node)]
            case ast.List() | ast.Tuple() | ast.Set():
                return [text for item in node.elts for text in self.texts(item, depth + 1)]
            case ast.Starred():
                return self.texts(node.value, depth + 1)
            case ast.BinOp(op=ast.Add()):
                return [*self.texts(node.left, depth + 1), *self.texts(node.right, depth + 1)]
            case ast.Name() if node.id in self.names:
                return self.texts(self.names[node.id], depth + 1)
        raise _NotPlain

    def span(self, node: ast.AST) -> Span:
        line = getattr(node, "lineno", 1)
        last = getattr(node, "end_lineno", line)
        start = self.column(line, getattr(node, "col_offset", 0))
        return Span(self.file, line, start, last, self.column(last, getattr(node, "end_col_offset", 1)))

    def column(self, line: int, offset: int) -> int:
        """The column in code points; the syntax tree counts bytes of UTF-8."""
        text = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return offset + 1 if text.isascii() else len(text.encode()[:offset].decode(errors="ignore")) + 1


def _calls_setup(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id == "setup") or (
        isinstance(function, ast.Attribute) and function.attr == "setup"
    )


def _assigned(tree: ast.Module) -> dict[str, ast.expr]:
    """Names that are bound exactly once in the whole file, by an assignment at its top, and never changed in place."""
    values: dict[str, ast.expr] = {}
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                values[name] = value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                values[name] = value
    bound: dict[str, int] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                bound[name] = bound.get(name, 0) + 1
            case ast.Attribute(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name), ctx=ast.Store()):
                bound[name] = bound.get(name, 0) + 1  # requires.append(…), requires[0] = …
    return {name: value for name, value in values.items() if bound.get(name) == 1}
