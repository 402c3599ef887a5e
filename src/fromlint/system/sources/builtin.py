"""What Python's own functions give on the values of a build script: on x86-64 Linux, in a clean environment.

Every function is bounded in what it makes of its arguments; what is not known gives UNKNOWN.
"""

from __future__ import annotations

import ast
import fnmatch
import re
from collections.abc import Collection, Sequence

from fromlint.regex import regex
from fromlint.system.sources.values import UNKNOWN, Likely, Perhaps, Symbol, Unknown, truth
from fromlint.typed import Any, Protocol

_LONGEST_TEXT = 200_000
_LONGEST_LIST = 5_000
_OLDEST, _NEWEST = (3, 9, 0), (3, 15, 0)
"""A comparison with ``sys.version_info`` is known where all Pythons between these give the same answer."""


class NotThere(Exception):
    """What is taken from a list or dictionary is surely not in it: a script would raise here."""


class Recorder(Protocol):
    """Where it is taken down what a script looks for."""

    names: Collection[str]

    def use(self, kind: str, name: str, sure: bool = True) -> None:
        """Take down that something outside is looked for."""

    def lack(self) -> None:
        """Take down that this fails on an image that has nothing of what was asked for."""

    def look_in(self, folder: str) -> None:
        """Modules are imported from there, too."""


_CONSTANTS: dict[str, Any] = {
    "sys.platform": "linux",
    "sys.version_info.major": 3,
    "os.name": "posix",
    "os.sep": "/",
    "os.path.sep": "/",
    "os.pathsep": ":",
    "os.linesep": "\n",
    "os.curdir": ".",
    "sys.byteorder": "little",
    "sys.maxsize": 2**63 - 1,
    "sys.implementation.name": "cpython",
    "typing.TYPE_CHECKING": False,
    "TYPE_CHECKING": False,
}
_CALLS: dict[str, Any] = {
    "platform.system": "Linux",
    "platform.machine": "x86_64",
    "platform.processor": "x86_64",
    "platform.python_implementation": "CPython",
    "sysconfig.get_platform": "linux-x86_64",
    "distutils.util.get_platform": "linux-x86_64",
    "get_platform": "linux-x86_64",
    "platform.platform": "Linux-x86_64",
    "os.getcwd": "",
    "platform.architecture": ("64bit", "ELF"),
    "platform.uname": ("Linux", "build", "6", "#1", "x86_64", "x86_64"),
    "os.uname": ("Linux", "build", "6", "#1", "x86_64"),
    "sys.getfilesystemencoding": "utf-8",
}
UNAME = ("sysname", "nodename", "release", "version", "machine")
"""The fields of ``os.uname()``."""
_RUNS = regex(
    r"subprocess\.(call|check_call|check_output|run|Popen|getoutput|getstatusoutput)|os\.(system|popen|spawn\w*|exec\w*)"
    r"|commands\.\w+|distutils\.spawn\.spawn|spawn"
)
_PKG_CONFIG = ("installed", "parse", "cflags", "libs", "variables", "modversion", "configure_extension", "list_all")
_SAFE_FORMAT = regex(r"%(?:\((\w+)\))?([sdr%])")
_SAFE_FIELD = regex(r"\{(\w*)\}")
_OPERATORS = regex(r"^[<>=!~]|^\d")
_SHELL_WORD = regex(r"[;&|()<>$`\s]+")
_NO_NEEDS = frozenset({"--help", "--version"})


def constant(name: str) -> Any:
    """The value of a dotted name, None where it has none that is known."""
    if name.endswith((".environ", "environb")) and name.startswith("os"):
        return {}
    if name == "sys.argv":
        return ["setup.py", "bdist_wheel"]
    if name == "sys.path":
        return Symbol("sys.path")
    return _CONSTANTS.get(name)


def items(value: Any) -> list[Any] | None:
    """The elements of what can be gone through, None where they are not known."""
    if isinstance(value, dict):
        return list(value)
    return list(value[:_LONGEST_LIST]) if isinstance(value, list | tuple) else None


def extend(target: list[Any], added: Any) -> None:
    """Put more to the end of a list; of what is not known that it was."""
    values = items(added)
    if len(target) < _LONGEST_LIST:
        target += values if values is not None else [UNKNOWN]


