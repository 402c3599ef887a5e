"""What the rules on stages share: Python packages that a COPY --from takes from one stage to another."""

from __future__ import annotations

import fnmatch
import posixpath
from collections.abc import Callable, Iterator
from itertools import islice

from fromlint.model.build import FilesCopied, PackagesAdded
from fromlint.model.environment import Python
from fromlint.model.place import Span, Text
from fromlint.model.project import InstallFacts, PackageFacts, Project, StageFacts
from fromlint.model.verdict import Outcome
from fromlint.named_tuple import NamedTuple
from fromlint.project.known.fallbacks import has_fallback
from fromlint.project.walking.pythons import distribution_pythons
from fromlint.rules import lineage

_PATTERN = "*?["
# Copies and installs of one stage: each is held against each, and no Dockerfile that people write has as many.
_MOST = 300


class Crossing(NamedTuple):
    """A COPY that takes what was installed in ``origin`` to ``final``.

    ``taken`` are the installs, each with the folder that it comes to lie in. ``interpreter``: the Python itself, or
    the folder with its program, is taken as well.
    """

    origin: StageFacts
    final: StageFacts
    event: FilesCopied
    source: Text
    taken: tuple[tuple[InstallFacts, str], ...]
    interpreter: bool

    @property
    def span(self) -> Span:
        """Where the COPY stands."""
        return self.event.span


def crossings(project: Project) -> Iterator[Crossing]:
    """Every COPY of Python packages between stages that the target needs, in order."""
    for final in project.stages:
        if not final.stage.reachable:
            continue
        copies = (step.event for step in final.steps if isinstance(step.event, FilesCopied))
        for event in islice(copies, _MOST):
            if event.local or event.destination is None:
                continue
            origin = lineage.named(project, event.origin, final.stage.number)
            if origin is None:
                continue
            for source in event.sources:
                crossing = _crossing(project, origin, final, event, source)
                if crossing.taken or crossing.interpreter:
                    yield crossing


def _crossing(project: Project, origin: StageFacts, final: StageFacts, event: FilesCopied, source: Text) -> Crossing:
    path = _taken(source)
    destination = posixpath.normpath(event.destination or "/")
    taken = []
    for ancestor in lineage.lineage(project, origin):
        for install in ancestor.installs[:_MOST]:
            if install.install.action in ("install", "sync", "run") and install.site:
                place = _landing(install, path, destination)
                if place is not None:
                    taken.append((install, place))
    python = origin.environment.python
    interpreter = python is not None and path in ("/", python.prefix, posixpath.dirname(python.prefix))
    return Crossing(origin, final, event, source, tuple(taken), interpreter and destination == path)


def _taken(source: Text) -> str:
    """The path that a COPY from another stage takes, from the root."""
    return posixpath.normpath("/" + source.value.lstrip("/"))


class ScriptsAlone(NamedTuple):
    """A COPY that takes the folder of console scripts from a stage, and nothing takes the packages that they import."""

    origin: StageFacts
    final: StageFacts
    event: FilesCopied
    install: InstallFacts

    @property
    def span(self) -> Span:
        """Where the COPY stands."""
        return self.event.span


def scripts_alone(project: Project, final: StageFacts) -> Iterator[ScriptsAlone]:
    """Where the target stage gets console scripts and none of their packages, in order."""
    copies = [event for event in lineage.before(project, final) if isinstance(event, FilesCopied)]
    for event in copies[:_MOST]:
        origin = lineage.named(project, event.origin, final.stage.number)
        if event.local or origin is None:
            continue
        for source in event.sources:
            path = _taken(source)
            for ancestor in lineage.lineage(project, origin):
                for install in ancestor.installs[:_MOST]:
                    if path == posixpath.join(site_of(install), "bin") and not install.shipped and install.complete:
                        yield ScriptsAlone(origin, final, event, install)


