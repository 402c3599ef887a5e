"""What a lock brings: the choice among the files that it lists, without asking an index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from fromlint.model.environment import Environment
from fromlint.model.index import File
from fromlint.model.place import Unknown
from fromlint.model.requirement import Locked, Requirement
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Obstacle, Outcome, Package, Verdict
from fromlint.named_tuple import NamedTuple
from fromlint.wheels import versions, why
from fromlint.wheels.choice import Ask, choose
from fromlint.wheels.closure import Markers
from fromlint.wheels.knowledge import Knowledge, Known
from fromlint.wheels.offer import Offer, Release, allowed
from fromlint.wheels.policy import Policy, targets
from fromlint.wheels.specifiers import Specifiers, pinned_to
from fromlint.wheels.tags import Target


class _Bench(NamedTuple):
    """What every locked package is judged by."""

    target: Target
    modern: Target
    policy: Policy
    knowledge: Knowledge
    sought: Callable[[str], bool]


def locked_packages(
    locked: Iterable[Locked],
    policy: Policy,
    environment: Environment,
    platform: str,
    *,
    installed: Mapping[str, str] | None,
    known: Known,
    markers: Markers,
    sought: Callable[[str], bool] = lambda name: False,
) -> Resolution:
    """The packages of a lock that the image gets, with their verdicts.

    Pages are wanted only where the lock names no files (hashes alone), or none that fits: then the index tells whether
    there is one that the lock should list (FL110); and of the ``sought`` sdists where the lock does not say where they
    lie.
    """
    found = targets(policy, environment, platform)
    knowledge = Knowledge(known, policy)
    packages, unknown = [], []
    for entry in locked:
        if entry.source == "virtual":
            continue
        holds = markers(entry.marker, environment, platform, frozenset()) if entry.marker else True
        if holds is None:
            reason = f"whether it is installed depends on what is not known here: {entry.marker}"
            unknown.append(Unknown(entry.name, reason, entry.span))
        if not holds:
            continue
        kept = _same(entry, (installed or {}).get(entry.name))
        if kept:
            verdict = Verdict(Outcome.WHEEL, reason="it is installed already")
        elif isinstance(found, str):
            verdict = Verdict(Outcome.UNKNOWN, reason=found)
        else:
            verdict = _judge(entry, _Bench(*found, policy, knowledge, sought))
        packages.append(
            Package(entry.name, entry.version, _requirement(entry), entry.parents, {platform: verdict}, kept=kept)
        )
    return Resolution(tuple(packages), knowledge.missing(), unknown=tuple(unknown))


def _judge(entry: Locked, bench: _Bench) -> Verdict:
    """The verdict on one locked package."""
    version = versions.parse(entry.version)
    named = entry.source == "url" or (entry.source == "path" and (entry.reference or "").endswith(".whl"))
    if entry.source in ("vcs", "path", "editable") and not named:
        return Verdict(Outcome.SOURCE, obstacle=Obstacle.NO_WHEELS)
    if version is None:
        return Verdict(Outcome.UNKNOWN, reason=f"{entry.version} is no version")
    files = entry.files
    if named and not files and entry.reference is not None:
        files = (File(entry.reference.split("#", 1)[0].rsplit("/", 1)[-1], entry.reference),)
    if not files:
        return _by_hashes(entry, Ask(pinned_to(version), frozenset(entry.hashes)), bench)
    # What the lock lists was let in when it was made: neither yanking nor uploading dates count any more.
    policy = bench.policy._replace(uploaded_before=None, uploaded_before_of={})
    listed = Release(
        version, entry.name, lambda: [file if file.yanked is None else file._replace(yanked=None) for file in files]
    )
    verdict = why.of_release(listed, entry.name, bench.target, bench.modern, policy)
    if verdict.obstacle is Obstacle.NO_WHEELS and not named:
        verdict = verdict._replace(obstacle=Obstacle.NOT_LISTED)
    if verdict.outcome is Outcome.SOURCE and not named and bench.sought(entry.name):
        return _placed(verdict, entry, pinned_to(version), bench)
    if verdict.outcome is not Outcome.NONE or named:
        return verdict
    return _unlisted(entry, Ask(pinned_to(version)), bench, verdict)


def _placed(verdict: Verdict, entry: Locked, pinned: Specifiers, bench: _Bench) -> Verdict:
    """With where the sdist lies, which poetry.lock does not say: what its build takes may have to be read in it."""
    file = verdict.file
    offer = _offer(entry, bench) if file is not None and file.url is None else None
    if file is None or not isinstance(offer, Offer):
        return verdict
    for release in allowed(offer, pinned):
        for candidate in release.candidates:
            if candidate.file.filename == file.filename:
                return verdict._replace(file=file._replace(url=candidate.file.url, size=candidate.file.size))
    return verdict


def _by_hashes(entry: Locked, ask: Ask, bench: _Bench) -> Verdict:
    """Of a lock that holds only hashes the index says which files they are."""
    offer = _offer(entry, bench)
    if not isinstance(offer, Offer):
        return Verdict(Outcome.UNKNOWN, reason=offer or "the index has not been asked", unasked=offer is None)
    chosen = choose(offer, ask, bench.target, bench.policy)
    return why.verdict(offer, ask, chosen, bench.target, bench.modern, bench.policy)


def _unlisted(entry: Locked, ask: Ask, bench: _Bench, verdict: Verdict) -> Verdict:
    """Where no listed file fits: whether the index has one that does."""
    offer = _offer(entry, bench)
    chosen = choose(offer, ask, bench.target, bench.policy) if isinstance(offer, Offer) else None
    if chosen is None:
        return verdict
    age = offer.date if isinstance(offer, Offer) else None
    return Verdict(Outcome.NONE, chosen.candidate.file, Obstacle.HASHES, age=age)


def _offer(entry: Locked, bench: _Bench) -> Offer | str | None:
    return bench.knowledge.offer(entry.name, entry.index_url)


def _same(entry: Locked, installed: str | None) -> bool:
    there, wanted = versions.parse(installed or ""), versions.parse(entry.version)
    return there is not None and wanted is not None and (there.key, there.local) == (wanted.key, wanted.local)


def _requirement(entry: Locked) -> Requirement:
    return Requirement(
        name=entry.name,
        written=f"{entry.name}=={entry.version}",
        specifier=f"=={entry.version}",
        extras=(),
        marker=entry.marker,
        kind=entry.source,
        reference=entry.reference,
        # The lock has those of every file of the release: whoever wants them asks the lock.
        hashes=(),
        span=entry.span,
        parents=entry.parents,
    )
