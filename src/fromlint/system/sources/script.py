"""A build script (setup.py, a cffi module) read without running it: what it makes, calls and looks for on Linux.

The script's syntax tree is followed statement by statement, as CPython on x86-64 Linux would run it in a clean build
environment, on values of our own (`values`): plain ones that are known, and stand-ins for all others. Nothing of the
script is executed; the few functions that have an effect here (joining texts, looking for a file of the sdist) are
ours, and every one is bounded. A condition that cannot be decided is followed both ways, and what is met there is not
sure. Programs that the script runs are taken to succeed: what is wanted is what a build that passes needs.
"""

from __future__ import annotations

import ast
import contextlib
import re
import sys
import warnings
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any

from fromlint.system.sources import builtin
from fromlint.system.sources.values import (
    UNKNOWN,
    Class,
    Extension,
    Function,
    Instance,
    Likely,
    Module,
    Perhaps,
    Scope,
    Symbol,
    Unknown,
    truth,
)

_MOST_STEPS = 60_000
_MOST_STEPS_OF_A_MODULE = 10_000
_DEEPEST = 110
_MOST_TURNS = 300
_MOST_MODULES = 30
_LONGEST_SCRIPT = 400_000

_NOT_ON_LINUX = frozenset({"winreg", "_winreg", "msvcrt", "nt", "_winapi", "winsound", "msilib", "java", "win32api"})
_GONE = frozenset({"ConfigParser", "commands", "__builtin__", "urllib2", "StringIO", "cStringIO"})
_ALWAYS = frozenset({"setuptools", "pkg_resources", "distutils", "_distutils_hack", "wheel", "pip"})
# The distribution that brings a module, where it is not called like the module.
_BRINGS = {"skbuild": "scikit-build", "mypyc": "mypy", "Crypto": "pycryptodome", "yaml": "pyyaml", "git": "gitpython"}
# Whoever catches only these does not bear that a program fails.
_HARMLESS = re.compile(
    r"(Import|ModuleNotFound|Key|Index|Value|Attribute|Name|Type|Lookup|NotImplemented|Unicode\w*|Syntax)Error"
    r"|KeyboardInterrupt|StopIteration|DeprecationWarning"
)
_IMPORT_ERRORS = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_COMMANDS = frozenset(
    {"build_ext", "build", "build_py", "build_clib", "build_rust", "install", "bdist_wheel", "install_lib", "egg_info"}
)
_METHODS = ("initialize_options", "finalize_options", "run", "build_extensions", "build_extension", "build_libraries")


class _Control(Exception):
    """Something that leaves the ordinary order of statements."""


class _Returned(_Control):
    def __init__(self, value: Any) -> None:
        self.value = value


class _Raised(_Control):
    """The script raises or exits."""


class _NoModule(_Raised):
    """An import of what the build environment does not have."""


class _Loop(_Control):
    """``break`` or ``continue``."""


class _TooMuch(Exception):
    """More steps than a build script takes."""


