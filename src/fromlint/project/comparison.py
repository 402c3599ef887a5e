"""How the installs of a Dockerfile would fare on other base images: the same requirements, judged again there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence

from fromlint.images.catalogue import alternatives as official_alternatives
from fromlint.images.catalogue import canonical
from fromlint.images.catalogue import environment as environment_of
from fromlint.images.reference import parse as parse_reference
from fromlint.model.build import PackagesAdded
from fromlint.model.environment import Environment, Python
from fromlint.model.project import Alternative, Fate, OnPlatform, PackageFacts, Weight
from fromlint.model.requirement import Needs
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome
from fromlint.named_tuple import NamedTuple
from fromlint.project.build import (
    DEFAULT_PLATFORM,
    Draft,
    installed_before,
    libraries_brought,
    needs_in,
    needs_on,
    points_of,
)
from fromlint.project.facts import failing_and_compiled, library_facts, package_facts
from fromlint.project.known.base_tags import ended, fixes_until
from fromlint.project.reading.contents import NOTHING_READ, Contents
from fromlint.project.resolving.jobs import Job
from fromlint.project.walking.pythons import Site
from fromlint.project.walking.walked import InstallPoint, StageWalk
from fromlint.regex import regex
from fromlint.system import needs as system
from fromlint.system import versions, weights
from fromlint.system.state import State
from fromlint.typed import TYPE_CHECKING
from fromlint.wheels.together import together

if TYPE_CHECKING:
    from fromlint.project.reading.unpacked import Sizes


_FOR_PYTHON = frozenset({"python", "ghcr.io/astral-sh/uv", "astral/uv", "alpine"})

# Sizes are estimates: what is within a tenth of the smallest counts as equal to it.
_TIE = 1.1
# Where a wheel's directory could not be read: what it becomes on disk, by its size packed.
_UNPACKED = 3.5
# The bytecode that pip makes of Python modules, by their size (CPython 3.11: 0.9 to 1.4). uv makes none unless asked.
_BYTECODE = 1.2
# What running pip leaves in an official image, which holds no bytecode: that of pip and of what it loads (measured
# with CPython 3.13 and pip 25). None where PYTHONDONTWRITEBYTECODE is set.
_PIP = 8_100_000
# Alpine's archive is not at hand: what a library there weighs that programs load (libpq, libstdc++), by its recipe.
_LIBRARY = Weight(1, 500_000, 1_500_000, estimated=True)

# torch.compile and triton run the C compiler at run time (triton/runtime/build.py), which only the full image has.
COMPILE_AT_RUN_TIME = frozenset({"torch", "triton"})

Resolutions = Mapping[tuple[object, ...], tuple[Resolution, ...]]


class Wishes(NamedTuple):
    """What a person asks to compare with: a Python (``3.14``) in place of the one in use, and images by name."""

    python: str | None = None
    images: tuple[str, ...] = ()


class Candidate(NamedTuple):
    """An image to look at, by platform. ``named``: the person named it."""

    image: str
    environments: Mapping[str, Environment]
    in_use: bool = False
    named: bool = False


class _Moved(NamedTuple):
    """An install as it would be on a candidate: its point there, and what it brings."""

    point: InstallPoint
    facts: tuple[PackageFacts, ...]


# --- what to compare --------------------------------------------------------------------------------------------------


def candidates(made: Draft, wishes: Wishes | None = None) -> tuple[Candidate, ...]:
    """The base in use and those to compare it with; all but the first exist on every platform that was asked for.

    Without wishes () where the base was chosen for more than Python: then nobody asked for another one. An image that
    was named stays even if nothing is known of it.
    """
    base = _base(made)
    if base is None or (wishes is None and not _for_python_alone(base.environment)):
        return ()
    wishes = wishes or Wishes()
    in_use = {platform: base.environments.get(platform, base.environment) for platform in made.asked}
    found = [Candidate(base.environment.image, in_use, in_use=True)]
    like = _with_python(made, base, wishes)
    images = dict.fromkeys((*wishes.images, *official_alternatives(like, made.options.as_of)))
    for image in images:
        reference = parse_reference(image)
        if reference is None:
            continue
        environments = {
            platform: environment_of(
                reference, platform=platform, as_of=made.options.as_of, configured=made.options.images
            )
            for platform in made.asked
        }
        first = environments[made.asked[0]]
        named = image in wishes.images
        if not named and not all(environment.known and exists(environment) for environment in environments.values()):
            continue
        if not any(_same(first, other.environments[made.asked[0]]) for other in found):
            found.append(Candidate(image, environments, named=named))
    return tuple(found)


def exists(environment: Environment) -> bool:
    """Whether there is an image for the environment's platform; taken for granted where the data does not say."""
    architectures = {architecture.removesuffix("/v8") for architecture in environment.architectures}
    return not architectures or environment.platform.removesuffix("/v8") in architectures


