"""What a Python package needs from the system: to be compiled, and to run."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache

from fromlint.model.environment import Environment, Python
from fromlint.model.project import OldRust
from fromlint.named_tuple import NamedTuple
from fromlint.system import archive, brought, capabilities, stored, versions
from fromlint.system.distribution import Distribution, distribution
from fromlint.system.state import State
from fromlint.typed import Any

_VCS = {"git": "git", "hg": "mercurial", "svn": "subversion", "bzr": "breezy"}
# By their top module the build backends that projects name most, and the distributions that bring them.
BACKENDS = {
    "setuptools": "setuptools",
    "hatchling": "hatchling",
    "poetry": "poetry-core",
    "flit_core": "flit-core",
    "pdm": "pdm-backend",
    "mesonpy": "meson-python",
    "scikit_build_core": "scikit-build-core",
    "maturin": "maturin",
}
_CERTAIN = ("high", "medium")
_RUST_PACKAGES = ("rustc-web", "rustc")


class Rust(NamedTuple):
    """``minimum`` is the oldest rustc that compiles it (``1.74``), None where that is not recorded.

    ``fetched``: where there is no cargo, the build backend fetches a toolchain by itself (maturin 1.8.4 and later).
    """

    minimum: str | None
    fetched: bool


class BuildNeeds(NamedTuple):
    """What building a release from its sdist takes.

    ``kind``: *pure*, *native*, *heavy* (native, and takes long) or *unbuildable* (no ordinary build succeeds).
    ``needs`` are capabilities, ``optional`` those that only add features; Rust is in ``needs`` unless it is fetched.
    ``fallback``: without a compiler pip installs it all the same, without its native part. ``switches`` are
    environment variables that leave the native part out.
    ``hopeless`` says why it fails with every tool in place, and ``exits`` what would still let it pass:
    *build-constraint*, *no-build-isolation*, *setup.py* (a pip that runs it in the environment itself, as there is no
    pyproject.toml), *setuptools<58* (the same where that is there) or the name of an environment variable.
    ``python`` is the minor whose headers *python-headers* means. ``confidence`` is high, medium, low or knowledge;
    `certain` says whether it may carry more than advice. ``alternatives`` are ready-made distributions. ``backend`` is
    the distribution that builds it, None where that is not known; ``inferred``: it was read in the sdist.
    """

    name: str
    version: str | None
    kind: str
    languages: tuple[str, ...]
    needs: tuple[str, ...]
    optional: tuple[str, ...]
    fallback: bool
    switches: tuple[str, ...]
    rust: Rust | None
    hopeless: str | None
    exits: tuple[str, ...]
    python: str | None
    alternatives: tuple[str, ...]
    confidence: str
    source: str
    note: str
    backend: str | None = None
    inferred: bool = False

    @property
    def certain(self) -> bool:
        """False for hearsay: findings that rest on it are capped at info."""
        return self.confidence in _CERTAIN


class Library(NamedTuple):
    """Something that a package loads or calls at run time.

    ``capability`` and ``sonames`` say what, ``packages`` what brings it in the image's release (() where the data
    does not say). ``at_import`` is false where importing the package does not need it yet. ``linked``: it is known only
    from what the module was built with, of which it may load a part.
    """

    capability: str
    sonames: tuple[str, ...]
    packages: tuple[str, ...]
    at_import: bool
    confidence: str
    source: str
    linked: bool = False

    @property
    def certain(self) -> bool:
        """False for hearsay: findings that rest on it are capped at info."""
        return self.confidence in _CERTAIN


def programs(library: Library) -> tuple[str, ...]:
    """The commands that a package calls, where it loads no library (as what is compiled with rustc loads libgcc)."""
    return () if library.sonames or library.linked else capabilities.commands(library.capability)


def called(library: Library) -> tuple[str, ...]:
    """What people know it by: sonames, else the first of its commands, else the packages that bring it."""
    return library.sonames or programs(library)[:1] or library.packages or (library.capability,)


def described(name: str) -> bool:
    """Whether the data describes a Python package; the name is normalised (PEP 503)."""
    return _entry(name) is not None


def build_described(name: str) -> bool:
    """Whether what its build takes is known for certain; hearsay is held against the sdist."""
    entry = _entry(name)
    return entry is not None and entry["confidence"] in _CERTAIN


def _entry(name: str) -> dict[str, Any] | None:
    return stored.entry("system/packages.jsonl", name)


def alternative(name: str) -> tuple[str, ...]:
    """Ready-made distributions to take in its place: ``psycopg2-binary``."""
    return tuple((_entry(name) or {}).get("alternatives", ()))


def build_minutes(name: str) -> float | None:
    """The minutes that one CPU took to build a package, as it was measured; None where it was not."""
    minutes: float | None = (_entry(name) or {}).get("build", {}).get("minutes")
    return minutes


def vcs_tool(scheme: str) -> str | None:
    """The capability that a version-control requirement takes: of ``git+https`` it is *git*."""
    return _VCS.get(scheme.partition("+")[0])


# --- to build ---------------------------------------------------------------------------------------------------


def build_needs(name: str, version: str | None, environment: Environment, python: Python | None) -> BuildNeeds | None:
    """What compiling a release in the environment for that Python takes; None where the package is not described.

    ``python`` is the interpreter that it is installed for, None where unknown (then no headers are asked for).
    """
    entry = _entry(name)
    if entry is None:
        return None
    build = entry.get("build", {})
    kind, needs, sources = entry["kind"], list(build.get("needs", ())), list(entry["source"])
    fallback = _falls_back(build, version)
    for gate in _gates(build, version):
        kind = gate.get("kind", kind)
        needs += gate.get("needs", ())
        sources.insert(0, gate["source"])
    rust = None
    for gate in build.get("rust", ()):
        if versions.within(version, gate.get("versions", "")):
            rust = Rust(gate.get("minimum"), gate.get("fetched", False))
            if not rust.fetched:
                needs.append("rust-toolchain")
    minor = None
    if needs and python is not None and python.prefix == "/usr" and not fallback:
        minor = versions.minor(python.version)
        needs.append("python-headers")
    needs.sort(key=capabilities.order)
    hopeless, exits, confidence, reason = _hopeless(entry, version, environment, python)
    if hopeless is not None:
        sources = [reason]
    return BuildNeeds(
        name=name,
        version=version,
        kind=kind,
        languages=tuple(entry["languages"]),
        needs=tuple(needs),
        optional=tuple(build.get("optional", ())),
        fallback=fallback,
        switches=tuple(build.get("switches", ())),
        rust=rust,
        hopeless=hopeless,
        exits=exits,
        python=minor,
        alternatives=tuple(entry.get("alternatives", ())),
        confidence=confidence or entry["confidence"],
        source="; ".join(sources[:3]),
        note=entry.get("note", ""),
    )


def _hopeless(
    entry: dict[str, Any], version: str | None, environment: Environment, python: Python | None
) -> tuple[str | None, tuple[str, ...], str | None, str]:
    """Why a build fails with every tool in place, what would let it pass, how sure that is, and the source."""
    for case in entry.get("hopeless", ()):
        span = case.get("python")
        if span is not None and (python is None or not versions.within(python.version, span)):
            continue
        if version is not None and versions.within(version, case.get("versions", "")):
            return case["why"], tuple(case.get("exits", ())), case["confidence"], "; ".join(case["source"])
    where = distribution(environment)
    if where is None:
        return None, (), None, ""
    for case in entry.get("build", {}).get("library", ()):
        if version is not None and versions.within(version, case.get("versions", "")):
            why = _library_too_old(case, version, where)
            if why is not None:
                return why, (), None, case["source"]
    for capability in _gated_needs(entry, version):
        names = capabilities.names(capability, where)
        if names is not None and names.absent:
            why = f"{where.table} {where.release} has no package for {capabilities.says(capability)}"
            return why, (), None, "; ".join(entry["source"][:2])
    return None, (), None, ""


def _gated_needs(entry: dict[str, Any], version: str | None) -> list[str]:
    build = entry.get("build", {})
    needs = list(build.get("needs", ()))
    for gate in _gates(build, version):
        needs += gate.get("needs", ())
    return needs


def _falls_back(build: dict[str, Any], version: str | None) -> bool:
    """Whether it is installed without its native part where that cannot be compiled."""
    fallback: bool = build.get("fallback", False)
    for gate in _gates(build, version):
        fallback = gate.get("fallback", fallback)
    return fallback


def _gates(build: dict[str, Any], version: str | None) -> list[dict[str, Any]]:
    """What else holds for a version."""
    return [gate for gate in build.get("when", ()) if versions.within(version, gate["versions"])]


def _library_too_old(case: dict[str, Any], version: str, where: Distribution) -> str | None:
    """Why the release's library does not do.

    It must be as new as asked (*own*: as the package itself), *same*, or older than a version (``<10``).
    """
    there = capabilities.version(case["capability"], where)
    have = versions.release(there) if there is not None else None
    own = versions.release(version)
    if have is None or own is None:
        return None
    asked = case["version"]
    what = f"{case['capability']} {there} of {where.table} {where.release}"
    if asked == "same":
        if have[:2] == (*own, 0, 0)[:2] and have >= own:
            return None
        return f"it must have the version of the library that it is built against, and that is {what}"
    if asked.startswith("<"):
        over = have >= (versions.release(asked[1:]) or ())
        return f"it takes {case['capability']} older than {asked[1:]}, and that is {what}" if over else None
    bound = (*own, 0)[:2] if asked == "own" else versions.release(asked) or ()
    if have >= bound:
        return None
    return f"it takes {case['capability']} {'.'.join(map(str, bound))} or newer, and that is {what}"


def missing(needs: BuildNeeds, state: State, environment: Environment) -> tuple[str, ...]:
    """The packages to add so that the build passes, by the distribution's names: all at once, and no more.

    Compilers stand before headers, tools and libraries. () where nothing is surely missing: all is there, or what is
    there is not known (`unsure` tells), or the package is installed without its native part.
    """
    if needs.fallback:
        return ()
    lacking = [need for need in needs.needs if state.has(need, needs.python) is False]
    old = rust_too_old(needs, state, environment)
    if old is not None:
        lacking = [need for need in lacking if need != "rust-toolchain"]
        lacking += ["rust-toolchain"] if old.newer else []
    return install(lacking, environment, needs.python, needs.rust, state.packages)


def unsure(needs: BuildNeeds, state: State) -> tuple[str, ...]:
    """The capabilities of which it cannot be known whether they are there."""
    return tuple(need for need in needs.needs if not needs.fallback and state.has(need, needs.python) is None)


def every(needs: BuildNeeds, environment: Environment) -> tuple[str, ...]:
    """All packages that the build takes on a bare image of this distribution."""
    return install(needs.needs, environment, needs.python, needs.rust)


def install(
    wanted: Iterable[str],
    environment: Environment,
    python: str | None = None,
    rust: Rust | None = None,
    present: frozenset[str] = frozenset(),
) -> tuple[str, ...]:
    """The fewest packages that give the capabilities in this distribution, in the order to write them.

    What another package of the list brings without Recommends is left out, and so are those of ``present``.
    """
    where = distribution(environment)
    if where is None:
        return ()
    packages: list[str] = []
    tools: set[str] = set()
    for capability in _not_given_by_others(tuple(sorted(wanted, key=capabilities.order)), where, python, rust):
        for package in _packages(capability, where, python, rust):
            if package not in packages and package not in present:
                packages.append(package)
                if capabilities.is_tool(capability):
                    tools.add(package)
    # Where only curated knowledge says what a package brings, a library too many does less harm than one too few.
    return _fewest(tuple(packages), where, frozenset(packages if where.indexed else tools))


def fewest(packages: Iterable[str], environment: Environment) -> tuple[str, ...]:
    """Of packages that several builds take those to name: the others come with them, if under another name."""
    names = tuple(dict.fromkeys(packages))
    where = distribution(environment)
    return _fewest_together(names, where) if where is not None else names


@lru_cache(256)
def _fewest_together(names: tuple[str, ...], where: Distribution) -> tuple[str, ...]:
    kept = list(names)
    tools: set[str] = set()
    for capability in capabilities.tools():
        called = capabilities.names(capability, where)
        if called is None:
            continue
        tools.update(called.build)
        others = [name for name in kept if name not in called.build]
        if where.indexed and len(others) < len(kept):
            brings = frozenset[str]().union(*(brought.by(where, name, False) or () for name in others))
            if any(brings.issuperset(also) for also in called.also):
                kept = others
    # Compilers first, as in the line for one build.
    kept.sort(key=lambda name: name not in tools)
    return _fewest(tuple(kept), where, frozenset(kept if where.indexed else tools))


@lru_cache(256)
def _not_given_by_others(
    wanted: tuple[str, ...], where: Distribution, python: str | None, rust: Rust | None
) -> tuple[str, ...]:
    """The capabilities without those for which what the others bring will do, if under another name.

    libcairo2-dev brings pkgconf, and with it what pkg-config is asked for.
    """
    kept = list(wanted)
    for capability in reversed(wanted):
        names = capabilities.names(capability, where)
        if names is None or not names.also or not where.indexed:
            continue
        brought_by_others = frozenset[str]().union(
            *(
                brought.by(where, package, False) or ()
                for other in kept
                if other != capability
                for package in _packages(other, where, python, rust)
            )
        )
        if any(brought_by_others.issuperset(packages) for packages in names.also):
            kept.remove(capability)
    return tuple(kept)


def _packages(capability: str, where: Distribution, python: str | None, rust: Rust | None) -> tuple[str, ...]:
    own = capabilities.debian_package(capability)
    if own is not None:
        return (own,) if where.archive is not None else ()
    names = capabilities.names(capability, where)
    if names is None or names.absent:
        return ()
    if capability == "python-headers" and python is not None and names.versioned and names.default_python != python:
        return (names.versioned.format(version=python),)
    if capability == "rust-toolchain" and rust is not None and rust.minimum is not None:
        return _new_enough(rust.minimum, where, names) or names.build
    return names.build or names.run


def _new_enough(minimum: str, where: Distribution, names: capabilities.Names) -> tuple[str, ...]:
    """The release's packages of a rustc that is new enough, () where it has none."""
    for packages in (names.build, *names.also):
        version = _rust_version(packages, where, names)
        if version is not None and versions.within(version, f">={minimum}"):
            return packages
    return ()


