"""A command is used that neither the base image has nor anything before that line has added.

## Why

The slim and Alpine images leave out what the full image has: curl, git, make, bash, ps. In RUN the build stops with
`curl: not found`; as CMD or ENTRYPOINT the container does not start; in HEALTHCHECK it stays *unhealthy* for ever,
which is the one that goes unnoticed. The same goes for another distribution's package manager, for `useradd` on
Alpine, and for `adduser -D` on Debian; and for the console scripts that pip puts into `~/.local/bin` because USER may
not write elsewhere: that folder is not on PATH.

Nothing is said where the command's absence is provided for (`command -v curl`, `|| true`), after installer scripts, or
of commands that may have been copied into PATH.

## Example

    FROM python:3.12-slim
    HEALTHCHECK CMD curl -f http://localhost:8000/health    # slim has no curl

## What to do

Install the package that the finding names, or do without: Python itself can fetch a URL.
"""

from __future__ import annotations

import posixpath
from collections import Counter
from collections.abc import Iterator, Sequence

from fromlint.model.build import (
    CommandUsed,
    Event,
    FileMade,
    FilesCopied,
    FilesMounted,
    Install,
    PackagesAdded,
    ScriptUnread,
    ToolFetched,
    VenvMade,
)
from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project, StageFacts
from fromlint.project.known import commands
from fromlint.regex import regex
from fromlint.rules import console_scripts, lineage, remedies, wording

CODE = "FL206"
NAME = "tool-not-installed"
SEVERITY = Severity.ERROR

# What tools bring that were fetched from elsewhere than the package manager.
_FETCHED = {
    "conda": ("python", "python3", "pip", "pip3"),
    "go": ("go",),
    "micromamba": ("python", "python3", "pip", "pip3"),
    "node": ("node", "npm", "npx"),
    "pip": ("pip", "pip3"),
    "pixi": ("python", "python3", "pip", "pip3"),
    "pyenv": ("python", "python3", "pip", "pip3"),
    "rustup": ("rustc", "cargo"),
    "uv": ("python", "python3"),
}
_EFFECTS = {
    "RUN": "the build stops here",
    "HEALTHCHECK": "the container will always be unhealthy",
    "CMD": "the container will not start",
    "ENTRYPOINT": "the container will not start",
}
_MOST_USES = 50
_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
_PYTHONS = frozenset({"python", "python3", "pip", "pip3"})
# Where a build stage's packages do not put their commands: what apt and apk install lies in /usr and /bin.
_NOT_THE_SYSTEMS = ("/usr/local", "/opt", "/app", "/root", "/home", "/srv", "/install", "/venv", "/wheels", "/code")
# Options of BusyBox's adduser and addgroup that Debian's cannot tell from one another (tried with adduser 3.134).
_BUSYBOX_ONLY = regex(r"-[DSGdsg]|-[DSHG]{2,}")
_THE_SYSTEMS = ("/bin", "/sbin", "/usr/bin", "/usr/sbin")
_HIDDEN = "not found, and the pipe hides it: what is behind it gets nothing"
_PROBE = "or without it: python -c \"import urllib.request as r; r.urlopen('http://localhost:PORT/PATH')\""


def check(project: Project) -> Iterator[Finding]:
    """A finding for each command and stage: where it is first needed for the build, else where it is started."""
    for stage in project.stages:
        if not stage.stage.reachable:
            continue
        seen: set[str] = set()
        used = Counter[str]()
        for number, step in enumerate(stage.steps):
            event = step.event
            if not isinstance(event, CommandUsed) or event.instruction != "RUN":
                continue
            # Each use looks at all that was before it.
            used[event.name] += 1
            if used[event.name] > _MOST_USES:
                continue
            span = lineage.on_one_line(stage, number, event.span)
            yield from _judged(project, stage, number, event._replace(span=span), seen)
            yield from _misused(project, stage, event, seen)
        yield from _shells(project, stage, seen)
        if stage.stage.target:
            yield from _started(project, stage, seen)


def _started(project: Project, stage: StageFacts, seen: set[str]) -> Iterator[Finding]:
    """What the container is started with, by the stage itself or by one that it continues."""
    for ancestor, number, event in lineage.started(project, stage):
        event = event._replace(span=lineage.on_one_line(ancestor, number, event.span))
        yield from _judged(project, stage, len(stage.steps), event, seen)
        off = console_scripts.off_path(project, stage, event) if not event.guarded else None
        if off is not None and event.name not in seen:
            seen.add(event.name)
            yield _off_path(project, stage, event, off)


