"""A script as a source of its own, and what it runs as short texts."""

from collections.abc import Callable

import pytest

from fromlint.dockerfile.shell import commands
from fromlint.model.build import Command
from fromlint.model.dockerfile import Anchor, Source

Follow = Callable[..., tuple[Command, ...]]


def source_of(text: str) -> Source:
    starts = [0, *(index + 1 for index, character in enumerate(text) if character == "\n")]
    return Source(text, "Dockerfile", tuple(Anchor(start, line, 1) for line, start in enumerate(starts, start=1)))


@pytest.fixture(name="source")
def _source() -> Callable[[str], Source]:
    return source_of


@pytest.fixture
def follow() -> Follow:
    """The commands of a script; HOME and PATH are set unless ``variables`` are given."""

    def follow(text: str, **options: object) -> tuple[Command, ...]:
        options.setdefault("variables", {"HOME": "/root", "PATH": "/usr/bin"})
        return commands(source_of(text), **options)  # type: ignore[arg-type]

    return follow


@pytest.fixture
def told(follow: Follow) -> Callable[..., list[str]]:
    """Each command as one text; words that are not known are put in ``<>``."""

    def told(text: str, **options: object) -> list[str]:
        return [
            " ".join(word.value if word.known else f"<{word.value}>" for word in command.words)
            for command in follow(text, **options)
        ]

    return told