@lru_cache(256)
def _fewest(packages: tuple[str, ...], where: Distribution, spare: frozenset[str]) -> tuple[str, ...]:
    """The packages without those of ``spare`` that others of them bring."""
    brings = {package: brought.by(where, package, False) or frozenset() for package in packages}
    kept = list(packages)
    for package in filter(spare.__contains__, packages):
        others = [other for other in kept if other != package and package in brings[other]]
        # Two packages that bring each other: the first stays.
        if any(other not in brings[package] or kept.index(other) < kept.index(package) for other in others):
            kept.remove(package)
    return tuple(kept)


def rust_too_old(needs: BuildNeeds, state: State, environment: Environment) -> OldRust | None:
    """That the distribution's rustc is too old for the build: the one that is there, else every one it has.

    None where all is well, and where rustup (or something unknown) gave the toolchain.
    """
    where = distribution(environment)
    if needs.rust is None or needs.rust.minimum is None or where is None or "rust-toolchain" in state.words:
        return None
    names = capabilities.names("rust-toolchain", where)
    present = state.packages
    if names is None or "rustup" in present:
        return None
    there = "cargo" in present or "cargo-web" in present
    if not there and state.has("rust-toolchain") is not False:
        return None
    enough = _new_enough(needs.rust.minimum, where, names)
    if there:
        found = [_rust_version(present, where, names)]
    elif enough or "rust-toolchain" not in needs.needs:
        return None
    else:
        found = [_rust_version(packages, where, names) for packages in (names.build, *names.also)]
    have = max(filter(None, found), key=lambda version: versions.release(version) or (), default=None)
    if have is None or versions.within(have, f">={needs.rust.minimum}"):
        return None
    return OldRust(have, needs.rust.minimum, enough)


