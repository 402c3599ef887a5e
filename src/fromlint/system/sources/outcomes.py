"""What the statements of a build script lead to, without following them: an end, or going on after a failure."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from fromlint.regex import regex
from fromlint.system.sources.values import Class, Function

# Whoever catches only these does not bear that a program fails.
_HARMLESS = regex(
    r"(Import|ModuleNotFound|Key|Index|Value|Attribute|Name|Type|Lookup|NotImplemented|Unicode\w*|Syntax)Error"
    r"|KeyboardInterrupt|StopIteration|DeprecationWarning"
)
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def fails(body: Iterable[ast.stmt], depth: int = 0) -> bool:
    """Whether statements surely end in an exception or an exit."""
    for statement in body:
        if isinstance(statement, ast.Raise):
            return True
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in ("exit", "_exit", "abort"):
                return True
        elif isinstance(statement, ast.If) and depth < 20:
            both = (statement.body, statement.orelse)
            if all(fails(part, depth + 1) for part in both):
                return True
        if any(isinstance(node, ast.Return | ast.Break | ast.Continue) for node in walked(statement)):
            return False
    return False


def ends(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing after the statements is run."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise)


def _caught(handler: ast.ExceptHandler) -> list[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "") for kind in kinds if kind]


def bears(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets the script go on after a program or a compiler failed."""
    names = _caught(handler)
    if names and all(_HARMLESS.fullmatch(name) for name in names):
        return False
    return not fails(handler.body)


def catches_imports(handler: ast.ExceptHandler) -> bool:
    names = _caught(handler)
    return handler.type is None or any(name in _IMPORT_ERRORS for name in names)


def catches_missing_members(handler: ast.ExceptHandler) -> bool:
    """Whether it is there for an attribute that an object does not have yet."""
    return "AttributeError" in _caught(handler)


def bears_failure(command: Class) -> bool:
    """Whether a ``build_ext`` goes on where compiling fails: it catches that, and does not raise again."""
    if not command.descends("build_ext"):
        return False
    for member in command.members.values():
        if not isinstance(member, Function) or isinstance(member.node, ast.Lambda):
            continue
        if member.node.name not in ("run", "build_extension", "build_extensions"):
            continue
        for node in walked(member.node):
            if (
                isinstance(node, ast.Try)
                and _builds(node.body)
                and any(_goes_on(part, command) for part in node.handlers)
            ):
                return True
    return False


def walked(function: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in ast.walk(function):
        found.append(node)
        if len(found) > 5_000:
            break
    return found


def _builds(body: Sequence[ast.stmt]) -> bool:
    for statement in body:
        for node in walked(statement):
            called = node.func if isinstance(node, ast.Call) else None
            if isinstance(called, ast.Attribute) and called.attr in ("run", "build_extension", "build_extensions"):
                return True
    return False


def _goes_on(handler: ast.ExceptHandler, command: Class) -> bool:
    """Whether a handler neither raises again nor calls a method that does nothing else."""
    if not bears(handler):
        return False
    for statement in handler.body:
        if isinstance(statement, ast.If) and fails(statement.body) and "optional" in ast.dump(statement.test):
            # setuptools' own way: only what is marked so may fail
            return False
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            method = command.find(called.attr) if isinstance(called, ast.Attribute) else None
            if isinstance(method, Function) and not isinstance(method.node, ast.Lambda) and fails(method.node.body):
                return False
    return True


def picks(command: Class) -> bool:
    """Whether a ``build_ext`` decides by itself which of its extensions it builds."""
    method = command.members.get("build_extensions")
    if not command.descends("build_ext") or not isinstance(method, Function):
        return False
    for node in walked(method.node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "remove" in node.func.attr:
            return True
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "extensions":
                    return True
    return False
