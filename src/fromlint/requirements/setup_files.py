"""setup.cfg and setup.py: what they say as plain values. Neither is ever run.

setup.cfg after setuptools' ``config/setupcfg.py``; setup.py's syntax tree is followed up to its call of ``setup``
(`setup_script`), also where it takes its requirements from a file.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from functools import partial

from fromlint.model.environment import Environment
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.python_text import parsed
from fromlint.requirements import stated
from fromlint.requirements.names import normalise
from fromlint.requirements.setup_script import Script
from fromlint.requirements.setup_values import ANY, Interpreter, NotPlain, Parsed, Read, Text, Unread, cut, lines

# A hand-written file comes nowhere near it, and the compiler's memory is bounded by it.
_LARGEST = 1_000_000
# configparser takes quadratic time on the blanks of a line.
_LONGEST_LINE = 10_000
_MOST_SEARCHES = 500


class Setup(NamedTuple):
    """What a setup file says. ``main`` is None where the requirements are not plain values (``unknown`` says so) or
    are not said; ``files`` are the requirements files that ``install_requires = file:`` names. ``missing``: files that
    setup.py opens for them and that are not there. ``by_machine``: it asks which CPU it runs on.
    """

    name: str | None = None
    main: tuple[Requirement, ...] | None = None
    files: tuple[str, ...] = ()
    extras: Mapping[str, tuple[Requirement, ...]] = {}
    build: tuple[Requirement, ...] = ()
    requires_python: str | None = None
    bad: tuple[Problem, ...] = ()
    unknown: tuple[Unknown, ...] = ()
    missing: tuple[Problem, ...] = ()
    by_machine: bool = False


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
            written = _without_comment(line)
            if not written:
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


def _unread(path: str) -> Text:
    raise FileUnknown(f"{path} is not looked at")


def read_py(content: str, file: str, read: Read = _unread, interpreter: Interpreter = ANY) -> Setup | Problem:
    """What the call of ``setup`` in setup.py says, or why the file cannot be read. ``file`` is the path to show.

    ``read`` gives the files that setup.py takes its requirements from, ``interpreter`` is what runs it.
    """
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
        return _Py(tree, content, file, read, interpreter).read()
    except RecursionError:
        return Problem("not Python that can be read: nested too deeply", Span(file, 1, 1, 1, 2))


def interpreter(environment: Environment | None) -> Interpreter:
    """What runs a setup.py in an image."""
    if environment is None or environment.python is None:
        return ANY
    from fromlint.requirements.markers import machines

    python = environment.python
    numbers = [int(part) for part in python.version.split(".")[:3] if part.isdecimal()]
    if len(numbers) < 2:
        return ANY
    major, minor, *patch = numbers
    names = {"cpython": "CPython", "pypy": "PyPy"}
    known = machines(environment.platform)
    return Interpreter(
        tuple((major, minor, micro) for micro in (patch or (0, 99))),
        names.get(python.implementation),
        known[0] if len(known) == 1 else None,
    )


class _Py:
    def __init__(self, tree: ast.Module, content: str, file: str, read: Read, interpreter: Interpreter) -> None:
        self.script = Script(file, content.split("\n"), read, interpreter)
        self.tree = tree
        self.names: dict[str, object] = {}
        self.bad: list[Problem] = []
        self.unknown: list[Unknown] = []
        self.missing: list[Problem] = []

    def read(self) -> Setup:
        call, self.names = self.script.follow(self.tree)
        if call is None:
            return Setup()
        given, hidden = self.arguments(call)
        place = self.script.span(call.func)
        main = self.listed(given, "install_requires", hidden, place)
        extras = self.extras(given.get("extras_require"))
        build = self.listed(given, "setup_requires", False, place)
        return Setup(
            self.single(given.get("name")),
            main,
            (),
            extras,
            build or (),
            self.single(given.get("python_requires")),
            tuple(self.bad),
            tuple(self.unknown),
            tuple(self.missing),
            self.script.asked_machine,
        )

    def arguments(self, call: ast.Call) -> tuple[dict[str, object], bool]:
        """What ``setup`` is given by name (an expression, or its value), and whether there may be more."""
        given: dict[str, object] = {}
        hidden = False
        for keyword in call.keywords:
            if keyword.arg is not None:
                given[keyword.arg] = keyword.value
                continue
            value = self.script.maybe(keyword.value, self.names)
            hidden = hidden or not isinstance(value, dict)
            given.update(value if isinstance(value, dict) else {})
        return given, hidden

    def value(self, given: object) -> object:
        return self.script.value(given, self.names) if isinstance(given, ast.expr) else given

    def single(self, given: object) -> str | None:
        try:
            value = self.value(given)
        except (NotPlain, FileMissing, FileUnknown, FileUnreadable):
            return None
        return value.value if isinstance(value, Text) else None

    def listed(
        self, given: Mapping[str, object], what: str, hidden: bool, call: Span
    ) -> tuple[Requirement, ...] | None:
        if what not in given:
            if hidden:
                self.unknown.append(Unknown(what, "setup() gets its arguments from a dictionary", call))
                return None
            return ()
        return self.taken(given[what], what, "setup.py works it out when it runs, which it never does here", call)

    def taken(self, given: object, what: str, otherwise: str, call: Span) -> tuple[Requirement, ...] | None:
        """The requirements of an argument; None after an entry that says why they are not known."""
        place = self.script.span(given) if isinstance(given, ast.expr) else call
        try:
            return self.requirements(self.texts(self.value(given)))
        except NotPlain:
            self.unknown.append(Unknown(what, otherwise, place))
        except FileMissing as reason:
            self.missing.append(Problem(str(reason), place))
        except (FileUnknown, FileUnreadable) as reason:
            self.unknown.append(Unknown(what, str(reason), place))
        return None

    def extras(self, given: object) -> dict[str, tuple[Requirement, ...]]:
        try:
            value = self.value(given)
        except (NotPlain, FileMissing, FileUnknown, FileUnreadable):
            return {}
        found: dict[str, tuple[Requirement, ...]] = {}
        for key, part in value.items() if isinstance(value, dict) else ():
            what = f"extras_require[{key!r}]"
            place = self.script.span(given if isinstance(given, ast.expr) else None)
            taken = self.taken(part, what, "setup.py works it out when it runs", place)
            if taken is not None:
                found[normalise(key)] = taken
        return found

    def texts(self, value: object) -> list[Text]:
        """The strings in a value. Raises NotPlain where there is anything else."""
        if isinstance(value, Unread):
            raise value.error
        if isinstance(value, Text):
            return [value]
        if isinstance(value, Parsed):
            return [value.text]
        if value is None:
            return []
        return [text for item in self.script.items(value) for text in self.texts(item)]

    def requirements(self, values: Iterable[Text]) -> tuple[Requirement, ...]:
        found: list[Requirement] = []
        for value in values:
            # A single text may hold one requirement a line, as setuptools takes it.
            for line in lines(value):
                written = _without_comment(line.value)
                if not written:
                    continue
                start = line.value.find(written)
                read = stated.read(written, partial(_within, cut(line, start, start + len(written)).span))
                if isinstance(read, Problem):
                    self.bad.append(read)
                else:
                    found.append(read)
        return tuple(found)


def _without_comment(line: str) -> str:
    """setuptools' ``yield_lines`` and ``drop_comment``."""
    written = line.strip()
    return "" if written.startswith("#") else written.partition(" #")[0].strip()


def _within(span: Span, _start: int, _end: int) -> Span:
    return span