def _for_python_alone(environment: Environment) -> bool:
    """Whether an official Python image may take the base's place: it is one, stands on one, or is bare Alpine."""
    reference = parse_reference(environment.image)
    return environment.known and reference is not None and canonical(reference)[0] in _FOR_PYTHON


def _with_python(made: Draft, base: StageWalk, wishes: Wishes) -> Environment:
    """The base's environment with the Python whose official images are to be compared."""
    if wishes.python is not None:
        return base.environment._replace(python=Python(wishes.python, "cpython", "/usr/local", None, False))
    if base.environment.python is not None:
        return base.environment
    pythons = (point.site.python for _, point in installs(made))
    return base.environment._replace(python=next((python for python in pythons if python is not None), None))


def _same(one: Environment, other: Environment) -> bool:
    if not (one.known and other.known):
        return one.image == other.image
    same = (one.distro, one.release, one.variant) == (other.distro, other.release, other.variant)
    return same and _minor(one.python) == _minor(other.python)


def _minor(python: Python | None) -> tuple[str, str, bool] | None:
    if python is None:
        return None
    return python.implementation, ".".join(python.version.split(".")[:2]), python.free_threaded


def _base(made: Draft) -> StageWalk | None:
    target = next((walked for walked in made.walks if walked.stage.target), None)
    while target is not None and target.stage.parent is not None:
        target = made.walks[target.stage.parent]
    return target


def installs(made: Draft) -> list[tuple[StageWalk, InstallPoint]]:
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


# --- to be resolved ---------------------------------------------------------------------------------------------------


def jobs(number: int, made: Draft, wishes: Wishes | None = None) -> list[Job]:
    """What is to be resolved to compare: the installs on each candidate, on each platform that was asked for."""
    points = installs(made)
    found = []
    for position, candidate in enumerate(candidates(made, wishes)):
        for platform, environment in candidate.environments.items():
            if not points or not environment.known:
                continue
            moved = []
            for walked, point in points:
                there = environment._replace(python=python_on(point, walked, environment))
                needs = _needs(made, walked, point, platform, there)
                moved.append((point, needs, made.policies[walked.stage.number, point.step], there))
            found.append(
                Job(
                    _key(number, position, platform),
                    platform,
                    tuple(moved),
                    installed_before(environment, points[0][1]),
                )
            )
    return found


def _key(number: int, position: int, platform: str) -> tuple[object, ...]:
    return number, "compare", position, platform


def _needs(made: Draft, walked: StageWalk, point: InstallPoint, platform: str, there: Environment) -> Needs:
    needs = needs_on(made, (walked.stage.number, point.step), platform)
    if needs.locked is not None and _minor(there.python) != _minor(point.site.python):
        return needs_in(made, point, there)
    return needs


def python_on(point: InstallPoint, walked: StageWalk, environment: Environment) -> Python | None:
    """The Python that an install would get on the other base.

    It is the base's own (or its distribution's) where the install uses here what the base or its distribution brings,
    or where that is not known of an unknown base; a Python that the Dockerfile itself fetches stays.
    """
    here = point.site.python
    own = walked.environment.python
    theirs = environment.python or next(iter(environment.offered), None)
    if theirs is not None and here is not None and here.newest_pip:
        # The line that brings it stays in the Dockerfile.
        theirs = theirs._replace(pip=None, newest_pip=True)
    if own is None:
        return theirs if here is None or here.prefix == "/usr" else here
    return theirs if here is not None and here.prefix == own.prefix else here


# --- the answer -------------------------------------------------------------------------------------------------------