def plus(left: Any, right: Any) -> Any:
    """``left + right``."""
    if isinstance(left, str) and isinstance(right, str):
        if len(left) + len(right) > _LONGEST_TEXT:
            return UNKNOWN
        made = str.__add__(left, right)
        return Perhaps(made) if isinstance(left, Perhaps) or isinstance(right, Perhaps) else made
    if isinstance(left, list | tuple) and isinstance(right, list | tuple):
        return [*left, *right][:_LONGEST_LIST] if isinstance(left, list) else tuple([*left, *right][:_LONGEST_LIST])
    if isinstance(left, list | tuple):
        return [*left, UNKNOWN]
    if isinstance(right, list | tuple):
        return [UNKNOWN, *right]
    if type(left) is int and type(right) is int and abs(left) < 2**64 and abs(right) < 2**64:
        return left + right
    return UNKNOWN


def formatted(text: Any, values: Any) -> Any:
    """``text % values``, for plain conversions."""
    if not isinstance(text, str) or len(text) > _LONGEST_TEXT:
        return UNKNOWN
    given = list(values) if isinstance(values, tuple) else [values]
    rest = _SAFE_FORMAT.sub("", text)
    if "%" in rest or any(not isinstance(value, str | int | dict) for value in given):
        return UNKNOWN
    queue = iter(given)

    def put(match: re.Match[str]) -> str:
        if match[2] == "%":
            return "%"
        value = values.get(match[1]) if match[1] and isinstance(values, dict) else next(queue, "")
        return str(value)[:1_000] if isinstance(value, str | int) else ""

    made = _SAFE_FORMAT.sub(put, text)
    return made if len(made) <= _LONGEST_TEXT else UNKNOWN


def normal(path: str) -> str:
    """A path from the top of the sdist, without ``.`` and ``..``."""
    parts: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part == "..":
            parts = parts[:-1]
        elif part not in ("", "."):
            parts.append(part)
    return ("/" if path.startswith("/") else "") + "/".join(parts)


def joined(parts: Sequence[Any]) -> Any:
    """The parts of a path put together."""
    if not all(isinstance(part, str) for part in parts) or sum(map(len, parts)) > 10_000:
        return UNKNOWN
    made = normal("/".join(part for part in parts if part))
    return Perhaps(made) if any(isinstance(part, Perhaps) for part in parts) else made


def path_part(path: str, name: str) -> str:
    """``.parent``, ``.name``, ``.stem`` or ``.suffix`` of a path."""
    folder, _, last = path.rpartition("/")
    stem, dot, suffix = last.rpartition(".")
    return {"parent": folder, "name": last, "stem": stem if dot else last, "suffix": dot + suffix if stem else ""}[name]


def glob(pattern: str, names: Collection[str]) -> list[str]:
    """The files of the sdist that a pattern means."""
    pattern = normal(pattern)
    if len(pattern) > 200 or pattern.count("*") > 6:
        return []
    deep = "**" in pattern
    rule = re.compile(fnmatch.translate(pattern.replace("**/", "*")))
    depth = pattern.count("/")
    return sorted(name for name in names if (deep or name.count("/") == depth) and rule.match(name))[:_LONGEST_LIST]


def walk(folder: str, names: Collection[str]) -> Any:
    """What ``os.walk`` gives for a folder of the sdist; unknown for one that is not there."""
    top = normal(folder)
    found: dict[str, tuple[list[str], list[str]]] = {}
    for name in sorted(name for name in names if not top or name.startswith(f"{top}/"))[:_LONGEST_LIST]:
        path, _, file = name.rpartition("/")
        found.setdefault(path, ([], []))[1].append(file)
        while path != top and (above := path.rpartition("/"))[2] not in found.setdefault(above[0], ([], []))[0]:
            found[above[0]][0].append(above[2])
            path = above[0]
    return [(path, *within) for path, within in sorted(found.items())] if found else UNKNOWN


def item(value: Any, key: Any) -> Any:
    """``value[key]``. Raises NotThere for an empty dictionary (that of the environment's variables)."""
    if isinstance(value, Symbol) and value.name == "sys.version_info":
        if isinstance(key, int):
            return 3 if key == 0 else UNKNOWN
        return value
    if isinstance(value, dict) and isinstance(key, str):
        if not value:
            raise NotThere
        return value.get(key, UNKNOWN)
    if isinstance(value, list | tuple | str) and isinstance(key, int | slice) and not isinstance(key, bool):
        try:
            return value[key]
        except (IndexError, TypeError):
            return UNKNOWN
    return UNKNOWN


