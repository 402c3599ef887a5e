"""All that is known of one Dockerfile once the facts are worked out: what rules look at, and reports show."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from fromlint.model.build import Install, Step
from fromlint.model.dockerfile import Dockerfile, Stage
from fromlint.model.environment import Environment, Python
from fromlint.model.finding import Finding, Skipped
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import Needs
from fromlint.model.verdict import Package
from fromlint.named_tuple import NamedTuple
from fromlint.typed import Protocol


class Fate(Enum):
    """What becomes of a package on a platform: exactly one, so that no two rules speak of the same failure."""

    FINE = "fine"
    UNKNOWN = "unknown"
    UNKNOWN_PACKAGE = "unknown-package"
    NOTHING_FITS = "nothing-fits"
    HASH_NOT_LISTED = "hash-not-listed"
    HOPELESS = "hopeless"
    NO_VCS_TOOL = "no-vcs-tool"
    TOOLS_MISSING = "tools-missing"
    TOOLS_LATER = "tools-later"
    RUST_TOO_OLD = "rust-too-old"
    COMPILED_FOR_MUSL = "compiled-for-musl"
    COMPILED_FOR_GLIBC = "compiled-for-glibc"
    COMPILED_FOR_PYTHON = "compiled-for-python"
    COMPILED_FOR_PLATFORM = "compiled-for-platform"
    COMPILED_FOR_PIP = "compiled-for-pip"
    COMPILED = "compiled"


class OldRust(NamedTuple):
    """The distribution's rustc that a build gets and the version that it takes (``1.74``).

    ``newer`` are packages of the same release that are new enough, () where none are.
    """

    have: str
    needed: str
    newer: tuple[str, ...]


class BuildFacts(NamedTuple):
    """A source build on one platform.

    ``needs`` are all system packages it takes, by the stage's own names; ``missing`` those that are not there by
    that line. ``certain`` is false where the facts are hearsay or too little is known (findings are then capped at
    info), and ``source`` says where they are from; ``inferred``: from the package's own archive. ``later``: the later
    line that brings all that is missing. ``rust``: that the rustc there is too old; where the release has a newer one,
    that is among what is missing.
    """

    needs: tuple[str, ...]
    missing: tuple[str, ...]
    certain: bool
    source: str
    later: Span | None = None
    hopeless: str | None = None
    rust: OldRust | None = None
    heavy: bool = False
    alternatives: tuple[str, ...] = ()
    note: str = ""
    inferred: bool = False


class LibraryFacts(NamedTuple):
    """Shared libraries that a package loads and that are not in the stage that runs it.

    ``packages`` bring them there; ``programs``: they are no libraries, but programs that it calls. ``certain`` and
    ``inferred`` as in BuildFacts. ``needed_at_import`` is false for a plugin.
    """

    libraries: tuple[str, ...]
    packages: tuple[str, ...]
    certain: bool
    needed_at_import: bool
    source: str
    alternatives: tuple[str, ...] = ()
    stage: int = 0
    inferred: bool = False
    programs: bool = False


class PackageFacts(NamedTuple):
    """A package of an install: its verdicts, its fate and builds by platform, and what it will not find."""

    package: Package
    fates: Mapping[str, Fate]
    builds: Mapping[str, BuildFacts]
    libraries: Mapping[str, LibraryFacts]


class InstallFacts(NamedTuple):
    """An install and everything it brings.

    ``python`` is the interpreter it installs for (None where unknown), ``site`` the venv or prefix it fills.
    ``shipped``: what it installs is in the target stage. ``skipped`` says why it was not judged.
    ``by_lock``: a lock decides. ``complete``: every package of the closure is known. ``passed_over`` is the image's
    Python where uv takes ``python`` instead, for the reason ``asked``. ``lacking``: the fewest system packages with
    which all its builds on the platforms asked for have what they miss.
    """

    install: Install
    step: int
    python: Python | None
    site: str
    needs: Needs
    packages: tuple[PackageFacts, ...]
    shipped: bool
    by_lock: bool
    complete: bool
    skipped: Unknown | None = None
    passed_over: Python | None = None
    asked: str | None = None
    lacking: tuple[str, ...] = ()


class SystemState(Protocol):
    """What is installed of the system at one point of a stage."""

    @property
    def packages(self) -> frozenset[str]:
        """Every system package that is surely there, as far as it is of interest."""

    def has(self, capability: str, python: str | None = None) -> bool | None:
        """Whether a build finds the capability (``c-compiler``, ``libpq``); None where that cannot be known."""

    def runs(self, capability: str) -> bool | None:
        """Whether a program finds the capability's libraries or commands at run time; None if that is not known."""

    def library(self, soname: str) -> bool | None:
        """Whether a shared library is there by its soname; None where the data does not know it here."""


