"""Links from names of files in COPY, RUN and ``-r`` lines to the files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from fromlint.discovery.repository import is_below
from fromlint.model.build import FilesCopied, FilesMounted
from fromlint.model.place import Span, Text
from fromlint.model.project import InstallFacts, Project, StageFacts

_NESTED = re.compile(r"\s*(?:-r|--requirement|-c|--constraint)(?:\s+|=)([^\s#]+)")


class Link(NamedTuple):
    """A name in a file, and the absolute path of the file that it names."""

    span: Span
    target: str


def of_dockerfile(project: Project) -> tuple[Link, ...]:
    """The links of a Dockerfile: what it copies or binds from the build context, and the files that installs read."""
    found: dict[Span, str] = {}
    for stage in project.stages:
        for link in (*_copied(project, stage), *_bound(project, stage), *_read(stage)):
            if link.span.file == project.dockerfile.path:
                found.setdefault(link.span, link.target)
    return tuple(Link(span, target) for span, target in found.items())


def of_requirements(path: str, lines: Sequence[str]) -> tuple[Link, ...]:
    """The links of a requirements file: the further ones that it names."""
    found = []
    for number, line in enumerate(lines, 1):
        named = _NESTED.match(line)
        target = os.path.normpath(os.path.join(os.path.dirname(path), named[1])) if named is not None else ""
        if named is not None and os.path.isfile(target):
            found.append(Link(Span(path, number, named.start(1) + 1, number, named.end(1) + 1), target))
    return tuple(found)


def _copied(project: Project, stage: StageFacts) -> Iterator[Link]:
    for step in stage.steps:
        event = step.event
        if isinstance(event, FilesCopied) and event.origin is None and not event.local:
            for source in event.sources:
                yield from _in_context(project, source)


def _in_context(project: Project, source: Text) -> Iterator[Link]:
    """The file of the context that a name stands for: none that lies outside."""
    if project.context is not None and source.value and "\0" not in source.value:
        target = os.path.normpath(os.path.join(project.context, source.value.lstrip("/")))
        if is_below(target, project.context) and os.path.isfile(target):
            yield Link(source.span, target)


def _bound(project: Project, stage: StageFacts) -> Iterator[Link]:
    lines = project.dockerfile.lines
    for step in stage.steps:
        event = step.event
        if isinstance(event, FilesMounted) and event.mount.kind == "bind" and event.mount.stage is None:
            source, span = event.mount.source, stage.stage.instructions[step.instruction].span
            named = re.compile(rf"(?:source|src)=({re.escape(source)})(?=[\s,]|$)") if source else None
            for number in range(span.line, span.end_line + 1) if named is not None else ():
                found = named.search(lines[number - 1]) if named is not None else None
                if found is not None and source is not None:
                    at = Span(span.file, number, found.start(1) + 1, number, found.end(1) + 1)
                    yield from _in_context(project, Text(source, at))


def _read(stage: StageFacts) -> Iterator[Link]:
    for install in stage.installs:
        for name in (*install.install.files, *install.install.constraints):
            target = _target(install, name)
            if target is not None:
                yield Link(name.span, os.path.abspath(target))


def _target(install: InstallFacts, name: Text) -> str | None:
    """The file that was read for a name: the one whose path ends most like it; the only one where it was renamed."""
    wanted = name.value.split("/")
    lengths = {file: _alike(file.split("/"), wanted) for file in install.needs.read}
    best = max(lengths, key=lambda file: lengths[file], default=None)
    if best is None or (not lengths[best] and len(lengths) > 1):
        return None
    return best


def _alike(path: Sequence[str], name: Sequence[str]) -> int:
    number = 0
    while number < min(len(path), len(name)) and path[-1 - number] == name[-1 - number]:
        number += 1
    return number