class Script:
    """Follows one build script and the modules of the sdist that it imports.

    ``extensions`` are those that were made, ``used`` those that a ``setup`` call was given, ``uses`` what was looked
    for outside by kind and name, with whether that is sure. ``fallback``: without a compiler it installs itself all the
    same. ``picks``: its ``build_ext`` decides which extensions it builds. ``unclear``: a ``setup`` call's extensions are not known. ``requires`` are its ``setup_requires``.
    """

    def __init__(
        self, names: Collection[str], read: Callable[[str], str | None], available: Collection[str], root: str = ""
    ) -> None:
        """``names`` and ``read``: the sdist's files; ``available``: the normalised names of what it builds with."""
        self.names = names
        self.extensions: list[Extension] = []
        self.used: list[Extension] = []
        self.uses: dict[tuple[str, str], bool] = {}
        self.requires: list[str] = []
        self.notes: list[str] = []
        self.fallback = False
        self.picks = False
        self.unclear = False
        self.setups = 0
        self.sure = True
        self._read = read
        self._available = available
        self._folders = [root]
        self._modules: dict[str, Module] = {}
        self._commands: list[Class] = []
        self._steps = 0
        self._limit = _MOST_STEPS
        self._depth = 0
        self._borne = 0
        self._catching = 0
        self._tries = 0
        self._perhaps_returned: _Returned | None = None
        self._calling: list[ast.AST] = []
        self._fatal: set[tuple[str, str]] = set()

    # --- the way in -------------------------------------------------------------------------------------------

    def follow(self, path: str, call: str | None = None, arguments: Sequence[Any] = ()) -> bool:
        """Follow a script, and then a function of it. False where it cannot be read."""
        text = self._read(path)
        tree = _parse(text)
        if tree is None:
            return False
        scope = Scope()
        scope.names["__file__"] = path
        scope.names["__name__"] = "__main__"
        try:
            self._settled(tree.body, scope)
            function = scope.get(call) if call else None
            if isinstance(function, Function):
                self._call(function, list(arguments), {})
            self._run_commands()
        except _TooMuch:
            self.notes.append("its build script does more than can be followed")
        except (_Control, RecursionError):
            pass
        return True

    def _settled(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Follow the top level of a module."""
        with contextlib.suppress(_Control):
            self._block(body, scope, top=True)

    def use(self, kind: str, name: str, sure: bool = True) -> None:
        """Take down that something outside is looked for."""
        name = name.strip()
        if name and len(name) < 100 and len(self.uses) < 1_000:
            sure = sure and self.sure and not self._borne and not isinstance(name, Perhaps)
            self.uses[kind, str(name)] = self.uses.get((kind, str(name)), False) or sure

    def _run_commands(self) -> None:
        """What the build's own commands do (``cmdclass``), and make."""
        made = len(self.extensions)
        for command in dict.fromkeys(self._commands):
            self.fallback = self.fallback or _bears_failure(command)
            self.picks = self.picks or _picks(command)
            this = Instance(command)
            for name in _METHODS:
                method = command.members.get(name)
                if isinstance(method, Function):
                    wanted = len(getattr(method.node.args, "args", ())) - 1
                    try:
                        self._call(Function(method.node, method.scope, this), [UNKNOWN] * max(0, min(wanted, 3)), {})
                    except _Control:
                        continue
        if self.used:
            self.used += [extension for extension in self.extensions[made:] if extension not in self.used]

    def finish(self, arguments: dict[str, Any]) -> None:
        """Take what a backend's hook was handed, and changed, as the arguments of ``setup``."""
        self._setup(arguments, False)
        self._run_commands()

    # --- statements -------------------------------------------------------------------------------------------

    def _step(self) -> None:
        self._steps += 1
        if self._steps > self._limit:
            raise _TooMuch

    def _block(self, body: Sequence[ast.stmt], scope: Scope, top: bool = False) -> None:
        """Follow statements. At the top of a module a raise before anything was set up was misread: it goes on."""
        for number, statement in enumerate(body):
            self._step()
            self._depth += 1
            try:
                if self._depth > _DEEPEST:
                    raise _TooMuch
                if isinstance(statement, ast.If):
                    self._if(statement, body[number + 1 :], scope)
                else:
                    self._statement(statement, scope)
            except _Raised:
                if not top or self.setups or self._catching:
                    raise
            finally:
                self._depth -= 1

    def _statement(self, node: ast.stmt, scope: Scope) -> None:
        if isinstance(node, ast.Expr):
            self._value(node.value, scope)
        elif isinstance(node, ast.Assign):
            value = self._value(node.value, scope)
            for target in node.targets:
                self._assign(target, value, scope)
        elif isinstance(node, ast.AnnAssign):
            if node.value is not None:
                self._assign(node.target, self._value(node.value, scope), scope)
        elif isinstance(node, ast.AugAssign):
            self._add_to(node, scope)
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            scope.names[node.name] = Function(node, scope)
        elif isinstance(node, ast.ClassDef):
            self._class(node, scope)
        elif isinstance(node, ast.Import | ast.ImportFrom):
            self._import(node, scope)
        elif isinstance(node, ast.Try):
            self._try(node, scope)
        elif isinstance(node, ast.For | ast.AsyncFor):
            self._for(node, scope)
        elif isinstance(node, ast.While):
            self._perhaps(node.body, scope)
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                value = self._value(item.context_expr, scope)
                if item.optional_vars is not None:
                    self._assign(item.optional_vars, value, scope)
            self._block(node.body, scope)
        elif isinstance(node, ast.Return):
            raise _Returned(self._value(node.value, scope) if node.value is not None else None)
        elif isinstance(node, ast.Raise):
            raise _Raised
        elif isinstance(node, ast.Break | ast.Continue):
            raise _Loop
        elif isinstance(node, ast.Delete):
            for target in node.targets:
                if isinstance(target, ast.Subscript):
                    holder, key = self._value(target.value, scope), self._value(target.slice, scope)
                    if isinstance(holder, dict) and isinstance(key, str):
                        holder.pop(key, None)
        elif isinstance(node, ast.Match):
            for case in node.cases:
                self._perhaps(case.body, scope)

    def _if(self, node: ast.If, rest: Sequence[ast.stmt], scope: Scope) -> None:
        value = self._value(node.test, scope)
        answer = truth(value)
        if answer is None:
            otherwise = node.orelse or (rest if _ends(node.body) else [])
            if _fails(otherwise):
                answer = True
            elif _fails(node.body):
                answer = False
            if isinstance(value, Likely) and answer is not None and answer is not value.negated:
                self._fatal.update(value.uses)
                for kind, name in value.uses:
                    self.use(kind, name)
        if answer is not None:
            self._block(node.body if answer else node.orelse, scope)
            return
        left = []
        for part in (node.body, node.orelse):
            left.append(self._perhaps(part, scope))
            if isinstance(value, Likely):
                # Without it the script would end elsewhere.
                for kind, name in self._fatal.intersection(value.uses):
                    self.use(kind, name)
        if all(left):
            ends = [end for end in left if end is not None]
            returned = [end for end in ends if isinstance(end, _Returned)]
            raise next((end for end in returned if not isinstance(end.value, Unknown)), (returned or ends)[0])

    def _perhaps(self, body: Sequence[ast.stmt], scope: Scope) -> _Control | None:
        """Follow statements that may not be run; gives what left them early, if anything did."""
        before, self.sure = self.sure, False
        try:
            self._block(body, scope)
        except _Control as end:
            if isinstance(end, _Returned):
                self._perhaps_returned = end
            return end
        finally:
            self.sure = before
        return None

    def _try(self, node: ast.Try, scope: Scope) -> None:
        bears = any(_bears(handler) for handler in node.handlers)
        catches = any(_catches_imports(handler) for handler in node.handlers)
        setups = self.setups
        self._borne += bears
        self._catching += catches
        self._tries += bool(node.handlers)
        ended: _Control | None = None
        try:
            self._block(node.body, scope)
        except _NoModule as end:
            ended = end
        except _Raised as end:
            ended = end
        finally:
            self._borne -= bears
            self._catching -= catches
            self._tries -= bool(node.handlers)
        if self.setups > setups and bears:
            tried = self.setups
            for handler in node.handlers:
                self._perhaps(handler.body, scope)
            self.fallback = self.fallback or self.setups > tried
        elif isinstance(ended, _NoModule) and catches:
            self._handle([handler for handler in node.handlers if _catches_imports(handler)], scope)
        elif ended is not None:
            if not node.handlers:
                self._block(node.finalbody, scope)
                raise ended
            self._handle(node.handlers, scope)
        else:
            self._block(node.orelse, scope)
        self._block(node.finalbody, scope)

    def _handle(self, handlers: Sequence[ast.ExceptHandler], scope: Scope) -> None:
        if handlers:
            if handlers[0].name:
                scope.names[handlers[0].name] = UNKNOWN
            self._block(handlers[0].body, scope)

    def _for(self, node: ast.For | ast.AsyncFor, scope: Scope) -> None:
        values = builtin.items(self._value(node.iter, scope))
        if values is None:
            self._assign(node.target, UNKNOWN, scope)
            self._perhaps(node.body, scope)
        else:
            for value in values[:_MOST_TURNS]:
                self._assign(node.target, value, scope)
                try:
                    self._block(node.body, scope)
                except _Loop:
                    continue
        self._block(node.orelse, scope)

    def _class(self, node: ast.ClassDef, scope: Scope) -> None:
        made = Class(node, scope, tuple(self._value(base, scope) for base in node.bases))
        inner = Scope(scope)
        self._settled(node.body, inner)
        made.members = inner.names
        scope.names[node.name] = made

    def _import(self, node: ast.Import | ast.ImportFrom, scope: Scope) -> None:
        if isinstance(node, ast.Import):
            for alias in node.names:
                module = self._module(alias.name)
                if alias.asname is None and "." in alias.name:
                    module = self._module(alias.name.partition(".")[0])
                scope.names[alias.asname or alias.name.partition(".")[0]] = module
            return
        path = ("." * node.level) + (node.module or "")
        module = self._module(path)
        for alias in node.names:
            bound: Any = UNKNOWN
            if isinstance(module, Module):
                bound = module.names.get(alias.name)
                if bound is None:
                    bound = self._module(f"{path}.{alias.name}") if alias.name != "*" else UNKNOWN
                if alias.name == "*":
                    scope.names.update(module.names)
            elif isinstance(module, Symbol):
                bound = builtin.constant(f"{module.name}.{alias.name}")
                if bound is None:
                    bound = Symbol(f"{module.name}.{alias.name}", imported=True)
            if alias.name != "*":
                scope.names[alias.asname or alias.name] = bound

    def _module(self, name: str) -> Any:
        """A module by name: one of the sdist is followed. Raises _NoModule where that would be caught."""
        top = name.lstrip(".").partition(".")[0]
        inside = self._inside(name.lstrip("."))
        if inside is not None and top not in _ALWAYS:
            return self._follow_module(inside)
        there = (top in sys.stdlib_module_names and top not in _NOT_ON_LINUX) or top in _ALWAYS
        there = there or self._brought(top) or (top not in _GONE and self._has_package(top))
        if not there:
            if self._catching:
                raise _NoModule
            if top not in _NOT_ON_LINUX | _GONE and len(self.notes) < 20:
                self.notes.append(f"its build script imports {top[:40]}, which build-system.requires does not bring")
        return Symbol(name.lstrip("."), imported=True)

    def _brought(self, top: str) -> bool:
        name = _BRINGS.get(top, top).lower().replace("_", "-")
        return name in self._available or (name == "numpy" and "oldest-supported-numpy" in self._available)

    def _has_package(self, top: str) -> bool:
        return any(f"{_under(folder, top)}/__init__.py" in self.names for folder in self._folders)

    def _inside(self, name: str) -> str | None:
        for folder in self._folders:
            path = _under(folder, name.replace(".", "/"))
            for candidate in (f"{path}.py", f"{path}/__init__.py"):
                if candidate in self.names:
                    return candidate
        return None

    def _follow_module(self, path: str) -> Any:
        if path in self._modules:
            return self._modules[path]
        module = self._modules[path] = Module({})
        tree = _parse(self._read(path)) if len(self._modules) <= _MOST_MODULES else None
        if tree is not None:
            scope = Scope()
            scope.names["__file__"] = path
            scope.names["__name__"] = path.removesuffix(".py").replace("/", ".")
            module.names = scope.names
            caught, self._catching = self._catching, 1
            limit, self._limit = self._limit, min(self._limit, self._steps + _MOST_STEPS_OF_A_MODULE)
            try:
                self._settled(tree.body, scope)
            except _TooMuch:
                # the script itself goes on without the rest of it
                if self._steps > limit:
                    raise
            finally:
                self._catching = caught
                self._limit = limit
        return module

    # --- assignment -------------------------------------------------------------------------------------------

    def _assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            known = scope.names.get(target.id)
            if not self.sure and isinstance(value, Unknown) and known is not None:
                return
            scope.names[target.id] = self._mark(value)
        elif isinstance(target, ast.Tuple | ast.List):
            values = builtin.items(value)
            for number, part in enumerate(target.elts):
                fits = values is not None and len(values) == len(target.elts)
                self._assign(part, values[number] if fits and values is not None else UNKNOWN, scope)
        elif isinstance(target, ast.Attribute):
            holder = self._value(target.value, scope)
            if isinstance(holder, Extension | Instance):
                holder.fields[target.attr] = self._mark(value)
        elif isinstance(target, ast.Subscript):
            holder, key = self._value(target.value, scope), self._value(target.slice, scope)
            if isinstance(holder, dict) and isinstance(key, str) and len(holder) < 1_000:
                holder[key] = self._mark(value)
        elif isinstance(target, ast.Starred):
            self._assign(target.value, UNKNOWN, scope)

    def _mark(self, value: Any) -> Any:
        """The value; its texts as Perhaps where it is not sure that it is put in place."""
        if self.sure:
            return value
        if isinstance(value, str):
            return Perhaps(value)
        if isinstance(value, list | tuple) and all(isinstance(item, str) for item in value):
            return [Perhaps(item) for item in value]
        return value

    def _add_to(self, node: ast.AugAssign, scope: Scope) -> None:
        added = self._value(node.value, scope)
        old = self._value(node.target, scope)
        if not isinstance(node.op, ast.Add):
            return
        if isinstance(old, list):
            builtin.extend(old, self._mark(added))
        else:
            self._assign(node.target, builtin.plus(old, added), scope)

    # --- expressions ------------------------------------------------------------------------------------------

    def _value(self, node: ast.expr, scope: Scope) -> Any:
        self._step()
        self._depth += 1
        try:
            if self._depth > _DEEPEST:
                return UNKNOWN
            return self._evaluated(node, scope)
        finally:
            self._depth -= 1

    def _evaluated(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.Constant):
            return node.value
        if isinstance(node, ast.Name):
            return scope.get(node.id) if scope.has(node.id) else Symbol(node.id)
        if isinstance(node, ast.Call):
            return self._call_node(node, scope)
        if isinstance(node, ast.Attribute):
            return self._attribute(self._value(node.value, scope), node.attr)
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            return self._sequence(node, scope)
        if isinstance(node, ast.Dict):
            return self._mapping(node, scope)
        if isinstance(node, ast.BoolOp):
            return self._logic(node, scope)
        if isinstance(node, ast.UnaryOp):
            return self._unary(node, scope)
        if isinstance(node, ast.Compare):
            return self._compare(node, scope)
        if isinstance(node, ast.BinOp):
            left, right = self._value(node.left, scope), self._value(node.right, scope)
            if isinstance(node.op, ast.Add):
                return builtin.plus(left, right)
            if isinstance(node.op, ast.Mod):
                return builtin.formatted(left, right)
            if isinstance(node.op, ast.Div):
                return builtin.joined([left, right])
            return UNKNOWN
        if isinstance(node, ast.IfExp):
            answer = truth(self._value(node.test, scope))
            if answer is None:
                first, second = self._value(node.body, scope), self._value(node.orelse, scope)
                return first if not isinstance(first, Unknown) else second
            return self._value(node.body if answer else node.orelse, scope)
        if isinstance(node, ast.JoinedStr):
            parts = [self._value(part, scope) for part in node.values]
            return "".join(parts) if all(isinstance(part, str) for part in parts) else UNKNOWN
        if isinstance(node, ast.FormattedValue):
            value = self._value(node.value, scope)
            return str(value) if isinstance(value, str | int) and node.format_spec is None else UNKNOWN
        if isinstance(node, ast.Subscript):
            holder, key = self._value(node.value, scope), self._key(node.slice, scope)
            return self._surely(lambda: builtin.item(holder, key))
        if isinstance(node, ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp):
            return self._comprehension(node, scope)
        if isinstance(node, ast.Lambda):
            return Function(node, scope)
        if isinstance(node, ast.NamedExpr):
            value = self._value(node.value, scope)
            self._assign(node.target, value, scope)
            return value
        return UNKNOWN

    def _key(self, node: ast.expr, scope: Scope) -> Any:
        if isinstance(node, ast.Slice):
            parts = [None if part is None else self._value(part, scope) for part in (node.lower, node.upper, node.step)]
            whole = all(part is None or (isinstance(part, int) and part != 0) or part == 0 for part in parts)
            return slice(*parts) if whole and parts[2] != 0 else UNKNOWN
        return self._value(node, scope)

    def _sequence(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> list[Any] | tuple[Any, ...]:
        found: list[Any] = []
        for part in node.elts:
            if isinstance(part, ast.Starred):
                found += builtin.items(self._value(part.value, scope)) or [UNKNOWN]
            else:
                found.append(self._value(part, scope))
        return tuple(found) if isinstance(node, ast.Tuple) else found

    def _mapping(self, node: ast.Dict, scope: Scope) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, part in zip(node.keys, node.values, strict=True):
            value = self._value(part, scope)
            if key is None:
                found.update(value if isinstance(value, dict) else {})
                continue
            name = self._value(key, scope)
            if isinstance(name, str):
                found[name] = value
        return found

    def _logic(self, node: ast.BoolOp, scope: Scope) -> Any:
        both = isinstance(node.op, ast.And)
        open_answers: list[Any] = []
        last: Any = UNKNOWN
        for part in node.values:
            last = self._value(part, scope)
            answer = truth(last)
            if answer is None:
                open_answers.append(last)
            elif answer is not both:
                if not open_answers:
                    return last
                return last if both is (answer is False) else UNKNOWN
        if not open_answers:
            return last
        return open_answers[0] if len(open_answers) == 1 and isinstance(open_answers[0], Likely) else UNKNOWN

    def _unary(self, node: ast.UnaryOp, scope: Scope) -> Any:
        value = self._value(node.operand, scope)
        if isinstance(node.op, ast.Not):
            if isinstance(value, Likely):
                return Likely(value.uses, not value.negated)
            answer = truth(value)
            return UNKNOWN if answer is None else not answer
        if isinstance(node.op, ast.USub) and isinstance(value, int) and not isinstance(value, bool):
            return -value
        return UNKNOWN

    def _compare(self, node: ast.Compare, scope: Scope) -> Any:
        values = [self._value(part, scope) for part in (node.left, *node.comparators)]
        if len(values) != 2:
            return UNKNOWN
        return builtin.compared(values[0], node.ops[0], values[1])

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp, scope: Scope) -> Any:
        inner = Scope(scope)
        found: list[Any] = []
        complete = self._turns(node, list(node.generators), inner, found)
        if isinstance(node, ast.DictComp):
            pairs = [pair for pair in found if isinstance(pair[0], str)]
            return dict(pairs)
        return found if complete else [*found, UNKNOWN]

    def _turns(
        self,
        node: ast.ListComp | ast.GeneratorExp | ast.SetComp | ast.DictComp,
        generators: list[ast.comprehension],
        scope: Scope,
        found: list[Any],
    ) -> bool:
        if not generators:
            if isinstance(node, ast.DictComp):
                found.append((self._value(node.key, scope), self._value(node.value, scope)))
            else:
                found.append(self._value(node.elt, scope))
            return True
        generator = generators[0]
        values = builtin.items(self._value(generator.iter, scope))
        complete = values is not None
        for value in (values if values is not None else [UNKNOWN])[:_MOST_TURNS]:
            self._assign(generator.target, value, scope)
            answers = [truth(self._value(condition, scope)) for condition in generator.ifs]
            if False not in answers:
                complete = self._turns(node, generators[1:], scope, found) and complete
        return complete

    def _attribute(self, value: Any, name: str) -> Any:
        if isinstance(value, Symbol):
            known = builtin.constant(f"{value.name}.{name}")
            return Symbol(f"{value.name}.{name}") if known is None else known
        if isinstance(value, Module):
            return value.names.get(name, UNKNOWN)
        if isinstance(value, Extension):
            return value.fields.setdefault(name, []) if name in _LISTS else value.fields.get(name, UNKNOWN)
        if isinstance(value, Class | Instance):
            return _member(value, name)
        if isinstance(value, str) and name in ("parent", "name", "stem", "suffix"):
            return builtin.path_part(value, name)
        if isinstance(value, tuple) and name in builtin.UNAME:
            return value[builtin.UNAME.index(name)] if len(value) > 4 else UNKNOWN
        return UNKNOWN

    # --- calls ------------------------------------------------------------------------------------------------

    def _call_node(self, node: ast.Call, scope: Scope) -> Any:
        arguments: list[Any] = []
        for part in node.args:
            if isinstance(part, ast.Starred):
                arguments += builtin.items(self._value(part.value, scope)) or [UNKNOWN]
            else:
                arguments.append(self._value(part, scope))
        named: dict[str, Any] = {}
        for keyword in node.keywords:
            value = self._value(keyword.value, scope)
            if keyword.arg is not None:
                named[keyword.arg] = value
            elif isinstance(value, dict):
                named.update(value)
        if isinstance(node.func, ast.Attribute):
            holder = self._value(node.func.value, scope)
            method = node.func.attr
            if not isinstance(holder, Symbol | Module | Class | Instance | Extension):
                if self._ffi(method, arguments, named):
                    return UNKNOWN
                return self._surely(lambda: builtin.method(holder, method, arguments, named, self))
            called = self._attribute(holder, method)
            if isinstance(called, Unknown):
                self._ffi(method, arguments, named)
                return UNKNOWN
        else:
            called = self._value(node.func, scope)
        return self._call(called, arguments, named)

    def _surely(self, take: Callable[[], Any]) -> Any:
        """What is taken; where it is surely not there the script raises, if it is ready for that."""
        try:
            return take()
        except builtin.NotThere:
            if self._tries:
                raise _Raised from None
            return UNKNOWN

    def _call(self, called: Any, arguments: list[Any], named: dict[str, Any]) -> Any:
        if isinstance(called, Function):
            return self._function(called, arguments, named)
        if isinstance(called, Class):
            return self._construct(called, arguments, named)
        if isinstance(called, Symbol):
            return self._outside(called, arguments, named)
        return UNKNOWN

    def _function(self, called: Function, arguments: list[Any], named: dict[str, Any]) -> Any:
        self._step()
        if self._depth > _DEEPEST - 20 or self._calling.count(called.node) > 1:
            return UNKNOWN
        inner = Scope(called.scope)
        given = called.node.args
        names = [argument.arg for argument in (*given.posonlyargs, *given.args)]
        values = [called.bound, *arguments] if called.bound is not None else arguments
        for name, default in zip(reversed(names), reversed(given.defaults), strict=False):
            inner.names[name] = self._value(default, called.scope)
        for argument, stated in zip(given.kwonlyargs, given.kw_defaults, strict=True):
            inner.names[argument.arg] = self._value(stated, called.scope) if stated is not None else UNKNOWN
        for name in names:
            inner.names.setdefault(name, UNKNOWN)
        inner.names.update(zip(names, values, strict=False))
        if given.vararg is not None:
            inner.names[given.vararg.arg] = values[len(names) :]
        others = {name: value for name, value in named.items() if name not in inner.names}
        inner.names.update({name: value for name, value in named.items() if name in inner.names})
        if given.kwarg is not None:
            inner.names[given.kwarg.arg] = others
        if isinstance(called.node, ast.Lambda):
            return self._value(called.node.body, inner)
        before, self._perhaps_returned = self._perhaps_returned, None
        self._calling.append(called.node)
        try:
            self._block(called.node.body, inner)
        except _Returned as end:
            return end.value
        except _Loop:
            return UNKNOWN
        except _Raised:
            # It may have returned before, and a build that passes did.
            if self._perhaps_returned is None:
                raise
            return self._perhaps_returned.value
        finally:
            self._perhaps_returned = before
            self._calling.pop()
        return None

    def _construct(self, called: Class, arguments: list[Any], named: dict[str, Any]) -> Any:
        if called.descends("Extension"):
            kind = "cmake" if "cmake" in called.node.name.lower() else "c"
            return self._extension(kind, arguments, named)
        made = Instance(called)
        start = called.find("__init__")
        if isinstance(start, Function):
            self._function(Function(start.node, start.scope, made), arguments, named)
        return made

    def _outside(self, called: Symbol, arguments: list[Any], named: dict[str, Any]) -> Any:
        """A call of something that the sdist does not hold."""
        last, name = called.last, called.name
        if last == "setup" and (called.imported or "." in name):
            self._setup(named, "skbuild" in name)
            return UNKNOWN
        if last == "Extension" or last.endswith("Extension"):
            return self._extension(_KINDS.get(last, "c"), arguments, named)
        if last == "cythonize":
            return self._cythonize(arguments, named)
        if last == "mypycify":
            made = self._extension("mypyc", ["", arguments[0] if arguments else []], {})
            return [made]
        if self._ffi(last, arguments, named):
            return UNKNOWN
        if last in ("exit", "_exit", "quit", "abort") and name.partition(".")[0] in ("sys", "os", "exit", "quit"):
            raise _Raised
        return builtin.called(name, arguments, named, self)

    def _extension(self, kind: str, arguments: list[Any], named: dict[str, Any]) -> Extension:
        fields = dict(named)
        if kind == "rust":
            fields.setdefault("path", arguments[1] if len(arguments) > 1 else "Cargo.toml")
        else:
            fields.setdefault("sources", arguments[1] if len(arguments) > 1 else [])
        made = Extension(kind, fields, self.sure)
        self.extensions.append(made)
        return made

    def _cythonize(self, arguments: list[Any], named: dict[str, Any]) -> list[Any]:
        given = arguments[0] if arguments else named.get("module_list", UNKNOWN)
        found: list[Any] = []
        for part in builtin.items(given) or [given]:
            if isinstance(part, str):
                fields = {"sources": builtin.glob(part, self.names), "language": named.get("language")}
                part = self._extension("cython", [], fields)
            found.append(part)
        return found

    def _ffi(self, method: str, arguments: list[Any], named: dict[str, Any]) -> bool:
        """cffi's ways to say what is compiled: ``set_source(name, text, libraries=…)``, ``verify(text, …)``."""
        if method not in ("set_source", "set_source_pkgconfig", "verify"):
            return False
        texts = [value for value in arguments if isinstance(value, str)]
        text = str(named.get("source", "")) if not texts else max(texts, key=len)
        if method != "verify" and len(arguments) < 2 and "source" not in named:
            return False
        if len(arguments) > 1 and arguments[1] is None:
            return True
        made = Extension("cffi", dict(named), self.sure, text[:_LONGEST_SCRIPT])
        self.extensions.append(made)
        self.used.append(made)
        if method == "set_source_pkgconfig":
            for name in builtin.items(arguments[1]) or ():
                if isinstance(name, str):
                    self.use("pkg-config", name.partition(" ")[0])
        return True

    def _setup(self, named: dict[str, Any], cmake: bool) -> None:
        self.setups += 1
        extensions = named.get("ext_modules")
        self._take(extensions)
        self._take(named.get("rust_extensions"))
        for library in builtin.items(named.get("libraries")) or ():
            parts = builtin.items(library)
            if parts and len(parts) == 2 and isinstance(parts[1], dict):
                self.used.append(Extension("c", parts[1], self.sure))
        if cmake:
            self.used.append(Extension("cmake", {}, self.sure))
        if named.get("configuration") is not None:
            self.unclear = True
        for place in _texts(named.get("cffi_modules")):
            self._cffi_module(place)
        self.requires += [text for text in _texts(named.get("setup_requires")) if not isinstance(text, Perhaps)]
        commands = named.get("cmdclass")
        if isinstance(commands, dict):
            self._commands += [made for name, made in commands.items() if isinstance(made, Class) and name in _COMMANDS]

    def _take(self, value: Any) -> None:
        if value is None:
            return
        values = builtin.items(value)
        if isinstance(value, Extension):
            values = [value]
        if values is None:
            self.unclear = True
            self.used += [made for made in self.extensions if made not in self.used]
            return
        for part in values:
            if isinstance(part, Extension):
                if part not in self.used:
                    part.sure = part.sure and self.sure
                    self.used.append(part)
            elif isinstance(part, list | tuple):
                self._take(part)
            elif not isinstance(part, str):
                self.unclear = True
        if self.unclear:
            self.used += [made for made in self.extensions if made not in self.used]

    def _cffi_module(self, place: str) -> None:
        path = builtin.normal(place.rpartition(":")[0])
        name = place.rpartition(":")[2]
        count = len(self.used)
        folder = path.rpartition("/")[0]
        if path in self.names:
            if folder not in self._folders:
                self._folders.append(folder)
            module = self._follow_module(path)
            made = module.names.get(name) if isinstance(module, Module) else None
            if isinstance(made, Function):
                self._function(made, [], {})
        if len(self.used) == count:
            self.used.append(Extension("cffi", {}, self.sure))

    def look_in(self, folder: str) -> None:
        """Modules are imported from there, too (``sys.path``)."""
        if len(self._folders) < 10 and folder not in self._folders:
            self._folders.append(folder)


_LISTS = frozenset({"sources", "libraries", "include_dirs", "define_macros", "extra_link_args", "extra_objects"})
_KINDS = {"RustExtension": "rust", "CMakeExtension": "cmake", "CUDAExtension": "cuda", "Pybind11Extension": "cxx"}
_KINDS |= {"CppExtension": "cxx", "ParallelCompile": "c", "SipExtension": "cxx"}


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in builtin.items(value) or () if isinstance(item, str)]


