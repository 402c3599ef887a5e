"""What a stage has of the system: its base's packages, and what its instructions added and removed in order."""

from __future__ import annotations

import posixpath
from collections.abc import Sequence

from fromlint.model.build import Event, FilesCopied, PackagesAdded, PackagesKept, PackagesRemoved, ToolFetched
from fromlint.model.environment import Environment
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.system import archive, brought, capabilities
from fromlint.system.distribution import Distribution, distribution

# A package of which nothing is known may bring a compiler or headers only if it is called like this.
# Of apt, dnf and their like; a + may stand in a plain name (g++).
_PATTERN = regex(r"[*?\[]")
_FOR_BUILDS = regex(r"-dev(el)?$|-sdk\b|-static$|headers|^(gcc|g\+\+|clang|llvm|rust|cargo|cuda|build|base-devel|@)")
_FETCHED = {"rustup": "rust-toolchain", "rust": "rust-toolchain", "cargo": "rust-toolchain"}
_RECOMMENDS_OFF = frozenset({"apk", "dnf", "yum", "microdnf", "zypper", "pacman", "tdnf"})
# These managers take away what nothing needs any more without being asked to.
_AUTOMATIC = frozenset({"apk", "dnf", "microdnf"})


class Root(NamedTuple):
    """A package that was asked for, and the packages of interest that it brought (itself included).

    ``required`` are those that came by dependency, not by recommendation. ``virtual`` is apk's name for the group.
    """

    name: str
    brought: frozenset[str]
    required: frozenset[str]
    virtual: str | None = None


class State(NamedTuple):
    """What is installed at one point of a stage.

    ``base`` are packages of the image; ``roots`` what was added; ``left`` what stayed when its root was removed
    without ``--auto-remove``, or was kept on purpose. ``possible`` may be there (added or removed under a condition).
    ``words`` are capabilities that hold without a package to show for them: those that the image is said to have, and
    tools that were fetched. ``build_known`` and ``run_known`` are false where something unknown may have brought more
    tools or headers, or more libraries and commands. ``copied`` are the names of files that were copied, of which
    any may be a command.
    """

    distribution: Distribution | None
    base: frozenset[str]
    words: frozenset[str]
    build_known: bool
    run_known: bool
    roots: tuple[Root, ...] = ()
    left: frozenset[str] = frozenset()
    possible: frozenset[str] = frozenset()
    copied: frozenset[str] = frozenset()

    @classmethod
    def of(cls, environment: Environment) -> State:
        """The state of a base image before the first instruction."""
        known = environment.known and environment.packages is not None
        return cls(
            distribution(environment),
            environment.packages or frozenset(),
            environment.capabilities,
            known,
            known,
        )

    def after(self, event: Event) -> State:
        """The state after one more event; most events leave it as it is."""
        if isinstance(event, PackagesAdded):
            return _added(self, event)
        if isinstance(event, PackagesRemoved):
            return _removed(self, event)
        if isinstance(event, PackagesKept):
            return _kept(self, event)
        if isinstance(event, ToolFetched) and event.name is not None:
            return self._replace(words=self.words | {_FETCHED.get(event.name, event.name)})
        if isinstance(event, FilesCopied):
            paths = (*(source.value for source in event.sources), event.destination or "")
            return self._replace(copied=self.copied.union(posixpath.basename(path.rstrip("/")) for path in paths))
        return self

    @property
    def packages(self) -> frozenset[str]:
        """Every package that is surely there, as far as it is of interest."""
        return self.base.union(self.left, *(root.brought for root in self.roots))

    def has(self, capability: str, python: str | None = None) -> bool | None:
        """Whether a build finds the capability; None where that cannot be known.

        ``python`` is the minor version whose headers are meant by *python-headers*.
        """
        if capability in self.words and capability != "python-headers":
            return True
        own = capabilities.debian_package(capability)
        if own is not None:
            return self._has_package(own)
        names = capabilities.names(capability, self.distribution) if self.distribution else None
        if names is None:
            return None
        sets = [names.build or names.run, *names.also]
        if capability == "python-headers" and python is not None and names.versioned is not None:
            sets = [(name.format(version=python),) for name in (names.versioned, names.headers_alone) if name]
            if names.default_python == python:
                sets += [names.build, ((names.headers_alone or "").format(version="3"),)]
        if not any(sets):
            return False if names.absent and self.build_known else None
        return self._answer(sets, self.build_known)

    def _has_package(self, name: str) -> bool | None:
        """Whether a package of Debian is there that no capability names: another one's headers may have brought it."""
        if name in self.packages:
            return True
        if self.distribution is None or not self.distribution.indexed or not self.build_known:
            return None
        return None if any(root.name.endswith("-dev") for root in self.roots) else False

    def runs(self, capability: str, *, partly: bool = False) -> bool | None:
        """Whether a program finds the capability's libraries or commands at run time; None if that is not known.

        ``partly``: the first of its packages is enough, where the others may not be asked for.
        """
        if capability in self.words:
            return True
        if self.copied and not self.copied.isdisjoint(capabilities.commands(capability)):
            return None
        names = capabilities.names(capability, self.distribution) if self.distribution else None
        if names is None:
            return None
        if not names.run:
            return None if names.absent or not names.build else True
        wanted = names.run[:1] if partly else names.run
        return self._answer((wanted, *_other_owners(self.distribution, capability)), self.run_known)

    def library(self, soname: str) -> bool | None:
        """Whether a shared library is there by its soname; None where the data does not know the library here."""
        if self.distribution is None or not self.distribution.archive:
            return None
        owners = archive.owners(self.distribution.archive, soname)
        return self._answer([(owner,) for owner in owners], self.run_known) if owners else None

    def _answer(self, sets: Sequence[tuple[str, ...]], known: bool) -> bool | None:
        """Whether one of the sets is there as a whole; None if it may be, or if not all is known."""
        sets = [packages for packages in sets if packages]
        present = self.packages
        if any(present.issuperset(packages) for packages in sets):
            return True
        if not known or self.distribution is None:
            return None
        maybe = present | self.possible
        return None if any(maybe.issuperset(packages) for packages in sets) else False