def compared(left: Any, operator: ast.cmpop, right: Any) -> Any:
    """A comparison of two values."""
    for first, second, turned in ((left, right, False), (right, left, True)):
        if isinstance(first, Symbol) and first.name in ("sys.version_info", "sys.hexversion"):
            return _version(operator, second, turned) if first.name == "sys.version_info" else UNKNOWN
        if isinstance(first, Likely):
            return _likely(first, operator, second)
    if isinstance(operator, ast.In | ast.NotIn):
        found = _contains(right, left)
        return UNKNOWN if found is None else found is isinstance(operator, ast.In)
    if isinstance(operator, ast.Is | ast.IsNot) and (right is None or isinstance(right, bool)):
        if isinstance(left, Unknown) or (isinstance(left, Symbol) and not left.imported):
            return UNKNOWN
        return (left is right) is isinstance(operator, ast.Is)
    if any(isinstance(value, Unknown | Symbol) for value in (left, right)):
        return UNKNOWN
    if isinstance(operator, ast.Eq | ast.NotEq):
        same = left == right if isinstance(left, str | int | list | tuple | None) else left is right
        return bool(same) is isinstance(operator, ast.Eq)
    if type(left) is int and type(right) is int:
        return {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}.get(
            type(operator), UNKNOWN
        )
    return UNKNOWN


def _contains(holder: Any, value: Any) -> bool | None:
    if isinstance(holder, str) and isinstance(value, str):
        return value in holder
    if isinstance(holder, list | tuple | dict) and isinstance(value, str | int | None):
        if value in [part for part in holder if isinstance(part, str | int | None)]:
            return True
        return None if any(isinstance(part, Unknown | Symbol) for part in holder) else False
    return None


def _version(operator: ast.cmpop, bound: Any, turned: bool) -> Any:
    """A comparison of the running Python's version."""
    if isinstance(bound, int):
        bound = (bound,)
    if not isinstance(bound, tuple | list) or not all(type(part) is int for part in bound) or len(bound) > 5:
        return UNKNOWN
    bound = tuple(bound)
    answers = []
    for version in (_OLDEST, _NEWEST):
        left, right = (bound, version) if turned else (version, bound)
        answers.append(
            {ast.Lt: left < right, ast.LtE: left <= right, ast.Gt: left > right, ast.GtE: left >= right}.get(
                type(operator)
            )
        )
    return answers[0] if answers[0] is not None and answers[0] == answers[1] else UNKNOWN


def _likely(answer: Likely, operator: ast.cmpop, other: Any) -> Any:
    """``os.system("pkg-config --exists x") == 0``: a status of 0, and anything but None, is a yes."""
    if type(other) is int or other is None:
        zero = other == 0 if other is not None else False
        equal = isinstance(operator, ast.Eq | ast.Is)
        if isinstance(operator, ast.Eq | ast.NotEq | ast.Is | ast.IsNot):
            return Likely(answer.uses, answer.negated is (equal is zero))
    return UNKNOWN


# --- methods ----------------------------------------------------------------------------------------------------

_PLAIN_METHODS = regex(
    r"lower|upper|strip|lstrip|rstrip|startswith|endswith|removeprefix|removesuffix|title|count|find|partition"
    r"|rpartition|splitlines|isdigit|capitalize|casefold|decode|encode"
)


def method(holder: Any, name: str, arguments: list[Any], named: dict[str, Any], recorder: Recorder) -> Any:
    """What a method gives, and does to a list or dictionary. Raises NotThere."""
    if isinstance(holder, str):
        return _of_text(holder, name, arguments, named, recorder)
    if isinstance(holder, list):
        return _of_list(holder, name, arguments)
    if isinstance(holder, dict):
        return _of_mapping(holder, name, arguments, named)
    return UNKNOWN