def _under(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _member(value: Class | Instance, name: str) -> Any:
    if isinstance(value, Instance):
        if name in value.fields:
            return value.fields[name]
        found = value.of.find(name)
        return Function(found.node, found.scope, value) if isinstance(found, Function) else (found or UNKNOWN)
    return value.find(name) or UNKNOWN


def _parse(text: str | None) -> ast.Module | None:
    if text is None or len(text) > _LONGEST_SCRIPT:
        return None
    with warnings.catch_warnings():
        # a script's bad escapes are no business of whoever reads it
        warnings.simplefilter("ignore")
        try:
            return ast.parse(text)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None


# --- what statements lead to ------------------------------------------------------------------------------------


def _fails(body: Iterable[ast.stmt], depth: int = 0) -> bool:
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
            if all(_fails(part, depth + 1) for part in both):
                return True
        if any(isinstance(node, ast.Return | ast.Break | ast.Continue) for node in _within(statement)):
            return False
    return False


def _ends(body: Sequence[ast.stmt]) -> bool:
    """Whether nothing after the statements is run."""
    return bool(body) and isinstance(body[-1], ast.Return | ast.Raise)


def _caught(handler: ast.ExceptHandler) -> list[str]:
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return [kind.attr if isinstance(kind, ast.Attribute) else getattr(kind, "id", "") for kind in kinds if kind]


def _bears(handler: ast.ExceptHandler) -> bool:
    """Whether a handler lets the script go on after a program or a compiler failed."""
    names = _caught(handler)
    if names and all(_HARMLESS.fullmatch(name) for name in names):
        return False
    return not _fails(handler.body)


def _catches_imports(handler: ast.ExceptHandler) -> bool:
    names = _caught(handler)
    return handler.type is None or any(name in _IMPORT_ERRORS for name in names)


def _bears_failure(command: Class) -> bool:
    """Whether a ``build_ext`` goes on where compiling fails: it catches that, and does not raise again."""
    if not command.descends("build_ext"):
        return False
    for member in command.members.values():
        if not isinstance(member, Function) or isinstance(member.node, ast.Lambda):
            continue
        if member.node.name not in ("run", "build_extension", "build_extensions"):
            continue
        for node in _within(member.node):
            if (
                isinstance(node, ast.Try)
                and _builds(node.body)
                and any(_goes_on(part, command) for part in node.handlers)
            ):
                return True
    return False


def _within(function: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    for node in ast.walk(function):
        found.append(node)
        if len(found) > 5_000:
            break
    return found


def _builds(body: Sequence[ast.stmt]) -> bool:
    for statement in body:
        for node in _within(statement):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in ("run", "build_extension", "build_extensions"):
                    return True
    return False


def _goes_on(handler: ast.ExceptHandler, command: Class) -> bool:
    """Whether a handler neither raises again nor calls a method that does nothing else."""
    if not _bears(handler):
        return False
    for statement in handler.body:
        if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
            called = statement.value.func
            method = command.find(called.attr) if isinstance(called, ast.Attribute) else None
            if isinstance(method, Function) and not isinstance(method.node, ast.Lambda) and _fails(method.node.body):
                return False
    return True


def _picks(command: Class) -> bool:
    """Whether a ``build_ext`` decides by itself which of its extensions it builds."""
    method = command.members.get("build_extensions")
    if not command.descends("build_ext") or not isinstance(method, Function):
        return False
    for node in _within(method.node):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and "remove" in node.func.attr:
            return True
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Attribute) and target.attr == "extensions":
                    return True
    return False
