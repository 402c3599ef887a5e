"""Named tuples that cost next to nothing until they are made.

There are some two hundred kinds of them, of which a run makes a few dozen; ``typing.NamedTuple`` looks at the type of
every field and compiles a constructor for each kind, 25 ms of start-up in all. Here a kind takes ten microseconds, and
its constructor is made when it is first called. Imports nothing of ours.
"""

from __future__ import annotations

from functools import cache

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import FunctionType
    from typing import NamedTuple as NamedTuple
else:
    # The field descriptors of the standard library's named tuples, in C.
    from collections import _tuplegetter
    from itertools import count

    class _Record(tuple):
        """What all named tuples can do."""

        __slots__ = ()

        def __new__(cls, /, *values, **named):
            owner = next(each for each in cls.__mro__ if "_fields" in vars(each))
            owner.__new__ = staticmethod(_constructor(owner._fields, owner._field_defaults))
            return owner.__new__(cls, *values, **named)

        @classmethod
        def _make(cls, values):
            made = tuple.__new__(cls, values)
            if len(made) != len(cls._fields):
                raise TypeError(f"expected {len(cls._fields)} values, got {len(made)}")
            return made

        def _replace(self, /, **named):
            made = self._make(map(named.pop, self._fields, self))
            if named:
                raise ValueError(f"no such fields: {', '.join(named)}")
            return made

        def _asdict(self):
            return dict(zip(self._fields, self, strict=True))

        def __repr__(self):
            fields = ", ".join(f"{name}={value!r}" for name, value in zip(self._fields, self, strict=True))
            return f"{type(self).__name__}({fields})"

        def __getnewargs__(self):
            return tuple(self)

    class _Kind(type):
        """Turns a class statement with ``NamedTuple`` as its base into a plain class whose base is ``_Record``."""

        def __new__(mcs, name, bases, namespace):
            if not bases:
                return super().__new__(mcs, name, bases, namespace)
            fields = tuple(namespace.get("__annotations__", ()))
            defaults = {field: namespace.pop(field) for field in fields if field in namespace}
            if tuple(defaults) != fields[len(fields) - len(defaults) :]:
                raise TypeError(f"{name}: a field without a default stands after one that has one")
            namespace.update(zip(fields, map(_tuplegetter, count(), fields), strict=False))
            namespace.update(_fields=fields, _field_defaults=defaults, __match_args__=fields, __slots__=())
            return type(name, (_Record,), namespace)

    class NamedTuple(metaclass=_Kind):
        """The base to name in a class statement. The module needs ``from __future__ import annotations``."""


def _constructor(fields: tuple[str, ...], defaults: dict[str, object]) -> FunctionType:
    """The function that takes the class and its fields' values."""
    model = _model(len(fields))
    code = model.__code__.replace(co_varnames=("_cls", *fields))
    return type(model)(code, model.__globals__, "__new__", tuple(defaults.values()))


@cache
def _model(size: int) -> FunctionType:
    """A constructor for tuples of a size: kinds of the same size differ in the names of its parameters alone."""
    parameters = "".join(f", _{number}" for number in range(size))
    values = "".join(f"_{number}, " for number in range(size))
    made: FunctionType = eval(f"lambda _cls{parameters}: new(_cls, ({values}))", {"new": tuple.__new__})
    return made
