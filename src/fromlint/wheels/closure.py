"""What an install brings: the closure of its requirements on one platform, from what is known so far.

``resolve`` is pure. It says which pages and metadata it would like to see next; the run asks for them and calls again,
until nothing is wanted. Requirements of all parents are put together before a version is chosen, until nothing changes
any more: the answer that pip's resolver gives wherever it need not backtrack. Where it must, ``backtrack`` runs pip's
own algorithm.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from fromlint.model.environment import Environment
from fromlint.model.index import File, Metadata, Page
from fromlint.model.place import Unknown
from fromlint.model.requirement import Requirement
from fromlint.model.verdict import Obstacle, Outcome, Package, Verdict
from fromlint.wheels import filename, specifiers, tags, versions, why
from fromlint.wheels.choice import Ask, Choice, choices, requires
from fromlint.wheels.dependency import Dependency, surely_not_asked
from fromlint.wheels.dependency import parse as parse_dependency
from fromlint.wheels.offer import Offer, Release, offer
from fromlint.wheels.policy import PIP, UV, Policy
from fromlint.wheels.tags import Target

Markers = Callable[[str, Environment, str, frozenset[str]], bool | None]

# Choices follow from one another in a few turns; where they go round in circles the backtracker decides.
_MOST_TURNS = 24
# Far beyond any real project: a hostile index must not make a closure without end.
_MOST_PACKAGES = 5000


class Known(NamedTuple):
    """What has been learnt so far: pages by (index, name), metadata by the file's URL or name."""

    pages: Mapping[tuple[str, str], Page]
    metadata: Mapping[str, Metadata]


class Conflict(NamedTuple):
    """A package that is asked for in ways that no release can serve together.

    ``asked``: who asks (a chain's last name, "" for the project itself) and with which specifier.
    """

    name: str
    asked: tuple[tuple[str, str], ...]


class Resolution(NamedTuple):
    """A closure as far as it is known. Complete once nothing is wanted."""

    packages: tuple[Package, ...]
    wanted_pages: tuple[tuple[str, str], ...]
    wanted_metadata: tuple[File, ...]
    conflicts: tuple[Conflict, ...]
    unknown: tuple[Unknown, ...]


class Pick(NamedTuple):
    """What would be installed for a name.

    One of: a ``choice``; an installed version that stays (``kept``); the ``reference`` of a direct requirement; a
    ``reason`` why it is not known; ``waiting`` for a page; or nothing at all, where no file fits.
    """

    version: str | None = None
    choice: Choice | None = None
    kept: bool = False
    reference: File | None = None
    reason: str | None = None
    waiting: bool = False

    @property
    def empty(self) -> bool:
        """Whether it is known that nothing fits."""
        return self == _NOTHING

    @property
    def file(self) -> File | None:
        """The file whose metadata tells the dependencies."""
        return self.choice.candidate.file if self.choice is not None else self.reference


_NOTHING = Pick()


class Need(NamedTuple):
    """All that is asked of one name. ``asked`` are (who, specifier); ``parents`` the shortest chain."""

    name: str
    requirement: Requirement
    parents: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    extras: frozenset[str]
    hashes: frozenset[str]
    url: str | None
    direct: bool


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
    ignore_pip = policy.installer != PIP
    target = tags.target(environment, platform, ignore_pip=ignore_pip)
    modern = tags.target(environment, platform, ignore_pip=True)
    state = State(constraints, policy, environment, platform, installed, known, markers)
    if isinstance(target, str) or isinstance(modern, str):
        return state.without_target(requirements, target if isinstance(target, str) else str(modern))
    state.target, state.modern = target, modern
    return state.resolution(requirements)


def together(resolutions: Mapping[str, Resolution]) -> tuple[Package, ...]:
    """The packages of several platforms as one list, a package with its verdicts by platform.

    Where the platforms take different versions each stands for itself. The order is that of the first platform.
    """
    found: dict[tuple[str, str | None, bool], Package] = {}
    for resolution in resolutions.values():
        for package in resolution.packages:
            key = package.name, package.version, package.kept
            earlier = found.get(key)
            if earlier is None:
                found[key] = package
            else:
                found[key] = earlier._replace(verdicts={**earlier.verdicts, **package.verdicts})
    return tuple(found.values())


