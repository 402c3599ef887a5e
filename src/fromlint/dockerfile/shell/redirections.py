"""Where the output of a command goes, where its input comes from, and here-documents."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from fromlint.dockerfile.shell.words import Field, here
from fromlint.model.build import Redirect
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from tree_sitter import Node

    from fromlint.dockerfile.shell.walk import Walk

REDIRECTIONS = frozenset({"file_redirect", "heredoc_redirect", "herestring_redirect"})
"""What the grammar calls them."""
OUTPUT = regex(r"\d*>|&>")
"""An operator that sends output elsewhere."""


class Redirections(NamedTuple):
    """The redirections of a command, words that the grammar took for further targets, and the here-document."""

    made: tuple[Redirect, ...]
    words: list[Field]
    body: Field | None


def redirections(walk: Walk, nodes: Iterable[Node]) -> Redirections:
    """What the redirections behind a command say."""
    made: list[Redirect] = []
    words: list[Field] = []
    body: Field | None = None
    for node in nodes:
        operator, offset = "", node.start_byte
        targets: list[Node] = []
        for child in node.children:
            if child.type == "file_descriptor":
                operator = walk.written(child)
            elif not child.is_named and not targets:
                operator += child.type
                offset = child.start_byte
            elif child.is_named:
                targets.append(child)
        if not targets:
            continue
        heredoc = walk.script.heredocs.get(offset)
        if heredoc:
            text = walk.script.source.text
            body = here(walk, text, heredoc.start, heredoc.end, expands=heredoc.expand, strip=heredoc.strip)
            made.append(Redirect("<<", walk.word(body)))
        elif operator[-2:] not in (">&", "<&"):
            target = walk.single(targets[0])
            made.append(Redirect("<<<" if offset in walk.script.herestrings else operator, walk.word(target)))
        for extra in targets[1:]:
            words += walk.expand(extra.start_byte, extra.end_byte)
    return Redirections(tuple(made), words, body)


def redirect_all(walk: Walk, first: int, nodes: Sequence[Node]) -> None:
    """``{ a; b; } > file``: the first command makes the file, the others append."""
    kept = tuple(redirect for redirect in redirections(walk, nodes).made if OUTPUT.match(redirect.operator))
    for index in range(first, len(walk.out) if kept else first):
        command = walk.out[index]
        if command.piped_to is None and not command.redirects:
            walk.out[index] = command._replace(redirects=kept)
            kept = tuple(redirect._replace(operator=">>") for redirect in kept)


def body_of(node: Node) -> Node | None:
    """The statement that is redirected."""
    return next((child for child in node.children if child.type not in REDIRECTIONS and child.is_named), None)


def redirect_nodes(node: Node) -> Iterator[Node]:
    """The redirections of a statement."""
    return (child for child in node.children if child.type in REDIRECTIONS)
