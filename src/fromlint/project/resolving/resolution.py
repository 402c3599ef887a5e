"""What all installs of all Dockerfiles bring: resolved in rounds, so that the index is asked for everything at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence, Set

from fromlint.index import describing
from fromlint.index import key as key_of
from fromlint.model.environment import Environment
from fromlint.model.index import File, Metadata, Page
from fromlint.model.requirement import Needs
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome, Package, Verdict
from fromlint.named_tuple import NamedTuple
from fromlint.project.resolving.jobs import Job as Job
from fromlint.system.needs import build_described
from fromlint.typed import TYPE_CHECKING, Protocol
from fromlint.wheels.closure import resolve
from fromlint.wheels.filename import normalised, split
from fromlint.wheels.knowledge import Effort, Known
from fromlint.wheels.locked import locked_packages

if TYPE_CHECKING:
    from fromlint.project.reading.local_files import Folder
    from fromlint.wheels.policy import Policy

# Pages and metadata follow each other down the chain of dependencies; with conflicts it took 35 rounds at most.
_MOST_ROUNDS = 80
# Names looked at in searches for releases that agree. The largest real one seen (150 requirements, some at odds) took
# 45,000 a time, over and over as it learnt more; 60,000 take a second.
_MOST_SEARCHED = 500_000
# … and for platforms that are looked at besides.
_MOST_SEARCHED_BESIDES = 100_000

_NOTHING = Resolution((), (), (), (), ())

Markers = Callable[[str, Environment, str, frozenset[str]], bool | None]


class Asked(Protocol):
    """The package index, as far as it matters here."""

    def pages(
        self, wanted: Iterable[tuple[str, str]], *, pinned: Mapping[tuple[str, str], str] | None = None
    ) -> dict[tuple[str, str], Page]:
        """The pages of projects, by index and name."""

    def find_links(self, urls: Iterable[str]) -> dict[str, Page]:
        """The files that ``--find-links`` pages list."""

    def metadata(self, wanted: Iterable[File]) -> dict[str, Metadata]:
        """What releases depend on, by URL or name."""


class _Settled(NamedTuple):
    """What an install brings where ``installed`` is there before it."""

    installed: Mapping[str, str] | None
    resolution: Resolution


def known_before(folders: Iterable[Folder]) -> Known:
    """What is known before anything was asked: what folders hold. ``settle`` adds to it."""
    pages: dict[tuple[str, str], Page] = {}
    metadata: dict[str, Metadata] = {}
    for folder in folders:
        pages[folder.page.index_url, ""] = folder.page
        metadata.update(folder.metadata)
    return Known(pages, metadata)


def settle(
    jobs: Sequence[Job], index: Asked, markers: Markers, known: Known
) -> dict[tuple[object, ...], tuple[Resolution, ...]]:
    """The resolution of every install of every job, by the job's key.

    In each round everything that any job still wants is asked for at once, and added to ``known``.
    """
    pages, metadata = known.pages, known.metadata
    assert isinstance(pages, dict)
    assert isinstance(metadata, dict)
    efforts: dict[str, Effort] = {}
    for job in jobs:
        efforts.setdefault(job.platform, Effort(_MOST_SEARCHED_BESIDES if efforts else _MOST_SEARCHED))
    done: dict[tuple[object, ...], tuple[Resolution, ...]] = {}
    settled: dict[tuple[object, ...], dict[int, _Settled]] = {job.key: {} for job in jobs}
    open_jobs = list(jobs)
    for _ in range(_MOST_ROUNDS):
        wanted_pages: dict[tuple[str, str], str | None] = {}
        wanted_metadata: dict[str, File] = {}
        still_open = []
        for job in open_jobs:
            within = known._replace(effort=efforts[job.platform])
            done[job.key] = _resolve(job, within, markers, settled[job.key])
            wants = False
            for resolution, (_, needs, _, _) in zip(done[job.key], job.installs, strict=True):
                pins = _pins(needs)
                for key in resolution.wanted_pages:
                    if key not in pages:
                        wants = True
                        # Only where all who ask pin the same version is an older answer as good as a new one.
                        pin = pins.get(key[1])
                        wanted_pages[key] = pin if wanted_pages.get(key, pin) == pin else None
                for file in resolution.wanted_metadata:
                    if key_of(file) not in metadata:
                        wants = True
                        wanted_metadata[key_of(file)] = file
            if wants:
                still_open.append(job)
        if not still_open:
            break
        open_jobs = still_open
        _ask(wanted_pages, wanted_metadata, index, pages, metadata)
    return done


def _ask(
    wanted_pages: Mapping[tuple[str, str], str | None],
    wanted_metadata: Mapping[str, File],
    index: Asked,
    pages: dict[tuple[str, str], Page],
    metadata: dict[str, Metadata],
) -> None:
    """One round: everything at once, each answer (also a failed one) kept under what it was wanted as."""
    links = [url for url, name in wanted_pages if not name]
    if links:
        pages.update({(url, ""): page for url, page in index.find_links(links).items()})
    named = [key for key in wanted_pages if key[1]]
    if named:
        pinned = {key: pin for key in named if (pin := wanted_pages[key]) is not None}
        pages.update(index.pages(named, pinned=pinned))
    asked: dict[str, File] = {}
    for key, file in wanted_metadata.items():
        release = _release(file, pages)
        known = next((metadata[key_of(other)] for other in release if key_of(other) in metadata), None)
        if known is not None and known.known:
            metadata[key] = known
        else:
            asked[key] = file if file.filename.endswith(".whl") else describing(release) or file
    found = index.metadata(asked.values()) if asked else {}
    for key, file in asked.items():
        metadata[key] = found[key_of(file)]


def _release(file: File, pages: Mapping[tuple[str, str], Page]) -> Sequence[File]:
    """All files of the release that a file belongs to, as its page lists them; () where no page does.

    Files of one release hardly ever differ in what they depend on (uv takes them for equal), so what one of them says
    is not asked of another.
    """
    beginning = normalised(file.filename.split("-", 1)[0])
    for page in pages.values():
        if page.name.startswith(beginning) and (name := split(file.filename, page.name)) is not None:
            files = page.releases.get(name.version, ())
            if file in files:
                return files
    return ()


def _pins(needs: Needs) -> dict[str, str]:
    """The versions that requirements pin exactly, by name."""
    return {
        requirement.name: requirement.specifier[2:].strip()
        for requirement in needs.requirements
        if requirement.specifier.startswith("==")
        and not requirement.specifier.startswith("===")
        and "," not in requirement.specifier
        and "*" not in requirement.specifier
    }


def _resolve(job: Job, known: Known, markers: Markers, settled: dict[int, _Settled]) -> tuple[Resolution, ...]:
    """Each install of a job in order: what one brings is there for the next (installed packages stay).

    ``settled`` are those that want nothing more, by their number: what is learnt later does not change them.
    """
    installed = dict(job.installed) if job.installed is not None else None
    perhaps: set[str] = set()
    resolutions = []
    for number, (point, needs, policy, environment) in enumerate(job.installs):
        before = settled.get(number)
        if before is not None and before.installed == installed:
            resolution = before.resolution
        else:
            resolution = _brings(needs, policy, environment, installed, known, markers)
            if not resolution.wanted_pages and not resolution.wanted_metadata:
                settled[number] = _Settled(dict(installed) if installed is not None else None, resolution)
        resolution = resolution._replace(
            packages=tuple(_for_target(_unless_there(each, perhaps), job.platform) for each in resolution.packages)
        )
        resolutions.append(resolution)
        perhaps.update(package.name for package in resolution.packages if _undecided(package))
        if installed is not None and point.install.action in ("install", "sync", "run"):
            installed.update(_brought(resolution.packages))
            # Of a pin whose index cannot be asked it is known all the same what it brings.
            pins = _pins(needs)
            undecided = (package.name for package in resolution.packages if _undecided(package))
            installed.update({name: pins[name] for name in undecided if name in pins})
    return tuple(resolutions)


def _brings(
    needs: Needs,
    policy: Policy,
    environment: Environment,
    installed: Mapping[str, str] | None,
    known: Known,
    markers: Markers,
) -> Resolution:
    """What one install brings."""
    resolution = _NOTHING
    there = installed
    if needs.locked is not None:
        resolution = locked_packages(
            needs.locked,
            policy,
            environment,
            environment.platform,
            installed=installed,
            known=known,
            markers=markers,
            # Of what nobody described the sdist is read.
            sought=lambda name: not build_described(name),
        )
        there = {**(installed or {}), **_brought(resolution.packages)}
    # ``uv add x``, ``uv run --with x`` ask for more than the lock holds.
    if needs.locked is None or needs.requirements:
        more = resolve(
            needs.requirements,
            needs.constraints,
            policy,
            environment,
            environment.platform,
            installed=there,
            known=known,
            markers=markers,
        )
        resolution = _both(resolution, more)
    return resolution


def _undecided(package: Package) -> bool:
    return all(verdict.outcome is Outcome.UNKNOWN for verdict in package.verdicts.values())


def _unless_there(package: Package, perhaps: Set[str]) -> Package:
    """A package of which an earlier install may have brought a release that stays: which, and if compiled, is open."""
    if package.name not in perhaps or _undecided(package):
        return package
    verdict = Verdict(Outcome.UNKNOWN, reason="an earlier line may have installed it")
    failing = (Outcome.SOURCE, Outcome.NONE)
    return package._replace(
        verdicts={
            where: verdict if found.outcome in failing else found._replace(instead_of=None)
            for where, found in package.verdicts.items()
        }
    )


def _for_target(package: Package, target: str) -> Package:
    """A package with its verdict under the platform that is built for: a stage may have a fixed one of its own."""
    if target in package.verdicts:
        return package
    return package._replace(verdicts={target: next(iter(package.verdicts.values()))})


def _both(locked: Resolution, more: Resolution) -> Resolution:
    """What a lock brings and what is asked for besides, as one."""
    names = {package.name for package in locked.packages}
    besides = tuple(package for package in more.packages if not (package.kept and package.name in names))
    return Resolution(
        locked.packages + besides,
        locked.wanted_pages + more.wanted_pages,
        locked.wanted_metadata + more.wanted_metadata,
        locked.conflicts + more.conflicts,
        locked.unknown + more.unknown,
    )


def _brought(packages: Iterable[Package]) -> dict[str, str]:
    return {package.name: package.version for package in packages if package.version is not None}
