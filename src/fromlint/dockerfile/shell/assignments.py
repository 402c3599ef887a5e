"""Variables of the shell: assignments, ``export`` and its like, ``unset``."""

from __future__ import annotations

from collections.abc import Sequence

from fromlint.dockerfile.shell.state import Standing, Status, Value
from fromlint.dockerfile.shell.words import Field
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from fromlint.dockerfile.shell.walk import Walk


class Assignment(NamedTuple):
    """``name=value``; ``written`` is the right side."""

    name: str
    value: Value
    written: Field


def assignments(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``X=y``, alone or several in a row."""
    walk.standing = standing
    walk.assigning = True
    for child in (node,) if node.type == "variable_assignment" else node.children:
        if child.type == "variable_assignment":
            name, value, _ = assignment(walk, child)
            walk.state = walk.state.assign({name: value})
    walk.assigning = False
    return Status.EXPECTED


def assignment(walk: Walk, node: Node) -> Assignment:
    """What an assignment says."""
    children = node.children
    name = walk.written(children[0])
    added = len(children) > 1 and children[1].type == "+="
    written = Field("", True, node.end_byte, node.end_byte)
    value: Value = ""
    if len(children) > 2:
        last = children[-1]
        if last.type == "array":
            fields = [
                field
                for child in last.children
                if child.is_named and child.type != "comment"
                for field in walk.expand(child.start_byte, child.end_byte)
            ]
            known = all(field.known for field in fields)
            value = tuple(field.value for field in fields) if known else None
            written = Field(walk.written(last), known, last.start_byte, last.end_byte)
        else:
            written = walk.single(children[2], last)
            value = written.value if written.known else None
    if children[0].type == "subscript":
        return Assignment(name.partition("[")[0], None, written)
    if added:
        old = walk.state.variables.get(name, "")
        value = _sum(old, value)
    return Assignment(name, value, written)


def declaration(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``export X=y Z``, ``local``, ``declare``, ``readonly``."""
    walk.standing = standing.tested()
    children = node.children
    export = children[0].type == "export"
    values: dict[str, Value] = {}
    names: set[str] = set()
    for child in children[1:]:
        if child.type == "variable_assignment":
            name, value, _ = assignment(walk, child)
            values[name] = value
        elif child.type == "variable_name":
            names.add(walk.written(child))
        elif child.is_named:
            for field in walk.expand(child.start_byte, child.end_byte):
                name, equals, text = field.value.partition("=")
                if equals and name.isidentifier():
                    values[name] = text if field.known else None
                elif name.startswith("-"):
                    export |= "x" in name and not name.startswith("--")
    walk.state = walk.state.assign(values, export=export)
    if export and names:
        walk.state = walk.state._replace(exported=walk.state.exported | names)
    return Status.EXPECTED


def unset(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``unset X``."""
    names = {walk.written(child) for child in node.children[1:]}
    variables = {name: value for name, value in walk.state.variables.items() if name not in names}
    walk.state = walk.state._replace(variables=variables)
    return Status.EXPECTED


def _sum(old: Value, value: Value) -> Value:
    """``X+=y``."""
    if isinstance(old, str) and isinstance(value, str):
        return old + value
    if isinstance(value, tuple) and (isinstance(old, tuple) or old == ""):
        return (*(old or ()), *value)
    return None
