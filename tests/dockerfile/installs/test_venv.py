from collections.abc import Callable

import pytest

from fromlint.model.build import VenvMade

Makes = Callable[..., VenvMade]


@pytest.mark.parametrize(
    ("line", "path", "tool", "python"),
    [
        ("python -m venv /opt/venv", "/opt/venv", "venv", "python"),
        ("python3.12 -m venv --copies --prompt x venv", "/app/venv", "venv", "python3.12"),
        ("python3 -mvenv ./v/../w", "/app/w", "venv", "python3"),
        ("virtualenv -p python3.11 /v", "/v", "virtualenv", "python3.11"),
        ("python -m virtualenv /v", "/v", "virtualenv", "python"),
        ("virtualenv /v", "/v", "virtualenv", None),
        ("uv venv", "/app/.venv", "uv", None),
        ("uv venv --python 3.12 /opt/venv", "/opt/venv", "uv", "3.12"),
        ("uv --directory /srv venv x", "/srv/x", "uv", None),
        ("UV_PROJECT_ENVIRONMENT=/opt/e uv venv", "/opt/e", "uv", None),
        ("UV_PYTHON=3.13 uv venv", "/app/.venv", "uv", "3.13"),
        ("uv run python -m venv /x", "/x", "venv", "python"),
        ("uv sync --frozen", "/app/.venv", "uv-sync", None),
        ("POETRY_VIRTUALENVS_IN_PROJECT=true poetry install", "/app/.venv", "poetry", None),
        ("PIPENV_VENV_IN_PROJECT=1 pipenv sync", "/app/.venv", "pipenv", None),
        ("pdm sync", "/app/.venv", "pdm", None),
    ],
)
def test_made(made: Makes, line: str, path: str, tool: str, python: str | None) -> None:
    venv = made(line)
    assert (venv.path, venv.tool, venv.python) == (path, tool, python)


def test_options(made: Makes) -> None:
    assert made("python -m venv --system-site-packages /v").system_site_packages
    assert made("python -m venv --system /v").system_site_packages
    assert made("VIRTUALENV_SYSTEM_SITE_PACKAGES=1 virtualenv /v").system_site_packages
    assert made("uv venv --system-site-packages --relocatable").relocatable
    assert not made("uv venv").relocatable
    assert made("UV_VENV_RELOCATABLE=1 uv venv").relocatable


@pytest.mark.parametrize(
    "line",
    [
        "pip install x",
        "python -m venv",
        "python -m venv --help",
        "python app.py",
        "poetry install",
        "poetry export",
        "UV_PROJECT_ENVIRONMENT=/usr/local uv sync",
        "VIRTUAL_ENV=/v uv sync --active",
        "uv pip install x",
        "uv venv --help",
        "ls",
        "",
    ],
)
def test_none_made(made: Makes, line: str) -> None:
    assert made(line) is None


def test_a_folder_that_is_not_known(made: Makes) -> None:
    assert made("python -m venv v", directory=None).path == "v"
