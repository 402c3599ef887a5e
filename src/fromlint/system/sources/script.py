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
import posixpath
import sys
from collections.abc import Callable, Collection, Sequence

from fromlint.python_text import parsed
from fromlint.regex import regex
from fromlint.system.sources import builtin, outcomes
from fromlint.system.sources.calls import Calls
from fromlint.system.sources.control import Control, Loop, NoModule, Raised, Returned, TooMuch
from fromlint.system.sources.expressions import DEEPEST, MOST_TURNS
from fromlint.system.sources.values import (
    UNKNOWN,
    Class,
    Function,
    Instance,
    Likely,
    Module,
    Scope,
    Symbol,
    Unknown,
    truth,
)
from fromlint.typed import Any

_MOST_STEPS_OF_A_MODULE = 10_000
_MOST_MODULES = 30
_LONGEST_SCRIPT = 400_000

_NOT_ON_LINUX = frozenset({"winreg", "_winreg", "msvcrt", "nt", "_winapi", "winsound", "msilib", "java", "win32api"})
_OF_PYTHON_2 = frozenset({"ConfigParser", "commands", "__builtin__", "urllib2", "StringIO", "cStringIO"})
# Some Pythons have these, others have not: a build may fail for it.
_PASSING = regex(r"imp|asynchat|asyncore|smtpd|lib2to3|cgi|cgitb|pipes|crypt|telnetlib|nntplib|uu|xdrlib")
# Not pip, which is not in the environment that a build gets of its own.
_ALWAYS = frozenset({"setuptools", "pkg_resources", "distutils", "_distutils_hack", "wheel"})
# The distribution that brings a module, where it is not called like the module.
_BRINGS = {"skbuild": "scikit-build", "mypyc": "mypy", "Crypto": "pycryptodome", "yaml": "pyyaml", "git": "gitpython"}
_METHODS = ("initialize_options", "finalize_options", "run", "build_extensions", "build_extension", "build_libraries")


