"""Where requirements clash: other versions of the parents, in pip's order.

The algorithm is pip's own, ``resolvelib`` (pure Python, no dependencies), with pip's preferences
(``_internal/resolution/resolvelib/provider.py``): in a conflict it is the order of trying that decides which of many
solutions comes out. It is imported on a conflict only.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence

from resolvelib import AbstractProvider, BaseReporter, ResolutionImpossible, ResolutionTooDeep, Resolver

from fromlint.model.index import File
from fromlint.model.resolution import Conflict
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING, Any
from fromlint.wheels import specifiers, versions

if TYPE_CHECKING:
    from fromlint.wheels.closure import Closure
    from fromlint.wheels.knowledge import Effort
    from fromlint.wheels.picks import Need, Pick, Picker

# pip allows 200,000 rounds. An answer that takes more than this is not worth the wait.
_MOST_ROUNDS = 2000
# So many releases of one parent are tried where several parties are at odds, and so many where a package has nothing
# that fits at all: then older parents seldom do without it, and pip mostly stops in the end.
_MOST_RELEASES = 600
_FEW_RELEASES = 12
_FIRST_BATCH = 4
_MOST_WANTED = 60
# pip: a name that was in the way this often is settled first.
_PROMOTED_AFTER = 5


class Solution(NamedTuple):
    """``picks`` by name, None where there are none (yet).

    ``wanted`` is what must be known to go on; ``conflict``: it is sure that there is no solution, since nothing serves
    all who ask for this name.
    """

    picks: Mapping[str, Pick] | None
    wanted: tuple[File, ...] = ()
    conflict: Conflict | None = None


class _Wish(NamedTuple):
    """That ``who`` ("" for the project itself) asks for a name."""

    name: str
    who: str
    specifier: str
    extras: frozenset[str]
    url: str | None
    hashes: frozenset[str]


class _Taken(NamedTuple):
    """A candidate: what would be taken for a name, with these extras."""

    name: str
    pick: Pick
    extras: frozenset[str]


class _Wanting(Exception):
    pass


class _GivenUp(Exception):
    pass


def solve(
    closure: Closure, picker: Picker, *, without: frozenset[str], thorough: bool, effort: Effort | None = None
) -> Solution:
    """A set of picks without conflict, as pip would find it; or what is still wanted to find it.

    ``without``: names that are left out, whoever asks for them. ``thorough``: many older releases may be tried.
    ``effort``: what may be spent on it, None: as much as it takes.
    """
    roots = {name: need for name, need in closure.roots().items() if name not in without}
    wishes = [
        _Wish(need.name, who, specifier, need.extras, need.url, need.hashes)
        for need in roots.values()
        for who, specifier in need.asked
    ]
    provider = _Provider(closure, picker, roots, without, _MOST_RELEASES if thorough else _FEW_RELEASES, effort)
    resolver: Resolver[Any, Any, Any] = Resolver(provider, BaseReporter())
    conflict = None
    try:
        result = resolver.resolve(wishes, max_rounds=_MOST_ROUNDS)
    except ResolutionImpossible as impossible:
        conflict = _conflict(impossible.causes)
    except (ResolutionTooDeep, _GivenUp, _Wanting):
        return Solution(None, tuple(provider.wanted))
    if provider.wanted:
        return Solution(None, tuple(provider.wanted))
    if conflict is not None:
        return Solution(None, conflict=conflict)
    return Solution({name: taken.pick for name, taken in result.mapping.items()})


def _conflict(causes: Collection[Any]) -> Conflict:
    """What resolvelib gives as the causes: all wishes for the name at which it gave up, as pip shows them."""
    name = next(iter(causes)).requirement.name
    wishes = (cause.requirement for cause in causes)
    return Conflict(name, tuple(sorted({(wish.who, wish.specifier) for wish in wishes if wish.name == name})))


class _Provider(AbstractProvider[Any, Any, Any]):
    def __init__(
        self,
        closure: Closure,
        picker: Picker,
        roots: Mapping[str, Need],
        without: frozenset[str],
        most_releases: int,
        effort: Effort | None,
    ) -> None:
        self._closure = closure
        self._picker = picker
        self._roots = roots
        self._without = without
        self._most_releases = most_releases
        self._effort = effort
        self._order = {name: number for number, name in enumerate(roots)}
        self._dependencies: dict[_Taken, tuple[_Wish, ...]] = {}
        # Whether a specifier allows a version is asked millions of times where packages disagree.
        self._satisfied: dict[tuple[str, str], bool] = {}
        self._tried: dict[str, int] = {}
        self._asked: dict[str, Need] = {}
        self._in_the_way: dict[str, int] = {}
        self.wanted: dict[File, None] = {}

    def identify(self, requirement_or_candidate: Any) -> str:
        name: str = requirement_or_candidate.name
        return name

    def narrow_requirement_selection(
        self,
        identifiers: Iterable[Any],
        resolutions: Mapping[Any, Any],
        candidates: Mapping[Any, Iterator[Any]],
        information: Mapping[Any, Iterator[Any]],
        backtrack_causes: Sequence[Any],
    ) -> Iterable[Any]:
        """What took part in the last conflict comes first, then what is in the way again and again (pip)."""
        names = list(identifiers)
        self._spend(len(names))
        causes = set()
        for cause in backtrack_causes:
            for party in (cause.requirement, cause.parent):
                if party is not None:
                    causes.add(party.name)
                    if party.name not in resolutions:
                        self._in_the_way[party.name] = self._in_the_way.get(party.name, 0) + 1
        return [name for name in names if name in causes] or [n for n in names if self._promoted(n)] or names

    def get_preference(
        self,
        identifier: Any,
        resolutions: Mapping[Any, Any],
        candidates: Mapping[Any, Iterator[Any]],
        information: Mapping[Any, Iterator[Any]],
        backtrack_causes: Sequence[Any],
    ) -> tuple[Any, ...]:
        """pip's order: URLs, pins, upper bounds, what the project names, other bounds, the alphabet."""
        wishes = [known.requirement for known in information[identifier]]
        parsed = [specifiers.parse(wish.specifier) or specifiers.ANY for wish in wishes]
        return (
            not self._promoted(identifier),
            not any(wish.url is not None for wish in wishes),
            not any(wanted.pinned for wanted in parsed),
            not any(wanted.bounded for wanted in parsed),
            self._order.get(identifier, math.inf),
            not any(wanted.clauses for wanted in parsed),
            identifier,
        )

    def find_matches(
        self,
        identifier: Any,
        requirements: Mapping[Any, Iterator[Any]],
        incompatibilities: Mapping[Any, Iterator[Any]],
    ) -> Callable[[], Iterator[_Taken]]:
        wishes = list(requirements[identifier])
        refused = set(incompatibilities[identifier])
        extras = frozenset[str]().union(*(wish.extras for wish in wishes))
        need = self._need(identifier, wishes)
        self._asked[identifier] = need

        def found() -> Iterator[_Taken]:
            for pick in self._picker.options(need):
                if pick.waiting:
                    raise _Wanting
                taken = _Taken(identifier, pick, extras)
                if taken not in refused:
                    yield taken

        return found

    def is_satisfied_by(self, requirement: Any, candidate: Any) -> bool:
        if not requirement.extras <= candidate.extras:
            return False
        if requirement.url is not None:
            reference = candidate.pick.reference
            return reference is not None and reference.url == requirement.url
        key = requirement.specifier, candidate.pick.version
        if key[1] is None:
            return True
        satisfied = self._satisfied.get(key)
        if satisfied is None:
            wanted, version = specifiers.parse(key[0]), versions.parse(key[1])
            satisfied = wanted is None or version is None or specifiers.allows(wanted, version)
            self._satisfied[key] = satisfied
        return satisfied

    def get_dependencies(self, candidate: Any) -> Iterable[_Wish]:
        self._spend(1)
        found = self._dependencies.get(candidate)
        if found is None:
            found = self._dependencies[candidate] = self._read(candidate)
        return found

    def _read(self, taken: _Taken) -> tuple[_Wish, ...]:
        name, pick, extras = taken
        self._tried[name] = self._tried.get(name, 0) + 1
        if self._tried[name] > self._most_releases:
            raise _GivenUp
        if self._picker.lacks_metadata(name, pick, extras):
            # As if it depended on nothing: so one look finds out what is wanted of many.
            self.wanted.update(dict.fromkeys(self._batch(taken)))
            if len(self.wanted) >= _MOST_WANTED:
                raise _Wanting
            return ()
        metadata = self._picker.metadata(name, pick, extras)
        if metadata is not None and not metadata.known and self._tried[name] > 1:
            # That an older release seems to depend on nothing is no reason to take it.
            raise _GivenUp
        return tuple(
            _Wish(dependency.name, name, dependency.specifier, dependency.extras, dependency.url, frozenset())
            for dependency in self._closure.dependencies(name, pick, extras)
            if dependency.name not in self._without
        )

    def _batch(self, taken: _Taken) -> Iterator[File]:
        """The files whose metadata is likely to be wanted next: as many again as were looked at already."""
        batch: dict[File, None] = {}
        own = self._picker.metadata_file(taken.name, taken.pick, taken.extras)
        if own is not None:
            batch[own] = None
        enough = max(_FIRST_BATCH, self._tried[taken.name])
        for pick in self._picker.options(self._asked[taken.name]):
            if len(batch) >= enough:
                break
            if pick.file is not None and self._picker.lacks_metadata(taken.name, pick, taken.extras):
                batch[pick.file] = None
        return iter(batch)

    def _need(self, name: str, wishes: Sequence[_Wish]) -> Need:
        # Which requirement and chain lead here does not bear on the choice.
        need = self._roots.get(name) or next(iter(self._roots.values()))
        return need._replace(
            name=name,
            asked=tuple(sorted({(wish.who, wish.specifier) for wish in wishes})),
            hashes=next((wish.hashes for wish in wishes if wish.hashes), frozenset()),
            url=next((wish.url for wish in wishes if wish.url is not None), None),
            direct=name in self._roots,
        )

    def _spend(self, names: int) -> None:
        if self._effort is not None:
            self._effort.left -= names
            if self._effort.left < 0:
                raise _GivenUp

    def _promoted(self, name: str) -> bool:
        return self._in_the_way.get(name, 0) >= _PROMOTED_AFTER
