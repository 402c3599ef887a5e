"""The requirements need time zones or certificates of the system, and the final stage has none.

## Why

`zoneinfo` reads `/usr/share/zoneinfo`, and what makes TLS connections by the standard library's defaults reads the
system's certificates. The official python images hold both. Plain alpine, debian slim and ubuntu do not hold all of it:
`ZoneInfoNotFoundError: 'No time zone found with key Europe/Paris'`, `CERTIFICATE_VERIFY_FAILED`.

Nothing is said where the package `tzdata` of the index is installed, too.

## Example

    FROM alpine:3.24
    RUN apk add --no-cache python3 && python3 -m venv /opt/venv && /opt/venv/bin/pip install django

## What to do

Install tzdata or ca-certificates in the final stage, or require `tzdata` from the index.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from fromlint.model.build import Event, FilesCopied, ScriptUnread, ToolFetched, VariableSet
from fromlint.model.finding import Finding, Severity
from fromlint.model.project import InstallFacts, PackageFacts, Project, StageFacts
from fromlint.project.known import package_sources, runtime_data
from fromlint.project.known.runtime_data import Need
from fromlint.rules import lineage, packages, wording
from fromlint.rules.packages import Case

CODE = "FL304"
NAME = "missing-runtime-data"
SEVERITY = Severity.WARNING

_WORDS = {"tzdata": "time zones", "ca-certificates": "certificates"}
_FILES = {"tzdata": ("zoneinfo",), "ca-certificates": ("/etc/ssl", "/certs", "cacert", "ca-bundle", "ca-certificates")}
_VARIABLES = {"tzdata": ("PYTHONTZPATH",), "ca-certificates": ("SSL_CERT_FILE", "SSL_CERT_DIR")}


def check(project: Project) -> Iterator[Finding]:
    """A finding for each kind of data: at the first install of what needs it."""
    target = lineage.target(project)
    if target is None or not target.environment.known:
        return
    shipped = [(stage, install) for stage in project.stages for install in stage.installs if install.shipped]
    if not shipped or not all(install.complete for _, install in shipped):
        return
    names = {facts.package.name for _, install in shipped for facts in install.packages}
    history = tuple(lineage.before(project, target))
    variables = {*target.environment.variables, *filter(None, map(_set, history))}
    for kind in runtime_data.KINDS:
        found = _first(shipped, kind, variables)
        if found is None or any(_brings(event, kind) for event in history):
            continue
        stage, install, facts, need = found
        if names.isdisjoint(need.instead) and runtime_data.lacks(kind, target.environment, target.states[-1], history):
            yield _finding(project, target, stage, install, facts, need)


def _set(event: Event) -> str | None:
    """The variable of the container that an instruction sets, None where it sets none."""
    return event.name if isinstance(event, VariableSet) and not event.argument and event.value != "" else None


def _first(
    shipped: list[tuple[StageFacts, InstallFacts]], kind: str, variables: Collection[str]
) -> tuple[StageFacts, InstallFacts, PackageFacts, Need] | None:
    for stage, install in shipped:
        for facts in install.packages:
            need = runtime_data.need(kind, facts.package.name, facts.package.version)
            if need is not None and (need.variable is None or need.variable in variables):
                return stage, install, facts, need
    return None


def _brings(event: Event, kind: str) -> bool:
    """Whether the data may come from elsewhere than the package manager, or is pointed to."""
    if isinstance(event, FilesCopied):
        words = (event.destination or "", *(source.value for source in event.sources))
        return package_sources.is_tree(event, "", "/etc", "/usr", "/usr/share") or any(
            part in word for word in words for part in _FILES[kind]
        )
    if isinstance(event, VariableSet):
        return event.name in _VARIABLES[kind]
    if isinstance(event, ToolFetched):
        return event.name is None
    return isinstance(event, ScriptUnread)


def _finding(
    project: Project, target: StageFacts, stage: StageFacts, install: InstallFacts, facts: PackageFacts, need: Need
) -> Finding:
    platforms = tuple(platform for platform in project.asked if platform in facts.package.verdicts)
    verdict = facts.package.verdicts[platforms[0]] if platforms else next(iter(facts.package.verdicts.values()))
    case = Case(project, stage, install, facts, platforms or project.asked, verdict, None)
    help = [f"add to the final stage: {wording.add_line(target.environment, (need.kind,))}"]
    if need.instead:
        help.append(f"or require {' or '.join(need.instead)} beside it")
    return packages.finding(
        case,
        code=CODE,
        rule=NAME,
        severity=packages.capped(SEVERITY, case),
        message=f"{packages.title(case)} needs the system's {_WORDS[need.kind]}, and the final stage has none",
        label=f"needs {need.kind} to run",
        why=f"needs the system's {_WORDS[need.kind]}",
        missing=(need.kind,),
        help=help,
        notes=(f"known from {need.source}",),
    )
