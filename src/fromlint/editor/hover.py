"""Hovers, in Markdown: what an image is and how the requirements fare there; how a requirement fares on each base."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from os.path import abspath, realpath
from typing import NamedTuple

from fromlint.advice.wording import size
from fromlint.editor.verdicts import by_platform, counted, fine, numbered
from fromlint.model.environment import Environment, Python
from fromlint.model.place import Span
from fromlint.model.project import InstallFacts, PackageFacts, Project, StageFacts
from fromlint.model.requirement import Requirement
from fromlint.reports.plain import plain
from fromlint.rules import wording

_MOST_LINES = 60


class Told(NamedTuple):
    """A hover's text, and what it is about."""

    markdown: str
    span: Span


def of_image(project: Project, line: int) -> Told | None:
    """What the FROM on a line takes, and one line a requirement that is installed on it; None where no FROM is."""
    for stage in project.stages:
        instruction = stage.stage.instruction.span
        if instruction.line <= line <= instruction.end_line:
            parts = [*_image(project, stage), *_installed(project, stage), *_elsewhere(project, stage)]
            return Told("\n".join(parts), wording.from_span(stage))
    return None


def of_requirement(projects: Sequence[Project], path: str, line: int, column: int) -> Told | None:
    """How the requirement at a place fares on each base of the projects that install it; None where none is stated.

    ``path`` is without links.
    """
    places = [
        _At(project, stage, install, facts)
        for project in projects
        for stage in project.stages
        for install in stage.installs
        for facts in install.packages
    ]
    stated = _stated([at.facts.package.requirement for at in places], path, line, column)
    if stated is None:
        return None
    here = [at for at in places if at.facts.package.requirement == stated]
    own = [at for at in here if not at.facts.package.parents]
    others = [at for at in here if at.facts.package.parents]
    names = dict.fromkeys(_named(at.facts) for at in own or here)
    parts = [f"**{' or '.join(names)}**", ""]
    parts += dict.fromkeys(text for at in own or here for text in _fate(at))
    parts += _brought(others)
    return Told("\n".join(parts), stated.span)


class _At(NamedTuple):
    """A package where it is installed."""

    project: Project
    stage: StageFacts
    install: InstallFacts
    facts: PackageFacts


# --- an image ---------------------------------------------------------------------------------------------------------


def _image(project: Project, stage: StageFacts) -> Iterator[str]:
    environment = stage.environment
    name = environment.image or (stage.stage.image.value if stage.stage.image is not None else "?")
    if not environment.known:
        why = environment.unknown or "nothing is known of it"
        repeats = why.startswith(name)
        yield f"**{_escaped(name)}**{_escaped(why.removeprefix(name)) if repeats else ': ' + _escaped(why)}"
        return
    libc = f", {environment.libc} {environment.libc_version or ''}".rstrip() if environment.libc else ""
    yield f"**{_escaped(name)}**: {wording.release_words(environment)}{libc}"
    yield ""
    pythons = [environment.python, *environment.others] if environment.python is not None else environment.others
    for python in pythons:
        if python is not None:
            yield f"- {_python(python)}"
    if not pythons:
        yield "- no Python"
    if environment.size_bytes is not None:
        yield f"- {size(environment.size_bytes)} to pull for {environment.platform}"
    until = _until(environment)
    if until:
        yield f"- {until}"
    if environment.floating:
        yield f"- the tag moves; this is how it was on {project.as_of}"


def _python(python: Python) -> str:
    words = wording.python_words(python).rsplit(" ", 1)[0] + f" {python.version}{'t' if python.free_threaded else ''}"
    pip = {None: "", "": ", without pip"}.get(python.pip, f", pip {python.pip}")
    managed = ", externally managed" if python.externally_managed else ""
    return f"{words} in {python.prefix}{pip}{managed}"


def _until(environment: Environment) -> str:
    dates = {"supported": environment.end_of_life, "its Python": environment.python_end_of_life}
    return ", ".join(f"{what} until {day}" for what, day in dates.items() if day)


def _installed(project: Project, stage: StageFacts) -> Iterator[str]:
    for platform in project.asked:
        words = counted(stage, platform)
        if words:
            yield ""
            yield f"On {platform}: {words}"
            yield ""
            yield from _cut(_lines(stage, platform))