def _off_path(project: Project, stage: StageFacts, event: CommandUsed, off: console_scripts.OffPath) -> Finding:
    home = "/root" if off.user in lineage.ROOTS else f"~{off.user.partition(':')[0]}"
    folder = f"{home}/.local/bin"
    return Finding(
        code=CODE,
        rule=NAME,
        severity=Severity.WARNING if event.instruction == "HEALTHCHECK" else SEVERITY,
        message=f"{event.name} of {off.owner} is installed to {folder}, which is not on PATH",
        span=event.span,
        label=_EFFECTS.get(event.instruction, "not found"),
        stage=stage.stage.number,
        platforms=project.asked,
        help=(f"ENV PATH={folder.replace('~', '/home/')}:$PATH, or install as root, before USER",),
    )


def _judged(
    project: Project,
    stage: StageFacts,
    number: int,
    event: CommandUsed,
    seen: set[str],
) -> Iterator[Finding]:
    name = posixpath.basename(event.name)
    if event.guarded or name in seen:
        return
    lacking = commands.absent(
        event.name, stage.environment, stage.states[number], lineage.before(project, stage, number)
    )
    if lacking is None or _brought(project, stage, name, lacking.pypi, number):
        return
    seen.add(name)
    severity = Severity.WARNING if event.instruction == "HEALTHCHECK" or event.hidden else SEVERITY
    finding = _finding(project, stage, event, lacking, severity)
    if lacking.packages and event.instruction == "RUN":
        yield finding._replace(fixes=remedies.add_before(project, stage, number, lacking.packages))
    else:
        yield finding._replace(fixes=remedies.add_to_stage(project, stage, lacking.packages))


def _finding(
    project: Project,
    stage: StageFacts,
    event: CommandUsed,
    lacking: commands.Absent,
    severity: Severity,
) -> Finding:
    base = lineage.base(project, stage)
    image = base.environment.image
    help = []
    if lacking.packages:
        help.append(f"add before it: {wording.add_line(stage.environment, lacking.packages)}")
        if event.instruction == "HEALTHCHECK" and lacking.command in ("curl", "wget"):
            help += _probes(stage)
    elif lacking.instead:
        help.append(lacking.instead)
    elif not lacking.why:
        help.append(f"{wording.release_words(stage.environment)} has no package for it")
    reason = f": {lacking.why}" if lacking.why else ""
    return Finding(
        code=CODE,
        rule=NAME,
        severity=severity,
        message=f"{lacking.command} is not in {image}{reason}" if reason else f"{lacking.command} is not installed",
        span=event.span,
        label=_HIDDEN if event.hidden else _EFFECTS.get(event.instruction, "not found"),
        stage=stage.stage.number,
        platforms=project.asked,
        missing=lacking.packages,
        related=(wording.from_label(project, stage, more=f"no {lacking.command}"),),
        help=tuple(help),
    )


def _probes(stage: StageFacts) -> list[str]:
    """Ways to ask a URL with what is there."""
    if "wget" in stage.environment.tools:
        return ["or with what is there: wget -q --spider http://localhost:PORT/PATH"]
    return [_PROBE] if stage.environment.python else []


def _shells(project: Project, stage: StageFacts, seen: set[str]) -> Iterator[Finding]:
    """A SHELL that is not there when the first command is run in it."""
    for number, instruction in enumerate(stage.stage.instructions):
        if instruction.keyword != "SHELL" or not instruction.exec_form:
            continue
        places = (place for place, step in enumerate(stage.steps) if step.instruction > number)
        ran = any(
            other.keyword == "RUN" and other.exec_form is None for other in stage.stage.instructions[number + 1 :]
        )
        if ran:
            used = CommandUsed(instruction.exec_form[0], (), "RUN", False, False, instruction.span)
            for finding in _judged(project, stage, next(places, len(stage.steps)), used, seen):
                # A line after SHELL would need the shell that it is to bring.
                yield finding._replace(fixes=remedies.add_before_line(project, stage, number, finding.missing))


# --- where else a command may come from -----------------------------------------------------------------------


