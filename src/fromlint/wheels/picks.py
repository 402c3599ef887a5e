"""What would be installed for a name, given all that is asked of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import count

from fromlint.model.index import File, Metadata
from fromlint.model.requirement import Requirement
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.wheels import filename, specifiers, versions
from fromlint.wheels.choice import Ask, Choice, choices, requires
from fromlint.wheels.dependency import malformed
from fromlint.wheels.knowledge import Knowledge
from fromlint.wheels.offer import Offer, decided
from fromlint.wheels.policy import UV, Policy, prereleases
from fromlint.wheels.tags import Target


class Need(NamedTuple):
    """All that is asked of one name. ``asked`` are (who, specifier), who being "" for the project itself.

    ``requirement`` is the stated one that leads here, ``parents`` the shortest chain of names from it.
    """

    name: str
    requirement: Requirement
    parents: tuple[str, ...]
    asked: tuple[tuple[str, str], ...]
    extras: frozenset[str]
    hashes: frozenset[str]
    url: str | None
    direct: bool


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
    def file(self) -> File | None:
        """The file whose metadata tells the dependencies."""
        return self.choice.candidate.file if self.choice is not None else self.reference


class _Options:
    """What could be taken for a need, found as far as it is asked for and kept."""

    def __init__(self, more: Iterator[Pick]) -> None:
        self._found: list[Pick] = []
        self._more = more

    def __iter__(self) -> Iterator[Pick]:
        for number in count():
            if number == len(self._found):
                following = next(self._more, None)
                if following is None:
                    return
                self._found.append(following)
            yield self._found[number]


NOTHING = Pick()
_STAR = regex(r"((?:>=|<=|<|>)\s*[\w.]+?)\.\*")
_INEXACT = "what fits depends on the exact Python, of which only the minor version is known"


class Picker:
    """Picks for one environment, with the memory of one resolution."""

    def __init__(
        self,
        knowledge: Knowledge,
        target: Target,
        policy: Policy,
        installed: Mapping[str, str],
        constraints: Sequence[Requirement],
    ) -> None:
        self._knowledge = knowledge
        self._policy = policy
        self._installed = installed
        self._targets = tuple(target._replace(exact=exact) for exact in exact_pythons(target.exact))
        self._constraints: dict[str, list[Requirement]] = {}
        for constraint in constraints:
            self._constraints.setdefault(constraint.name, []).append(constraint)
        self._strict = target.strict
        self._memory: dict[tuple[object, ...], _Options] = {}
        self._at_fault: dict[str, str] = {}

    def pick(self, need: Need) -> Pick:
        """The first choice for a need."""
        return next(self.options(need), NOTHING)

    def options(self, need: Need) -> Iterator[Pick]:
        """Everything that could be taken for a need, the best first."""
        key = need.name, need.asked, need.hashes, need.url, need.direct
        found = self._memory.get(key)
        if found is None:
            found = self._memory[key] = _Options(self._options(need))
        return iter(found)

    def _options(self, need: Need) -> Iterator[Pick]:
        url = need.url or next((c.reference for c in self._constraints.get(need.name, ()) if c.reference), None)
        if url is not None:
            yield _referenced(need.name, url)
            return
        ask = self.ask(need)
        if ask is None:
            yield Pick(reason="its specifiers cannot be read")
            return
        installed = self._satisfying(need.name, ask)
        if installed is not None and not (self._policy.upgrade and need.direct):
            yield installed
            installed = None
        offer = self._knowledge.offer(need.name)
        if offer is None:
            yield Pick(waiting=True)
        elif isinstance(offer, str) or offer.failure is not None:
            yield Pick(reason=offer if isinstance(offer, str) else offer.failure)
        else:
            yield from self._offered(offer, ask, installed, lowest=self._lowest(need))

    def at_fault(self, name: str) -> str | None:
        """The line of metadata for which the first release of a name was passed over, None where none was."""
        return self._at_fault.get(name)

    def ask(self, need: Need) -> Ask | None:
        """All that is asked of a name, constraints included; None where a specifier is none."""
        constraints = self._constraints.get(need.name, ())
        wanted = specifiers.both(
            [_lenient(specifier) if who else specifier for who, specifier in need.asked]
            + [constraint.specifier for constraint in constraints]
        )
        if wanted is None:
            return None
        if self._policy.installer == UV and wanted.prereleases:
            # uv lets pre-releases in by what the project itself says, not by what its dependencies say.
            stated = specifiers.both(specifier for who, specifier in need.asked if not who)
            wanted = wanted._replace(prereleases=stated is not None and stated.prereleases)
        hashes = need.hashes
        for constraint in constraints:
            hashes = agreed(hashes, constraint.hashes)
        return Ask(wanted, hashes, prereleases(self._policy, need.name))

    def metadata_file(self, name: str, pick: Pick, extras: frozenset[str]) -> File | None:
        """The file whose metadata says what a pick with these extras brings, None where none can or need be read."""
        if pick.reference is not None:
            # Only an archive can be read without cloning or building anything.
            url = pick.reference.url or ""
            if url in self._policy.archives:
                return pick.reference._replace(url=self._policy.archives[url])
            return pick.reference if url.startswith(("http://", "https://")) else None
        if pick.choice is not None:
            return pick.choice.candidate.file if pick.choice.listed else None
        # What is installed already has brought its own dependencies with it, but not those of a new extra.
        if not pick.kept or not extras or pick.version is None:
            return None
        offer = self._knowledge.offer(name)
        pinned = specifiers.parse(f"=={pick.version}")
        if not isinstance(offer, Offer) or pinned is None:
            return None
        chosen = next(choices(offer, Ask(pinned), self._targets[-1], self._policy), None)
        return chosen.candidate.file if chosen is not None else None

    def metadata(self, name: str, pick: Pick, extras: frozenset[str]) -> Metadata | None:
        """The metadata of a pick, None where it is not known (yet)."""
        file = self.metadata_file(name, pick, extras)
        return self._knowledge.metadata(file) if file is not None else None

    def lacks_metadata(self, name: str, pick: Pick, extras: frozenset[str]) -> bool:
        """Whether there is metadata to be had of a pick that is not known yet."""
        file = self.metadata_file(name, pick, extras)
        return file is not None and self._knowledge.metadata(file) is None

    def _satisfying(self, name: str, ask: Ask) -> Pick | None:
        """The installed version, if it satisfies (pre-release or not) and may stay."""
        version = self._installed.get(name)
        parsed = versions.parse(version) if version is not None else None
        if parsed is None or self._policy.force_reinstall or not specifiers.allows(ask.specifiers, parsed):
            return None
        return Pick(version=version, kept=True)

    def _lowest(self, need: Need) -> bool:
        """Whether uv is told to take the oldest release that does."""
        return self._policy.resolution == "lowest" or (self._policy.resolution == "lowest-direct" and need.direct)

    def _offered(self, offer: Offer, ask: Ask, installed: Pick | None, *, lowest: bool) -> Iterator[Pick]:
        """The index's choices, with what is installed (and may be upgraded) in its place among them."""
        if len(self._targets) > 1:
            firsts = [next(self._allowed(offer, ask, target), None) for target in self._targets]
            if any(first != firsts[0] for first in firsts):
                yield Pick(reason=_INEXACT)
                return
        empty = True
        found = self._allowed(offer, ask, self._targets[-1])
        for choice in reversed(tuple(found)) if lowest else found:
            empty = False
            if installed is not None and _at_least(installed, choice):
                yield installed
                installed = None
            yield Pick(version=choice.version.text, choice=choice)
        if installed is not None:
            yield installed
        elif empty and not decided(offer, ask.specifiers):
            # The index itself may well have a release that fits.
            yield Pick(waiting=True)

    def _allowed(self, offer: Offer, ask: Ask, target: Target) -> Iterator[Choice]:
        """The choices whose own metadata lets the Python in, too: not every index says it on its page."""
        for choice in choices(offer, ask, target, self._policy):
            metadata = self._knowledge.metadata(choice.candidate.file)
            line = malformed(metadata.requires_dist) if self._strict and metadata is not None else None
            if line is not None:
                self._at_fault.setdefault(offer.name, line)
                continue
            stated = metadata.requires_python if metadata is not None else None
            if stated is None or self._policy.ignore_requires_python or requires(stated, target.exact):
                yield choice


