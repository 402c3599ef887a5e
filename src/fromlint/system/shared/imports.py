"""Which extension modules of a wheel are loaded by importing it: its Python modules followed from the top.

Only what a module does when it is imported counts: statements of functions do not. What stands in a ``try`` or under a
condition may be loaded. A module that imports by name (importlib, ctypes, a lazy loader) leaves the rest open.
"""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import NamedTuple

_BY_NAME = re.compile(
    r"\b(importlib|__import__|import_module|CDLL|cdll|dlopen|pkgutil|runpy|lazy\w*|__getattr__|exec)\b"
)
_SUFFIX = re.compile(r"\.(?:(?:cpython|pypy|abi3)[\w.+-]*\.)?so$")
_MOST_MODULES = 400
_DEEPEST = 50


class Loaded(NamedTuple):
    """``sure`` are the extension modules that the import loads, ``maybe`` those that it may load; ``complete``: no
    others."""

    sure: frozenset[str]
    maybe: frozenset[str]
    complete: bool


def loaded(names: Collection[str], read: Callable[[str], str | None]) -> Loaded:
    """The extension modules (by their names in the wheel) that importing the wheel's top-level modules loads.

    ``read`` gives the text of a Python module, None where it is not at hand: then the answer is not complete.
    """
    where = {_module(name): name for name in sorted(names, key=lambda name: name.endswith(".py")) if _module(name)}
    states: dict[str, bool] = {}
    queue = [(top, True) for top in _tops(where)]
    complete = True
    while queue:
        module, sure = queue.pop()
        if module not in where or states.get(module) is True or (module in states and not sure):
            continue
        if len(states) >= _MOST_MODULES:
            complete = False
            break
        states[module] = sure
        file = where[module]
        if not file.endswith(".py"):
            continue
        text = read(file)
        found = None if text is None else _imports(text, module, file.endswith("/__init__.py"))
        if found is None:
            complete = False
            continue
        complete = complete and _BY_NAME.search(text or "") is None
        for name, certainly in found:
            queue += [(parent, sure and certainly) for parent in _parents(name)]
    modules = {where[module]: sure for module, sure in states.items() if not where[module].endswith(".py")}
    return Loaded(
        frozenset(name for name, sure in modules.items() if sure),
        frozenset(name for name, sure in modules.items() if not sure),
        complete,
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


def _imports(text: str, module: str, package: bool) -> list[tuple[str, bool]] | None:
    """What a module imports while it is imported itself, and whether it surely does; None where it cannot be read."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            tree = ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
    home = module if package else module.rpartition(".")[0]
    return list(_of_block(tree.body, home, True, 0))


def _of_block(body: Iterable[ast.stmt], home: str, sure: bool, depth: int) -> Iterator[tuple[str, bool]]:
    if depth > _DEEPEST:
        return
    for node in body:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, sure
        elif isinstance(node, ast.ImportFrom):
            base = _base(node, home)
            if base is not None:
                yield base, sure
                for alias in node.names:
                    yield f"{base}.{alias.name}".lstrip("."), sure
        elif isinstance(node, ast.If):
            yield from _of_block([*node.body, *node.orelse], home, False, depth + 1)
        elif isinstance(node, ast.Try):
            blocks = [*node.body, *node.orelse, *(part for handler in node.handlers for part in handler.body)]
            yield from _of_block(blocks, home, False, depth + 1)
            yield from _of_block(node.finalbody, home, sure, depth + 1)
        elif isinstance(node, ast.With | ast.AsyncWith | ast.ClassDef):
            yield from _of_block(node.body, home, sure, depth + 1)
        elif isinstance(node, ast.For | ast.AsyncFor | ast.While):
            yield from _of_block([*node.body, *node.orelse], home, False, depth + 1)


def _base(node: ast.ImportFrom, home: str) -> str | None:
    """The module that a ``from`` names, None where it leads out of the package."""
    if not node.level:
        return node.module
    parts = home.split(".") if home else []
    if node.level - 1 > len(parts):
        return None
    parts = parts[: len(parts) - node.level + 1]
    return ".".join([*parts, *(node.module.split(".") if node.module else [])])