class State:
    """One resolution: what it was given, and what it has found out on the way."""

    target: Target
    modern: Target

    def __init__(
        self,
        constraints: Sequence[Requirement],
        policy: Policy,
        environment: Environment,
        platform: str,
        installed: Mapping[str, str] | None,
        known: Known,
        markers: Markers,
    ) -> None:
        self.policy = policy
        self.environment = environment
        self.platform = platform
        self.installed = installed or {}
        self.installed_known = installed is not None
        self.known = known
        self._markers = markers
        self._marker_memory: dict[tuple[str, frozenset[str]], bool | None] = {}
        self._picks: dict[tuple[object, ...], Pick] = {}
        self._offers: dict[str, Offer | str | None] = {}
        self.wanted_pages: dict[tuple[str, str], None] = {}
        self.unknown: dict[tuple[str, str], Unknown] = {}
        self.constraints: dict[str, list[Requirement]] = {}
        for constraint in constraints:
            if self.marker(constraint.marker, frozenset()) is not False:
                self.constraints.setdefault(constraint.name, []).append(constraint)

    # --- the whole ---

    def resolution(self, requirements: Sequence[Requirement]) -> Resolution:
        """The closure with everything that is wanted to complete it."""
        picks: Mapping[str, Pick] = {}
        settled = False
        for _ in range(_MOST_TURNS):
            needs = self.needs(requirements, picks)
            turned = {name: self.pick(need) for name, need in needs.items()}
            settled = turned == picks
            picks = turned
            if settled:
                break
        else:
            needs = self.needs(requirements, picks)
        wanted: Sequence[File] = self._wanted_metadata(needs, picks)
        conflicts: tuple[Conflict, ...] = ()
        disputed = [need for name, need in needs.items() if picks.get(name, _NOTHING).empty and self._disputable(need)]
        if (disputed or not settled) and not wanted and not self.wanted_pages:
            from fromlint.wheels.backtrack import solve

            solved = solve(self, requirements, needs)
            if solved.picks is not None:
                picks = solved.picks
                needs = {name: need for name, need in self.needs(requirements, picks).items() if name in picks}
            else:
                wanted = solved.wanted
                conflicts = tuple(Conflict(need.name, need.asked) for need in disputed if _at_odds(need))
                if solved.gave_up:
                    for need in disputed:
                        reason = "older releases of what asks for it may do without it; so many were not looked at"
                        self._note(need.name, reason, need.requirement)
        return Resolution(
            packages=tuple(self._package(need, picks.get(name, _NOTHING)) for name, need in needs.items()),
            wanted_pages=tuple(self.wanted_pages),
            wanted_metadata=tuple(wanted),
            conflicts=conflicts,
            unknown=tuple(self.unknown.values()),
        )

    def without_target(self, requirements: Sequence[Requirement], reason: str) -> Resolution:
        """The direct requirements, of which nothing can be said."""
        verdict = Verdict(Outcome.UNKNOWN, reason=reason)
        packages: dict[str, Package] = {}
        for requirement in requirements:
            package = Package(
                requirement.name, None, requirement, requirement.parents, {self.platform: verdict}, requirement.extras
            )
            packages.setdefault(requirement.name, package)
        return Resolution(tuple(packages.values()), (), (), (), ())

    # --- what is needed ---

    def needs(self, requirements: Sequence[Requirement], picks: Mapping[str, Pick]) -> dict[str, Need]:
        """All names that the requirements and the dependencies of what is picked so far ask for, breadth first."""
        needs: dict[str, Need] = {}
        queue: deque[str] = deque()
        for requirement in requirements:
            if self._root_applies(requirement):
                need = needs.get(requirement.name) or _first(requirement)
                needs[requirement.name] = need._replace(
                    asked=_with(need.asked, ("", requirement.specifier)),
                    extras=need.extras | frozenset(map(filename.normalised, requirement.extras)),
                    hashes=_agreed(need.hashes, requirement.hashes),
                    url=need.url or requirement.reference,
                )
                queue.append(requirement.name)
        if self.policy.no_deps:
            return needs
        expanded: dict[str, frozenset[str]] = {}
        while queue and len(needs) < _MOST_PACKAGES:
            name = queue.popleft()
            need = needs[name]
            if expanded.get(name) == need.extras:
                continue
            expanded[name] = need.extras
            for dependency in self.dependencies(name, picks.get(name, _NOTHING), need.extras, need):
                other = needs.get(dependency.name)
                if other is None:
                    other = Need(
                        dependency.name,
                        need.requirement,
                        (*need.parents, name),
                        (),
                        frozenset(),
                        frozenset(),
                        None,
                        False,
                    )
                needs[dependency.name] = other._replace(
                    asked=_with(other.asked, (name, dependency.specifier)),
                    extras=other.extras | dependency.extras,
                    url=other.url or dependency.url,
                )
                queue.append(dependency.name)
        return needs

    def dependencies(self, name: str, pick: Pick, extras: frozenset[str], need: Need) -> Iterator[Dependency]:
        """What a pick depends on in this environment, with these extras; nothing where that is not known yet."""
        metadata = self.metadata(name, pick, extras)
        if metadata is None:
            return
        if metadata.provides_extra:
            extras = extras & frozenset(map(filename.normalised, metadata.provides_extra))
        for line in metadata.requires_dist:
            dependency = parse_dependency(line)
            if dependency is None:
                self._note(name, f"a dependency of {name} cannot be read: {line[:80]!r}", need.requirement)
                continue
            if dependency.marker:
                if surely_not_asked(dependency.marker, extras):
                    continue
                holds = self.marker(dependency.marker, extras)
                if holds is None:
                    why_unknown = f"whether {name} needs it depends on what is not known here: {dependency.marker}"
                    self._note(dependency.name, why_unknown, need.requirement)
                if not holds:
                    continue
            yield dependency

    def metadata(self, name: str, pick: Pick, extras: frozenset[str]) -> Metadata | None:
        """The metadata of what is picked, None where it is not known yet or not needed."""
        file = self.metadata_file(name, pick, extras)
        if file is None:
            return None
        found = self._stored_metadata(file)
        if found is not None and not found.known:
            return None
        return found

    def _stored_metadata(self, file: File) -> Metadata | None:
        metadata = self.known.metadata
        found = metadata.get(file.url) if file.url is not None else None
        return found if found is not None else metadata.get(file.filename)

    def metadata_file(self, name: str, pick: Pick, extras: frozenset[str]) -> File | None:
        if not pick.kept:
            return pick.file
        # What is installed already has brought its own dependencies with it, but not those of a new extra.
        if not extras or pick.version is None:
            return None
        found = self.offer(name)
        if not isinstance(found, Offer):
            return None
        ask = Ask(specifiers.parse(f"=={pick.version}") or specifiers.ANY)
        chosen = next(choices(found, ask, self.target, self.policy), None)
        return chosen.candidate.file if chosen is not None else None

    def marker(self, marker: str, extras: frozenset[str]) -> bool | None:
        """Whether a marker holds for the image; None where that cannot be known."""
        if not marker:
            return True
        key = marker, extras
        if key not in self._marker_memory:
            self._marker_memory[key] = self._markers(marker, self.environment, self.platform, extras)
        return self._marker_memory[key]

    def _root_applies(self, requirement: Requirement) -> bool:
        holds = self.marker(requirement.marker, frozenset())
        if holds is None:
            reason = f"whether it is installed depends on what is not known here: {requirement.marker}"
            self._note(requirement.name, reason, requirement)
        return bool(holds)

    def _note(self, what: str, reason: str, requirement: Requirement) -> None:
        self.unknown.setdefault((what, reason), Unknown(what, reason, requirement.span))

    # --- what is taken ---

    def pick(self, need: Need) -> Pick:
        """The first choice for a need."""
        key = need.name, need.asked, need.hashes, need.url, need.direct
        found = self._picks.get(key)
        if found is None:
            found = self._picks[key] = next(self.options(need), _NOTHING)
        return found

    def options(self, need: Need) -> Iterator[Pick]:
        """Everything that could be taken for a need, the best first."""
        url = need.url or next((c.reference for c in self.constraints.get(need.name, ()) if c.reference), None)
        if url is not None:
            yield self._referenced(need, url)
            return
        ask = self.ask(need)
        if ask is None:
            yield Pick(reason="its specifiers cannot be read")
            return
        installed = self._installed(need.name, ask)
        if installed is not None and not (self.policy.upgrade and need.direct):
            yield installed
        found = self.offer(need.name)
        if found is None:
            yield Pick(waiting=True)
        elif isinstance(found, str):
            yield Pick(reason=found)
        else:
            yield from self._offered(found, ask, installed)

    def _offered(self, found: Offer, ask: Ask, installed: Pick | None) -> Iterator[Pick]:
        for number, choice in enumerate(self._choices(found, ask)):
            if choice is None:
                yield Pick(reason="what fits depends on the exact Python, of which only the minor version is known")
                return
            if installed is not None and (number > 0 or _at_least(installed, choice)):
                yield installed
                return
            yield Pick(version=choice.version.text, choice=choice)
        if installed is not None:
            yield installed

    def _choices(self, found: Offer, ask: Ask) -> Iterator[Choice | None]:
        """The choices for the target; a single None where its Python is not known exactly enough to tell."""
        first: list[Choice | None] = []
        for exact in _exact_pythons(self.target.exact):
            target = self.target._replace(exact=exact)
            first.append(next(self._allowed(choices(found, ask, target, self.policy), exact), None))
        if any(other != first[0] for other in first):
            yield None
            return
        exact = _exact_pythons(self.target.exact)[-1]
        yield from self._allowed(choices(found, ask, self.target._replace(exact=exact), self.policy), exact)

    def _allowed(self, found: Iterable[Choice], python: str) -> Iterator[Choice]:
        """Those whose own metadata lets the Python in, too: not every index says it on its page."""
        for choice in found:
            metadata = self._stored_metadata(choice.candidate.file)
            stated = metadata.requires_python if metadata is not None else None
            if stated is None or self.policy.ignore_requires_python or requires(stated, python):
                yield choice

    def ask(self, need: Need) -> Ask | None:
        """All that is asked of a name, constraints included; None where a specifier is none."""
        constraints = self.constraints.get(need.name, ())
        texts = [specifier for _, specifier in need.asked] + [constraint.specifier for constraint in constraints]
        wanted = specifiers.both(texts)
        if wanted is None:
            return None
        hashes = need.hashes
        for constraint in constraints:
            hashes = _agreed(hashes, constraint.hashes)
        prereleases = None
        if self.policy.installer == UV and wanted.prereleases and not self.policy.pre:
            # uv lets pre-releases in by what the project itself says, not by what its dependencies say.
            stated = specifiers.both(specifier for who, specifier in need.asked if not who)
            if stated is not None and not stated.prereleases:
                wanted = wanted._replace(prereleases=False)
        return Ask(wanted, hashes, prereleases)

    def _installed(self, name: str, ask: Ask) -> Pick | None:
        version = self.installed.get(name)
        parsed = versions.parse(version) if version is not None else None
        if parsed is None or self.policy.force_reinstall or not specifiers.allows(ask.specifiers, parsed):
            return None
        return Pick(version=version, kept=True)

    def _referenced(self, need: Need, url: str) -> Pick:
        last = url.split("#", 1)[0].split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
        split = filename.split(last, need.name) if last.endswith(".whl") else None
        return Pick(version=split.version if split is not None else None, reference=File(filename=last, url=url))

    # --- what indexes offer ---

    def offer(self, name: str) -> Offer | str | None:
        """What is offered of a name; the reason where that cannot be known; None where it is not known yet."""
        if name not in self._offers:
            self._offers[name] = self._find_offer(name)
        return self._offers[name]

    def _find_offer(self, name: str) -> Offer | str | None:
        policy = self.policy
        if policy.unknown is not None or name in policy.apart:
            return policy.unknown or policy.apart[name]
        own = policy.own_index.get(name)
        pages: list[Page] = []
        missing = False
        for index in (own,) if own is not None else policy.indexes:
            page = self._page(index, name)
            if page is None:
                missing = True
                if not policy.merged:
                    break
                continue
            pages.append(page)
            if not policy.merged and (page.failure is not None or page.files):
                break
        for place in policy.places:
            page = self.known.pages.get((place, name))
            if page is not None:
                pages.append(page)
            elif place.startswith(("http://", "https://")):
                missing = self._page(place, name) is None or missing
            else:
                return f"what {place} holds is not known here"
        return None if missing else offer(name, pages)

    def _page(self, index: str, name: str) -> Page | None:
        page = self.known.pages.get((index, name))
        if page is None:
            self.wanted_pages[(index, name)] = None
        return page

    def lacks_metadata(self, name: str, pick: Pick, extras: frozenset[str]) -> bool:
        """Whether there is metadata to be had of a pick that is not known yet."""
        file = self.metadata_file(name, pick, extras) if self._has_metadata(pick) else None
        return file is not None and self._stored_metadata(file) is None

    def _wanted_metadata(self, needs: Mapping[str, Need], picks: Mapping[str, Pick]) -> list[File]:
        if self.policy.no_deps:
            return []
        wanted = []
        for name, pick in picks.items():
            extras = needs[name].extras
            file = self.metadata_file(name, pick, extras)
            if file is not None and self.lacks_metadata(name, pick, extras):
                wanted.append(file)
        return wanted

    def _has_metadata(self, pick: Pick) -> bool:
        """Whether the metadata of a pick can be read without building or cloning anything."""
        if pick.reference is None:
            return pick.choice is None or pick.choice.listed
        return (pick.reference.url or "").startswith(("http://", "https://"))

    def _disputable(self, need: Need) -> bool:
        """Whether another version of a parent could make the need go away."""
        return any(who for who, _ in need.asked)

    # --- what is said of it ---

    def _package(self, need: Need, pick: Pick) -> Package:
        verdict = self._verdict(need, pick)
        if verdict.outcome in (Outcome.SOURCE, Outcome.NONE) and not self.installed_known and pick.reference is None:
            verdict = Verdict(Outcome.UNKNOWN, reason="what the base has installed already is not known")
        file = pick.file
        if file is not None and not self.policy.no_deps:
            metadata = self._stored_metadata(file)
            if metadata is not None and not metadata.known:
                reason = metadata.failure or "only its build would tell"
                self._note(need.name, f"its dependencies are not known: {reason}", need.requirement)
        return Package(
            name=need.name,
            version=pick.version,
            requirement=need.requirement,
            parents=need.parents,
            verdicts={self.platform: verdict},
            extras=tuple(sorted(need.extras)),
            kept=pick.kept,
        )

    def _verdict(self, need: Need, pick: Pick) -> Verdict:
        if pick.kept:
            return Verdict(Outcome.WHEEL, reason="it is installed already")
        if pick.reference is not None:
            return self._verdict_of_reference(need, pick.reference)
        if pick.reason is not None:
            return Verdict(Outcome.UNKNOWN, reason=pick.reason)
        found = self.offer(need.name)
        ask = self.ask(need)
        if pick.waiting or not isinstance(found, Offer) or ask is None:
            return Verdict(Outcome.UNKNOWN, reason="the index has not been asked", unasked=True)
        return why.verdict(found, ask, pick.choice, self.target, self.modern, self.policy)

    def _verdict_of_reference(self, need: Need, file: File) -> Verdict:
        if not file.filename.endswith(".whl"):
            return Verdict(Outcome.SOURCE, file, Obstacle.NO_WHEELS)
        split = filename.split(file.filename, need.name)
        version = versions.parse(split.version) if split is not None else None
        if split is None or version is None:
            return Verdict(Outcome.UNKNOWN, file, reason="its file name is not that of a wheel of this name")
        release = Release(version, need.name, (file,))
        return why.of_release(release, need.name, self.target, self.modern, self.policy)


def _first(requirement: Requirement) -> Need:
    return Need(
        requirement.name, requirement, requirement.parents, (), frozenset(), frozenset(), requirement.reference, True
    )


def _with(asked: tuple[tuple[str, str], ...], one: tuple[str, str]) -> tuple[tuple[str, str], ...]:
    return asked if one in asked else (*asked, one)


def _agreed(hashes: frozenset[str], others: Iterable[str]) -> frozenset[str]:
    """The hashes that all lines agree on; a line without any agrees with every one (pip's Hashes)."""
    more = frozenset(others)
    return hashes & more if hashes and more else hashes | more


def _at_odds(need: Need) -> bool:
    """Whether several parties ask for different versions, so that it may be them that no release can serve together."""
    return len({specifier for _, specifier in need.asked if specifier}) > 1


def _at_least(installed: Pick, choice: Choice) -> bool:
    version = versions.parse(installed.version or "")
    return version is not None and (version.key, version.local) >= (choice.version.key, choice.version.local)


def _exact_pythons(exact: str) -> tuple[str, ...]:
    """The Pythons to try: the one that is known, or the first and the last of a minor version."""
    return (exact,) if exact.count(".") >= 2 else (f"{exact}.0", f"{exact}.99")