def _lenient(text: str) -> str:
    """A specifier as old pips and uv take it: without the star of ``>=1.0.*``; one that makes no sense (``>dev``) says
    nothing."""
    if specifiers.parse(text) is not None:
        return text
    mended = _STAR.sub(r"\1", text)
    return mended if specifiers.parse(mended) is not None else ""


def agreed(hashes: frozenset[str], others: Iterable[str]) -> frozenset[str]:
    """The hashes that all lines agree on; a line without any agrees with every one (pip's Hashes)."""
    more = frozenset(others)
    return hashes & more if hashes and more else hashes | more


def _referenced(name: str, url: str) -> Pick:
    last = url.split("#", 1)[0].split("?", 1)[0].rstrip("/").rsplit("/", 1)[-1]
    split = filename.split(last, name)
    return Pick(version=split.version if split is not None else None, reference=File(filename=last, url=url))


def _at_least(installed: Pick, choice: Choice) -> bool:
    version = versions.parse(installed.version or "")
    return version is not None and (version.key, version.local) >= (choice.version.key, choice.version.local)


def exact_pythons(exact: str) -> tuple[str, ...]:
    """The Pythons to try: the one that is known, or the first and the last of a minor version."""
    return (exact,) if exact.count(".") >= 2 else (f"{exact}.0", f"{exact}.99")