def _brought(
    project: Project,
    stage: StageFacts,
    name: str,
    pypi: Sequence[str],
    number: int,
) -> bool:
    """Whether something other than the package manager may have brought the command."""
    if any(_may_bring(project, stage, event, name, bool(pypi)) for event in lineage.before(project, stage, number)):
        return True
    if number < len(stage.steps) and _mounted(stage, number, name):
        return True
    if pypi:
        for ancestor in lineage.lineage(project, stage):
            for install in ancestor.installs:
                here = ancestor is not stage or install.step < number
                if here and (not install.complete or any(each.package.name in pypi for each in install.packages)):
                    return True
    return False


def _may_bring(project: Project, stage: StageFacts, event: Event, name: str, scripts: bool) -> bool:
    if isinstance(event, ToolFetched):
        return event.name is None or event.name == name or name in _FETCHED.get(event.name, ())
    if isinstance(event, ScriptUnread):
        return True
    if isinstance(event, FileMade):
        return commands.in_path(event.path) == name
    if isinstance(event, VenvMade):
        return name in _PYTHONS
    if isinstance(event, Install):
        # An environment file: conda packages anything.
        return event.tool == "conda"
    if isinstance(event, PackagesAdded):
        return event.manager == "conda"
    if isinstance(event, CommandUsed):
        return event.instruction == "RUN" and (lineage.runs_a_script(event) or lineage.puts_in_place(event, name))
    return isinstance(event, FilesCopied) and _copied(project, stage, event, name, scripts)


def _copied(project: Project, stage: StageFacts, event: FilesCopied, name: str, scripts: bool) -> bool:
    destination = event.destination
    if destination is None:
        return True
    names = [posixpath.basename(source.value.rstrip("/")) for source in event.sources]
    if commands.in_path(destination) == name or name in names or name in event.contents:
        return True
    if event.origin is None or event.local:
        # From the build context: no project brings its own curl in a folder.
        return False
    if lineage.named(project, event.origin, stage.stage.number) is None:
        return any(_may_be_a_folder(source.value) for source in event.sources)
    if name in _PYTHONS or scripts or destination.rstrip("/") in ("", "/usr"):
        return True
    return any(
        _may_be_a_folder(source.value)
        and (destination.startswith(_THE_SYSTEMS) or not _rooted(source.value).startswith(_NOT_THE_SYSTEMS))
        for source in event.sources
    )


def _rooted(path: str) -> str:
    return "/" + path.lstrip("/")


def _may_be_a_folder(source: str) -> bool:
    last = posixpath.basename(source.rstrip("/"))
    return (
        source.endswith("/") or "*" in last or last in ("", "bin", "sbin", "lib", "local", "usr", "opt", "conda", ".")
    )


def _mounted(stage: StageFacts, number: int, name: str) -> bool:
    instruction = stage.steps[number].instruction
    for step in stage.steps:
        if step.instruction == instruction and isinstance(step.event, FilesMounted):
            mount = step.event.mount
            if mount.kind == "bind" and mount.target is not None:
                target = mount.target.rstrip("/")
                if commands.in_path(target) == name or target in commands.PATH or target in ("/usr", "/usr/local"):
                    return True
    return False


# --- the other distribution's options ---------------------------------------------------------------------------


def _misused(project: Project, stage: StageFacts, event: CommandUsed, seen: set[str]) -> Iterator[Finding]:
    """``adduser -D`` and ``addgroup -S``, which BusyBox takes and Debian's program refuses."""
    name = posixpath.basename(event.name)
    if name not in ("adduser", "addgroup") or event.guarded or name in seen or stage.environment.family != "debian":
        return
    if not stage.environment.known or name not in stage.environment.tools:
        return
    wrong = next((word for word in event.arguments if _BUSYBOX_ONLY.fullmatch(word)), None)
    if wrong is None:
        return
    seen.add(name)
    plain = "groupadd" if name == "addgroup" else "useradd"
    yield Finding(
        code=CODE,
        rule=NAME,
        severity=SEVERITY,
        message=f"{name} {wrong} is Alpine's: Debian's {name} stops with an ambiguous or unknown option",
        span=event.span,
        label="the build stops here",
        stage=stage.stage.number,
        platforms=project.asked,
        related=(wording.from_label(project, stage),),
        help=(f"write the long options of Debian's {name} (--system, --disabled-password, --ingroup), or use {plain}",),
    )