def _lines(stage: StageFacts, platform: str) -> Iterator[str]:
    """A line for each requirement, and for each package that one of them brings and that is no wheel."""
    for install in stage.installs:
        for facts in install.packages:
            package = facts.package
            if platform not in package.verdicts or (package.parents and fine(facts, [platform])):
                continue
            words = by_platform(stage, install, facts, [platform])[platform]
            chain = wording.chain_words(package)
            yield f"- {_named(facts)}{chain}: {_escaped(words)}"


def _elsewhere(project: Project, stage: StageFacts) -> Iterator[str]:
    """How another base fares, where one that was looked at fares better."""
    best = next(iter(project.alternatives), None)
    if best is not None and not best.in_use and stage.stage.target:
        others = {"compiled": len(best.compiled), "impossible": len(best.failing), "unknown": best.unknown}
        yield ""
        yield f"On {best.image}: {numbered(best.wheels, others)}"


# --- a requirement ----------------------------------------------------------------------------------------------------


def _stated(requirements: Iterable[Requirement], path: str, line: int, column: int) -> Requirement | None:
    """The requirement at a place: the one whose span has it, else the only one on the line."""
    known: dict[str, str] = {}
    on_line: dict[Requirement, None] = {}
    for requirement in requirements:
        span = requirement.span
        if span.line <= line <= span.end_line:
            if span.file not in known:
                known[span.file] = realpath(abspath(span.file))
            if known[span.file] == path:
                on_line[requirement] = None
    inside = [each for each in on_line if _has(each.span, line, column)]
    return inside[0] if inside else next(iter(on_line)) if len(on_line) == 1 else None


def _has(span: Span, line: int, column: int) -> bool:
    return (span.line, span.column) <= (line, column) <= (span.end_line, span.end_column)


def _fate(at: _At) -> Iterator[str]:
    """How it fares on one base: a line, or one a platform where they differ."""
    image = at.stage.environment.image or "an unknown base"
    place = f"{at.project.dockerfile.path}:{at.stage.stage.instruction.span.line}"
    base = f"- {_escaped(image)} ({_escaped(place)}):"
    for platform, words in _differing(at).items():
        yield f"{base} {platform + ': ' if platform else ''}{_escaped(words)}"


def _differing(at: _At) -> Mapping[str, str]:
    return by_platform(at.stage, at.install, at.facts, at.project.platforms)


def _brought(others: Sequence[_At]) -> Iterator[str]:
    """What it pulls in: what is no wheel by name, the rest as a number."""
    if not others:
        return
    bad = [at for at in others if not fine(at.facts, at.project.platforms)]
    names = {at.facts.package.name for at in others}
    rest = names - {at.facts.package.name for at in bad}
    yield ""
    if rest:
        packages = f"{len(rest)} package{'' if len(rest) == 1 else 's'}"
        yield f"It brings {packages} with nothing to compile{', and:' if bad else '.'}"
    if bad:
        yield ""
        yield from _cut(f"- {_named(at.facts)}{text.removeprefix('-')}" for at in bad for text in _fate(at))


# --- text -------------------------------------------------------------------------------------------------------------


def _named(facts: PackageFacts) -> str:
    """A package with its version; where none was found, with what is asked for."""
    package = facts.package
    asked = package.requirement.specifier if not package.parents else ""
    return _escaped(f"{package.name} {package.version}" if package.version else f"{package.name}{asked}")


def _cut(lines: Iterable[str]) -> list[str]:
    found = list(dict.fromkeys(lines))
    more = len(found) - _MOST_LINES
    return found if more <= 0 else [*found[:_MOST_LINES], f"- … and {more} more"]


def _escaped(text: str) -> str:
    """Text from outside with nothing in it that Markdown would take for markup (CommonMark, backslash escapes)."""
    return re.sub(r"([\\`*\[\]<&])", r"\\\1", plain(text))


def plain_text(markdown: str) -> str:
    """A hover for a client that shows no Markdown."""
    return re.sub(r"\\([\\`*\[\]<&])", r"\1", markdown.replace("**", ""))
