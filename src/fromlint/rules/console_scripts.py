"""The console scripts that a container is started with: whose they are, and whether they come along."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from fromlint.model.build import CommandUsed, Event, FileMade, FilesCopied, ScriptUnread, ToolFetched, VariableSet
from fromlint.model.project import InstallFacts, Project, StageFacts
from fromlint.named_tuple import NamedTuple
from fromlint.project.known import commands
from fromlint.project.known.entry_points import console_scripts
from fromlint.regex import regex
from fromlint.rules import crossing, lineage

# Folders that hold one of PATH.
_ABOVE = ("", "/usr", "/usr/local")
# Variables by which pip installs elsewhere, or a user's folder lies elsewhere.
_ELSEWHERE = frozenset({"PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PYTHONUSERBASE"})
_THE_SYSTEMS = regex(r"/$|/usr\b|.*\$")
# Files that may lead a login shell there.
_THE_USERS = regex(r"\.local|/\.(profile|bashrc|bash_profile|zshrc)$|/etc/(profile|environment)")


def in_environment(project: Project, final: StageFacts, place: str) -> str | None:
    """The console script of the environment at ``place`` that the container is started with, None for none or Python.

    A plain name counts where the environment's folder stands first in PATH and nothing else is known to bring it.
    """
    folder = f"{place}/bin"
    first = _first_in_path(project, final)
    for _, _, event in lineage.started(project, final):
        where, _, name = event.name.rpartition("/")
        if not _of_the_base(final, event.name) and (where == folder or (first == folder and not where)):
            return name
    return None


def left_behind(project: Project, case: crossing.Crossing) -> tuple[str, str] | None:
    """A console script that the container is started with and that stays in the stage its package is copied from.

    And the package; None where there is none, or where something may have brought it.
    """
    final = case.final
    if lineage.target(project) is not final:
        return None
    owners = {
        script: facts.package.name
        for install, place in case.taken
        if _only_packages(install, place)
        for facts in install.packages
        for script in console_scripts(facts.package.name)
    }
    for _, _, event in lineage.started(project, final):
        folder, _, name = event.name.rpartition("/")
        owner = owners.get(name)
        if owner is None or (folder and folder not in commands.PATH) or _of_the_base(final, event.name):
            continue
        if not _installed(project, final, owner) and not _brought(project, final, name, owner):
            return name, owner
    return None


class OffPath(NamedTuple):
    """A console script of ``owner`` that lies in the folder of ``user``, where PATH does not lead."""

    owner: str
    user: str


def off_path(project: Project, final: StageFacts, event: CommandUsed) -> OffPath | None:
    """Whether what a container is started with is a script that pip installed for a user (``~/.local/bin``) alone.

    pip does so with ``--user``, and where whoever runs it may not write to the system's folder.
    """
    name = event.name
    if "/" in name or _of_the_base(final, name) or _may_lead_home(project, final):
        return None
    found = None
    for stage in lineage.lineage(project, final):
        for install in stage.installs:
            owner = next((each.package.name for each in install.packages if _owns(each.package.name, name)), None)
            if owner is None and install.complete:
                continue
            user = _user_of(project, stage, install)
            if user is None or not install.complete:
                return None
            found = OffPath(owner or "", user)
    if found is None or any(_may_bring(event, name) for event in lineage.before(project, final)):
        return None
    return found


def _owns(package: str, script: str) -> bool:
    return script in console_scripts(package)


def _user_of(project: Project, stage: StageFacts, install: InstallFacts) -> str | None:
    """For whom pip installs outside of the system's folder, None where it installs there, or elsewhere."""
    options, python = install.install.options, install.python
    if install.install.tool != "pip" or install.install.action != "install" or python is None:
        return None
    if options.target or options.prefix or options.root or python.prefix not in ("/usr", "/usr/local"):
        return None
    if crossing.is_venv(install) or _ELSEWHERE.intersection(install.install.environment):
        return None
    user, _ = lineage.user(project, stage, stage.steps[install.step].instruction)
    return user if options.user or user not in lineage.ROOTS else None


def _may_lead_home(project: Project, final: StageFacts) -> bool:
    """Whether PATH may hold a user's folder, or the system's folder may be the user's."""
    return any(_leads_home(event) for event in lineage.before(project, final))


def _leads_home(event: Event) -> bool:
    if isinstance(event, VariableSet):
        return event.name == "PATH" and (event.value is None or ".local" in event.value)
    if isinstance(event, CommandUsed):
        return event.name in ("chown", "chmod", "setfacl") and any(map(_THE_SYSTEMS.match, event.arguments))
    if isinstance(event, FileMade):
        return _THE_USERS.search(event.path) is not None
    return isinstance(event, FilesCopied) and any(
        place is None or _THE_USERS.search(place) is not None for place in _landings(event)
    )


def _only_packages(install: InstallFacts, place: str) -> bool:
    """Whether of an install nothing but the folder of its packages is taken: its scripts lie in another."""
    return install.install.options.target is None and "/site-packages" in place


def _of_the_base(stage: StageFacts, word: str) -> bool:
    """Whether the base brings a command, or it is Python or a file with an ending."""
    name = posixpath.basename(word)
    return (
        word in stage.environment.tools or name in stage.environment.tools or name.startswith("python") or "." in name
    )


def _first_in_path(project: Project, stage: StageFacts) -> str | None:
    first = None
    for event in lineage.before(project, stage):
        if isinstance(event, VariableSet) and event.name == "PATH" and not event.argument:
            first = (event.value or "").split(":")[0].rstrip("/")
    return first


def _installed(project: Project, final: StageFacts, owner: str) -> bool:
    """Whether the stage installs the package itself, or may do so."""
    installs = [install for stage in lineage.lineage(project, final) for install in stage.installs]
    return any(
        not install.complete or any(facts.package.name == owner for facts in install.packages) for install in installs
    )


def _brought(project: Project, final: StageFacts, name: str, owner: str) -> bool:
    """Whether the script may be in a folder of PATH all the same."""
    if any(_may_bring(event, name) for event in lineage.before(project, final)):
        return True
    return any(
        facts.package.name == owner and not _only_packages(install, place)
        for other in crossing.crossings(project)
        if other.final is final
        for install, place in other.taken
        for facts in install.packages
    )


def _may_bring(event: Event, name: str) -> bool:
    if isinstance(event, ScriptUnread):
        return True
    if isinstance(event, ToolFetched):
        return event.name is None or event.name == name
    if isinstance(event, FileMade):
        return posixpath.basename(event.path) == name
    if isinstance(event, CommandUsed):
        return event.instruction == "RUN" and (lineage.runs_a_script(event) or lineage.puts_in_place(event, name))
    return isinstance(event, FilesCopied) and any(_may_be(place, name) for place in _landings(event))


def _landings(copied: FilesCopied) -> Iterator[str | None]:
    """Where the files come to lie that a COPY takes; None where that is not known."""
    if copied.destination is None:
        yield None
        return
    destination = posixpath.normpath(copied.destination)
    yield destination
    for source in copied.sources:
        yield posixpath.join(destination, posixpath.basename(source.value.rstrip("/")))


def _may_be(place: str | None, name: str) -> bool:
    return place is None or posixpath.basename(place) == name or place in commands.PATH or place.rstrip("/") in _ABOVE
