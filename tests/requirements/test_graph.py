"""Walking a lock: shortest chains, extras, what is not sure."""

from __future__ import annotations

from fromlint.requirements.graph import Edge, Reached, reach


def walk(edges: dict[str, list[Edge]], extras: dict[tuple[str, str], list[Edge]], *roots: Edge) -> dict[str, Reached]:
    found = [*roots, *(edge for some in (*edges.values(), *extras.values()) for edge in some)]
    names = sorted({*edges, *(edge.name for edge in found)})
    answers = {"": True, "no": False, "maybe": None, "perhaps": None}
    reached = reach(
        roots,
        lambda number, extra: edges.get(names[number], []) if extra is None else extras.get((names[number], extra), []),
        lambda edge: [names.index(edge.name)],
        lambda edge, _extra: answers[edge.marker],
    )
    return {names[number]: found for number, found in reached.items()}


def test_the_shortest_chain() -> None:
    edges = {"a": [Edge("b")], "b": [Edge("c")], "d": [Edge("c")], "c": [Edge("a")]}
    found = walk(edges, {}, Edge("a"), Edge("d"))
    assert found["c"] == Reached(("d",), "")
    assert found["b"] == Reached(("a",), "")


def test_extras_and_markers() -> None:
    edges = {"a": [Edge("b", ("x",)), Edge("n", marker="no")]}
    found = walk(edges, {("b", "x"): [Edge("c")]}, Edge("a"))
    assert found["c"].parents == ("a", "b")
    assert "n" not in found


def test_what_is_not_sure_comes_last_and_with_its_marker() -> None:
    edges = {"a": [Edge("b", marker="maybe"), Edge("c")], "b": [Edge("d", marker="perhaps")], "c": [Edge("b")]}
    assert walk(edges, {}, Edge("a"))["b"] == Reached(("a", "c"), "")
    edges["c"] = []
    found = walk(edges, {}, Edge("a"))
    assert found["b"] == Reached(("a",), "maybe")
    assert found["d"] == Reached(("a", "b"), "(maybe) and (perhaps)")


def test_a_long_chain_is_bounded() -> None:
    edges = {f"{n:05}": [Edge(f"{n + 1:05}")] for n in range(5000)}
    names = sorted(edges)
    reached = reach(
        [Edge("00000")],
        lambda number, extra: edges[names[number]] if extra is None and number < 4999 else [],
        lambda edge: [int(edge.name)],
        lambda _edge, _extra: True,
    )
    assert len(reached) == 5000
    assert max(len(found.parents) for found in reached.values()) == 50
