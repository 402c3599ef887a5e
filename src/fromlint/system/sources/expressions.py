"""The values of a build script's expressions. What a call gives is left to `calls`."""

from __future__ import annotations

import ast
from collections.abc import Callable

from fromlint.system.sources import builtin
from fromlint.system.sources.control import Raised, TooMuch
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
from fromlint.typed import Any

DEEPEST = 110
"""Statements, expressions and calls within one another that are followed."""

MOST_TURNS = 300
"""Turns of a loop that are followed."""

MOST_STEPS = 60_000
"""Statements and expressions that are followed in all."""

_LISTS = frozenset({"sources", "libraries", "include_dirs", "define_macros", "extra_link_args", "extra_objects"})


class Expressions:
    """Works out expressions, within bounds. ``sure``: what is met now is on the path that the build surely takes."""

    def __init__(self) -> None:
        self.sure = True
        self._steps = 0
        self._limit = MOST_STEPS
        self._depth = 0
        self._tries = 0
        self._catching_members = 0

    def _step(self) -> None:
        self._steps += 1
        if self._steps > self._limit:
            raise TooMuch

    def _call_node(self, node: ast.Call, scope: Scope) -> Any:
        """What a call gives."""
        raise NotImplementedError

    # --- assignment -------------------------------------------------------------------------------------------

    def _assign(self, target: ast.expr, value: Any, scope: Scope) -> None:
        if isinstance(target, ast.Name):
            known = scope.names.get(target.id)
            if not self.sure and isinstance(value, Unknown) and known is not None and known != "":
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
        """The value; its texts as Perhaps where it is not sure that it is put in place, a plain yes as not known."""
        if self.sure:
            return value
        if value is True:
            return UNKNOWN
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
            if self._depth > DEEPEST:
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

    def _surely(self, take: Callable[[], Any]) -> Any:
        """What is taken; where it is surely not there the script raises, if it is ready for that."""
        try:
            return take()
        except builtin.NotThere:
            if self._tries:
                raise Raised from None
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
        for value in (values if values is not None else [UNKNOWN])[:MOST_TURNS]:
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
            if self._catching_members and isinstance(value, Instance) and _lacks(value, name):
                raise Raised
            return _member(value, name)
        if isinstance(value, str) and name in ("parent", "name", "stem", "suffix"):
            return builtin.path_part(value, name)
        if isinstance(value, tuple) and name in builtin.UNAME:
            return value[builtin.UNAME.index(name)] if len(value) > 4 else UNKNOWN
        return UNKNOWN


def _lacks(value: Instance, name: str) -> bool:
    """Whether an object surely does not have an attribute: all of its classes are the script's own."""
    bases = [*value.of.bases]
    for base in bases:
        if isinstance(base, Class) and len(bases) < 20:
            bases += base.bases
        elif not (isinstance(base, Symbol) and base.name == "object"):
            return False
    return name not in value.fields and value.of.find(name) is None


def _member(value: Class | Instance, name: str) -> Any:
    if isinstance(value, Instance) and name in value.fields:
        return value.fields[name]
    found = (value.of if isinstance(value, Instance) else value).find(name)
    if not isinstance(found, Function) or isinstance(found.node, ast.Lambda):
        return UNKNOWN if found is None else found
    decorators = {part.id for part in found.node.decorator_list if isinstance(part, ast.Name)}
    if "staticmethod" in decorators or (isinstance(value, Class) and "classmethod" not in decorators):
        return found
    if "property" in decorators:
        return UNKNOWN
    return Function(found.node, found.scope, value)