def compared(
    number: int,
    made: Draft,
    resolutions: Resolutions,
    wishes: Wishes | None = None,
    contents: Contents = NOTHING_READ,
    unpacked: Mapping[str, tuple[int, int]] = {},
) -> tuple[Alternative, ...]:
    """The candidates, best first; () where the Dockerfile installs nothing.

    The best is the base on which everything installs and that still gets fixes, then the one with the fewest packages
    to compile, then one on which the Dockerfile's own system packages go by the same names (what they would weigh on
    another distribution is not known), then the smallest; sizes that are about equal are a tie, which goes to slim,
    then to the base in use, then to the one that gets fixes for longer.
    """
    points = installs(made)
    if not points:
        return ()
    found = []
    compared_with = candidates(made, wishes)
    for position, candidate in enumerate(compared_with):
        by_platform = []
        for platform, environment in candidate.environments.items():
            answers = resolutions.get(_key(number, position, platform))
            moved = _moved(points, answers, environment, platform, contents) if answers is not None else []
            indexed = _with_index(environment, [other.environments[platform] for other in compared_with])
            by_platform.append(_on_platform(moved, environment, platform, indexed, unpacked))
        found.append(_alternative(candidate, by_platform)._replace(staged=staged(made)))
    managers = _managers(made, next((each for each in found if each.in_use), None))
    found = [each._replace(rewritten=bool(managers - {each.environment.package_manager})) for each in found]
    return ordered([each._replace(weight=_weight(each, found, made)) for each in found], made.options.as_of.isoformat())


def _moved(
    points: Sequence[tuple[StageWalk, InstallPoint]],
    answers: Sequence[Resolution],
    environment: Environment,
    platform: str,
    contents: Contents,
) -> list[_Moved]:
    """The installs on the bare candidate, with the facts of what they bring there."""
    bare = State.of(environment)
    found = []
    for (walked, point), resolution in zip(points, answers, strict=True):
        site = Site(point.site.path, python_on(point, walked, environment), point.site.venv)
        there = point._replace(state=bare, site=site)
        stage = walked._replace(environment=environment, environments={platform: environment}, steps=(), states=(bare,))
        beside = {package.name for package in resolution.packages}
        facts = []
        brought = frozenset(libraries_brought(resolution, contents))
        moved = together({platform: resolution})
        for entry in package_facts(moved, there, stage, stage, beside, contents, brought=brought):
            if not entry.package.kept:
                facts.append(_once_built(entry, stage, platform, beside, contents))
        found.append(_Moved(there, tuple(facts)))
    return found


def _once_built(
    entry: PackageFacts, stage: StageWalk, platform: str, beside: Collection[str], contents: Contents
) -> PackageFacts:
    """With what the package loads once its build tools are there: on a bare base it would fail before that."""
    if entry.fates.get(platform) is not Fate.TOOLS_MISSING:
        return entry
    loaded = library_facts(entry.package, entry.package.verdicts[platform], stage, beside, contents)
    return entry._replace(libraries={platform: loaded}) if loaded is not None else entry


def _on_platform(
    moved: Sequence[_Moved], environment: Environment, platform: str, indexed: Environment | None, unpacked: Sizes
) -> OnPlatform:
    """``indexed``: an image of whose system packages the sizes are known."""
    facts = _each_once([entry for install in moved for entry in install.facts], platform)
    groups = failing_and_compiled(facts, (platform,))
    libraries = [
        system.Library(
            library.libraries[0], library.libraries, library.packages, library.needed_at_import, "high", library.source
        )
        for entry in facts
        for library in entry.libraries.values()
        if library.certain
    ]
    build, run = _to_build(moved, environment, platform), system.to_run(libraries, environment)
    building, running = weights.added((*build, *run), environment), weights.added(run, environment)
    if building is None and indexed is not None:
        likewise = weights.added(_to_build(moved, indexed, platform), indexed)
        running = _times(_LIBRARY, len(run))
        building = _sum(likewise, running) if likewise is not None else None
    return OnPlatform(
        environment=environment,
        packages=facts,
        failing=tuple(sorted(groups["failing"])),
        compiled=tuple(sorted(groups["compiled"] - groups["failing"])),
        unknown=tuple(sorted(groups["unknown"])),
        build=build,
        libraries=run,
        download=_download(facts, platform),
        building=building,
        running=running,
        installed=_installed(moved, facts, platform, unpacked),
        guessed=tuple(entry.package.name for entry in facts if _is_guessed(entry, platform, unpacked)),
    )


def _with_index(environment: Environment, among: Iterable[Environment]) -> Environment | None:
    """An image of whose system packages the sizes are known, to stand in for one of which they are not."""
    # A slim one: where the tools are inside already nothing would be added.
    bare = [other for other in among if other.variant == "slim"]
    return next((other for other in (environment, *bare) if weights.added(("gcc",), other) is not None), None)


def _times(weight: Weight, count: int) -> Weight:
    return weight._replace(
        packages=weight.packages * count, packed=weight.packed * count, installed=weight.installed * count
    )


def _sum(one: Weight, other: Weight) -> Weight:
    return Weight(
        one.packages + other.packages, one.packed + other.packed, one.installed + other.installed, estimated=True
    )