class Script(NamedTuple):
    """A script of the build context that a container is started with.

    ``path`` is where it lies in the image; ``first`` its first line with a carriage return at its end, if it has one,
    and ``span`` where that stands.
    """

    path: str
    first: str
    span: Span


class StageFacts(NamedTuple):
    """A stage, its environment (that of the first platform, and all by platform), its steps and installs.

    ``states`` is the system's state before the first step and after each: ``states[n]`` is what step *n* finds.
    ``scripts`` are those that its CMD, ENTRYPOINT and HEALTHCHECK name, as far as they are known, by the name as
    written.
    """

    stage: Stage
    environment: Environment
    environments: Mapping[str, Environment]
    steps: tuple[Step, ...]
    installs: tuple[InstallFacts, ...]
    states: tuple[SystemState, ...]
    scripts: Mapping[str, Script] = {}


class Weight(NamedTuple):
    """What comes on top of a base: how many system ``packages``, the bytes to pull (``packed``), and those on disk.

    ``estimated``: the bytes are those of other packages for the same needs.
    """

    packages: int
    packed: int
    installed: int
    estimated: bool = False


class OnPlatform(NamedTuple):
    """How the installs fare on a candidate on one platform.

    ``packages`` are what the installs bring there, each once. ``build`` and ``libraries`` are the fewest system
    packages that take the bare base to all builds, and to all programs. ``download`` is the size in bytes of all files
    that the installer fetches, None where one of them is not known. ``building`` is what the system packages for
    builds and programs weigh together, ``running`` those for programs alone; None where that is not known.
    """

    environment: Environment
    packages: tuple[PackageFacts, ...]
    failing: tuple[str, ...]
    compiled: tuple[str, ...]
    unknown: tuple[str, ...]
    build: tuple[str, ...]
    libraries: tuple[str, ...]
    download: int | None
    building: Weight | None = None
    running: Weight | None = None
    installed: int | None = None
    guessed: tuple[str, ...] = ()


class Alternative(NamedTuple):
    """Another base image for the target stage, and how the same installs fare there.

    ``wheels`` and ``unknown`` count packages; ``compiled`` and ``failing`` name them, on any platform asked for;
    ``build`` and ``libraries`` are the system packages to add. ``environment`` is that of the first platform.
    ``by_platform`` has them apart. ``weight`` is what it is compared by: the bytes to pull of the base, of the system
    packages that the image as it is built would hold, and of the wheels where those are known for all; None where
    unknown. ``named``: it was asked for by name. ``staged``: what is installed is built in another stage.
    ``rewritten``: the Dockerfile's own lines for system packages would have to be written for another package manager.
    """

    image: str
    environment: Environment
    wheels: int
    compiled: tuple[str, ...]
    failing: tuple[str, ...]
    unknown: int
    build: tuple[str, ...]
    libraries: tuple[str, ...]
    by_platform: tuple[OnPlatform, ...] = ()
    in_use: bool = False
    named: bool = False
    weight: int | None = None
    staged: bool = False
    rewritten: bool = False


class Project(NamedTuple):
    """One Dockerfile with all facts, read-only.

    ``platforms`` are those judged; ``asked`` those that were asked for (by option, settings, compose, FROM) or are
    the default; the rest is looked at besides. ``alternatives`` are sorted best first and hold the base in use, too.
    ``gpu``: compose or its like gives the container a GPU. ``context``: the folder of the build context, absolute,
    None where it is not known.
    """

    dockerfile: Dockerfile
    stages: tuple[StageFacts, ...]
    platforms: tuple[str, ...]
    asked: tuple[str, ...]
    problems: tuple[Problem, ...]
    unknown: tuple[Unknown, ...]
    alternatives: tuple[Alternative, ...]
    as_of: str
    data_date: str
    gpu: bool = False
    context: str | None = None


class Report(NamedTuple):
    """The outcome of a run. ``sources`` are the lines of each file that findings name, by shown path.

    ``good_until``: while no file changes, the report stays the same until then, in seconds since 1970. ``unasked``:
    what the index (and with ``--inspect`` the registry) would be asked for, were the run not offline. ``changes``: what
    a change since a revision does, in sentences.
    """

    projects: tuple[Project, ...]
    findings: tuple[Finding, ...]
    skipped: tuple[Skipped, ...]
    sources: Mapping[str, tuple[str, ...]]
    notes: tuple[str, ...] = ()
    good_until: float = 0.0
    unasked: frozenset[str] = frozenset()
    changes: tuple[str, ...] = ()
