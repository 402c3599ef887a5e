"""Branches: ``if`` and ``case``, decided where their conditions are known, followed each where they are not."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from fromlint.dockerfile.shell.patterns import matches
from fromlint.dockerfile.shell.state import Standing, State, Status, merge
from fromlint.dockerfile.shell.words import Field
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from fromlint.dockerfile.shell.walk import Walk


def conditional(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``if``, with all its branches."""
    clauses = [node, *(child for child in node.children if child.type in ("elif_clause", "else_clause"))]
    probes = len(walk.probes)
    outcomes: list[State] = []
    place = standing
    for clause in clauses:
        status = Status.SUCCEEDS
        conditions, body = _clause(clause)
        if clause.type != "else_clause":
            status = walk.statements(conditions, place.tested())
            if status is Status.FAILS:
                continue
        before = walk.state
        if status is not Status.SUCCEEDS:
            place = place._replace(conditional=True)
        if len(walk.probes) > probes:
            place = place._replace(guards=(*standing.guards, *walk.probes[probes:]))
        ended = walk.statements(body, place)
        outcomes.append(walk.state)
        if status is Status.SUCCEEDS:
            walk.state = reduce(merge, outcomes)
            return ended if len(outcomes) == 1 else Status.EXPECTED
        walk.state = before
    outcomes.append(walk.state)
    walk.state = reduce(merge, outcomes)
    return Status.EXPECTED


def case(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``case``, with all its items."""
    walk.standing = standing
    subject: Field | None = None
    outcomes: list[State] = []
    place = standing
    for item in node.children:
        if item.type != "case_item":
            if subject is None and item.is_named and item.type != "comment":
                subject = walk.single(item)
            continue
        fits = _fits(walk, subject, item)
        if fits is False:
            continue
        before = walk.state
        if fits is None:
            place = place._replace(conditional=True)
        walk.statements(item.children, place)
        outcomes.append(walk.state)
        if fits:
            walk.state = reduce(merge, outcomes)
            return Status.EXPECTED
        walk.state = before
    outcomes.append(walk.state)
    walk.state = reduce(merge, outcomes)
    return Status.EXPECTED


def _fits(walk: Walk, subject: Field | None, item: Node) -> bool | None:
    """Whether a ``case`` subject matches one of the patterns of an item."""
    answers: list[bool | None] = []
    for child in item.children:
        if child.type == ")":
            break
        if not child.is_named or child.type == "comment":
            continue
        pattern = walk.single(child)
        if pattern.value == "*":
            return True
        known = subject is not None and subject.known and pattern.known
        answers.append(matches(subject.value, pattern.value) if subject is not None and known else None)
    return True if True in answers else None if None in answers else False


def _clause(node: Node) -> tuple[list[Node], list[Node]]:
    """The statements before and after ``then``; of ``else`` only those after."""
    conditions: list[Node] = []
    body: list[Node] = []
    part = body if node.type == "else_clause" else conditions
    for child in node.children:
        if child.type == "then":
            part = body
        elif child.type not in ("elif_clause", "else_clause"):
            part.append(child)
    return conditions, body
