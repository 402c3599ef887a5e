"""What could take the place of a requirement that another base would compile or not install: each one looked up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fromlint.model.project import Alternative, OnPlatform, PackageFacts
from fromlint.model.requirement import Needs
from fromlint.model.verdict import Outcome
from fromlint.named_tuple import NamedTuple
from fromlint.project.build import Draft
from fromlint.project.comparison import Resolutions, installs, python_on
from fromlint.project.resolving.resolution import Job
from fromlint.project.walking.walked import InstallPoint, StageWalk
from fromlint.system.needs import alternative as ready_made

_KEY = "in its place"


class Substitute(NamedTuple):
    """On an image and platform a wheel of ``instead`` fits where requirement ``name`` is compiled or cannot be had."""

    image: str
    platform: str
    name: str
    instead: str
    version: str


def jobs(number: int, made: Draft, alternatives: Sequence[Alternative]) -> list[Job]:
    """What is to be resolved to know which binary twins (psycopg2-binary for psycopg2) would do: in the same version
    where one is pinned, and in any.
    """
    found = []
    for alternative in alternatives:
        for there, entry, twin in _twins(alternative):
            environment = there.environment
            walked, point = _install_of(made, entry.package.name)
            policy = made.policies[walked.stage.number, point.step]
            moved = environment._replace(python=python_on(point, walked, environment))
            for specifier in _specifiers(entry):
                wanted = entry.package.requirement._replace(
                    name=twin, written=twin, specifier=specifier, extras=(), marker="", hashes=()
                )
                needs = Needs(requirements=(wanted,))
                key = (number, _KEY, alternative.image, environment.platform, entry.package.name, twin, specifier)
                found.append(
                    Job(key, environment.platform, ((point, needs, policy._replace(no_deps=True), moved),), {})
                )
    return found


def substitutes(number: int, alternatives: Sequence[Alternative], resolutions: Resolutions) -> tuple[Substitute, ...]:
    """One for each direct requirement, image and platform at most: a binary twin, else the nearest version that has a
    wheel there.
    """
    found: dict[tuple[str, str, str], Substitute] = {}
    for alternative in alternatives:
        for there, entry, twin in _twins(alternative):
            environment = there.environment
            for specifier in _specifiers(entry):
                key = (number, _KEY, alternative.image, environment.platform, entry.package.name, twin, specifier)
                version = _wheel(twin, key, resolutions)
                if version is not None:
                    substitute = Substitute(alternative.image, environment.platform, entry.package.name, twin, version)
                    found.setdefault(substitute[:3], substitute)
        for there, entry in _in_the_way(alternative):
            environment, name = there.environment, entry.package.name
            nearest = entry.package.verdicts[environment.platform].nearest
            version = next((near.value for near in nearest if near.kind == "version"), None)
            if version is not None:
                substitute = Substitute(alternative.image, environment.platform, name, name, version)
                found.setdefault(substitute[:3], substitute)
    return tuple(found.values())


def _in_the_way(alternative: Alternative) -> Iterator[tuple[OnPlatform, PackageFacts]]:
    """The direct requirements that are compiled or fail, by platform."""
    for there in alternative.by_platform:
        for entry in there.packages:
            named = entry.package.name in there.compiled or entry.package.name in there.failing
            if named and not entry.package.parents and there.environment.platform in entry.package.verdicts:
                yield there, entry


def _twins(alternative: Alternative) -> Iterator[tuple[OnPlatform, PackageFacts, str]]:
    """Those with a ready-made distribution of the same modules, which carries their name at its beginning."""
    for there, entry in _in_the_way(alternative):
        for other in ready_made(entry.package.name):
            if other.startswith(f"{entry.package.name}-") and "[" not in other:
                yield there, entry, other


def _specifiers(entry: PackageFacts) -> tuple[str, ...]:
    version = entry.package.version
    return (f"=={version}", "") if version is not None else ("",)


def _install_of(made: Draft, name: str) -> tuple[StageWalk, InstallPoint]:
    """The install that asks for a requirement; the first one where a lock does."""
    points = installs(made)
    for walked, point in points:
        needs = made.needs[walked.stage.number, point.step]
        if any(requirement.name == name for requirement in needs.requirements):
            return walked, point
    return points[0]


def _wheel(name: str, key: tuple[object, ...], resolutions: Resolutions) -> str | None:
    """The version of which a wheel is chosen, None where none is."""
    for resolution in resolutions.get(key, ()):
        for package in resolution.packages:
            if package.name == name and any(each.outcome is Outcome.WHEEL for each in package.verdicts.values()):
                return package.version
    return None
