"""Commands from plain text: a word with a ``$`` in it is one that cannot be known."""

import re
import shlex
from collections.abc import Callable, Mapping

import pytest

from fromlint.dockerfile.installs import install, venv
from fromlint.model.build import Command, Install, Mount, Redirect, VenvMade, Word
from fromlint.model.place import Span


def _word(value: str, column: int) -> Word:
    return Word(value, Span("Dockerfile", 1, column, 1, column + len(value)), known="$" not in value)


def make(
    line: str,
    *,
    environment: Mapping[str, str] | None = None,
    directory: str | None = "/app",
    redirects: tuple[Redirect, ...] = (),
) -> Command:
    words = [_word(value, 5 + 10 * at) for at, value in enumerate(shlex.split(line))]
    assignments: dict[str, Word] = {}
    while words and (match := re.match(r"([A-Z_]+)=", words[0].value)):
        word = words.pop(0)
        assignments[match[1]] = word._replace(value=word.value[match.end() :])
    return Command(
        words=tuple(words),
        assignments=assignments,
        redirects=redirects,
        environment=environment or {},
        directory=directory,
        conditional=False,
        tolerated=False,
        guards=(),
        piped_from=None,
        piped_to=None,
        span=Span("Dockerfile", 1, 1, 1, 80),
    )


@pytest.fixture
def command() -> Callable[..., Command]:
    return make


@pytest.fixture
def read() -> Callable[..., Install | None]:
    def reads(
        line: str,
        *,
        mounts: tuple[Mount, ...] = (),
        arguments: Mapping[str, str | None] | None = None,
        **others: object,
    ) -> Install | None:
        return install(make(line, **others), mounts=mounts, arguments=arguments or {})  # type: ignore[arg-type]

    return reads


@pytest.fixture
def made() -> Callable[..., VenvMade | None]:
    def makes(line: str, **others: object) -> VenvMade | None:
        return venv(make(line, **others))  # type: ignore[arg-type]

    return makes
