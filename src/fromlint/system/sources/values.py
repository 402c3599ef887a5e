"""The values that a build script works with while it is read: Python's own plain ones, and stand-ins for others."""

from __future__ import annotations

import ast

from fromlint.typed import Any


class Unknown:
    """A value that reading cannot know."""

    def __repr__(self) -> str:
        return "UNKNOWN"


UNKNOWN = Unknown()


class Symbol:
    """Something of a module that is not read, by its dotted name: ``setuptools.Extension``, ``os.environ.get``.

    ``imported``: it was named by an import, and so it is there.
    """

    def __init__(self, name: str, imported: bool = False) -> None:
        self.name = name
        self.imported = imported

    @property
    def last(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


class Likely:
    """The answer of a question whose "yes" means that something outside is there: ``pkgconfig.exists("fuse")``.

    ``uses`` become sure where a "no" ends the build.
    """

    def __init__(self, uses: tuple[tuple[str, str], ...], negated: bool = False) -> None:
        self.uses = uses
        self.negated = negated


class Perhaps(str):
    """A text that was put in place under a condition that is not decided."""

    __slots__ = ()


class Function:
    """A function of a script; ``scope`` is where it was defined, ``bound`` its first argument, if any."""

    def __init__(
        self, node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda, scope: Scope, bound: Any = None
    ) -> None:
        self.node = node
        self.scope = scope
        self.bound = bound


class Class:
    """A class of a script."""

    def __init__(self, node: ast.ClassDef, scope: Scope, bases: tuple[Any, ...]) -> None:
        self.node = node
        self.scope = scope
        self.bases = bases
        self.members: dict[str, Any] = {}

    def find(self, name: str, depth: int = 0) -> Any:
        """A member of the class or of its bases, None where there is none."""
        if name in self.members:
            return self.members[name]
        for base in self.bases if depth < 8 else ():
            if isinstance(base, Class) and (found := base.find(name, depth + 1)) is not None:
                return found
        return None

    def descends(self, word: str, depth: int = 0) -> bool:
        """Whether a base, however far, is called like this, underscores apart: ``build_ext``."""
        return depth < 8 and any(
            base.descends(word, depth + 1) if isinstance(base, Class) else word in getattr(base, "name", "")
            for base in self.bases
        )


class Instance:
    """An object of a class of the script."""

    def __init__(self, of: Class) -> None:
        self.of = of
        self.fields: dict[str, Any] = {}


class Module:
    """A module of the sdist, with what its top level defines. ``folder``: that of a package, None of other modules."""

    def __init__(self, names: dict[str, Any], folder: str | None = None) -> None:
        self.names = names
        self.folder = folder


class Extension:
    """An extension module, with the arguments that it was made with. ``kind``: c, rust, cython, mypyc, cmake or cffi.

    ``text`` is C source from the script itself. ``sure``: it is made on the path that the build surely takes.
    """

    def __init__(self, kind: str, fields: dict[str, Any], sure: bool, text: str = "") -> None:
        self.kind = kind
        self.fields = fields
        self.sure = sure
        self.text = text

    def texts(self, field: str) -> list[str]:
        """A field's strings; what is unknown is left out, what is not sure is a Perhaps."""
        value = self.fields.get(field)
        if isinstance(value, str):
            return [value]
        return [item for item in value if isinstance(item, str)] if isinstance(value, list | tuple) else []

    def complete(self, field: str) -> bool:
        """Whether a field is known in full."""
        value = self.fields.get(field)
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)


class Scope:
    """Names and their values, inside another scope."""

    def __init__(self, outer: Scope | None = None) -> None:
        self.names: dict[str, Any] = {}
        self.outer = outer

    def get(self, name: str) -> Any:
        """The value, None where no scope has the name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return scope.names[name]
            scope = scope.outer
        return None

    def has(self, name: str) -> bool:
        """Whether a scope has the name."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.names:
                return True
            scope = scope.outer
        return False


def truth(value: Any) -> bool | None:
    """Whether a value counts as true, None where that is not known."""
    if isinstance(value, Symbol):
        return True if value.imported else None
    if isinstance(value, Unknown | Likely):
        return None
    if isinstance(value, Function | Class | Instance | Module | Extension):
        return True
    return bool(value)
