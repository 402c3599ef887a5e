"""Dockerfiles as text to steps and events."""

from collections.abc import Callable
from typing import Any

import pytest

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.stages import stages
from fromlint.dockerfile.steps import Inherited, steps

BASE = Inherited.of_image({"PATH": "/usr/local/bin:/usr/bin", "LANG": "C.UTF-8"})


def steps_of(text: str, base: Inherited = BASE, **options: Any) -> tuple[list[Any], Inherited]:
    dockerfile = parse(text.encode(), "Dockerfile")
    left: dict[int, Inherited] = {}
    done = []
    for stage in stages(dockerfile, **options):
        begin = left[stage.parent] if stage.parent is not None else base
        found, left[stage.number] = steps(stage, begin, escape=dockerfile.escape)
        done.append(found)
    return done, left[len(done) - 1] if done else base


@pytest.fixture
def walked() -> Callable[..., tuple[list[Any], Inherited]]:
    """The steps of each stage, and what the last one leaves."""
    return steps_of


@pytest.fixture
def events() -> Callable[..., list[Any]]:
    """The events of the last stage that are of a kind; a FROM is put before a text that has none."""

    def events(text: str, kind: Any = object, base: Inherited = BASE, **options: Any) -> list[Any]:
        if "FROM " not in text:
            text = "FROM python:3.12\n" + text
        done, _ = steps_of(text, base, **options)
        return [step.event for step in done[-1] if isinstance(step.event, kind)]

    return events
