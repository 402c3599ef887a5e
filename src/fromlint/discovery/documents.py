"""YAML and JSON as plain nodes with their lines.

PyYAML's events are put together here rather than by PyYAML: the place of every value is kept, aliases share what they
name (and cannot grow), and depth has a bound that does not depend on the stack.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.named_tuple import NamedTuple
from fromlint.typed import Any

LARGEST = 2_097_152
"""In bytes."""
_DEEPEST = 100
_MOST_NODES = 200_000
_MOST_ALIASES = 1_000


class Unreadable(ValueError):
    """The text is broken, or larger or deeper than anybody writes."""


class Node(NamedTuple):
    """A value: ``text`` of a scalar (None where it is null), ``items`` of a list, ``pairs`` of a mapping.

    ``line`` counts from 1. ``tagged``: it has a tag of its own, and may mean something else than it says.
    """

    line: int
    text: str | None = None
    items: list[Node] | None = None
    pairs: list[tuple[str, Node]] | None = None
    tagged: bool = False

    def get(self, key: str) -> Node | None:
        """The value of a key in a mapping, the last where it repeats, merge keys (``<<``) followed; else None."""
        for name, value in reversed(self.pairs or []):
            if name == key:
                return value
        for name, value in self.pairs or []:
            if name == "<<":
                for merged in value.items if value.items is not None else [value]:
                    found = next((inner for own, inner in reversed(merged.pairs or []) if own == key), None)
                    if found is not None:
                        return found
        return None

    def string(self, key: str) -> str | None:
        """The text of a scalar in a mapping, None where there is none or it is null."""
        found = self.get(key)
        return found.text if found is not None else None

    def mapping(self) -> Iterator[tuple[str, Node]]:
        """The keys and values of a mapping, what is merged in first; nothing where this is none."""
        for name, value in self.pairs or []:
            if name == "<<":
                for merged in value.items if value.items is not None else [value]:
                    yield from (pair for pair in merged.pairs or [] if pair[0] != "<<")
        yield from (pair for pair in self.pairs or [] if pair[0] != "<<")

    def strings(self) -> tuple[str, ...]:
        """The texts of the scalars in a list; of a scalar, itself."""
        if self.text is not None:
            return (self.text,)
        return tuple(item.text for item in self.items or [] if item.text is not None)


def read_yaml(data: bytes) -> Node | None:
    """The first document of a YAML text, None where that is empty. Raises Unreadable. JSON is YAML, too."""
    if len(data) > LARGEST:
        raise Unreadable(f"it is larger than {LARGEST // 1_048_576} MiB")
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return _built(yaml.parse(data.decode("utf-8-sig"), Loader=loader))
    except UnicodeDecodeError:
        raise Unreadable("it is not UTF-8 text") from None
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" in line {mark.line + 1}" if mark is not None else ""
        said = getattr(error, "problem", None) or str(error).split("\n")[0] or "it is nested too deeply"
        raise Unreadable(f"{said}{where}") from None


def _built(events: Iterator[Any]) -> Node | None:
    """The tree of the first document in a stream of YAML events."""
    import yaml

    root: list[Node] = []
    stack: list[tuple[Node, list[str]]] = []
    anchors: dict[str, Node] = {}
    nodes = aliases = 0
    for event in events:
        if isinstance(event, yaml.DocumentEndEvent):
            break
        if isinstance(event, (yaml.SequenceEndEvent, yaml.MappingEndEvent)):
            stack.pop()
            continue
        if not isinstance(event, yaml.NodeEvent):
            continue
        nodes += 1
        if isinstance(event, yaml.AliasEvent):
            aliases += 1
            node = anchors.get(event.anchor) or Node(event.start_mark.line + 1)
        else:
            node = _node(event)
            if event.anchor:
                anchors[event.anchor] = node
        if nodes > _MOST_NODES or aliases > _MOST_ALIASES or len(stack) > _DEEPEST:
            raise Unreadable("it is nested more deeply or has more values than anybody writes")
        _put(stack, root, node)
        if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
            stack.append((node, []))
    return root[0] if root else None


def _node(event: Any) -> Node:
    import yaml

    line = event.start_mark.line + 1
    tagged = event.tag is not None and not str(event.tag).startswith("tag:yaml.org,2002:")
    if isinstance(event, yaml.SequenceStartEvent):
        return Node(line, items=[], tagged=tagged)
    if isinstance(event, yaml.MappingStartEvent):
        return Node(line, pairs=[], tagged=tagged)
    null = event.implicit[0] and event.value in ("", "~", "null", "Null", "NULL")
    return Node(line, text=None if null else event.value, tagged=tagged)


def _put(stack: list[tuple[Node, list[str]]], root: list[Node], node: Node) -> None:
    """Put a node where it belongs: into the list or mapping that is open, a key first and then its value."""
    if not stack:
        root.append(node)
        return
    parent, key = stack[-1]
    if parent.items is not None:
        parent.items.append(node)
    elif parent.pairs is not None and not key:
        key.append(node.text or "")
    elif parent.pairs is not None:
        parent.pairs.append((key.pop(), node))
