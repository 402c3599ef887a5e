"""Projects that refuse the image's Python."""

import pytest

from fromlint.model.finding import Severity

PYPROJECT = {"pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.13"\n'}
COPY = "FROM python:{}-slim\nWORKDIR /app\nCOPY . .\n"
UV = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"


@pytest.mark.parametrize("install", ["pip install .", "pip install -e ."])
def test_pip_stops(check, install):
    (found,) = check("FL111", f"{COPY.format('3.12')}RUN {install}\n", PYPROJECT)
    assert found.severity is Severity.ERROR
    assert found.message == "the project requires Python >=3.13, python:3.12-slim has CPython 3.12"
    assert found.help == ("a base with Python 3.15 or 3.14 satisfies it",)


def test_uv_downloads_another_and_that_is_advice(check, project):
    files = project(requires_python=">=3.13")
    (found,) = check("FL111", f"{COPY.format('3.12')}{UV}RUN uv sync --frozen\n", files)
    assert found.severity is Severity.INFO
    assert "uv downloads another one" in found.message
    never = f"{COPY.format('3.12')}{UV}ENV UV_PYTHON_DOWNLOADS=never\nRUN uv sync --frozen\n"
    (found,) = check("FL111", never, files)
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    ("python", "install"),
    [
        ("3.13", "pip install ."),
        ("3.14", "pip install ."),
        ("3.12", "pip install --ignore-requires-python ."),
        ("3.12", "pip install flask==3.1.0"),
        ("3.12", "pip install . || true"),
    ],
)
def test_a_python_that_it_takes_is_left_alone(check, python, install):
    assert not check("FL111", f"{COPY.format(python)}RUN {install}\n", PYPROJECT)


def test_the_full_version_counts(check):
    exact = {"pyproject.toml": PYPROJECT["pyproject.toml"].replace(">=3.13", ">=3.12.4")}
    assert check("FL111", f"{COPY.format('3.12.3')}RUN pip install .\n", exact)
    assert not check("FL111", f"{COPY.format('3.12.4')}RUN pip install .\n", exact)


def test_an_unknown_base_is_left_alone(check):
    assert not check("FL111", "FROM registry.corp/base:1\nCOPY . /app\nRUN pip install /app\n", PYPROJECT)


PINNED = {"pyproject.toml": '[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\n'}


@pytest.mark.parametrize(
    ("pin", "has", "help"),
    [
        ("3.11", "3.12.4", "a base with Python 3.11 has it"),
        ("3.12.3", "3.12.4", "3.12 in .python-version takes any patch release, the image's too"),
        ("cpython@3.11", "3.12.4", "a base with Python 3.11 has it"),
    ],
)
def test_a_pinned_python_that_the_image_has_not(check, pin, has, help):
    dockerfile = f"{COPY.format(has)}{UV}{{}}RUN uv sync\n"
    files = {**PINNED, ".python-version": f"# ours\n{pin}\n"}
    (found,) = check("FL111", dockerfile.format(""), files)
    assert found.severity is Severity.INFO
    wanted = pin.rpartition("@")[2]
    image = f"python:{has}-slim has CPython {has}"
    assert found.message == f".python-version asks for {wanted}, {image}: uv downloads another one"
    assert found.help == (help,)
    (found,) = check("FL111", dockerfile.format("ENV UV_PYTHON_DOWNLOADS=0\n"), files)
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize("pin", ["3.12", "3.12.4", "cpython-3.12", "pypy@3.10", "3"])
def test_a_pinned_python_that_it_has(check, pin):
    files = {**PINNED, ".python-version": f"{pin}\n"}
    assert not check("FL111", f"{COPY.format('3.12.4')}{UV}RUN uv sync\n", files)


@pytest.mark.parametrize(
    "lines",
    [
        "ENV UV_PYTHON=3.12\nRUN uv sync\n",
        "RUN uv sync --python 3.12\n",
        "RUN uv python install 3.11\nRUN uv sync\n",
        "RUN pip install .\n",
    ],
)
def test_who_chooses_a_python_knows_it(check, lines):
    files = {**PINNED, ".python-version": "3.11\n"}
    assert not check("FL111", f"{COPY.format('3.12.4')}{UV}{lines}", files)