def _landing(install: InstallFacts, path: str, destination: str) -> str | None:
    """Where an install's folder comes to lie: its environment's, or that of its packages; None if it is not taken."""
    site = site_of(install)
    packages = packages_folder(install)
    if any(sign in path for sign in _PATTERN):
        return destination if fnmatch.fnmatchcase(packages, path) else None
    for folder in (site, packages):
        if folder == path:
            return destination
        if folder.startswith(path.rstrip("/") + "/"):
            return posixpath.normpath(posixpath.join(destination, folder[len(path.rstrip("/")) + 1 :]))
    # Of the whole library folder only what lies in it is taken: /usr/local/lib holds the packages, too.
    return None


def site_of(install: InstallFacts) -> str:
    """The environment or prefix that an install fills; a user's own is taken to be root's."""
    if install.install.options.user and not install.install.options.target:
        return "/root/.local"
    return install.site


def packages_folder(install: InstallFacts) -> str:
    """The folder that an install's packages go to: ``/opt/venv/lib/python3.12/site-packages``."""
    site = site_of(install)
    if install.install.options.target is not None or install.python is None:
        return site
    return posixpath.join(site, "lib", f"python{minor(install.python)}", "site-packages")


def is_venv(install: InstallFacts) -> bool:
    """Whether an install fills a virtual environment."""
    options = install.install.options
    system = install.site in ("", "/", "/usr", "/usr/local")
    return not system and not (options.target or options.prefix or options.root or options.user)


def minor(python: Python) -> str:
    """``3.12``."""
    return ".".join(python.version.split(".")[:2])


def python_of(project: Project, stage: StageFacts) -> Python | None:
    """The Python that a stage runs: its base's, or the one that its packages bring; None where that is not known."""
    return next(_pythons(project, stage), None)


def has_python(project: Project, stage: StageFacts, wanted: Python) -> bool:
    """Whether a stage has a Python of that minor at that place, perhaps beside the one that it runs."""
    found = (*_pythons(project, stage), *stage.environment.others)
    return any((minor(each), each.prefix) == (minor(wanted), wanted.prefix) for each in found)


def _pythons(project: Project, stage: StageFacts) -> Iterator[Python]:
    if stage.environment.python is not None:
        yield stage.environment.python
    for event in lineage.before(project, stage):
        if isinstance(event, PackagesAdded):
            yield from distribution_pythons(stage.environment, tuple(name.value for name in event.names))


def compiled(crossing: Crossing) -> tuple[str, ...]:
    """The names of packages that are compiled in the origin stage."""
    return _names(crossing, lambda facts, platform: platform in facts.builds and _is(facts, platform, Outcome.SOURCE))


def wheels(crossing: Crossing) -> tuple[str, ...]:
    """The names of packages of which a native wheel is installed in the origin stage."""
    return _names(crossing, _native_wheel)


def _native_wheel(facts: PackageFacts, platform: str) -> bool:
    file = facts.package.verdicts[platform].file
    return _is(facts, platform, Outcome.WHEEL) and file is not None and not file.filename.endswith("-any.whl")


def _is(facts: PackageFacts, platform: str, outcome: Outcome) -> bool:
    return facts.package.verdicts[platform].outcome is outcome


def _names(crossing: Crossing, wanted: Callable[[PackageFacts, str], bool]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for install, _ in crossing.taken:
        for facts in install.packages:
            package = facts.package
            if not any(wanted(facts, platform) for platform in package.verdicts):
                continue
            # A module made for another Python or libc is not even found by its name: then the fallback is used.
            if not has_fallback(package.name, package.version, crossing.origin.environment):
                found[package.name] = None
    return tuple(found)


def listed(names: tuple[str, ...], most: int = 4) -> str:
    """``numpy, pandas and 3 more``."""
    if len(names) <= most:
        return ", ".join(names[:-1]) + " and " + names[-1] if len(names) > 1 else "".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most} more"


def stage_words(stage: StageFacts) -> str:
    """``the stage builder``, ``stage 0``."""
    return f"stage {stage.stage.name or stage.stage.number}"