def _of_text(text: str, name: str, arguments: list[Any], named: dict[str, Any], recorder: Recorder) -> Any:
    if len(text) > 20_000:
        return UNKNOWN
    if name in ("exists", "is_file", "is_dir"):
        return _exists(text, recorder)
    if name in ("glob", "rglob") and len(arguments) == 1 and isinstance(arguments[0], str):
        pattern = f"**/{arguments[0]}" if name == "rglob" else arguments[0]
        return glob(f"{text}/{pattern}" if text else pattern, recorder.names)
    if name in ("resolve", "absolute", "as_posix", "expanduser", "__str__", "with_suffix") and not arguments:
        return text
    if name == "joinpath":
        return joined([text, *arguments])
    if name == "join" and len(arguments) == 1:
        parts = items(arguments[0])
        if parts is None or not all(isinstance(part, str) for part in parts):
            return UNKNOWN
        return str(text).join(parts) if sum(map(len, parts)) + len(parts) * len(text) < _LONGEST_TEXT else ""
    if name == "format":
        return _format(text, arguments, named)
    if any(not isinstance(value, str | int | tuple | None) for value in arguments):
        return UNKNOWN
    if any(isinstance(value, str) and len(value) > 1_000 for value in arguments):
        return UNKNOWN
    if name == "replace" and len(arguments) == 2 and all(isinstance(value, str) for value in arguments):
        return _kept(text, text.replace(arguments[0], arguments[1]))
    if name in ("split", "rsplit"):
        try:
            return list(getattr(text, name)(*arguments))
        except (TypeError, ValueError):
            return UNKNOWN
    if _PLAIN_METHODS.fullmatch(name) and name not in ("decode", "encode"):
        try:
            return _kept(text, getattr(text, name)(*arguments))
        except (TypeError, ValueError):
            return UNKNOWN
    return text if name in ("decode", "encode") else UNKNOWN


def _kept(text: str, made: Any) -> Any:
    return Perhaps(made) if isinstance(text, Perhaps) and isinstance(made, str) else made