def _rust_version(packages: Collection[str], where: Distribution, names: capabilities.Names) -> str | None:
    if where.indexed and where.archive is not None:
        for package in _RUST_PACKAGES:
            if package in packages:
                return archive.version(where.archive, package)
        return None
    return names.stated_version if {"cargo", "rust", "rust-toolset"} & set(packages) else None


# --- to run -----------------------------------------------------------------------------------------------------


def runtime_needs(
    name: str,
    version: str | None,
    kind: str,
    environment: Environment,
    closure: Collection[str],
    *,
    variables: Mapping[str, str | None] = {},
    fetched: bool = False,
) -> tuple[Library, ...]:
    """What an installed package loads that it does not bring; ``fetched``: with what it fetched besides (a browser).

    ``variables`` are those that the container has: some let a package do without.

    ``kind``: *wheel* (as published), *any* (a wheel for any platform: it has no libraries inside) or *compiled*
    (built in the image: it loads what it was built against). ``closure`` are the normalised names of all
    distributions that the install brings: some bring the libraries of others, some do without the package.
    """
    entry = _entry(name)
    if entry is None:
        return ()
    run = entry.get("run", {})
    if not set(run.get("without", ())).isdisjoint(closure):
        return ()
    loaded = list(run.get("wheel", ()))
    for gate in run.get("when", ()):
        if versions.within(version, gate["versions"]):
            loaded += gate.get("wheel", ())
    if kind in ("any", "compiled"):
        loaded += run.get(kind, ())
    if fetched:
        loaded += run.get("fetched", ())
    where = distribution(environment)
    excused = any(f"{name}={value}" in run.get("excused", ()) for name, value in variables.items())
    imported = set(run.get("guarded", ())).isdisjoint(closure) and not excused
    found = [
        _library(capability, where, at_import, run.get("confidence", entry["confidence"]), _source(run, entry))
        for wanted, at_import in ((loaded, imported), (run.get("later", ()), False))
        for capability in dict.fromkeys(wanted)
    ]
    if kind == "compiled" and not _falls_back(entry.get("build", {}), version):
        known = {library.capability for library in found}
        gates = entry.get("build", {}).get("rust", ())
        rust = ["rust-toolchain"] if any(versions.within(version, gate.get("versions", "")) for gate in gates) else []
        built_with = [*_gated_needs(entry, version), *rust]
        found += _linked(
            [word for word in built_with if word not in known], where, entry["confidence"], _source({}, entry)
        )
    return tuple(found)


