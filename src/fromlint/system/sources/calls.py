"""What a build script's calls make and look for: extension modules, `setup`, programs, libraries."""

from __future__ import annotations

import ast
from collections.abc import Collection, Sequence

from fromlint.system.sources import builtin
from fromlint.system.sources.control import Loop, Raised, Returned
from fromlint.system.sources.expressions import DEEPEST, Expressions
from fromlint.system.sources.facts import USE_2TO3
from fromlint.system.sources.values import (
    UNKNOWN,
    Class,
    Extension,
    Function,
    Instance,
    Module,
    Perhaps,
    Scope,
    Symbol,
    Unknown,
)
from fromlint.typed import Any

_LONGEST_TEXT = 400_000
# Stands for the arguments in ``**`` that are not known.
_MORE = "**"
_LISTS = frozenset({"sources", "libraries", "include_dirs", "define_macros", "extra_link_args", "extra_objects"})
_KINDS = {"RustExtension": "rust", "CMakeExtension": "cmake", "CUDAExtension": "cuda", "Pybind11Extension": "cxx"}
_KINDS |= {"CppExtension": "cxx", "ParallelCompile": "c", "SipExtension": "cxx"}
_COMMANDS = frozenset(
    {"build_ext", "build", "build_py", "build_clib", "build_rust", "install", "bdist_wheel", "install_lib", "egg_info"}
)


class Calls(Expressions):
    """Takes down what calls make and look for. The fields are described in `script.Script`."""

    def __init__(self, names: Collection[str], root: str = "") -> None:
        super().__init__()
        self.names = names
        self.extensions: list[Extension] = []
        self.used: list[Extension] = []
        self.uses: dict[tuple[str, str], bool] = {}
        self.requires: list[str] = []
        self.unclear = False
        self.setups = 0
        self._folders = [root]
        self._commands: list[Class] = []
        self._borne = 0
        self._lacking = 0
        self._perhaps_returned: Returned | None = None
        self._calling: list[ast.AST] = []

    def _block(self, body: Sequence[ast.stmt], scope: Scope, top: bool = False) -> None:
        """Follow statements."""
        raise NotImplementedError

    def _follow_module(self, path: str) -> Any:
        """Follow a module of the sdist."""
        raise NotImplementedError

    def use(self, kind: str, name: str, sure: bool = True) -> None:
        """Take down that something outside is looked for."""
        sure = sure and self.sure and not self._borne and not isinstance(name, Perhaps)
        key = kind, name.strip()
        if 0 < len(key[1]) < 100 and len(self.uses) < 1_000:
            self.uses[key] = self.uses.get(key, False) or sure

    def lack(self) -> None:
        """Take down that the script fails here on an image that has nothing of what is asked for, if that is borne."""
        self._lacking += 1

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
            else:
                named[_MORE] = UNKNOWN
        if isinstance(node.func, ast.Attribute):
            holder = self._value(node.func.value, scope)
            method = node.func.attr
            if not isinstance(holder, Symbol | Module | Class | Instance | Extension):
                if self._ffi(method, arguments, named):
                    return UNKNOWN
                if isinstance(holder, list):
                    arguments = [self._mark(value) for value in arguments]
                return self._surely(lambda: builtin.method(holder, method, arguments, named, self))
            called = self._attribute(holder, method)
            if isinstance(called, Unknown):
                self._ffi(method, arguments, named)
                return UNKNOWN
        else:
            called = self._value(node.func, scope)
        if isinstance(node.func, ast.Name) and node.func.id == "exec":
            # It fills the dictionary that it is handed with what is not known.
            for part in node.args[1:]:
                if isinstance(part, ast.Name):
                    self._assign(part, UNKNOWN, scope)
        return self._call(called, arguments, named)

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
        if self._depth > DEEPEST - 20 or self._calling.count(called.node) > 1:
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
        except Returned as end:
            return end.value
        except Loop:
            return UNKNOWN
        except Raised:
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
            raise Raised
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
        made = Extension("cffi", dict(named), self.sure, text[:_LONGEST_TEXT])
        self.extensions.append(made)
        self.used.append(made)
        if method == "set_source_pkgconfig":
            for name in builtin.items(arguments[1]) or ():
                if isinstance(name, str):
                    self.use("pkg-config", name.partition(" ")[0])
        return True

    def _setup(self, named: dict[str, Any], cmake: bool) -> None:
        self.setups += 1
        # What is made and not seen to be handed on stands among what cannot be seen.
        unseen = UNKNOWN if _MORE in named and self.extensions else None
        self._take(named.get("ext_modules", unseen))
        self._take(named.get("rust_extensions"))
        for library in builtin.items(named.get("libraries")) or ():
            parts = builtin.items(library)
            if parts and len(parts) == 2 and isinstance(parts[1], dict):
                self.used.append(Extension("c", parts[1], self.sure))
        if cmake:
            self.used.append(Extension("cmake", {}, self.sure))
        if named.get("configuration") is not None:
            self.unclear = True
        if named.get("use_2to3") is True:
            self.use("module", USE_2TO3)
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


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in builtin.items(value) or () if isinstance(item, str)]
