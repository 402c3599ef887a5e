"""Lists and pipes: what ``&&``, ``||``, ``|`` and ``!`` make of the commands between them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from fromlint.dockerfile.shell.redirections import body_of, redirect_nodes
from fromlint.dockerfile.shell.state import Standing, Status
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from fromlint.dockerfile.shell.walk import Walk

_DEEPEST = 8
_LEAVES = frozenset({"break", "continue", "exit", "return"})


def and_or(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``a && b || c``: the grammar nests to the left, and lets a redirection embrace what is left of it."""
    chain: list[tuple[str, Node, Sequence[Node]]] = []
    operator = ""
    while True:
        if node.type == "list" and len(node.children) >= 3:
            parts = [child for child in node.children if child.type != "comment"]
            chain.append((parts[1].type, parts[-1], redirects))
            node, redirects = parts[0], ()
        elif node.type == "redirected_statement" and (body := body_of(node)) and body.type == "list":
            node, redirects = body, (*redirect_nodes(node), *redirects)
        else:
            chain.append(("", node, redirects))
            break
    chain.reverse()
    handlers = _handlers(chain)
    probes = len(walk.probes)
    status = Status.EXPECTED
    for number, (operator, part, behind) in enumerate(chain):
        place = standing
        last = number == len(chain) - 1
        handler = handlers[number]
        if not last:
            result = standing.result if handler is None else standing.fatal and _gives_up(walk, handler)
            place = standing._replace(result=result, exempt=True)
        if len(walk.probes) > probes:
            place = place._replace(guards=(*standing.guards, *walk.probes[probes:]))
        if operator == "":
            status = walk.visit(part, place, behind)
        elif operator == "&&":
            if status is Status.FAILS:
                continue
            if status is Status.DOUBT and not (standing.result and handler is None):
                walk.maybe(part, place, behind)
            elif status is Status.EXPECTED and _name(walk, part) in _LEAVES:
                # What follows is for the case that the command before failed.
                walk.maybe(part, place, behind)
            else:
                status = walk.visit(part, place, behind)
        else:
            if status is Status.SUCCEEDS:
                continue
            if status is Status.FAILS:
                status = walk.visit(part, place, behind)
            elif walk.maybe(part, place, behind) is Status.SUCCEEDS:
                status = Status.SUCCEEDS
            else:
                status = Status.EXPECTED
        if walk.state.left is not None:
            break
    return status


def _gives_up(walk: Walk, node: Node, depth: int = 0) -> bool:
    """Whether a statement ends in ``exit 1``, ``return 1``, ``false`` or a function that does."""
    kind = node.type
    if kind == "command":
        words = walk.written(node).split()
        if words[:1] in (["exit"], ["return"]):
            return words[1:2] != ["0"]
        function = walk.state.functions.get(words[0]) if words else None
        if function and depth < _DEEPEST:
            body = function.body
            text = function.script.source.text[body.start_byte : body.end_byte]
            return re.search(r"\bexit\s+[1-9$]", text) is not None
        return words[:1] == ["false"]
    if kind == "redirected_statement":
        body_node = body_of(node)
        return body_node is not None and _gives_up(walk, body_node, depth)
    if kind in ("compound_statement", "subshell", "list"):
        named = [child for child in node.children if child.is_named and child.type != "comment"]
        return bool(named) and depth < _DEEPEST and _gives_up(walk, named[-1], depth + 1)
    return False


def pipeline(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``a | b``: every part in a shell of its own."""
    parts = [child for child in node.children if child.is_named and child.type != "comment"]
    names = [_name(walk, part) for part in parts]
    status = Status.EXPECTED
    for number, part in enumerate(parts):
        last = number == len(parts) - 1
        before = walk.state
        place = standing._replace(
            piped_from=names[number - 1] if number else standing.piped_from,
            piped_to=standing.piped_to if last else names[number + 1],
            feeding=(node.start_byte, parts[number - 1].end_byte) if number else standing.feeding,
        )
        if not last and not walk.state.pipefail:
            place = place._replace(result=False, exempt=True)
        status = walk.visit(part, place, redirects if last else ())
        walk.state = before
    return status


def _name(walk: Walk, node: Node) -> str | None:
    """The name of the command that a part of a pipe runs, as far as it is plain."""
    while node.type == "redirected_statement":
        body = body_of(node)
        if body is None:
            return None
        node = body
    if node.type != "command":
        return None
    for word in walk.written(node).split():
        if word not in ("sudo", "env", "exec", "command", "time", "nice") and word[0] != "-" and "=" not in word:
            return word
    return None


def negated(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``! a``."""
    status = walk.visit(node.children[-1], standing.tested(), redirects)
    opposite = {Status.SUCCEEDS: Status.FAILS, Status.FAILS: Status.SUCCEEDS}
    return opposite.get(status, Status.DOUBT)


def _handlers(chain: Sequence[tuple[str, Node, Sequence[Node]]]) -> list[Node | None]:
    """What runs when a command of a chain fails: for each of them, what stands behind the next ``||``."""
    found: list[Node | None] = []
    handler: Node | None = None
    for operator, node, _ in reversed(chain):
        found.append(handler)
        if operator == "||":
            handler = node
    found.reverse()
    return found