class Script(Calls):
    """Follows one build script and the modules of the sdist that it imports.

    ``extensions`` are those that were made, ``used`` those that a ``setup`` call was given, ``uses`` what was looked
    for outside by kind and name, with whether that is sure. ``fallback``: without a compiler it installs itself all the
    same. ``picks``: its ``build_ext`` decides which extensions it builds. ``unclear``: a ``setup`` call's extensions
    are not known. ``requires`` are its ``setup_requires``; ``last`` is what the script that was followed last defines.
    """

    def __init__(
        self, names: Collection[str], read: Callable[[str], str | None], available: Collection[str], root: str = ""
    ) -> None:
        """``names`` and ``read``: the sdist's files; ``available``: the normalised names of what it builds with."""
        super().__init__(names, root)
        self.notes: list[str] = []
        self.fallback = False
        self.picks = False
        self.last: dict[str, Any] = {}
        self._read = read
        self._available = available
        self._modules: dict[str, Module] = {}
        self._catching = 0
        self._inside_modules = 0
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
        self.last = scope.names
        try:
            self._settled(tree.body, scope)
            function = scope.get(call) if call else None
            if isinstance(function, Function):
                self._call(function, list(arguments), {})
            self._run_commands()
        except TooMuch:
            self.notes.append("its build script does more than can be followed")
        except (Control, RecursionError):
            pass
        return True

    def _settled(self, body: Sequence[ast.stmt], scope: Scope) -> None:
        """Follow the top level of a module."""
        with contextlib.suppress(Control):
            self._block(body, scope, top=True)

    def _run_commands(self) -> None:
        """What the build's own commands do (``cmdclass``), and make."""
        made = len(self.extensions)
        for command in dict.fromkeys(self._commands):
            self.fallback = self.fallback or outcomes.bears_failure(command)
            self.picks = self.picks or outcomes.picks(command)
            this = Instance(command)
            for name in _METHODS:
                method = command.members.get(name)
                if isinstance(method, Function):
                    wanted = len(getattr(method.node.args, "args", ())) - 1
                    try:
                        self._call(Function(method.node, method.scope, this), [UNKNOWN] * max(0, min(wanted, 3)), {})
                    except Control:
                        continue
        if self.used:
            self.used += [extension for extension in self.extensions[made:] if extension not in self.used]

    def try_all(self, path: str) -> bool:
        """Follow a module and every function of it, of which it is not known whether they are called."""
        if not self.follow(path):
            return False
        with contextlib.suppress(TooMuch, RecursionError):
            for function in list(self.last.values()):
                if isinstance(function, Function) and not isinstance(function.node, ast.Lambda):
                    with contextlib.suppress(Control):
                        self._call(function, [], {})
        return True

    def finish(self, arguments: dict[str, Any]) -> None:
        """Take what a backend's hook was handed, and changed, as the arguments of ``setup``."""
        with contextlib.suppress(Control, TooMuch, RecursionError):
            self._setup(arguments, False)
            self._run_commands()

    # --- statements -------------------------------------------------------------------------------------------

    def _block(self, body: Sequence[ast.stmt], scope: Scope, top: bool = False) -> None:
        """Follow statements. At the top of a module a raise before anything was set up was misread: it goes on."""
        for number, statement in enumerate(body):
            self._step()
            self._depth += 1
            try:
                if self._depth > DEEPEST:
                    raise TooMuch
                if isinstance(statement, ast.If):
                    self._if(statement, body[number + 1 :], scope)
                else:
                    self._statement(statement, scope)
            except Raised:
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
            raise Returned(self._value(node.value, scope) if node.value is not None else None)
        elif isinstance(node, ast.Raise):
            raise Raised
        elif isinstance(node, ast.Break | ast.Continue):
            raise Loop
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
            otherwise = node.orelse or (rest if outcomes.ends(node.body) else [])
            if outcomes.fails(otherwise):
                answer = True
            elif outcomes.fails(node.body):
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
            returned = [end for end in ends if isinstance(end, Returned)]
            raise next((end for end in returned if not isinstance(end.value, Unknown)), (returned or ends)[0])

    def _perhaps(self, body: Sequence[ast.stmt], scope: Scope) -> Control | None:
        """Follow statements that may not be run; gives what left them early, if anything did."""
        before, self.sure = self.sure, False
        try:
            self._block(body, scope)
        except Control as end:
            if isinstance(end, Returned):
                self._perhaps_returned = end
            return end
        finally:
            self.sure = before
        return None

    def _try(self, node: ast.Try, scope: Scope) -> None:
        bears = any(outcomes.bears(handler) for handler in node.handlers)
        catches = any(outcomes.catches_imports(handler) for handler in node.handlers)
        lacks = any(outcomes.catches_missing_members(handler) for handler in node.handlers)
        setups, lacking = self.setups, self._lacking
        self._borne += bears
        self._catching += catches
        self._catching_members += lacks
        self._tries += bool(node.handlers)
        ended: Control | None = None
        try:
            self._block(node.body, scope)
        except NoModule as end:
            ended = end
        except Raised as end:
            ended = end
        finally:
            self._borne -= bears
            self._catching -= catches
            self._catching_members -= lacks
            self._tries -= bool(node.handlers)
        if self.setups > setups and bears:
            tried = self.setups
            for handler in node.handlers:
                self._perhaps(handler.body, scope)
            self.fallback = self.fallback or self.setups > tried
        elif isinstance(ended, NoModule) and catches:
            self._handle([handler for handler in node.handlers if outcomes.catches_imports(handler)], scope)
        elif ended is not None:
            if not node.handlers:
                self._block(node.finalbody, scope)
                raise ended
            self._handle(node.handlers, scope)
        elif bears and not node.orelse and self._lacking > lacking:
            # On an image that has nothing of what was asked for it goes on there.
            self._handle([handler for handler in node.handlers if outcomes.bears(handler)], scope)
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
            for value in values[:MOST_TURNS]:
                self._assign(node.target, value, scope)
                try:
                    self._block(node.body, scope)
                except Loop:
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
        module = self._beside(node, scope) if node.level else self._module(node.module or "")
        for alias in node.names:
            bound: Any = UNKNOWN
            if isinstance(module, Module):
                bound = module.names.get(alias.name)
                if bound is None:
                    bound = self._below(module.folder, alias.name) if module.folder is not None else UNKNOWN
                if alias.name == "*":
                    scope.names.update(module.names)
            elif isinstance(module, Symbol):
                bound = builtin.constant(f"{module.name}.{alias.name}")
                if bound is None:
                    bound = Symbol(f"{module.name}.{alias.name}", imported=True)
            if alias.name != "*":
                scope.names[alias.asname or alias.name] = bound

    def _beside(self, node: ast.ImportFrom, scope: Scope) -> Any:
        """The module that an import names by where it stands: what it does not find is a fault of nothing else."""
        folder = posixpath.dirname(str(scope.get("__file__") or ""))
        for _ in range(node.level - 1):
            folder = posixpath.dirname(folder)
        return self._below(folder, node.module) if node.module else Module({}, folder)

    def _below(self, folder: str, name: str) -> Any:
        """A module of a package, followed; unknown where there is none."""
        path = _under(folder, name.replace(".", "/"))
        found = next((each for each in (f"{path}.py", f"{path}/__init__.py") if each in self.names), None)
        return self._follow_module(found) if found is not None else UNKNOWN

    def _module(self, name: str) -> Any:
        """A module by name: one of the sdist is followed. Raises NoModule where that would be caught."""
        top = name.partition(".")[0]
        inside = self._inside(name)
        if inside is not None and top not in _ALWAYS:
            return self._follow_module(inside)
        there = top in sys.stdlib_module_names and top not in _NOT_ON_LINUX
        passing = top == "pkg_resources" or _PASSING.fullmatch(top) is not None
        there = there or passing or top in _ALWAYS or self._brought(top)
        if not there and self._catching:
            raise NoModule
        if passing or (not there and top not in _NOT_ON_LINUX | _OF_PYTHON_2):
            # what a module of the package itself imports may be wanted only once it is installed
            self.use("module", top, not self._catching and not self._inside_modules)
        return Symbol(name, imported=True)

    def _brought(self, top: str) -> bool:
        name = _BRINGS.get(top, top).lower().replace("_", "-")
        return name in self._available or (name == "numpy" and "oldest-supported-numpy" in self._available)

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
        folder, _, file = path.rpartition("/")
        module = self._modules[path] = Module({}, folder if file == "__init__.py" else None)
        tree = _parse(self._read(path)) if len(self._modules) <= _MOST_MODULES else None
        if tree is not None:
            scope = Scope()
            scope.names["__file__"] = path
            scope.names["__name__"] = path.removesuffix(".py").replace("/", ".")
            module.names = scope.names
            limit, self._limit = self._limit, min(self._limit, self._steps + _MOST_STEPS_OF_A_MODULE)
            self._inside_modules += 1
            try:
                self._block(tree.body, scope, top=True)
            except NoModule:
                if self._catching:
                    raise
            except Control:
                return module
            except TooMuch:
                # the script itself goes on without the rest of it
                if self._steps > limit:
                    raise
            finally:
                self._inside_modules -= 1
                self._limit = limit
        return module


def _under(folder: str, path: str) -> str:
    return f"{folder}/{path}" if folder else path


def _parse(text: str | None) -> ast.Module | None:
    if text is None or len(text) > _LONGEST_SCRIPT:
        return None
    try:
        return parsed(text)
    except (SyntaxError, ValueError):
        return None