def _installed(moved: Iterable[_Moved], facts: Iterable[PackageFacts], platform: str, unpacked: Sizes) -> int | None:
    """The bytes of all that the installs bring, on disk; None where of one not even the download is known."""
    with_bytecode = {
        entry.package.name for point, own in moved for entry in own if not point.install.tool.startswith("uv")
    }
    total = float(_PIP) if any(_leaves_bytecode(point) for point, _ in moved) else 0.0
    for entry in facts:
        verdict = entry.package.verdicts.get(platform)
        if verdict is None or verdict.outcome is Outcome.NONE:
            continue
        if verdict.file is None or (verdict.file.filename not in unpacked and verdict.file.size is None):
            return None
        if verdict.file.filename in unpacked:
            whole, modules = unpacked[verdict.file.filename]
            total += whole + (_BYTECODE * modules if entry.package.name in with_bytecode else 0)
        else:
            total += _UNPACKED * (verdict.file.size or 0)
    return round(total)


def _leaves_bytecode(point: InstallPoint) -> bool:
    python = point.site.python
    if point.install.tool != "pip" or point.install.environment.get("PYTHONDONTWRITEBYTECODE"):
        return False
    return python is not None and python.prefix == "/usr/local"


def _is_guessed(entry: PackageFacts, platform: str, unpacked: Sizes) -> bool:
    """Whether it is not known how large the package is once it is installed."""
    verdict = entry.package.verdicts.get(platform)
    if verdict is None or verdict.outcome is Outcome.NONE:
        return False
    return verdict.file is None or verdict.file.filename not in unpacked


def _each_once(facts: Sequence[PackageFacts], platform: str) -> tuple[PackageFacts, ...]:
    """Each release once; one of which nothing is known only where no other install brings the package."""
    known = {entry.package.name for entry in facts if entry.fates.get(platform) is not Fate.UNKNOWN}
    found: dict[tuple[str, str | None], PackageFacts] = {}
    for entry in facts:
        if entry.fates.get(platform) is not Fate.UNKNOWN or entry.package.name not in known:
            found.setdefault((entry.package.name, entry.package.version), entry)
    return tuple(found.values())


def _to_build(moved: Iterable[_Moved], environment: Environment, platform: str) -> tuple[str, ...]:
    """The fewest system packages with which everything is built on the bare base, all installs together."""
    state = State.of(environment)
    lacking: dict[str, None] = {}
    fetching: dict[str, None] = {}
    headers: str | None = None
    rust: system.Rust | None = None
    for point, facts in moved:
        for entry in facts:
            build = entry.builds.get(platform)
            if build is None or build.hopeless is not None:
                continue
            if entry.fates.get(platform) is Fate.NO_VCS_TOOL:
                fetching.update(dict.fromkeys(build.missing))
                continue
            package, python = entry.package, point.site.python
            needs = system.build_needs(package.name, package.version, environment._replace(python=python), python)
            wanted = needs.needs if needs is not None else ("c-compiler",)
            headers = headers or (needs.python if needs is not None else None)
            rust = _stricter(rust, needs.rust if needs is not None else None)
            lacking.update((need, None) for need in wanted if state.has(need, headers) is False)
    built = system.install(lacking, environment, headers, rust, state.packages)
    return (*built, *(name for name in fetching if name not in built))


def _stricter(one: system.Rust | None, other: system.Rust | None) -> system.Rust | None:
    """Of two demands for Rust the one for the newer compiler: it serves both."""
    demands = [rust for rust in (one, other) if rust is not None]
    return max(demands, key=lambda rust: versions.release(rust.minimum or "0") or (), default=None)


def _download(facts: Iterable[PackageFacts], platform: str) -> int | None:
    total = 0
    for entry in facts:
        verdict = entry.package.verdicts.get(platform)
        if verdict is None or verdict.outcome is Outcome.NONE:
            continue
        if verdict.file is None or verdict.file.size is None:
            return None
        total += verdict.file.size
    return total


def _alternative(candidate: Candidate, by_platform: Sequence[OnPlatform]) -> Alternative:
    def every(groups: Iterable[Sequence[str]]) -> tuple[str, ...]:
        return tuple(sorted({name for group in groups for name in group}))

    failing = every(each.failing for each in by_platform)
    compiled = tuple(name for name in every(each.compiled for each in by_platform) if name not in failing)
    unknown = every(each.unknown for each in by_platform)
    names = {entry.package.name for each in by_platform for entry in each.packages}
    return Alternative(
        image=candidate.image,
        environment=by_platform[0].environment,
        wheels=len(names.difference(failing, compiled, unknown)),
        compiled=compiled,
        failing=failing,
        unknown=len(unknown),
        build=tuple(dict.fromkeys(name for each in by_platform for name in each.build)),
        libraries=tuple(dict.fromkeys(name for each in by_platform for name in each.libraries)),
        by_platform=tuple(by_platform),
        in_use=candidate.in_use,
        named=candidate.named,
    )


