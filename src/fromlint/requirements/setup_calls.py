"""What calls in a setup.py give: functions that read files and take texts apart, methods of texts, lists and paths."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Sequence

from fromlint.requirements.setup_values import (
    Function,
    NotPlain,
    Opened,
    Parsed,
    Path,
    Symbol,
    Text,
    Values,
    above,
    bare,
    cut,
    lines,
)

_OPENERS = frozenset({"open", "io.open", "codecs.open"})
_PATHS = frozenset({"pathlib.Path", "pathlib.PurePath", "Path"})
_PARSERS = ("parse_requirements",)
_LISTS = frozenset({"list", "tuple", "set", "sorted", "iter", "frozenset"})
_STRIPPERS = frozenset({"strip", "lstrip", "rstrip"})
_TESTS = frozenset({"startswith", "endswith", "isdigit", "isspace"})
_CHANGES = frozenset({"lower", "upper", "removeprefix", "removesuffix", "replace"})


class Calls(Values):
    """Works out calls. Those of the script's own functions are left to who follows statements."""

    def call(self, function: Function, arguments: Sequence[object], named: dict[str, object]) -> object:
        """What a function of the script gives. Raises NotPlain, and what reading a file raises."""
        raise NotImplementedError

    def called(self, node: ast.Call, names: dict[str, object]) -> object:
        if isinstance(node.func, ast.Attribute):
            holder = self.value(node.func.value, names)
            if not isinstance(holder, Symbol):
                return self._method(holder, node.func.attr, node, names)
        called = self.value(node.func, names)
        if isinstance(called, Function):
            named = {word.arg: self.maybe(word.value, names) for word in node.keywords if word.arg is not None}
            return self.call(called, self._arguments(node, names, sure=False), named)
        if isinstance(called, Symbol):
            return self._outside(called.name, node, names)
        raise NotPlain

    def _arguments(self, node: ast.Call, names: dict[str, object], *, sure: bool = True) -> list[object]:
        found: list[object] = []
        for part in node.args:
            if isinstance(part, ast.Starred):
                found.extend(self.all(self.value(part.value, names)))
            else:
                found.append(self.value(part, names) if sure else self.maybe(part, names))
        return found

    def _outside(self, name: str, node: ast.Call, names: dict[str, object]) -> object:
        last = name.rpartition(".")[2]
        if name in _OPENERS:
            return self._open(node, names)
        if last in _PARSERS:
            return self._requirements(node, names)
        arguments = self._arguments(node, names)
        first = arguments[0] if arguments else None
        if name in _PATHS or last in ("Path", "PurePath"):
            return Path(posixpath.join(*map(self.path, arguments)) if arguments else ".")
        if name.startswith(("os.path.", "posixpath.")) or (name in ("join", "dirname", "abspath", "realpath")):
            return self._of_path(last, arguments)
        if name.startswith("platform.") and not arguments:
            return self._of_platform(last)
        if name == "os.getcwd":
            return Path("")
        if name in ("list", "tuple", "set", "dict") and not arguments:
            if node.keywords:
                return {word.arg: self.maybe(word.value, names) for word in node.keywords if word.arg is not None}
            return {} if name == "dict" else []
        if name in _LISTS:
            if node.keywords:
                raise NotPlain
            values = list(self.all(first))
            return sorted(values, key=lambda value: self.text(value).value) if name == "sorted" else values
        if name == "str":
            return self._as_text(first)
        if name == "len" and isinstance(first, Text | list | dict):
            return len(first.value if isinstance(first, Text) else first)
        if name == "bool":
            return self.holds(first)
        if name in ("filter", "map") and len(arguments) == 2:
            return self._through(name, first, self.items(arguments[1]))
        if name == "print":
            return None
        raise NotPlain

    def _of_platform(self, question: str) -> object:
        """What a function of the module ``platform`` says in the image."""
        answer: str | None = None
        if question == "system":
            answer = "Linux"
        elif question == "machine":
            self.asked_machine = True
            answer = self.interpreter.machine
        elif question == "python_implementation":
            answer = self.interpreter.implementation
        elif question == "python_version" and len(self.interpreter.versions) == 1:
            answer = ".".join(map(str, self.interpreter.versions[0]))
        if answer is None:
            raise NotPlain
        return Text(answer, self.span(None))

    def _as_text(self, value: object) -> Text:
        if isinstance(value, Text):
            return value
        if isinstance(value, Parsed):
            return value.text
        if isinstance(value, Path):
            return Text(value.value, self.span(None))
        raise NotPlain

    def _through(self, name: str, function: object, values: Sequence[object]) -> list[object]:
        """``filter`` or ``map``."""
        if function is None and name == "filter":
            return [value for value in values if self.holds(value)]
        results: list[object] = []
        for value in values:
            self.spend()
            if isinstance(function, Function):
                result = self.call(function, [value], {})
            elif isinstance(function, Symbol) and function.name.startswith("str."):
                result = self._of_text(self.text(value), function.name[4:], [])
            elif isinstance(function, Symbol) and function.name == "str":
                result = self._as_text(value)
            else:
                raise NotPlain
            if name == "map":
                results.append(result)
            elif self.holds(result):
                results.append(value)
        return results

    def _open(self, node: ast.Call, names: dict[str, object]) -> Opened:
        named = {word.arg: word.value for word in node.keywords}
        where = node.args[0] if node.args else named.get("file")
        if where is None:
            raise NotPlain
        mode = node.args[1] if len(node.args) > 1 else named.get("mode")
        if mode is not None and self.text(self.value(mode, names)).value not in ("r", "rt", "rb", "rU", "U"):
            raise NotPlain
        return self.opened(self.path(self.value(where, names)))

    def opened(self, path: str) -> Opened:
        """A file of the project. Raises NotPlain for one elsewhere, and what reading it raises."""
        content = self.read(path)
        self.spend_on(len(content.value))
        return Opened(content)

    def _requirements(self, node: ast.Call, names: dict[str, object]) -> list[object]:
        """``parse_requirements`` of pip, which takes a file's name, or of pkg_resources, which takes lines."""
        if not node.args:
            raise NotPlain
        given = self.value(node.args[0], names)
        words = {word.arg for word in node.keywords}
        if "session" in words or len(node.args) > 1:
            given = self.opened(self.path(given))
        stated = lines(given) if isinstance(given, Text) else [self.text(item) for item in self.items(given)]
        found: list[object] = []
        for line in stated:
            written = self.text(self._of_text(line, "strip", []))
            comment = written.value.find(" #")
            written = self.text(self._of_text(cut(written, 0, comment), "strip", [])) if comment >= 0 else written
            if written.value.startswith("-"):
                raise NotPlain  # an option, or another file
            if written.value and not written.value.startswith("#"):
                found.append(Parsed(written))
        return found

    def _of_path(self, name: str, arguments: Sequence[object]) -> object:
        paths = [self.path(argument) for argument in arguments]
        if not paths:
            raise NotPlain
        if name == "join":
            return Path(posixpath.join(*paths))
        if name in ("abspath", "realpath", "normpath", "expanduser"):
            return Path(paths[0])
        if name == "dirname":
            return Path(above(paths[0]))
        if name == "basename":
            return Path(posixpath.basename(paths[0]))
        raise NotPlain

    # --- methods ----------------------------------------------------------------------------------------------------

    def _method(self, holder: object, name: str, node: ast.Call, names: dict[str, object]) -> object:
        if isinstance(holder, Path):
            return self._of_a_path(holder, name, node, names)
        arguments = self._arguments(node, names)
        if isinstance(holder, Opened):
            if name == "read" and not arguments:
                return holder.content
            if name == "readlines" and not arguments:
                return list(lines(holder.content, keep=True))
            if name == "close":
                return None
        elif isinstance(holder, Text):
            return self._of_text(holder, name, arguments)
        elif isinstance(holder, list):
            return self._of_list(holder, name, arguments)
        elif isinstance(holder, dict):
            return self._of_mapping(holder, name, arguments)
        raise NotPlain

    def _of_a_path(self, path: Path, name: str, node: ast.Call, names: dict[str, object]) -> object:
        if name == "read_text":
            return self.opened(path.value).content
        if name == "open":
            return self.opened(path.value)
        if name in ("resolve", "absolute", "expanduser", "as_posix"):
            return path
        if name == "joinpath":
            return Path(posixpath.join(path.value, *map(self.path, self._arguments(node, names))))
        if name == "with_name":
            (last,) = self._arguments(node, names)
            return Path(posixpath.join(posixpath.dirname(path.value), self.path(last)))
        raise NotPlain

    def _of_text(self, text: Text, name: str, arguments: Sequence[object]) -> object:
        self.spend_on(len(text.value))
        value = text.value
        given = [argument.value if isinstance(argument, Text) else argument for argument in arguments]
        if name in _STRIPPERS:
            characters = given[0] if given else None
            if not (characters is None or isinstance(characters, str)):
                raise NotPlain
            start = 0 if name == "rstrip" else len(value) - len(value.lstrip(characters))
            end = len(value) if name == "lstrip" else max(start, len(value.rstrip(characters)))
            return cut(text, start, end)
        if name == "splitlines":
            return list(lines(text, keep=given == [True]))
        if name in ("split", "rsplit"):
            return self._split(text, name, given)
        if name in ("partition", "rpartition") and len(given) == 1 and isinstance(given[0], str) and given[0]:
            at = value.find(given[0]) if name == "partition" else value.rfind(given[0])
            if at < 0:
                empty = cut(text, 0, 0)
                return [text, empty, empty] if name == "partition" else [empty, empty, text]
            end = at + len(given[0])
            return [cut(text, 0, at), cut(text, at, end), cut(text, end, len(value))]
        if name in _TESTS:
            words = given[:1]
            if arguments and isinstance(arguments[0], list):
                words = [tuple(self.text(word).value for word in arguments[0])]
            if all(isinstance(word, str | tuple) for word in words):
                return bool(getattr(value, name)(*words))
        if name in _CHANGES and all(isinstance(word, str) for word in given):
            self.spend_on(len(value) * max(1, *(len(word) for word in given if isinstance(word, str)), 1))
            changed = str(getattr(value, name)(*given))
            return text if changed == value else Text(changed, text.span)
        if name == "join" and len(arguments) == 1:
            parts = [self.text(part).value for part in self.items(arguments[0])]
            self.spend_on(len(value) * len(parts) + sum(map(len, parts)))
            return Text(value.join(parts), text.span)
        if name in ("decode", "encode"):
            return text
        if name == "find" and len(given) == 1 and isinstance(given[0], str):
            return value.find(given[0])
        raise NotPlain

    def _split(self, text: Text, name: str, given: Sequence[object]) -> list[object]:
        separator = given[0] if given else None
        most = given[1] if len(given) > 1 else -1
        if not (separator is None or (isinstance(separator, str) and separator)) or type(most) is not int:
            raise NotPlain
        if separator == "\n" and most < 0:
            return list(lines(text, last=True))
        parts = text.value.split(separator, most) if name == "split" else text.value.rsplit(separator, most)
        found: list[object] = []
        at = 0
        for part in parts:
            at = text.value.find(part, at)
            self.spend_on(at + len(part))  # so far a place is looked for from the beginning on
            found.append(cut(text, at, at + len(part)) if at >= 0 else Text(part, text.span))
            at += len(part)
        return found

    def _of_list(self, target: list[object], name: str, arguments: Sequence[object]) -> object:
        if name == "append" and len(arguments) == 1:
            target.append(arguments[0])
        elif name == "extend" and len(arguments) == 1:
            target.extend(self.all(arguments[0]))
        elif name == "insert" and len(arguments) == 2 and isinstance(arguments[0], int):
            target.insert(arguments[0], arguments[1])
        elif name == "remove" and len(arguments) == 1 and isinstance(arguments[0], Text):
            kept = [value for value in target if bare(value) != arguments[0].value]
            if len(kept) != len(target) - 1:
                raise NotPlain
            target[:] = kept
        elif name == "copy":
            return list(self.all(target))
        else:
            raise NotPlain
        return None

    def _of_mapping(self, target: dict[str, object], name: str, arguments: Sequence[object]) -> object:
        if name == "values":
            return list(target.values())
        if name == "keys":
            return [Text(key, self.span(None)) for key in target]
        if name == "items":
            return [[Text(key, self.span(None)), value] for key, value in target.items()]
        if name == "get" and arguments and isinstance(arguments[0], Text):
            return target.get(arguments[0].value, arguments[1] if len(arguments) > 1 else None)
        if name == "update" and len(arguments) == 1 and isinstance(arguments[0], dict):
            target.update(arguments[0])
            return None
        raise NotPlain
