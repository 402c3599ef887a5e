"""What earlier runs resolved, recalled where nothing that it rests on has changed.

It rests on the installs (what they need, how they choose, what is there before), on the environment, on the version of
fromlint, and on what the index said, which is good for some time. This is the way of a run in which a Dockerfile has
changed but not its requirements: it needs none of ``wheels``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from time import time

from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Resolution
from fromlint.project.resolving import resolution_text
from fromlint.project.resolving.jobs import Job
from fromlint.project.resolving.kept_needs import Later
from fromlint.project.resolving.kept_text import Unreadable
from fromlint.project.resolving.keys import checksum, deciding

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol

    class Memory(Protocol):
        """The package index, as far as it remembers for others."""

        @property
        def offline(self) -> bool: ...

        @property
        def allowed(self) -> tuple[str, ...] | None: ...

        @property
        def good_until(self) -> float: ...

        @property
        def unasked(self) -> frozenset[str]: ...

        def rest_on(self, until: float) -> None: ...

        def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]: ...

        def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None: ...


Resolved = dict[tuple[object, ...], tuple[Resolution, ...]]

_KIND = "resolution"
# Where no index was asked (a lock lists its files) the answer changes with the day at most.
_LONGEST = 86_400.0
_STAMP = 20


def settled(jobs: Sequence[Job], memory: Memory, settle: Callable[[Sequence[Job]], Resolved]) -> Resolved:
    """The resolutions of all jobs by their keys: what is remembered, and what ``settle`` finds of the others.

    The order is that of the jobs.
    """
    alone = [job for job in jobs if _rests_on_folders(job)]
    found: Resolved = settle(alone) if alone else {}
    keys = {job.key: _key(job, memory) for job in jobs if job.key not in found}
    found |= _recalled([job for job in jobs if job.key in keys], keys, memory)
    others = [job for job in jobs if job.key not in found]
    if others:
        # Jobs of the same contents have the same answer.
        first = {keys[job.key]: job for job in reversed(others)}
        new = settle([job for job in others if first[keys[job.key]] is job])
        _remember(first, new, memory)
        for job in others:
            twin = first[keys[job.key]]
            found[job.key] = new[twin.key] if twin is job else _moved(new[twin.key], twin, job)
    return {job.key: found[job.key] for job in jobs}


def _rests_on_folders(job: Job) -> bool:
    """Whether files of the build context are among what is chosen from: these are not in the key."""
    return any(
        policy.archives or any(not place.startswith(("http://", "https://")) for place in policy.places)
        for _, _, policy, _ in job.installs
    )


def _recalled(jobs: Sequence[Job], keys: Mapping[tuple[object, ...], str], memory: Memory) -> Resolved:
    kept = memory.recall_all(_KIND, keys.values())
    found: Resolved = {}
    now = time()
    for job in jobs:
        value = kept.get(keys[job.key])
        if value is None:
            continue
        try:
            until = int(value[:_STAMP])
            if not now < until <= now + 31 * _LONGEST:
                continue
            found[job.key] = resolution_text.read(value[_STAMP:], _asked(job))
        except (ValueError, Unreadable):
            continue
        memory.rest_on(until)
    return found


def _remember(jobs: Mapping[str, Job], found: Resolved, memory: Memory) -> None:
    until = min(memory.good_until, time() + _LONGEST)
    if until <= time() or memory.unasked:
        return
    values = {}
    for key, job in jobs.items():
        resolutions = found[job.key]
        if not any(each.wanted_pages or each.wanted_metadata for each in resolutions):
            text = resolution_text.written(list(zip(resolutions, _asked(job), strict=True)))
            values[key] = f"{int(until):<{_STAMP}}".encode() + text
    if values:
        memory.remember_all(_KIND, values)


def _moved(resolutions: tuple[Resolution, ...], twin: Job, job: Job) -> tuple[Resolution, ...]:
    """The resolutions of one job as those of another that differs in the places of its requirements alone."""
    if _asked(twin) == _asked(job):
        return resolutions
    text = resolution_text.written(list(zip(resolutions, _asked(twin), strict=True)))
    return resolution_text.read(text, _asked(job))


def _asked(job: Job) -> tuple[tuple[Requirement, ...], ...]:
    return tuple((*needs.requirements, *needs.constraints) for _, needs, _, _ in job.installs)


# --- the key --------------------------------------------------------------------------------------------------


def _key(job: Job, memory: Memory) -> str:
    """A checksum of all that a job's resolution rests on but for what the index says."""
    installs = [
        (
            point.install.action,
            needs._replace(
                requirements=(),
                constraints=(),
                locked=None,
                read=(),
            ),
            list(map(_unplaced, needs.requirements)),
            list(map(_unplaced, needs.constraints)),
            needs.locked.checksum if isinstance(needs.locked, Later) else needs.locked,
            policy,
            deciding(environment),
        )
        for point, needs, policy, environment in job.installs
    ]
    return checksum(memory.offline, memory.allowed, job.platform, job.installed, installs)


def _unplaced(requirement: Requirement) -> tuple[object, ...]:
    """A requirement without its span."""
    return *requirement[:8], requirement.parents
