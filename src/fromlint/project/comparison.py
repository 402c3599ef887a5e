"""How the installs of a Dockerfile would fare on other base images: the same requirements, judged again there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fromlint.images.catalogue import alternatives as official_alternatives
from fromlint.images.catalogue import canonical
from fromlint.images.catalogue import environment as environment_of
from fromlint.images.reference import parse as parse_reference
from fromlint.model.environment import Environment, Python
from fromlint.model.project import Alternative, Fate, PackageFacts, Project
from fromlint.project.build import Draft, points_of
from fromlint.project.facts import failing_and_compiled, package_facts
from fromlint.project.flow import InstallPoint, StageWalk
from fromlint.project.pythons import Site
from fromlint.project.resolution import Job
from fromlint.system.state import State
from fromlint.wheels.closure import Resolution, together

_CONTENT = frozenset({Fate.FINE, Fate.UNKNOWN, Fate.UNKNOWN_PACKAGE, Fate.NO_VCS_TOOL, None})


def worthwhile(project: Project) -> bool:
    """Whether another base could do better: something fails or is compiled, or the base is the full image."""
    for stage in project.stages:
        if stage.stage.reachable and stage.environment.variant == "full" and stage.environment.known:
            return True
        for install in stage.installs:
            for facts in install.packages:
                if any(facts.fates.get(platform) not in _CONTENT for platform in project.asked):
                    return True
    return False


def candidates(made: Draft) -> tuple[Environment, ...]:
    """The base in use and those to compare it with; () where the base is no official Python image."""
    base = _base(made)
    if base is None or not base.environment.known or base.environment.python is None:
        return ()
    reference = parse_reference(base.environment.image)
    if reference is None or canonical(reference)[0] != "python":
        return ()
    platform = made.asked[0]
    found = [base.environment]
    for image in official_alternatives(base.environment, made.options.as_of):
        other = parse_reference(image)
        if other is None:
            continue
        environment = environment_of(other, platform=platform, as_of=made.options.as_of)
        if environment.known and not _same(environment, base.environment):
            found.append(environment)
    return tuple(found)


def _same(one: Environment, other: Environment) -> bool:
    return (one.distro, one.release, one.variant) == (other.distro, other.release, other.variant)


def _base(made: Draft) -> StageWalk | None:
    target = next((walked for walked in made.walks if walked.stage.target), None)
    while target is not None and target.stage.parent is not None:
        target = made.walks[target.stage.parent]
    return target


def _installs(made: Draft) -> list[tuple[StageWalk, InstallPoint]]:
    """The installs that the base decides about: the target stage's, and those of stages on the same base."""
    base = _base(made)
    target = next((walked for walked in made.walks if walked.stage.target), None)
    if base is None or target is None:
        return []
    found = points_of(target, made.walks)
    seen = {id(point) for _, point in found}
    for walked in made.walks:
        if walked.stage.reachable and _same(walked.environment, base.environment):
            found += [(walked, point) for point in walked.points if id(point) not in seen]
    return found


def jobs(number: int, made: Draft) -> list[Job]:
    """What is to be resolved to compare: the installs on each candidate, on the first platform."""
    platform = made.asked[0]
    points = _installs(made)
    found = []
    for environment in candidates(made):
        installs = []
        for walked, point in points:
            key = walked.stage.number, point.step
            moved = environment._replace(python=_python(point, walked, environment))
            installs.append((point, made.needs[key], made.policies[key], moved))
        if installs:
            key_of_job = (number, "compare", environment.image, environment.release, environment.variant)
            found.append(Job(key_of_job, platform, tuple(installs), environment.distributions))
    return found


def _python(point: InstallPoint, walked: StageWalk, environment: Environment) -> Python | None:
    """The Python that an install would get on the other base: the base's own where it uses the base's own here."""
    here = point.site.python
    own = walked.environment.python
    if here is None or own is None or here.prefix != own.prefix:
        return here
    return environment.python


def compared(
    number: int, made: Draft, resolutions: Mapping[tuple[object, ...], tuple[Resolution, ...]]
) -> tuple[Alternative, ...]:
    """The candidates, best first: everything installs, then fewest compiled, then smallest; a tie goes to slim."""
    platform = made.asked[0]
    points = _installs(made)
    found = []
    for environment in candidates(made):
        key = (number, "compare", environment.image, environment.release, environment.variant)
        if key not in resolutions:
            continue
        facts: list[PackageFacts] = []
        bare = State.of(environment)
        for (walked, point), resolution in zip(points, resolutions[key], strict=True):
            site = Site(point.site.path, environment.python, point.site.venv)
            moved_point = point._replace(state=bare, site=site)
            moved = walked._replace(
                environment=environment, environments={platform: environment}, steps=(), states=(bare,)
            )
            beside = {package.name for package in resolution.packages}
            facts += package_facts(together({platform: resolution}), moved_point, moved, moved, beside)
        found.append(_alternative(environment, facts, platform))
    return tuple(sorted(found, key=_order))


def _alternative(environment: Environment, facts: Sequence[PackageFacts], platform: str) -> Alternative:
    groups = failing_and_compiled(facts, (platform,))
    counted = groups["failing"] | groups["compiled"] | groups["unknown"]
    build = dict.fromkeys(
        name for entry in facts for build in entry.builds.values() if build.hopeless is None for name in build.missing
    )
    libraries = dict.fromkeys(
        name for entry in facts for library in entry.libraries.values() if library.certain for name in library.packages
    )
    return Alternative(
        image=environment.image,
        environment=environment,
        wheels=len(groups["all"] - counted),
        compiled=tuple(sorted(groups["compiled"] - groups["failing"])),
        failing=tuple(sorted(groups["failing"])),
        unknown=len(groups["unknown"]),
        build=tuple(build),
        libraries=tuple(libraries),
    )


def _order(alternative: Alternative) -> tuple[object, ...]:
    return (
        len(alternative.failing),
        len(alternative.compiled),
        alternative.unknown,
        alternative.environment.size_bytes or 10**12,
        alternative.environment.variant != "slim",
    )