def _format(text: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    if re.search(r"[{}]", _SAFE_FIELD.sub("", text)):
        return UNKNOWN
    known = True
    queue = iter(arguments)

    def put(match: re.Match[str]) -> str:
        nonlocal known
        key = match[1]
        if key.isdigit():
            value = arguments[int(key)] if int(key[:4]) < len(arguments) else None
        else:
            value = named.get(key) if key else next(queue, None)
        if not isinstance(value, str | int):
            known = False
            return ""
        return str(value)[:1_000]

    made = _SAFE_FIELD.sub(put, text)
    return made if known and len(made) <= _LONGEST_TEXT else UNKNOWN


def _of_list(target: list[Any], name: str, arguments: list[Any]) -> Any:
    if len(target) >= _LONGEST_LIST:
        return None
    if name == "append" and arguments:
        target.append(arguments[0])
    elif name == "extend" and arguments:
        extend(target, arguments[0])
    elif name == "insert" and len(arguments) == 2:
        target.insert(arguments[0] if type(arguments[0]) is int else 0, arguments[1])
    elif name == "remove" and arguments and isinstance(arguments[0], str):
        if all(isinstance(part, str) for part in target) and arguments[0] not in target:
            raise NotThere
        target[:] = [part for part in target if not (isinstance(part, str) and part == arguments[0])]
    elif name == "copy":
        return list(target)
    else:
        return UNKNOWN
    return None


def _of_mapping(target: dict[str, Any], name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    key = arguments[0] if arguments else None
    if name in ("get", "pop"):
        default = arguments[1] if len(arguments) > 1 else (None if name == "get" else UNKNOWN)
        if not isinstance(key, str):
            return UNKNOWN
        return target.get(key, default) if name == "get" else target.pop(key, default)
    if name == "setdefault" and isinstance(key, str):
        return target.setdefault(key, arguments[1] if len(arguments) > 1 else None)
    if name == "update":
        target.update(key if isinstance(key, dict) else {})
        target.update(named)
        return None
    if name == "items":
        return list(target.items())
    if name in ("keys", "values"):
        return list(target if name == "keys" else target.values())
    return dict(target) if name == "copy" else UNKNOWN


# --- functions --------------------------------------------------------------------------------------------------


def called(name: str, arguments: list[Any], named: dict[str, Any], recorder: Recorder) -> Any:
    """What a function from outside of the sdist gives; programs and libraries that it looks for are taken down."""
    first = arguments[0] if arguments else UNKNOWN
    last = name.rpartition(".")[2]
    if name in _CALLS:
        return _CALLS[name]
    if name.startswith("str.") and isinstance(first, str):
        return _of_text(first, last, arguments[1:], named, recorder)
    if _RUNS.fullmatch(name) or last in ("check_output", "check_call", "getstatusoutput"):
        command = first if arguments else named.get("args", UNKNOWN)
        # a shell is always there; that the program in it is not shows only to who looks at its status
        shell = last in ("popen", "getoutput", "getstatusoutput") or named.get("shell") is True
        return run(command, name, recorder, shell and not last.startswith("check_"))
    if name.startswith("pkgconfig."):
        return _pkgconfig(last, arguments, recorder)
    if last in ("which", "find_executable") and isinstance(first, str):
        recorder.use("program", first, False)
        return Likely((("program", first),)) if _SHELL_WORD.search(first) else _Found(first)
    if last == "find_library" and isinstance(first, str):
        return Likely((("library", first),))
    if name in ("os.environ.get", "os.getenv", "getenv", "environ.get"):
        return arguments[1] if len(arguments) > 1 else named.get("default")
    if name.startswith(("os.path.", "posixpath.", "ntpath.")):
        return _of_path(last, arguments, recorder)
    if last in ("convert_path", "fspath", "Path", "PurePath", "PosixPath", "PurePosixPath", "str"):
        return joined(arguments) if last.endswith("Path") else (first if isinstance(first, str) else _as_text(first))
    if last in ("glob", "iglob") and isinstance(first, str):
        return glob(first, recorder.names)
    if name in ("os.walk", "os.listdir") and isinstance(first, str):
        walked = walk(first, recorder.names)
        if name == "os.walk" or walked is UNKNOWN:
            return walked
        return next(([*folders, *files] for path, folders, files in walked if path == normal(first)), UNKNOWN)
    if name in ("sys.path.insert", "sys.path.append"):
        folder = arguments[-1] if arguments else None
        if isinstance(folder, str):
            recorder.look_in(normal(folder))
        return None
    return _builtin(name, arguments, named)


class _Found(str):
    """The path of a program that was looked for: whether it is there decides nothing by itself."""

    __slots__ = ()


def _as_text(value: Any) -> Any:
    return str(value) if type(value) in (int, bool) else UNKNOWN


def _builtin(name: str, arguments: list[Any], named: dict[str, Any]) -> Any:
    first = arguments[0] if arguments else UNKNOWN
    if name in ("list", "tuple", "sorted", "set", "frozenset", "reversed", "iter", "filter"):
        values = [] if not arguments else items(arguments[-1])
        return UNKNOWN if values is None else (tuple(values) if name == "tuple" else values)
    if name == "dict":
        return {**(first if isinstance(first, dict) else {}), **named}
    if name in ("bool", "any", "all", "len", "int"):
        return _counted(name, first)
    if name == "hasattr" and isinstance(first, Symbol) and first.name == "sys" and len(arguments) > 1:
        attribute = arguments[1]
        return (
            False if isinstance(attribute, str) and re.search("pypy|windows|real_prefix|frozen", attribute) else UNKNOWN
        )
    if name.endswith(("copy.copy", "deepcopy")):
        return list(first) if isinstance(first, list) else (dict(first) if isinstance(first, dict) else first)
    if name in ("cast", "typing.cast") and len(arguments) == 2:
        return arguments[1]
    if name in ("zip", "enumerate") and arguments:
        columns = [items(value) for value in arguments]
        if name == "enumerate":
            return UNKNOWN if columns[0] is None else [(number, value) for number, value in enumerate(columns[0])]
        if all(column is not None for column in columns):
            return [tuple(row) for row in zip(*(column or [] for column in columns), strict=False)]
    if name in ("print", "warnings.warn", "logging.info"):
        return None
    return UNKNOWN


def _counted(name: str, value: Any) -> Any:
    if name == "bool":
        answer = truth(value)
        return (value if isinstance(value, Likely) else UNKNOWN) if answer is None else answer
    if name == "int":
        if isinstance(value, str):
            return int(value) if value.isdecimal() and len(value) < 10 else UNKNOWN
        return int(value) if type(value) in (int, bool) else UNKNOWN
    values = items(value)
    if name == "len":
        return len(value) if isinstance(value, str) else UNKNOWN if values is None else len(values)
    if values is None:
        return UNKNOWN
    answers = [truth(part) for part in values]
    decisive = name == "any"
    if decisive in answers:
        return decisive
    return UNKNOWN if None in answers else not decisive


def _of_path(name: str, arguments: list[Any], recorder: Recorder) -> Any:
    first = arguments[0] if arguments else UNKNOWN
    if name == "join":
        return joined(arguments)
    if not isinstance(first, str) or len(first) > 10_000:
        return UNKNOWN
    if name in ("abspath", "realpath", "normpath", "normcase", "relpath"):
        return _kept(first, normal(first))
    if name == "expanduser":
        return first
    if name == "dirname":
        return first.rpartition("/")[0]
    if name == "basename":
        return first.rpartition("/")[2]
    if name == "splitext":
        stem, dot, suffix = first.rpartition(".")
        return (stem, dot + suffix) if dot and "/" not in suffix else (first, "")
    if name == "split":
        return tuple(first.rpartition("/")[::2])
    if name in ("exists", "isfile", "isdir", "lexists"):
        return _exists(first, recorder)
    return UNKNOWN


def _exists(path: str, recorder: Recorder) -> Any:
    """Whether a file or folder of the sdist exists; of the machine's own only the usual is known to be absent."""
    if path.startswith("/"):
        return UNKNOWN
    wanted = normal(path)
    if not wanted or wanted in recorder.names:
        return True
    folder = f"{wanted}/"
    return any(name.startswith(folder) for name in recorder.names)


def run(command: Any, how: str, recorder: Recorder, borne: bool = False) -> Any:
    """A program is run: it is taken down, and what it was asked for; it is taken to succeed.

    ``borne``: that the program is not there goes unnoticed.
    """
    lines = _lines(command)
    if how.endswith(("check_output", "check_call")) and any(words and _configures(words[0]) for words in lines):
        recorder.lack()
    likely: list[tuple[str, str]] = []
    for words in lines:
        likely += _program(words, recorder, borne)
    if likely:
        return Likely(tuple(likely))
    if how.endswith(("call", "check_call", "system", "spawn")):
        return 0
    return UNKNOWN


def _configures(program: Any) -> bool:
    """Whether a program tells how to compile with a library and comes with its headers, or by itself: pkg-config."""
    return isinstance(program, str) and program.endswith(("-config", "pkgconf"))


def _lines(command: Any) -> list[list[Any]]:
    """The words of each program in a command."""
    if isinstance(command, str):
        parts = re.split(r"&&|\|\||[;|()]", command[:2_000])
        return [part.split() for part in parts if part.split()][:20]
    words = items(command)
    if not words:
        return []
    if len(words) == 3 and words[0] in ("sh", "bash", "/bin/sh") and words[1] == "-c" and isinstance(words[2], str):
        return _lines(words[2])
    return [words]


def _program(words: list[Any], recorder: Recorder, borne: bool) -> list[tuple[str, str]]:
    """Take down a program that is run; gives what a mere question for something being there asks for."""
    words = [word for word in words if not (isinstance(word, str) and re.fullmatch(r"\w+=.*", word))]
    if not words or not isinstance(words[0], str):
        return []
    program = words[0].rpartition("/")[2]
    texts = [word for word in words[1:] if isinstance(word, str)]
    if program in ("pkg-config", "pkgconf") or program.endswith("-pkg-config"):
        return _asked(texts, recorder, borne)
    if program in ("cd", "sh", "bash", "env") and texts:
        if texts[0].endswith("configure") or "configure" in texts[0]:
            recorder.use("program", "make")
        return []
    if program == "git" and not {"clone", "submodule", "fetch"} & set(texts):
        return []
    if _NO_NEEDS & set(texts):
        # only whether it is there
        recorder.use("program", program, False)
        return [("program", program)]
    recorder.use("program", program, not borne)
    return []


def _asked(texts: Sequence[str], recorder: Recorder, borne: bool) -> list[tuple[str, str]]:
    """What pkg-config is asked for."""
    names = []
    options = [text for text in texts if text.startswith("-")]
    skip = False
    for text in texts:
        if skip:
            skip = False
        elif text in ("--atleast-version", "--exact-version", "--max-version", "--variable", "--define-variable"):
            skip = True
        elif not text.startswith("-"):
            names += [word for word in text.split() if not _OPERATORS.match(word) and "/" not in word]
    question = any(option.startswith(("--exists", "--atleast", "--help", "--version")) for option in options)
    recorder.use("program", "pkg-config", not question and not borne)
    for name in names:
        recorder.use("pkg-config", name, not question)
    return [("program", "pkg-config"), *(("pkg-config", name) for name in names)] if question else []


def _pkgconfig(function: str, arguments: list[Any], recorder: Recorder) -> Any:
    """The functions of the distribution *pkgconfig*."""
    names = []
    for value in arguments[1:2] if function == "configure_extension" else arguments[:1]:
        for text in [value] if isinstance(value, str) else items(value) or ():
            if isinstance(text, str):
                names += [word for word in text.split() if not _OPERATORS.match(word)]
    question = function in ("exists", "installed")
    if question or function in _PKG_CONFIG:
        recorder.use("program", "pkg-config", not question)
        for name in names:
            recorder.use("pkg-config", name, not question)
    if question:
        return Likely((("program", "pkg-config"), *(("pkg-config", name) for name in names)))
    return UNKNOWN
