"""What all installs of all Dockerfiles bring: resolved in rounds, so that the index is asked for everything at once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from fromlint.model.environment import Environment
from fromlint.model.index import File, Metadata, Page
from fromlint.model.requirement import Needs
from fromlint.model.verdict import Package
from fromlint.project.flow import InstallPoint
from fromlint.wheels.closure import Resolution, resolve
from fromlint.wheels.knowledge import Known
from fromlint.wheels.locked import locked_packages
from fromlint.wheels.policy import Policy

# Pages and metadata follow each other down the chain of dependencies; real chains are far shorter.
_MOST_ROUNDS = 40

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


class Job(NamedTuple):
    """The installs that fill one environment one after another, on one platform.

    Each has what it needs, how it chooses, and the environment it installs for. ``installed`` is what is there
    before the first, None where that is not known.
    """

    key: tuple[object, ...]
    platform: str
    installs: tuple[tuple[InstallPoint, Needs, Policy, Environment], ...]
    installed: Mapping[str, str] | None


def settle(jobs: Sequence[Job], index: Asked, markers: Markers) -> dict[tuple[object, ...], tuple[Resolution, ...]]:
    """The resolution of every install of every job, by the job's key.

    In each round everything that any job still wants is asked for at once.
    """
    pages: dict[tuple[str, str], Page] = {}
    metadata: dict[str, Metadata] = {}
    known = Known(pages, metadata)
    done: dict[tuple[object, ...], tuple[Resolution, ...]] = {}
    open_jobs = list(jobs)
    for _ in range(_MOST_ROUNDS):
        wanted_pages: dict[tuple[str, str], str | None] = {}
        wanted_metadata: dict[str, File] = {}
        still_open = []
        for job in open_jobs:
            resolutions = _resolve(job, known, markers)
            done[job.key] = resolutions
            wants = False
            for resolution, (_, needs, _, _) in zip(resolutions, job.installs, strict=True):
                pins = _pins(needs)
                for key in resolution.wanted_pages:
                    if key not in pages:
                        wants = True
                        # Only where all who ask pin the same version is an older answer as good as a new one.
                        pin = pins.get(key[1])
                        wanted_pages[key] = pin if wanted_pages.get(key, pin) == pin else None
                for file in resolution.wanted_metadata:
                    name = file.url or file.filename
                    if name not in metadata:
                        wants = True
                        wanted_metadata[name] = file
            if wants:
                still_open.append(job)
        if not still_open:
            break
        open_jobs = still_open
        if wanted_pages:
            pinned = {key: pin for key, pin in wanted_pages.items() if pin is not None}
            pages.update(index.pages(wanted_pages, pinned=pinned))
        if wanted_metadata:
            metadata.update(index.metadata(wanted_metadata.values()))
    return done


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


def _resolve(job: Job, known: Known, markers: Markers) -> tuple[Resolution, ...]:
    """Each install of a job in order: what one brings is there for the next (installed packages stay)."""
    installed = dict(job.installed) if job.installed is not None else None
    resolutions = []
    for point, needs, policy, environment in job.installs:
        resolution = _NOTHING
        there = installed
        if needs.locked is not None:
            resolution = locked_packages(
                needs.locked,
                policy,
                environment,
                job.platform,
                installed=installed,
                known=known,
                markers=markers,
            )
            there = {**(installed or {}), **_brought(resolution.packages)}
        # ``uv add x``, ``uv run --with x`` ask for more than the lock holds.
        if needs.locked is None or needs.requirements:
            more = resolve(
                needs.requirements,
                needs.constraints,
                policy,
                environment,
                job.platform,
                installed=there,
                known=known,
                markers=markers,
            )
            resolution = _both(resolution, more)
        resolutions.append(resolution)
        if installed is not None and point.install.action in ("install", "sync", "run"):
            installed.update(_brought(resolution.packages))
    return tuple(resolutions)


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
