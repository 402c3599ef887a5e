"""What an install's packages mean for the stage: what each build takes and lacks, and which libraries are not there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache

from fromlint.model.build import Install
from fromlint.model.environment import Environment
from fromlint.model.place import Span
from fromlint.model.project import BuildFacts, Fate, LibraryFacts, PackageFacts
from fromlint.model.verdict import Obstacle, Outcome, Package, Verdict
from fromlint.project.fates import fate
from fromlint.project.known import browsers
from fromlint.project.reading.contents import NOTHING_READ, Contents
from fromlint.project.reading.isolation import in_place, nothing_to_build_with, runs_setup_py
from fromlint.project.walking.walked import InstallPoint, StageWalk
from fromlint.requirements.names import is_archive
from fromlint.system import needs as system
from fromlint.system.state import State
from fromlint.system.versions import within

# Wheels for some platform show that a package is native, even where nobody described it.
_NATIVE = frozenset(
    {
        Obstacle.MUSL,
        Obstacle.MUSL_TOO_OLD,
        Obstacle.GLIBC,
        Obstacle.GLIBC_TOO_OLD,
        Obstacle.PYTHON,
        Obstacle.PLATFORM,
        Obstacle.PIP,
        Obstacle.NO_LINUX_WHEELS,
    }
)
_FAILING = frozenset({Fate.NOTHING_FITS, Fate.HASH_NOT_LISTED, Fate.HOPELESS, Fate.NO_VCS_TOOL, Fate.TOOLS_MISSING})
_FAILING |= {Fate.TOOLS_LATER, Fate.RUST_TOO_OLD, Fate.UNKNOWN_PACKAGE, Fate.UNKNOWN}
_LACKING = (Fate.TOOLS_MISSING, Fate.TOOLS_LATER, Fate.NO_VCS_TOOL, Fate.RUST_TOO_OLD)


def package_facts(
    packages: Sequence[Package],
    point: InstallPoint,
    walked: StageWalk,
    running: StageWalk | None,
    beside: Collection[str],
    contents: Contents = NOTHING_READ,
    configured: Mapping[str, str] = {},
    brought: Collection[str] = (),
) -> tuple[PackageFacts, ...]:
    """The facts of every package that an install brings.

    ``running`` is the stage in which they are run, None where none ships them. ``beside`` are the names of all
    distributions in the same environment, ``brought`` the shared libraries that their wheels bring. ``contents`` is
    what was read in archives. ``configured`` is what configuration files in the image say, by option.
    """
    found = []
    if point.own:
        contents = contents._replace(sdists={**contents.sdists, **point.own})
    environments = {
        platform: environment._replace(python=point.site.python)
        for platform, environment in {"": walked.environment, **walked.environments}.items()
    }
    for package in packages:
        fates: dict[str, Fate] = {}
        builds: dict[str, BuildFacts] = {}
        libraries: dict[str, LibraryFacts] = {}
        for platform, verdict in package.verdicts.items():
            environment = environments.get(platform, environments[""])
            build = build_facts(package, verdict, point, walked, environment, contents, configured, beside)
            fetching = _fetching(package, verdict, point, environment)
            if fetching is not None:
                build = _with_what_compiles(fetching, build)
            if build is not None:
                builds[platform] = build
            fates[platform] = fate(verdict, build) if fetching is None else Fate.NO_VCS_TOOL
            if running is not None and fates[platform] not in _FAILING:
                lacking = library_facts(package, verdict, running, beside, contents, brought)
                if lacking is not None:
                    libraries[platform] = lacking
        found.append(
            PackageFacts(package, _once(tuple(fates.items())), builds or _NO_BUILDS, libraries or _NO_LIBRARIES)
        )
    return tuple(found)


# Of a thousand Dockerfiles with ten packages each most are fine on all platforms: what says so is held once.
_NO_BUILDS: Mapping[str, BuildFacts] = {}
_NO_LIBRARIES: Mapping[str, LibraryFacts] = {}


@lru_cache(64)
def _once(fates: tuple[tuple[str, Fate], ...]) -> Mapping[str, Fate]:
    return dict(fates)


def lacking(packages: Iterable[PackageFacts], platforms: Iterable[str], environment: Environment) -> tuple[str, ...]:
    """The fewest system packages with which all builds of an install have what they miss by then, compilers first."""
    names: dict[str, None] = {}
    for facts in packages:
        for platform in platforms:
            build = facts.builds.get(platform)
            if build is not None and facts.fates.get(platform) in _LACKING:
                names.update(dict.fromkeys(build.missing))
    return system.fewest(names, environment)


def build_facts(
    package: Package,
    verdict: Verdict,
    point: InstallPoint,
    walked: StageWalk,
    environment: Environment,
    contents: Contents = NOTHING_READ,
    configured: Mapping[str, str] = {},
    beside: Collection[str] = (),
) -> BuildFacts | None:
    """What a source build takes and lacks; None where nothing is compiled or nothing is known of it.

    ``beside`` are the names of all distributions in the same environment.
    """
    if verdict.outcome is not Outcome.SOURCE or package.kept:
        return None
    needs = _needs(package, verdict, environment, contents)
    if needs is None:
        return _inferred(verdict, point, walked, environment)
    spared = needs.fallback or any(_switched_on(switch, point.install) for switch in needs.switches)
    exits = needs.exits
    way_out = _way_out(exits, point.install, configured) or _runs_as_of_old(exits, point, walked, environment)
    hopeless = needs.hopeless if not way_out else None
    hopeless = hopeless or nothing_to_build_with(needs.backend, point, walked, environment, beside)
    if hopeless is None and (needs.kind == "pure" or spared):
        return None
    if hopeless is None and needs.kind == "unbuildable":
        hopeless = needs.note or "no ordinary build of it succeeds"
    missing = system.missing(needs, point.state, environment)
    if not missing and hopeless is None and system.unsure(needs, point.state):
        return None
    return BuildFacts(
        needs=system.every(needs, environment),
        missing=missing,
        certain=needs.certain,
        source=needs.source,
        later=_later(missing, point, walked, lambda state: _enough(needs, state, environment)),
        hopeless=hopeless,
        rust=system.rust_too_old(needs, point.state, environment),
        heavy=needs.kind == "heavy",
        alternatives=needs.alternatives,
        note=needs.note,
        inferred=needs.inferred,
    )


def _enough(needs: system.BuildNeeds, state: State, environment: Environment) -> bool:
    return not system.missing(needs, state, environment) and system.rust_too_old(needs, state, environment) is None


def _needs(
    package: Package, verdict: Verdict, environment: Environment, contents: Contents
) -> system.BuildNeeds | None:
    """What a build takes by the data, else by its sdist; None where neither says anything."""
    python = environment.python
    told = system.build_needs(package.name, package.version, environment, python)
    if told is not None and told.certain:
        return told
    own = package.requirement.reference if package.requirement.name == package.name else None
    sdist = contents.sdists.get(verdict.file.filename) if verdict.file is not None else None
    if sdist is None and own is not None:
        sdist = contents.sdists.get(own)
    if sdist is None:
        return told
    # Few runs read an sdist, and what reads them takes long to import.
    from fromlint.system.sources import confirmed, needs_from

    needs = needs_from(sdist, package.name, package.version, environment, python)
    if own is not None and not is_archive(own):
        needs = needs._replace(source="read from its build files")
    return confirmed(told, needs) if told is not None else needs


def _fetched(package: Package) -> bool:
    """Whether the package itself, not what pulls it in, is fetched with a version control tool."""
    requirement = package.requirement
    own = requirement.name == package.name
    return own and requirement.kind in ("vcs", "editable") and "+" in (requirement.reference or "")


def _fetching(package: Package, verdict: Verdict, point: InstallPoint, environment: Environment) -> BuildFacts | None:
    """What is lacking to fetch the package, if it is fetched with a version control tool."""
    reference = package.requirement.reference or ""
    if verdict.outcome is not Outcome.SOURCE or package.kept or not _fetched(package):
        return None
    tool = system.vcs_tool(reference)
    if tool is None:
        return None
    # Poetry clones by itself (dulwich, since 1.2), and it takes certificates from the index.
    by_itself = point.install.tool == "poetry" and tool == "git"
    wanted = [] if by_itself else [tool]
    # Without recommended packages git brings no certificates, and https then fails.
    if reference.startswith(f"{tool}+https") and not by_itself:
        wanted.append("ca-certificates")
    if "+ssh" in reference:
        wanted.append("ssh-client")
    wanted = [word for word in wanted if point.state.runs(word) is False]
    if not wanted:
        return None
    names = system.install(wanted, environment) or tuple(wanted)
    return BuildFacts(names, names, True, "pip's VersionControl backends run the tool")


def _with_what_compiles(fetching: BuildFacts, build: BuildFacts | None) -> BuildFacts:
    """What fetches a package, and after it what compiles it: without the one nobody sees that the other is lacking."""
    if build is None or not build.certain or build.hopeless is not None or build.later is not None:
        return fetching
    return fetching._replace(
        needs=tuple(dict.fromkeys((*fetching.needs, *build.needs))),
        missing=tuple(dict.fromkeys((*fetching.missing, *build.missing))),
    )


def _inferred(verdict: Verdict, point: InstallPoint, walked: StageWalk, environment: Environment) -> BuildFacts | None:
    """For a package that nobody described: its wheels for other platforms say that it is native, and no more."""
    if verdict.obstacle not in _NATIVE:
        return None
    has = point.state.has("c-compiler")
    if has is None:
        return None
    wanted = system.install(["c-compiler"], environment)
    missing = () if has else wanted
    return BuildFacts(
        needs=wanted,
        missing=missing,
        certain=False,
        source="its wheels for other platforms are compiled",
        later=_later(missing, point, walked, lambda state: state.has("c-compiler") is True),
    )


def _later(missing: Sequence[str], point: InstallPoint, walked: StageWalk, enough: object) -> Span | None:
    """Where a later line of the stage brings everything that is missing."""
    assert callable(enough)
    if not missing:
        return None
    for number in range(point.step + 1, len(walked.steps)):
        event = walked.steps[number].event
        if walked.states[number + 1] is not walked.states[number] and enough(walked.states[number + 1]):
            return event.span
    return None


def _switched_on(name: str, install: Install) -> bool:
    return install.environment.get(name, "") not in ("", "0", "false")


def _way_out(exits: Sequence[str], install: Install, configured: Mapping[str, str]) -> bool:
    """Whether the install, or a configuration file in the image, takes one of the ways that let a hopeless build pass.

    Whatever pip.conf says of isolation is taken for a way: pip has long read ``no-build-isolation = false`` the wrong
    way round.
    """
    options = install.options
    for way in exits:
        if way == "build-constraint":
            if options.build_constraints or "PIP_CONSTRAINT" in install.environment or way in configured:
                return True
        elif way == "no-build-isolation":
            # setup.py itself knows no isolation.
            if options.no_build_isolation or way in configured or install.tool == "setup.py":
                return True
        elif _switched_on(way, install):
            return True
    return False


def _runs_as_of_old(exits: Sequence[str], point: InstallPoint, walked: StageWalk, environment: Environment) -> bool:
    """Whether pip runs the package's setup.py in the environment (``setup.py``), if need be with a setuptools and a
    wheel that still take it (``setuptools<66 wheel<0.40``)."""
    ways = [way for way in exits if way.startswith("setup")]
    if not ways or not runs_setup_py(point, walked, environment):
        return False
    return any(
        way == "setup.py" or all(_may_hold(each, point, walked, environment) for each in way.split()) for way in ways
    )


def _may_hold(wanted: str, point: InstallPoint, walked: StageWalk, environment: Environment) -> bool:
    name, bound, version = wanted.partition("<")
    present = in_place(name, point, walked, environment)
    return present is None or within(present, bound + version)


def library_facts(
    package: Package,
    verdict: Verdict,
    running: StageWalk,
    beside: Collection[str],
    contents: Contents = NOTHING_READ,
    brought: Collection[str] = (),
) -> LibraryFacts | None:
    """What the package loads and does not find in the stage that runs it; None where all is there or unknown."""
    if package.kept:
        return None
    lacking = _lacking(package, verdict, running, beside, contents, brought)
    at_import = tuple(library for library in lacking if library.at_import)
    if package.parents and not at_import and not system.described(package.name):
        # Who asked for another package has nothing to do with this one's plugins (nvshmem's for MPI, beside torch).
        return None
    shown = at_import or lacking
    packages = system.to_run(shown, running.environment) if shown else ()
    if not packages:
        return None
    return LibraryFacts(
        libraries=tuple(dict.fromkeys(name for library in shown for name in system.called(library))),
        packages=packages,
        certain=all(library.certain for library in shown),
        needed_at_import=bool(at_import),
        source=shown[0].source,
        alternatives=system.alternative(package.name) if verdict.outcome is Outcome.WHEEL else (),
        stage=running.stage.number,
        inferred=not system.described(package.name),
        programs=not any(library.sonames for library in shown) and any(map(system.programs, shown)),
    )


def _lacking(
    package: Package,
    verdict: Verdict,
    running: StageWalk,
    beside: Collection[str],
    contents: Contents,
    brought: Collection[str],
) -> tuple[system.Library, ...]:
    """The libraries that are surely not there: by the data, else by the wheel or by the sdist it is compiled from."""
    environment, state, file = running.environment, running.state, verdict.file
    if verdict.outcome not in (Outcome.WHEEL, Outcome.SOURCE):
        return ()
    if system.described(package.name):
        kind = "any" if file is not None and file.filename.endswith("-any.whl") else "wheel"
        kind = "compiled" if verdict.outcome is Outcome.SOURCE else kind
        fetched = package.name == browsers.NAME and browsers.fetched(running.steps)
        variables = running.inherited.variables
        loaded = system.runtime_needs(
            package.name, package.version, kind, environment, beside, variables=variables, fetched=fetched
        )
        return system.absent(loaded, state)
    if verdict.outcome is Outcome.SOURCE:
        needs = _needs(package, verdict, environment, contents)
        return system.absent(system.compiled_with(needs, environment), state) if needs is not None else ()
    if file is None or file.filename not in contents.wheels:
        return ()
    # As above: few runs come here.
    from fromlint.system import shared

    loaded = shared.libraries_from(contents.wheels[file.filename], package.name, environment, brought)
    return shared.absent(loaded, state)


def failing_and_compiled(facts: Sequence[PackageFacts], platforms: Collection[str]) -> Mapping[str, set[str]]:
    """The names of packages that fail, that are compiled, and that are not known, on any of the platforms."""
    groups: dict[str, set[str]] = {"failing": set(), "compiled": set(), "unknown": set(), "all": set()}
    for entry in facts:
        name = entry.package.name
        groups["all"].add(name)
        for platform in platforms:
            known = entry.fates.get(platform)
            verdict = entry.package.verdicts.get(platform)
            if known is Fate.UNKNOWN:
                groups["unknown"].add(name)
            elif known in (Fate.NOTHING_FITS, Fate.HOPELESS, Fate.HASH_NOT_LISTED, Fate.RUST_TOO_OLD):
                groups["failing"].add(name)
            elif known is not Fate.NO_VCS_TOOL and verdict is not None and platform in entry.builds:
                groups["compiled"].add(name)
    return groups
