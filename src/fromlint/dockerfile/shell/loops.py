"""Loops: ``for`` over known words and ``while read`` over known lines turn by turn, all others once."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from fromlint.dockerfile.shell.state import Leaving, Standing, Status, merge
from fromlint.dockerfile.shell.words import Field
from fromlint.regex import regex
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from fromlint.dockerfile.shell.walk import Walk

Turns = Callable[[str, bool, str | None, Mapping[str, str]], Sequence[str] | None]
"""What a pattern or a substitution, as written, stands for: its words, or its lines if so asked; None where that is not
known. The others are the working folder and the exported variables."""

_MOST_TURNS = 200
_LISTED = regex(r"\s+in\b")
_WILD = regex(r"[*?\[]")
_READS = regex(r"while\s+(?:IFS=\S*\s+)?read\s+(?:-r\s+)?(\w+)\s*(?:\|\|[^;\n]*)?(?:;|\n)")
_ASSIGNED = r"(?<![\w-])([A-Za-z_]\w*)\+?=|\bread\s+(?:-\w+\s+)*([A-Za-z_]\w*)"


def over_words(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``for x in a b``."""
    walk.standing = standing
    name, body, listed = "", None, False
    values: list[Field] = []
    for child in node.children:
        kind = child.type
        if kind == "variable_name":
            name = walk.written(child)
            # The grammar does not know "for x in; do" for what it is.
            listed = _LISTED.match(walk.script.source.text, child.end_byte) is not None
        elif kind in ("do_group", "compound_statement"):
            body = child
        elif child.is_named and kind not in ("comment", "ERROR") and listed:
            values += walk.expand(child.start_byte, child.end_byte)
    if body is None:
        return Status.EXPECTED
    if not listed:
        given = walk.state.positional
        values = [Field(value, True, node.start_byte, node.end_byte) for value in given or ()]
        if given is None:
            values = [Field("$@", False, node.start_byte, node.end_byte)]
    if not values:
        return Status.SUCCEEDS
    values = [turn for value in values for turn in _told(walk, value)]
    text = walk.written(body)
    if len(values) > _MOST_TURNS or not re.search(rf"\$\{{?{re.escape(name)}\b", text):
        # Tried again and again (for i in 1 2 3), or too long a list: followed once.
        wild = all(not value.known or _WILD.search(value.value) for value in values)
        return _once(walk, body, standing, surely=not wild, variables=(name,))
    for number, value in enumerate(values):
        plain = value.known and not _WILD.search(value.value)
        walk.state = walk.state.assign({name: value.value if plain else None})
        place = standing if number == len(values) - 1 else standing._replace(result=False)
        before = walk.state
        walk.statements(body.children, place if plain else place._replace(conditional=True))
        if not plain:
            walk.state = merge(before, walk.state)
        if walk.state.left is not None:
            break
    _leave(walk)
    return Status.EXPECTED


def _told(walk: Walk, value: Field) -> list[Field]:
    """The fields that a pattern or a substitution in the head of a loop stands for; itself, where nobody knows."""
    if walk.turns is None or (value.known and not _WILD.search(value.value)):
        return [value]
    said = walk.turns(value.value, False, walk.state.directory, walk.environment().values)
    return [Field(word, True, value.start, value.end) for word in said] if said else [value]


def counted(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``for ((i = 0; i < 3; i++))``."""
    body = next((child for child in node.children if child.type in ("do_group", "compound_statement")), None)
    if body is None:
        return Status.EXPECTED
    head = walk.script.source.text[node.start_byte : body.start_byte]
    return _once(walk, body, standing, surely=True, variables=_assigned(head))


def waiting(walk: Walk, node: Node, standing: Standing, redirects: Sequence[Node]) -> Status:
    """``while`` and ``until``."""
    parts = [child for child in node.children if child.type not in ("while", "until")]
    body = next((child for child in parts if child.type == "do_group"), None)
    if body is None:
        return walk.statements(parts, standing.tested())
    walk.state = walk.state.assign(dict.fromkeys(_assigned(walk.written(node))))
    conditions = [child for child in parts if child != body]
    read = _READS.match(walk.written(node)) if walk.turns is not None else None
    lines = _lines(walk, standing, redirects) if read is not None else None
    if read is not None and lines is not None:
        return _read(walk, read[1], body, standing, lines)
    status = walk.statements(conditions, standing.tested())
    enters = Status.FAILS if node.children[0].type == "until" else Status.SUCCEEDS
    if status is not enters and status in (Status.SUCCEEDS, Status.FAILS):
        return Status.EXPECTED
    return _once(walk, body, standing, surely=status is enters)


def _lines(walk: Walk, standing: Standing, redirects: Sequence[Node]) -> Sequence[str] | None:
    """The lines that ``while read x`` reads from a file or a pipe; None where nobody knows."""
    if walk.turns is None:
        return None
    source = walk.script.source.text
    inputs = [text for text in map(walk.written, redirects) if text.startswith("<") and text[1:2] not in "<(&"]
    if len(inputs) == 1:
        asked = f"$(cat {inputs[0][1:].strip()})"
    elif standing.feeding is not None and not redirects:
        asked = f"$({source[slice(*standing.feeding)]})"
    else:
        return None
    lines = walk.turns(asked, True, walk.state.directory, walk.environment().values)
    return lines if lines is not None and len(lines) <= _MOST_TURNS else None


def _read(walk: Walk, name: str, body: Node, standing: Standing, lines: Sequence[str]) -> Status:
    standing = standing._replace(piped_from=None, piped_to=None, feeding=None)
    for number, line in enumerate(lines):
        walk.state = walk.state.assign({name: line})
        last = number == len(lines) - 1
        walk.statements(body.children, standing if last else standing._replace(result=False))
        if walk.state.left is not None:
            break
    _leave(walk)
    return Status.EXPECTED


def _once(walk: Walk, body: Node, standing: Standing, *, surely: bool, variables: Iterable[str] = ()) -> Status:
    """Follow a loop's body a single time, knowing nothing of the variables that change from turn to turn."""
    walk.state = walk.state.assign(dict.fromkeys((*variables, *_assigned(walk.written(body)))))
    before = walk.state
    walk.statements(body.children, standing if surely else standing._replace(conditional=True))
    if not surely:
        walk.state = merge(before, walk.state)
    _leave(walk)
    return Status.EXPECTED


def _leave(walk: Walk) -> None:
    if walk.state.left is Leaving.BROKEN:
        walk.state = walk.state._replace(left=None)


def _assigned(text: str) -> list[str]:
    return [match[1] or match[2] for match in re.finditer(_ASSIGNED, text)]
