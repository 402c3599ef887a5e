"""A setup.py followed statement by statement, without running it, up to its call of ``setup``."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator, Sequence

from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.requirements.setup_calls import Calls
from fromlint.requirements.setup_values import UNKNOWN, Function, NotPlain, Symbol, Unread

_DEEPEST_CALLS = 10


class SetupCalled(Exception):
    """The script has come to the call of ``setup``; ``names`` are what its names stand for there."""

    def __init__(self, call: ast.Call, names: dict[str, object]) -> None:
        super().__init__()
        self.call = call
        self.names = names


class _Returned(Exception):
    def __init__(self, value: object) -> None:
        super().__init__()
        self.value = value


class _NextTurn(Exception):
    """``continue``."""


class _LoopLeft(Exception):
    """``break``."""


class Script(Calls):
    """Follows statements. What is not surely understood leaves the names that it may change unknown."""

    _calls = 0

    def follow(self, tree: ast.Module) -> tuple[ast.Call | None, dict[str, object]]:
        """The call of ``setup``, None where there is none, and what names stand for when it is made."""
        names: dict[str, object] = {}
        try:
            self._block(tree.body, names)
        except SetupCalled as found:
            return found.call, found.names
        except (_Returned, _NextTurn, _LoopLeft, NotPlain):
            pass
        call = next((node for node in ast.walk(tree) if _calls_setup(node)), None)
        return (call if isinstance(call, ast.Call) else None), names

    def call(self, function: Function, arguments: Sequence[object], named: dict[str, object]) -> object:
        """What a function of the script gives."""
        if self._calls >= _DEEPEST_CALLS:
            raise NotPlain
        given = function.node.args
        names = dict(function.names)
        parameters = [argument.arg for argument in (*given.posonlyargs, *given.args)]
        for name, default in zip(reversed(parameters), reversed(given.defaults), strict=False):
            names[name] = self.maybe(default, function.names)
        for argument, stated in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            names[argument.arg] = self.maybe(stated, function.names) if stated is not None else UNKNOWN
        if len(arguments) > len(parameters) and given.vararg is None:
            raise NotPlain
        names.update(zip(parameters, arguments, strict=False))
        if given.vararg is not None:
            names[given.vararg.arg] = list(arguments[len(parameters) :])
        names.update(named)
        if isinstance(function.node, ast.Lambda):
            return self.value(function.node.body, names)
        self._calls += 1
        try:
            self._block(function.node.body, names, sure=True)
        except _Returned as end:
            if end.value is UNKNOWN:
                raise NotPlain from None
            return end.value
        except (_NextTurn, _LoopLeft):
            raise NotPlain from None
        finally:
            self._calls -= 1
        return None

    # --- statements -------------------------------------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], names: dict[str, object], *, sure: bool = False) -> None:
        """Follow statements. ``sure``: what is not plain is passed on, as part of something larger."""
        for statement in body:
            try:
                self._statement(statement, names)
            except NotPlain:
                if sure:
                    raise
                _forget(statement, names, UNKNOWN)
            except (FileMissing, FileUnknown, FileUnreadable) as error:
                if sure:
                    raise
                _forget(statement, names, Unread(error))

    def _statement(self, node: ast.stmt, names: dict[str, object]) -> None:
        self.spend()
        match node:
            case ast.Expr(value=ast.Call() as call):
                if _calls_setup(call):
                    raise SetupCalled(call, names)
                self.value(call, names)
            case ast.Assign(targets=targets, value=value):
                found = self.maybe(value, names)
                for target in targets:
                    self.bind(target, found, names)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.maybe(value, names), names)
            case ast.AugAssign(target=target, op=ast.Add(), value=value):
                added = self.value(ast.BinOp(target, ast.Add(), value, **_place(node)), names)
                self.bind(target, added, names)
            case ast.With(items=items, body=body):
                for item in items:
                    opened = self.maybe(item.context_expr, names)
                    if item.optional_vars is not None:
                        self.bind(item.optional_vars, opened, names)
                self._block(body, names, sure=self._calls > 0)
            case ast.For(target=target, iter=iterated, body=body):
                self._for(target, self.items(self.value(iterated, names)), body, names)
                self._block(node.orelse, names, sure=True)
            case ast.If(test=test, body=body, orelse=orelse):
                self._block(body if self._decided(test, names) else orelse, names, sure=self._calls > 0)
            case ast.Try():
                self._try(node, names)
            case ast.FunctionDef(name=name):
                names[name] = Function(node, names)
            case ast.Import() | ast.ImportFrom():
                _import(node, names)
            case ast.Return(value=value):
                raise _Returned(self.value(value, names) if value is not None else None)
            case ast.Continue():
                raise _NextTurn
            case ast.Break():
                raise _LoopLeft
            case ast.Expr() | ast.Pass() | ast.Global() | ast.Assert():
                pass
            case _:
                raise NotPlain

    def _decided(self, test: ast.expr, names: dict[str, object]) -> bool:
        match test:
            case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()]):
                return True
        return self.truth(test, names)

    def _for(
        self, target: ast.expr, items: Sequence[object], body: Sequence[ast.stmt], names: dict[str, object]
    ) -> None:
        for item in items:
            self.spend()
            self.bind(target, item, names)
            try:
                self._block(body, names, sure=True)
            except _NextTurn:
                continue
            except _LoopLeft:
                break

    def _try(self, node: ast.Try, names: dict[str, object]) -> None:
        """What is tried is taken to succeed, unless it imports what may not be there."""
        if not all(_standard(module) for statement in node.body for module in _imported(statement)):
            raise NotPlain
        self._block(node.body, names, sure=self._calls > 0)
        self._block(node.orelse, names, sure=self._calls > 0)
        self._block(node.finalbody, names, sure=self._calls > 0)


def _forget(statement: ast.stmt, names: dict[str, object], mark: object) -> None:
    """A statement may have run in part: whatever it may change is ``mark`` from here on."""
    changed: list[object] = []
    bodies: list[ast.AST] = [statement]
    for body in bodies:
        for node in ast.walk(body):
            match node:
                case ast.Name(id=name, ctx=ast.Store() | ast.Del()) | ast.ClassDef(name=name):
                    names[name] = mark
                case ast.Attribute(value=ast.Name(id=name)) | ast.Subscript(value=ast.Name(id=name)):
                    changed.append(names.get(name))
                case ast.Call(func=ast.Name(id=name)):
                    called = names.get(name)
                    if isinstance(called, Function) and called.node not in bodies:
                        bodies.append(called.node)
                    changed.extend(names.get(part.id) for part in node.args if isinstance(part, ast.Name))
    for name, value in names.items():
        if isinstance(value, list | dict) and any(value is one for one in changed):
            names[name] = mark


def _calls_setup(node: ast.AST) -> bool:
    if not isinstance(node, ast.Call):
        return False
    function = node.func
    return (isinstance(function, ast.Name) and function.id == "setup") or (
        isinstance(function, ast.Attribute) and function.attr == "setup"
    )


def _place(node: ast.stmt) -> dict[str, int]:
    return {
        "lineno": node.lineno,
        "col_offset": node.col_offset,
        "end_lineno": node.end_lineno or node.lineno,
        "end_col_offset": node.end_col_offset or node.col_offset,
    }


def _import(node: ast.Import | ast.ImportFrom, names: dict[str, object]) -> None:
    for alias in node.names:
        if isinstance(node, ast.Import):
            top = alias.name.partition(".")[0]
            names[alias.asname or top] = Symbol(alias.name if alias.asname else top)
        else:
            names[alias.asname or alias.name] = Symbol(f"{node.module}.{alias.name}")


def _imported(node: ast.stmt) -> Iterator[str]:
    """The modules that a statement imports."""
    for part in ast.walk(node):
        if isinstance(part, ast.Import):
            yield from (alias.name for alias in part.names)
        elif isinstance(part, ast.ImportFrom):
            yield "." if part.level else part.module or ""


def _standard(module: str) -> bool:
    """Whether a module is there wherever a setup.py is run."""
    top = module.partition(".")[0]
    return top in sys.stdlib_module_names or top in ("setuptools", "distutils", "pkg_resources", "pip")
