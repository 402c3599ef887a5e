"""The installer's choice: which version, and which of its files.

After pip: ``LinkEvaluator.evaluate_link``, ``CandidateEvaluator`` and ``filter_unallowed_hashes`` in
``_internal/index/package_finder.py``, ``Factory._iter_found_candidates`` in ``_internal/resolution/resolvelib``. uv
chooses by the same rules from what its indexes show.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING
from fromlint.wheels import specifiers, versions
from fromlint.wheels.offer import Candidate, Offer, Release, allowed
from fromlint.wheels.policy import Policy, formats, of_name
from fromlint.wheels.specifiers import Specifiers, allows
from fromlint.wheels.tags import Ranking, Target, ranking
from fromlint.wheels.versions import Version

if TYPE_CHECKING:
    from datetime import datetime


class Ask(NamedTuple):
    """What is asked of a project: versions, hashes (none: any file), whether pre-releases are welcome.

    ``prereleases`` None: only where nothing else is there, or where the specifiers name one.
    """

    specifiers: Specifiers = specifiers.ANY
    hashes: frozenset[str] = frozenset()
    prereleases: bool | None = None


class Choice(NamedTuple):
    """The version and file that an installer takes. ``listed`` false: its hash is not among those asked for."""

    version: Version
    candidate: Candidate
    listed: bool = True


def choose(offer: Offer, ask: Ask, target: Target, policy: Policy) -> Choice | None:
    """The first choice, None where nothing fits."""
    return next(choices(offer, ask, target, policy), None)


def choices(offer: Offer, ask: Ask, target: Target, policy: Policy) -> Iterator[Choice]:
    """All choices, the best first, one a version: what an installer falls back to in a conflict."""
    policy = of_name(policy, offer.name)
    usable = usability(offer.name, target, policy)
    releases = _releases(offer, ask, policy, usable)
    passes: list[Callable[[Candidate], bool]] = [usable]
    if policy.prefer_binary:
        passes = [_wheels_alone(usable), usable]
    listed = True
    find = _known_best
    if ask.hashes:
        matching = _matching(releases, ask.hashes, usable)
        if matching:
            passes = [_among(matching, fits) for fits in passes]
            find = _best
        else:
            listed = False

    order = ranking(target)
    seen: set[object] = set()
    # PEP 592: yanked files count only for an exact pin that nothing else satisfies.
    for yanked in (False, True):
        if yanked and (seen or not ask.specifiers.pinned):
            return
        for fits in passes:
            for release in releases:
                if (release.version.key, release.version.local) in seen:
                    continue
                best = find(release, order, fits, yanked)
                if best is not None:
                    seen.add((release.version.key, release.version.local))
                    yield Choice(release.version, best, listed)


def usability(name: str, target: Target, policy: Policy) -> Callable[[Candidate], bool]:
    """A test for files of a project: whether the installer may and can use a file at all.

    The same test for the same conditions: what it says of files may be kept by it.
    """
    return _usability(*formats(policy, name), target, policy.ignore_requires_python, policy.uploaded_before)


@lru_cache(maxsize=1024)
def _usability(
    wheels: bool, sdists: bool, target: Target, any_python: bool, uploaded_before: str | None
) -> Callable[[Candidate], bool]:
    order = ranking(target)
    dotted = f"{target.python[0]}.{target.python[1]}"

    def usable(candidate: Candidate) -> bool:
        if candidate.wheel:
            if not wheels or order.of(candidate.tags) is None:
                return False
        elif not sdists or (candidate.python is not None and candidate.python != dotted):
            return False
        return _python_allowed(candidate, target, any_python) and _in_time(candidate, uploaded_before)

    return usable


def python_allowed(candidate: Candidate, target: Target, policy: Policy) -> bool:
    """Whether the file's Requires-Python lets the target's Python in; one that cannot be read is no bar."""
    return _python_allowed(candidate, target, policy.ignore_requires_python)


def _python_allowed(candidate: Candidate, target: Target, any_python: bool) -> bool:
    stated = candidate.file.requires_python
    return not stated or any_python or requires(stated, target.exact)


@lru_cache(maxsize=1024)
def _wheels_alone(usable: Callable[[Candidate], bool]) -> Callable[[Candidate], bool]:
    return lambda candidate: candidate.wheel and usable(candidate)


@lru_cache(maxsize=8192)
def requires(requires_python: str, python: str) -> bool:
    """Whether a Python satisfies a Requires-Python; a text that is no specifier is satisfied."""
    wanted = specifiers.parse(requires_python)
    version = versions.parse(python)
    if wanted is None or version is None:
        return True
    return allows(wanted, version)


def in_time(candidate: Candidate, policy: Policy) -> bool:
    """Whether the file was uploaded before the day that the policy names, if it names one.

    A file without a date is left out by uv; pip stops at it, which the caller must say.
    """
    return _in_time(candidate, policy.uploaded_before)


def _in_time(candidate: Candidate, before: str | None) -> bool:
    if before is None:
        return True
    uploaded = _time(candidate.file.uploaded) if candidate.file.uploaded else None
    limit = _time(before)
    return uploaded is not None and limit is not None and uploaded < limit


@lru_cache(maxsize=4096)
def _time(text: str) -> datetime | None:
    from datetime import UTC, datetime

    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo is not None else time.replace(tzinfo=UTC)


def _matching(
    releases: Iterable[Release], hashes: frozenset[str], usable: Callable[[Candidate], bool]
) -> frozenset[int]:
    """The files asked for by hash; if no usable one is among them pip keeps them all, and fails at the download."""
    return frozenset(
        id(candidate)
        for release in releases
        for candidate in release.candidates
        # A file of which the index tells no hash may be any of them (pip's filter_unallowed_hashes keeps it).
        if (not candidate.file.hashes or not hashes.isdisjoint(candidate.file.hashes)) and usable(candidate)
    )


def _among(wanted: frozenset[int], fits: Callable[[Candidate], bool]) -> Callable[[Candidate], bool]:
    return lambda candidate: id(candidate) in wanted and fits(candidate)


def _releases(offer: Offer, ask: Ask, policy: Policy, usable: Callable[[Candidate], bool]) -> _Releases:
    prereleases = ask.prereleases
    if prereleases is None and (policy.pre or ask.specifiers.prereleases):
        prereleases = True
    return _Releases(offer, ask.specifiers, prereleases, usable)


class _Releases:
    """The releases that specifiers and the rules on pre-releases let in, newest first, found as they are needed."""

    __slots__ = ("_offer", "_prereleases", "_specifiers", "_usable")

    def __init__(
        self, offer: Offer, wanted: Specifiers, prereleases: bool | None, usable: Callable[[Candidate], bool]
    ) -> None:
        self._offer = offer
        self._specifiers = wanted
        self._prereleases = prereleases
        self._usable = usable

    def __iter__(self) -> Iterator[Release]:
        finals, held_back = [], []
        for release in allowed(self._offer, self._specifiers):
            if not release.version.prerelease or self._prereleases:
                finals.append(release)
                yield release
            elif self._prereleases is None:
                held_back.append(release)
        # A usable final release, even a yanked one, keeps the pre-releases out (packaging's SpecifierSet.filter).
        if held_back and not any(self._usable(candidate) for release in finals for candidate in release.candidates):
            yield from held_back


def _best(release: Release, order: Ranking, fits: Callable[[Candidate], bool], yanked: bool) -> Candidate | None:
    """The best file of a release: the wheel of the best tag and highest build, else the sdist; of equals the last.

    Yanked files are looked at only where ``yanked`` says so.
    """
    best, best_key = None, None
    for candidate in release.candidates:
        if (candidate.file.yanked is not None and not yanked) or not fits(candidate):
            continue
        rank = order.of(candidate.tags) if candidate.wheel else None
        key = (rank is not None, -(rank or 0), candidate.build is not None, candidate.build or (0, ""))
        if best_key is None or key >= best_key:
            best, best_key = candidate, key
    return best


def _known_best(release: Release, order: Ranking, fits: Callable[[Candidate], bool], yanked: bool) -> Candidate | None:
    """The same, kept: where packages disagree, the same releases are looked at again and again."""
    if release.best is None:
        release.best = {}
    key = fits, yanked
    if key not in release.best:
        release.best[key] = _best(release, order, fits, yanked)
    return release.best[key]
