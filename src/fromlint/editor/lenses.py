"""The lens above each FROM: ``12 wheels, 2 compiled``."""

from __future__ import annotations

from typing import NamedTuple

from fromlint.editor.verdicts import counted
from fromlint.model.place import Span
from fromlint.model.project import Project


class Lens(NamedTuple):
    """What is said above a FROM."""

    text: str
    span: Span


def lenses(project: Project) -> tuple[Lens, ...]:
    """A lens for each stage that installs something; platforms apart where several were asked for."""
    found = []
    for stage in project.stages:
        words = {platform: text for platform in project.asked if (text := counted(stage, platform))}
        if words:
            several = len(project.asked) > 1
            text = "; ".join(f"{platform}: {text}" if several else text for platform, text in words.items())
            found.append(Lens(text, stage.stage.instruction.span))
    return tuple(found)
