"""What pip refuses by its options, or because it is too old. Each was tried with pip 26.3 (``--no-index``)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from fromlint.dockerfile.installs import install
from fromlint.dockerfile.shell import commands
from fromlint.model.dockerfile import Anchor, Source
from fromlint.model.environment import Environment, Python
from fromlint.requirements import pip_refusals

WHERE = "--platform manylinux2014_x86_64"


def refusals(line: str, variables: Mapping[str, str] = {}) -> list[str]:
    """Why pip refuses a line."""
    source = Source(f"pip install {line}", "Dockerfile", (Anchor(0, 1, 1),))
    (command,) = commands(source, variables=dict(variables))
    found = install(command)
    assert found is not None
    return list(pip_refusals.of_options(found))


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("--pre --only-final=:all: x", "--pre neither with"),
        ("--pre --all-releases x x", "--pre neither with"),
        ("--only-deps --no-deps x", "--only-deps with no --no-deps"),
        ("--only-deps -r requirements.txt", "--only-deps with no --requirement"),
        ("--build-constraint b.txt --no-build-isolation x", "no --build-constraint with --no-build-isolation"),
        (f"{WHERE} x", "--platform with --only-binary=:all:"),
        (f"{WHERE} --only-binary=:all: --no-binary x --target t x", "--platform with --only-binary=:all:"),
        (f"{WHERE} --only-binary x --target t x", "--platform with --only-binary=:all:"),
        (f"{WHERE} --only-binary=:all: x", "--platform with --target only"),
        ("--python-version 3.11 --no-deps x", "--python-version with --target only"),
        ("--abi cp311 x", "--abi with --only-binary=:all:"),
        ("--implementation cp x", "--implementation with --only-binary=:all:"),
    ],
)
def test_options_that_exclude_each_other(line: str, why: str) -> None:
    (found,) = refusals(line)
    assert why in found


@pytest.mark.parametrize(
    "line",
    [
        "--pre x",
        "--only-final x --all-releases :all: x",
        "--only-deps x",
        f"{WHERE} --only-binary=:all: --target t x",
        f"{WHERE} --no-deps --target t x",
        "--python-version 3.11 --only-binary=:all: --no-binary=:none: -t t x",
        f"{WHERE} $MORE x",
    ],
)
def test_options_that_go_together(line: str) -> None:
    assert refusals(line) == []


def test_variables_are_options() -> None:
    (found,) = refusals("--only-final=:all: x", {"PIP_PRE": "1"})
    assert "--pre neither" in found
    assert refusals(f"{WHERE} -t t x", {"PIP_ONLY_BINARY": ":all:"}) == []


@pytest.mark.parametrize(
    ("pip", "refused"),
    [("25.0.1", True), ("26.0.1", True), ("26.1", False), ("27.0", False), (None, False), ("", False)],
)
def test_a_pip_that_is_too_old_for_pylock(environment: Callable[[], Environment], pip: str, refused: bool) -> None:
    python = Python("3.12.11", "cpython", "/usr/local", pip, False)
    why = pip_refusals.of_pylock("pylock.dev.toml", environment()._replace(python=python))
    assert why == (f"pip {pip} does not read pylock.dev.toml: pip 26.1 and later do" if refused else None)
