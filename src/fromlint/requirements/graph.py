"""Walking a lock from what is asked for to what that pulls in, with the shortest chain to each package."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from fromlint.named_tuple import NamedTuple

# A chain is shown to people; this bounds what a hostile lock can make of it.
_LONGEST_CHAIN = 50


class Edge(NamedTuple):
    """A dependency: of ``name``, with these extras, where ``marker`` holds.

    ``version`` is the exact one where the lock says it, ``constraint`` what the lock's tool asks for; ``source``
    tells apart packages of one name and version from several places. Each "" where it is not said.
    """

    name: str
    extras: tuple[str, ...] = ()
    marker: str = ""
    version: str = ""
    constraint: str = ""
    source: str = ""


class Reached(NamedTuple):
    """How a package is reached: the chain of names that pulls it in, and the marker on which that hangs ("" where it
    surely is).
    """

    parents: tuple[str, ...]
    marker: str


class _Visit(NamedTuple):
    edge: Edge
    parent: int | None
    marker: str


Holds = Callable[[Edge, "str | None"], "bool | None"]


def reach(
    roots: Iterable[Edge],
    dependencies: Callable[[int, str | None], Iterable[Edge]],
    find: Callable[[Edge], Iterable[int]],
    holds: Holds,
) -> dict[int, Reached]:
    """The packages (by number) that ``roots`` need, breadth first.

    ``dependencies`` are those of a package, or what one of its extras adds. ``find`` says which packages an edge means,
    ``holds`` whether its marker holds for the extra of the package that it comes from; where that is not known the
    package is reached all the same, but only after all that surely are, and with the marker.
    """
    found: dict[int, _Visit] = {}
    seen: set[tuple[int, str | None]] = set()
    sure: deque[_Visit] = deque()
    unsure: deque[_Visit] = deque()

    def add(edge: Edge, extra: str | None, parent: int | None, marker: str) -> None:
        answer = holds(edge, extra)
        if answer is None:
            marker = f"({marker}) and ({edge.marker})" if marker else edge.marker
        if answer is not False:
            (unsure if marker else sure).append(_Visit(edge, parent, marker))

    for root in roots:
        add(root, None, None, "")
    while sure or unsure:
        visit = sure.popleft() if sure else unsure.popleft()
        for number in find(visit.edge):
            found.setdefault(number, visit)
            for extra in (None, *visit.edge.extras):
                if (number, extra) not in seen:
                    seen.add((number, extra))
                    for dependency in dependencies(number, extra):
                        add(dependency, extra, number, visit.marker)
    return {number: Reached(_chain(visit, found), visit.marker) for number, visit in found.items()}


def _chain(visit: _Visit, found: dict[int, _Visit]) -> tuple[str, ...]:
    chain: list[str] = []
    while visit.parent is not None and len(chain) < _LONGEST_CHAIN:
        visit = found[visit.parent]
        chain.append(visit.edge.name)
    return tuple(reversed(chain))
