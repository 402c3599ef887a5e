"""What an install brings: the closure of its requirements on one platform, from what is known so far.

``resolve`` is pure. It says which pages and metadata it would like to see next; the run asks for them and calls again,
until nothing is wanted. Requirements of all parents are put together before a version is chosen, until nothing changes
any more: the answer that pip's resolver gives wherever it need not backtrack. Where it must, ``backtrack`` runs pip's
own algorithm.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence

from fromlint.model.environment import Environment
from fromlint.model.index import File, Metadata
from fromlint.model.place import Unknown
from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Conflict, Resolution
from fromlint.model.verdict import Obstacle, Outcome, Package, Verdict
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING
from fromlint.wheels import filename, versions, why
from fromlint.wheels.choice import requires
from fromlint.wheels.dependency import Dependency, surely_not_asked
from fromlint.wheels.dependency import parse as parse_dependency
from fromlint.wheels.knowledge import Effort, Knowledge, Known
from fromlint.wheels.offer import Offer, Release
from fromlint.wheels.picks import NOTHING, Need, Pick, Picker, agreed, exact_pythons
from fromlint.wheels.policy import Policy, targets
from fromlint.wheels.tags import Target

if TYPE_CHECKING:
    from fromlint.wheels.backtrack import Solution

Markers = Callable[[str, Environment, str, frozenset[str]], bool | None]

# Choices follow from one another in two or three turns; where they go round in circles the backtracker decides.
_MOST_TURNS = 16
# Far beyond any real project: a hostile index must not make a closure without end.
_MOST_PACKAGES = 5000
# Each takes another search.
_MOST_LEFT_OUT = 5


def resolve(
    requirements: Sequence[Requirement],
    constraints: Sequence[Requirement],
    policy: Policy,
    environment: Environment,
    platform: str,
    *,
    installed: Mapping[str, str] | None,
    known: Known,
    markers: Markers,
) -> Resolution:
    """The closure of the requirements in an environment.

    ``installed``: distributions that are there already, by normalised name; None where that is not known.
    ``environment.python`` is the Python that is installed for. ``markers`` evaluates a marker (None: it cannot be
    decided).
    """
    found = targets(policy, environment, platform)
    if isinstance(found, str):
        return _undecided(requirements, platform, found)
    target, modern = found
    evaluate = _Markers(markers, environment, platform)
    knowledge = Knowledge(known, policy)
    applicable = [constraint for constraint in constraints if evaluate(constraint.marker, frozenset()) is not False]
    picker = Picker(knowledge, target, policy, installed or {}, applicable)
    closure = Closure(requirements, policy, picker, evaluate)
    picks = closure.settle()
    needs = closure.needs(picks)
    # What the project asks for and nobody offers fails by itself, and says nothing of the rest.
    hopeless = frozenset(
        name for name, need in needs.items() if picks[name] == NOTHING and not _comes_from_a_package(need)
    )
    disputed = [need for need in needs.values() if picks[need.name] == NOTHING and _comes_from_a_package(need)]
    wanted = closure.wanted(needs, picks)
    missing = tuple(page for page in knowledge.missing() if page[1] in needs or not page[1])
    at_odds = [need for need in disputed if _at_odds(need.asked)]
    conflicts: tuple[Conflict, ...] = ()
    if (disputed or not closure.settled) and not wanted and not missing:
        thorough = bool(at_odds) or not closure.settled
        solution, left_out, conflicts = _solved(closure, picker, hopeless, thorough=thorough, effort=known.effort)
        if solution.picks is not None:
            picks, at_odds = {**solution.picks, **dict.fromkeys(left_out, NOTHING)}, []
            needs = {name: need for name, need in closure.needs(dict(picks)).items() if name in picks}
        elif solution.conflict is None:
            wanted, missing = solution.wanted, knowledge.missing()
            # Where the search was cut short, older releases of those who ask may do without what nobody offers, too.
            open_still = disputed if known.effort is not None and known.effort.left < 0 else at_odds
            picks |= {need.name: Pick(reason=_TOO_DEEP) for need in open_still if need.name not in left_out}
    if wanted or missing:
        # Older releases of those who ask may agree after all.
        picks |= {need.name: Pick(waiting=True) for need in at_odds}
    contested = {conflict.name: conflict.asked for conflict in conflicts}
    if policy.only_deps:
        needs = {name: need for name, need in needs.items() if _comes_from_a_package(need)}
    judge = _Judge(knowledge, picker, target, modern, policy, platform, installed is not None, contested)
    return Resolution(
        packages=tuple(judge.package(need, picks[name]) for name, need in needs.items()),
        wanted_pages=missing,
        wanted_metadata=tuple(wanted),
        conflicts=conflicts,
        unknown=tuple(closure.unknown(needs, picks)),
    )


def _solved(
    closure: Closure, picker: Picker, hopeless: frozenset[str], *, thorough: bool, effort: Effort | None
) -> tuple[Solution, frozenset[str], tuple[Conflict, ...]]:
    """What backtracking comes to, the names left out for it, and the conflicts among these.

    Where there is no solution, the name at which that shows is left out, and the rest is solved.
    """
    from fromlint.wheels.backtrack import solve

    conflicts: list[Conflict] = []
    without = hopeless
    while True:
        solution = solve(closure, picker, without=without, thorough=thorough, effort=effort)
        fault = solution.conflict
        if fault is None or fault.name in without or len(without) == len(hopeless) + _MOST_LEFT_OUT:
            return solution, without, tuple(conflicts)
        without |= {fault.name}
        if _at_odds(fault.asked):
            conflicts.append(fault)


_LOOSE = "which release is taken depends on constraints that are not known"
_TOO_DEEP = "those who ask for it are at odds, and which older releases would agree was not found out"


# A dependency (None: a line that cannot be read) and whether its marker holds (None: that cannot be known).
_Line = tuple[Dependency | None, bool | None]


class Closure:
    """The names that an install needs, and how they follow from what is picked."""

    def __init__(self, requirements: Sequence[Requirement], policy: Policy, picker: Picker, markers: _Markers) -> None:
        self.settled = False
        self._requirements = requirements
        self._policy = policy
        self._picker = picker
        self._markers = markers
        self._instead = {each.name: each.specifier for each in policy.overrides if markers(each.marker, frozenset())}
        self._lines: dict[tuple[str, str, frozenset[str]], tuple[_Line, ...]] = {}

    def settle(self) -> dict[str, Pick]:
        """What is picked for each name, once that does not change any more (``settled``) or seems never to end."""
        picks: dict[str, Pick] = {}
        for _ in range(_MOST_TURNS):
            turned = {name: self._picker.pick(need) for name, need in self.needs(picks).items()}
            self.settled = all(picks[name] == pick for name, pick in turned.items())
            picks = turned
            if self.settled:
                break
        return picks

    def needs(self, picks: dict[str, Pick]) -> dict[str, Need]:
        """All names that are asked for by the requirements and by what is picked, breadth first.

        A name without a pick gets its first one here, by what is known of its need at that point.
        """
        needs = self.roots()
        queue = deque(needs)
        expanded: dict[str, frozenset[str]] = {}
        while queue and len(needs) < _MOST_PACKAGES:
            name = queue.popleft()
            need = needs[name]
            if name not in picks:
                picks[name] = self._picker.pick(need)
            if expanded.get(name) == need.extras or self._policy.no_deps:
                continue
            expanded[name] = need.extras
            for dependency in self.dependencies(name, picks[name], need.extras):
                other = needs.get(dependency.name) or _next_to(need, dependency.name)
                needs[dependency.name] = other._replace(
                    asked=_with(other.asked, (name, self._instead.get(dependency.name, dependency.specifier))),
                    extras=other.extras | dependency.extras,
                    url=other.url or dependency.url,
                )
                queue.append(dependency.name)
        for name, need in needs.items():
            if name not in picks:
                picks[name] = self._picker.pick(need)
        return needs

    def roots(self) -> dict[str, Need]:
        """What the requirements themselves ask for."""
        needs: dict[str, Need] = {}
        for requirement in self._requirements:
            if self._markers(requirement.marker, frozenset()):
                need = needs.get(requirement.name) or _first(requirement)
                needs[requirement.name] = need._replace(
                    asked=_with(need.asked, ("", requirement.specifier)),
                    extras=need.extras | frozenset(map(filename.normalised, requirement.extras)),
                    hashes=agreed(need.hashes, requirement.hashes),
                    url=need.url or requirement.reference,
                )
        return needs

    def dependencies(self, name: str, pick: Pick, extras: frozenset[str]) -> tuple[Dependency, ...]:
        """What a pick with these extras depends on in this environment; nothing where that is not known (yet)."""
        return tuple(
            dependency for dependency, holds in self._stated(name, pick, extras) if holds and dependency is not None
        )

    def wanted(self, needs: Mapping[str, Need], picks: Mapping[str, Pick]) -> tuple[File, ...]:
        """The files whose metadata is missing."""
        if self._policy.no_deps:
            return ()
        files = [
            self._picker.metadata_file(name, picks[name], need.extras)
            for name, need in needs.items()
            if self._picker.lacks_metadata(name, picks[name], need.extras)
        ]
        return tuple(file for file in files if file is not None)

    def unknown(self, needs: Mapping[str, Need], picks: Mapping[str, Pick]) -> Iterator[Unknown]:
        """What could not be decided about the closure, and why."""
        for requirement in self._requirements:
            if self._markers(requirement.marker, frozenset()) is None:
                reason = f"whether it is installed depends on what is not known here: {requirement.marker}"
                yield Unknown(requirement.name, reason, requirement.span)
        if self._policy.no_deps:
            return
        for name, need in needs.items():
            pick = picks[name]
            metadata = self._picker.metadata(name, pick, need.extras)
            if metadata is not None and not metadata.known:
                reason = metadata.failure or "only its build would tell"
                yield Unknown(name, f"its dependencies are not known: {reason}", need.requirement.span)
            for dependency, holds in self._stated(name, pick, need.extras):
                if dependency is None:
                    yield Unknown(name, "one of its dependencies cannot be read", need.requirement.span)
                elif holds is None:
                    reason = f"whether {name} needs it depends on what is not known here: {dependency.marker}"
                    yield Unknown(dependency.name, reason, need.requirement.span)

    def _stated(self, name: str, pick: Pick, extras: frozenset[str]) -> tuple[_Line, ...]:
        """The dependencies of a pick whose marker holds or may hold."""
        file = self._picker.metadata_file(name, pick, extras)
        metadata = self._picker.metadata(name, pick, extras)
        if file is None or metadata is None or not metadata.known:
            return ()
        key = name, file.url or file.filename, extras
        found = self._lines.get(key)
        if found is None:
            found = self._lines[key] = tuple(self._read(metadata, extras))
        return found

    def _read(self, metadata: Metadata, extras: frozenset[str]) -> Iterator[_Line]:
        if metadata.provides_extra:
            extras = extras & frozenset(map(filename.normalised, metadata.provides_extra))
        for line in metadata.requires_dist:
            dependency = parse_dependency(line)
            if dependency is None or not dependency.marker:
                yield dependency, True
            elif not surely_not_asked(dependency.marker, extras):
                holds = self._markers(dependency.marker, extras)
                if holds is not False:
                    yield dependency, holds


class _Markers:
    """Marker evaluation for one image, each marker once."""

    def __init__(self, evaluate: Markers, environment: Environment, platform: str) -> None:
        self._evaluate = evaluate
        self._environment = environment
        self._platform = platform
        self._memory: dict[tuple[str, frozenset[str]], bool | None] = {}

    def __call__(self, marker: str, extras: frozenset[str]) -> bool | None:
        if not marker:
            return True
        key = marker, extras
        if key not in self._memory:
            self._memory[key] = self._evaluate(marker, self._environment, self._platform, extras)
        return self._memory[key]


class _Judge(NamedTuple):
    """Puts picks into packages with their verdicts."""

    knowledge: Knowledge
    picker: Picker
    target: Target
    modern: Target
    policy: Policy
    platform: str
    installed_known: bool
    contested: Mapping[str, tuple[tuple[str, str], ...]]

    def package(self, need: Need, pick: Pick) -> Package:
        verdict = self._verdict(need, pick)
        if verdict.outcome in (Outcome.SOURCE, Outcome.NONE) and not self.installed_known and pick.reference is None:
            verdict = Verdict(Outcome.UNKNOWN, reason="what the base has installed already is not known")
        return Package(
            name=need.name,
            version=None if verdict.reason == _LOOSE else pick.version,
            requirement=need.requirement,
            parents=need.parents,
            verdicts={self.platform: verdict},
            extras=tuple(sorted(need.extras)),
            kept=pick.kept,
            asked_by=() if not need.direct else tuple(dict.fromkeys(who for who, _ in need.asked if who)),
        )

    def _verdict(self, need: Need, pick: Pick) -> Verdict:
        if pick.kept:
            return Verdict(Outcome.WHEEL, reason="it is installed already")
        if pick.reference is not None:
            return self._referenced(need, pick, pick.reference)
        offer, ask = self.knowledge.offer(need.name), self.picker.ask(need)
        failure = offer.failure if isinstance(offer, Offer) else None
        if self.policy.unknown_constraints and not (ask is not None and ask.specifiers.pinned):
            return Verdict(Outcome.UNKNOWN, reason=_LOOSE)
        if self.policy.require_hashes and pick.choice is not None and ask is not None and not ask.hashes:
            reason = "it has no hash, which is required of all here"
            return Verdict(Outcome.NONE, pick.choice.candidate.file, Obstacle.HASHES, reason=reason)
        if pick.reason is not None or failure is not None:
            return Verdict(Outcome.UNKNOWN, reason=pick.reason or failure, unasked=failure is not None)
        if pick.waiting and isinstance(offer, Offer):
            # The snapshot holds some releases only.
            return Verdict(Outcome.UNKNOWN, reason="what is known without asking lists no release of it", unasked=True)
        if pick.waiting or not isinstance(offer, Offer) or ask is None:
            return Verdict(Outcome.UNKNOWN, reason="the index has not been asked", unasked=True)
        line = self.picker.at_fault(need.name) if pick == NOTHING else None
        if line is not None:
            return Verdict(Outcome.NONE, obstacle=Obstacle.METADATA, reason=line)
        found = why.verdict(offer, ask, pick.choice, self.target, self.modern, self.policy)
        # That the Python is refused no agreement would change.
        if need.name in self.contested and found.obstacle is not Obstacle.REQUIRES_PYTHON:
            return Verdict(Outcome.NONE, obstacle=Obstacle.CONFLICT, asked=self.contested[need.name])
        return found

    def _referenced(self, need: Need, pick: Pick, file: File) -> Verdict:
        """A direct reference: what is no wheel is built."""
        name = need.name
        metadata = self.picker.metadata(name, pick, need.extras)
        stated = metadata.requires_python if metadata is not None else None
        refused = stated and not any(requires(stated, python) for python in exact_pythons(self.target.exact))
        if refused and not self.policy.ignore_requires_python:
            return Verdict(Outcome.NONE, file, Obstacle.REQUIRES_PYTHON)
        if not file.filename.endswith(".whl"):
            return Verdict(Outcome.SOURCE, file, Obstacle.NO_WHEELS)
        split = filename.split(file.filename, name)
        version = versions.parse(split.version) if split is not None else None
        if version is None:
            return Verdict(Outcome.UNKNOWN, file, reason=f"its file name is not that of a wheel of {name}")
        return why.of_release(Release(version, name, lambda: (file,)), name, self.target, self.modern, self.policy)


def _undecided(requirements: Sequence[Requirement], platform: str, reason: str) -> Resolution:
    """The direct requirements, where nothing can be said of the environment."""
    verdict = Verdict(Outcome.UNKNOWN, reason=reason)
    packages: dict[str, Package] = {}
    for stated in requirements:
        package = Package(stated.name, None, stated, stated.parents, {platform: verdict}, stated.extras)
        packages.setdefault(stated.name, package)
    return Resolution(tuple(packages.values()))


def _first(requirement: Requirement) -> Need:
    nothing: frozenset[str] = frozenset()
    return Need(requirement.name, requirement, requirement.parents, (), nothing, nothing, requirement.reference, True)


def _next_to(parent: Need, name: str) -> Need:
    nothing: frozenset[str] = frozenset()
    return Need(name, parent.requirement, (*parent.parents, parent.name), (), nothing, nothing, None, False)


def _with(asked: tuple[tuple[str, str], ...], one: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return asked if one in asked else (*asked, one)


def _comes_from_a_package(need: Need) -> bool:
    """Whether another version of a parent could make the need go away."""
    return any(who for who, _ in need.asked)


def _at_odds(asked: Sequence[tuple[str, str]]) -> bool:
    """Whether several parties ask for different versions, so that it may be them that no release can serve together."""
    return len({specifier for _, specifier in asked if specifier}) > 1