def compiled_with(needs: BuildNeeds, environment: Environment) -> tuple[Library, ...]:
    """What a module loads that was compiled in the image: the libraries that its build takes."""
    if needs.kind == "pure" or needs.fallback:
        return ()
    rust = ["rust-toolchain"] if needs.rust is not None else []
    return _linked([*needs.needs, *rust], distribution(environment), needs.confidence, needs.source)


def _linked(
    capabilities: Iterable[str], where: Distribution | None, confidence: str, source: str
) -> tuple[Library, ...]:
    """What is loaded because it was built with: of compilers and headers only where these have a part at run time."""
    found = (_library(word, where, True, confidence, source) for word in dict.fromkeys(capabilities))
    return tuple(library._replace(linked=True) for library in found if library.packages)


def _source(run: dict[str, Any], entry: dict[str, Any]) -> str:
    return "; ".join((run.get("source") or entry["source"])[:2])


def _library(capability: str, where: Distribution | None, at_import: bool, confidence: str, source: str) -> Library:
    names = capabilities.names(capability, where) if where is not None else None
    packages = names.run if names is not None else ()
    return Library(capability, capabilities.sonames(capability), packages, at_import, confidence, source)


def absent(libraries: Iterable[Library], state: State) -> tuple[Library, ...]:
    """Those that are surely not in the stage."""
    return tuple(each for each in libraries if state.runs(each.capability, partly=each.linked) is False)


def to_run(libraries: Iterable[Library], environment: Environment) -> tuple[str, ...]:
    """The fewest packages that bring the libraries in this distribution."""
    where = distribution(environment)
    if where is None:
        return ()
    packages = tuple(dict.fromkeys(package for library in libraries for package in library.packages))
    return _fewest(packages, where, frozenset(packages))