def _other_owners(distribution: Distribution | None, capability: str) -> list[tuple[str, ...]]:
    """Other packages of the archive that hold the one library a capability stands for (libjpeg, libcurl)."""
    sonames = capabilities.sonames(capability)
    if distribution is None or not distribution.indexed or distribution.archive is None or len(sonames) != 1:
        return []
    return [(owner,) for owner in archive.owners(distribution.archive, sonames[0])]


def _added(state: State, event: PackagesAdded) -> State:
    if event.manager in ("conda", "mamba"):
        return state
    recommends = event.recommends is not False and event.manager not in _RECOMMENDS_OFF
    roots = []
    build_known, run_known = state.build_known, state.run_known
    for text in event.names:
        name = text.value
        if _PATTERN.search(name):
            # Whatever matches is installed (yum install postgresql-devel*).
            build_known = run_known = False
            continue
        packages = brought.by(state.distribution, name, recommends) if state.distribution else None
        required = packages
        if packages is None:
            packages = required = frozenset({name})
            run_known = False
            build_known = build_known and _FOR_BUILDS.search(name) is None
        elif recommends and state.distribution:
            required = brought.by(state.distribution, name, False) or packages
        roots.append(Root(name, packages, required or packages, event.virtual))
    if event.unknown:
        build_known = run_known = False
    if event.conditional:
        possible = state.possible.union(*(root.brought for root in roots))
        return state._replace(possible=possible, build_known=build_known, run_known=run_known)
    kept = state.roots
    if event.virtual is not None:
        kept = tuple(root for root in kept if root.virtual != event.virtual)
    return state._replace(roots=(*kept, *roots), build_known=build_known, run_known=run_known)


def _removed(state: State, event: PackagesRemoved) -> State:
    """Without ``--auto-remove`` what a removed package had brought stays; and what needs a removed one goes, too."""
    names = {text.value.partition(":")[0] for text in event.names}
    automatic = event.automatic or event.manager in _AUTOMATIC
    gone = [root for root in state.roots if _goes(root, names)]
    stay = tuple(root for root in state.roots if not _goes(root, names))
    left: frozenset[str] = frozenset()
    if not automatic:
        remaining = state.left.union(*(root.brought for root in gone)) - names
        left = frozenset(package for package in remaining if not _needs(state.distribution, package, names))
    after = state._replace(roots=stay, left=left, base=state.base - names)
    if event.conditional:
        return after._replace(possible=state.possible | (state.packages - after.packages))
    return after


def _needs(where: Distribution | None, package: str, names: set[str]) -> bool:
    """Whether a package cannot be without one of the names."""
    required = brought.by(where, package, False) if where is not None else None
    return required is not None and not names.isdisjoint(required)


def _goes(root: Root, names: set[str]) -> bool:
    return root.name in names or root.virtual in names or not names.isdisjoint(root.required)


def _kept(state: State, event: PackagesKept) -> State:
    """What is kept becomes a root of its own. Kept by a command that finds libraries: every library that is there."""
    present = state.packages
    names = frozenset(event.names) & present
    if event.found and state.distribution is not None:
        libraries = capabilities.run_names(state.distribution)
        names |= {name for name in present - state.base if name in libraries or _is_library(name)}
    kept = (Root(name, frozenset({name}), frozenset({name})) for name in sorted(names))
    return state._replace(roots=(*state.roots, *kept))


def _is_library(name: str) -> bool:
    return name.startswith("lib") and not name.endswith(("-dev", "-devel", "-doc", "-dbg"))
