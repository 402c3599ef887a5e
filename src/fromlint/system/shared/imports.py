"""Which extension modules of a wheel are loaded by importing it: its Python modules followed from the top.

Only what a module does when it is imported counts: statements of functions do not. What stands under a condition may
be loaded; in a ``try`` that bears it, nothing is lost where it fails. A module that imports by name (importlib, ctypes,
a lazy loader) leaves the rest open.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Collection, Iterable, Iterator
from enum import IntEnum

from fromlint.named_tuple import NamedTuple
from fromlint.python_text import parsed
from fromlint.regex import regex

_BY_NAME = regex(r"\b(importlib|__import__|import_module|CDLL|cdll|dlopen|pkgutil|runpy|lazy\w*|__getattr__|exec)\b")
# What opens a shared library by its path: ctypes, cffi.
_OPENS = regex(r"\b(CDLL|PyDLL|cdll|LoadLibrary|dlopen)\b")
_SUFFIX = regex(r"\.(?:(?:cpython|pypy|abi3)[\w.+-]*\.)?so$")
_MOST_MODULES = 400
_DEEPEST = 50


class Way(IntEnum):
    """How an import stands: where its failing is borne (a ``try``), under a condition, or without any."""

    BORNE = 0
    MAYBE = 1
    SURE = 2


class Loaded(NamedTuple):
    """The extension modules that are met, by name, each with the surest way to it. ``complete``: no others are.

    ``opens``: a module that is surely imported opens libraries by their path.
    """

    modules: dict[str, Way]
    complete: bool
    opens: bool = False


def loaded(names: Collection[str], read: Callable[[str], str | None], partly: Collection[str] = ()) -> Loaded:
    """The extension modules (by their names in the wheel) that importing the wheel's top-level modules loads.

    ``read`` gives the text of a Python module, of those in ``partly`` the beginning, None where it is not at hand:
    then, and where such a beginning was all there was, the answer is not complete.
    """
    where = {_module(name): name for name in sorted(names, key=lambda name: name.endswith(".py")) if _module(name)}
    ways: dict[str, Way] = {}
    queue = [(top, Way.SURE) for top in _tops(where)]
    complete, opens = True, False
    while queue:
        module, way = queue.pop()
        if module not in where or ways.get(module, -1) >= way:
            continue
        if len(ways) >= _MOST_MODULES:
            complete = False
            break
        ways[module] = way
        file = where[module]
        if not file.endswith(".py"):
            continue
        text = read(file)
        found = None if text is None else _imports(text, module, file.endswith("/__init__.py"))
        if found is None:
            complete = False
            continue
        complete = complete and file not in partly and _BY_NAME.search(text or "") is None
        opens = opens or (way is Way.SURE and _OPENS.search(text or "") is not None)
        for name, next_way in found:
            queue += [(parent, min(way, next_way)) for parent in _parents(name)]
    return Loaded(
        {where[module]: way for module, way in ways.items() if not where[module].endswith(".py")},
        complete,
        opens,
    )


def _module(name: str) -> str:
    """The dotted name of a module, "" for another file."""
    if name.endswith("/__init__.py"):
        stem = name.removesuffix("/__init__.py")
    elif name.endswith(".py"):
        stem = name.removesuffix(".py")
    elif (suffix := _SUFFIX.search(name)) is not None:
        stem = name[: suffix.start()]
    else:
        return ""
    parts = stem.split("/")
    # purelib and platlib of a wheel's .data folder lie at the top once they are installed
    if parts[0].endswith(".data") and parts[1:2] in (["purelib"], ["platlib"]):
        parts = parts[2:]
    return ".".join(parts) if all(part.isidentifier() for part in parts) else ""


def _tops(where: Iterable[str]) -> list[str]:
    """The modules that a user imports: those at the top, private ones only where there are no others."""
    tops = sorted({module.partition(".")[0] for module in where})
    public = [top for top in tops if not top.startswith("_") and top not in ("tests", "test", "docs", "examples")]
    return public or tops


def _parents(module: str) -> list[str]:
    parts = module.split(".")
    return [".".join(parts[:length]) for length in range(1, len(parts) + 1)]


def _imports(text: str, module: str, package: bool) -> list[tuple[str, Way]] | None:
    """What a module imports while it is imported itself, and how; None where it cannot be read."""
    try:
        tree = parsed(text)
    except (SyntaxError, ValueError):
        return None
    home = module if package else module.rpartition(".")[0]
    return list(_of_block(tree.body, home, Way.SURE, 0))


def _of_block(body: Iterable[ast.stmt], home: str, way: Way, depth: int) -> Iterator[tuple[str, Way]]:
    if depth > _DEEPEST:
        return
    maybe = min(way, Way.MAYBE)
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, way
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, home)
            if base is not None:
                yield base, way
                for alias in node.names:
                    yield f"{base}.{alias.name}".lstrip("."), way
        elif isinstance(node, ast.If) and home and _asks_for_package(node.test):
            yield from _of_block(node.body, home, way, depth + 1)
        elif isinstance(node, ast.If | ast.For | ast.AsyncFor | ast.While):
            yield from _of_block([*node.body, *node.orelse], home, maybe, depth + 1)
        elif isinstance(node, ast.Try):
            yield from _of_block(node.body, home, Way.BORNE if _bears(node) else way, depth + 1)
            yield from _of_block(
                [*node.orelse, *(part for each in node.handlers for part in each.body)], home, maybe, depth + 1
            )
            yield from _of_block(node.finalbody, home, way, depth + 1)
        elif isinstance(node, ast.With | ast.AsyncWith | ast.ClassDef):
            yield from _of_block(node.body, home, way, depth + 1)


def _asks_for_package(test: ast.expr) -> bool:
    """Whether a condition holds in any module of a package, as SWIG writes it: ``__package__ or "." in __name__``."""
    asked = test.values if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or) else [test]
    return any(isinstance(part, ast.Name) and part.id == "__package__" for part in asked)


def _bears(node: ast.Try) -> bool:
    """Whether a module goes on where an import in the ``try`` fails: a handler catches that, and does not raise."""
    for handler in node.handlers:
        kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
        caught = {kind.id for kind in kinds if isinstance(kind, ast.Name)}
        if handler.type is None or caught & {"ImportError", "OSError", "Exception", "BaseException"}:
            return not any(isinstance(part, ast.Raise) for statement in handler.body for part in ast.walk(statement))
    return False


def _base(node: ast.ImportFrom, home: str) -> str | None:
    """The module that a ``from`` names, None where it leads out of the package."""
    if not node.level:
        return node.module
    parts = home.split(".") if home else []
    if node.level - 1 > len(parts):
        return None
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *(node.module.split(".") if node.module else [])])
