from collections.abc import Callable

import pytest

from fromlint.dockerfile.installs import settings
from fromlint.model.build import Command


@pytest.mark.parametrize(
    ("line", "name", "value"),
    [
        ("poetry config virtualenvs.create false", "POETRY_VIRTUALENVS_CREATE", "false"),
        ("poetry config --local virtualenvs.in-project true", "POETRY_VIRTUALENVS_IN_PROJECT", "true"),
        ("poetry config installer.no-binary lxml", "POETRY_INSTALLER_NO_BINARY", "lxml"),
        ("pip config set global.index-url https://a", "PIP_INDEX_URL", "https://a"),
        ("pip config --user set install.only-binary :all:", "PIP_ONLY_BINARY", ":all:"),
        ("pip config set global.extra-index-url $URL", "PIP_EXTRA_INDEX_URL", None),
        ("pdm config pypi.url https://a", "PDM_PYPI_URL", "https://a"),
        ("pdm config --local python.use_venv false", "PDM_USE_VENV", "false"),
    ],
)
def test_settings(command: Callable[..., Command], line: str, name: str, value: str | None) -> None:
    (kept,) = settings(command(line))
    assert (kept.name, kept.value, kept.argument) == (name, value, False)


@pytest.mark.parametrize(
    "line",
    [
        "poetry config --list",
        "poetry config --unset virtualenvs.create",
        "poetry config http-basic.corp user password",
        "poetry config virtualenvs.create",
        "poetry install",
        "pip config list",
        "pip config unset global.index-url",
        "pip config set wheel.no-index 1",
        "pip install x",
        "pdm config",
        "pdm config check_update false",
        "uv sync",
        "ls",
        "",
    ],
)
def test_nothing_kept(command: Callable[..., Command], line: str) -> None:
    assert settings(command(line)) == ()