# What builds take, and Python itself: the comparison knows what each base needs of these.
_COUNTED = regex(
    r".*-dev(el)?|build-(essential|base)|gcc|g\+\+|make|cmake|ninja-build|pkg-?conf(ig)?|cargo|rust(c)?|git|ca-certificates"
    r"|python3?(\.\d+)?(-.*)?|py3-.*"
)


def _managers(made: Draft, in_use: Alternative | None) -> set[str | None]:
    """The package managers by which stages on the base in use add more than what the packages take to be built and to
    run."""
    base = _base(made)
    counted = {*in_use.build, *in_use.libraries} if in_use is not None else set()
    return {
        event.manager
        for walked in made.walks
        if walked.stage.reachable and base is not None and walked.environment.image == base.environment.image
        for event in (step.event for step in walked.steps)
        if isinstance(event, PackagesAdded)
        for name in event.names
        if name.value not in counted and not _COUNTED.fullmatch(name.value)
    }


def staged(made: Draft) -> bool:
    """Whether what is installed is copied from one stage to another, so that what builds it stays behind."""
    target = next((walked for walked in made.walks if walked.stage.target), None)
    kept: set[int] = set()
    while target is not None:
        kept.add(target.stage.number)
        target = made.walks[target.stage.parent] if target.stage.parent is not None else None
    return all(walked.stage.number not in kept for walked, _ in installs(made))


def _weight(alternative: Alternative, among: Sequence[Alternative], made: Draft) -> int | None:
    """The bytes to pull: of the base, of system packages to add, and of wheels where that is known for all of them."""
    environment = alternative.environment
    if not environment.known or environment.python is None:
        return None  # Python itself is still to come: its size is not known.
    size = environment.size_bytes
    if size is None:
        # An image weighs about the same for every CPU: good enough to compare by, not to be shown.
        reference = parse_reference(alternative.image)
        if reference is not None:
            size = environment_of(reference, platform=DEFAULT_PLATFORM, as_of=made.options.as_of).size_bytes
    first = alternative.by_platform[0]
    more = first.running if alternative.staged else first.building
    if size is None:
        return None
    downloads = [other.by_platform[0].download for other in among if other.environment.known]
    known = first.download if None not in downloads else None
    return size + (known or 0) + (more.packed if more is not None else 0)


def ordered(found: Sequence[Alternative], as_of: str) -> tuple[Alternative, ...]:
    """The candidates, best first, as of an ISO day."""
    ranks: dict[tuple[object, ...], list[Alternative]] = {}
    for each in found:
        ranks.setdefault(_rank(each, as_of), []).append(each)
    best_first: list[Alternative] = []
    for rank in sorted(ranks):
        lightest = min((each.weight for each in ranks[rank] if each.weight is not None), default=0)
        best_first += sorted(ranks[rank], key=lambda each: _by_size(each, lightest))
    return tuple(best_first)


def _rank(each: Alternative, as_of: str) -> tuple[object, ...]:
    """What goes before size. A package is counted on each platform on which it fails or is compiled."""
    environment = each.environment
    return (
        not (environment.known and all(exists(there.environment) for there in each.by_platform)),
        sum(len(there.failing) for there in each.by_platform),
        ended(environment.end_of_life, as_of) or ended(environment.python_end_of_life, as_of),
        # What is not known may well be compiled.
        sum(len(there.compiled) + len(there.unknown) for there in each.by_platform),
        sum(len(there.unknown) for there in each.by_platform),
        each.rewritten,
    )


def _reversed(day: str | None) -> int:
    """A day (ISO) as a number that is smaller the later it is; one that is not known counts as the earliest."""
    return -int((day or "0").replace("-", ""))


def as_large(each: Alternative, lightest: int) -> bool:
    """Whether a candidate counts as large as the smallest that does as well."""
    # Of a base in use whose size is not known nobody can say that it is too large.
    return each.in_use if each.weight is None else each.weight <= lightest * _TIE


def _by_size(each: Alternative, lightest: int) -> tuple[object, ...]:
    tied = as_large(each, lightest)
    return (
        not tied,
        tied and each.environment.variant != "slim",
        tied and not each.in_use,
        _reversed(fixes_until(each.environment) if tied else None),
        each.weight if each.weight is not None else 10**12,
        each.environment.variant != "slim",
    )
