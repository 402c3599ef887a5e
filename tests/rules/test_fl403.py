"""Packages and environments that another Python does not find."""

import pytest

from fromlint.model.finding import Severity

SITE = "/usr/local/lib/python3.12/site-packages"
BUILD = "FROM python:3.12-slim AS build\nRUN pip install flask==3.1.0\n"
VENV = "FROM python:3.12-slim AS build\nRUN python -m venv /opt/venv && /opt/venv/bin/pip install flask==3.1.0\n"


def test_another_minor_does_not_look_there(check):
    (found,) = check("FL403", f"{BUILD}FROM python:3.13-slim\nCOPY --from=build {SITE} {SITE}\n")
    assert found.severity is Severity.ERROR
    assert found.message == "CPython 3.13 of this stage does not look into python3.12/site-packages"
    assert found.span.line == 4
    assert found.help == ("use the same base in both stages: FROM python:3.13-slim",)


def test_the_prefix_of_an_install_is_followed(check):
    build = "FROM python:3.11-slim AS build\nRUN pip install --prefix=/install flask==3.1.0\n"
    final = "FROM python:3.12-slim\nCOPY --from=build /install /usr/local\n"
    assert len(check("FL403", build + final)) == 1


def test_an_environment_of_another_minor_is_dead(check):
    (found,) = check("FL403", f"{VENV}FROM python:3.13-slim\nCOPY --from=build /opt/venv /opt/venv\n")
    assert found.severity is Severity.ERROR
    assert "the environment is for CPython 3.12" in found.message


def test_an_environment_whose_interpreter_is_elsewhere_is_dead(check):
    final = "FROM debian:13\nRUN apt-get update && apt-get install -y python3\nCOPY --from=build /opt/venv /opt/venv\n"
    (found,) = check("FL403", VENV.replace("3.12", "3.13") + final)
    assert "/usr/local/bin/python3" in found.message


MOVED = f"{VENV}FROM python:3.12-slim\nCOPY --from=build /opt/venv /venv\n"


@pytest.mark.parametrize(
    "start", ['CMD ["/venv/bin/flask", "run"]\n', 'ENV PATH=/venv/bin:$PATH\nENTRYPOINT ["flask", "run"]\n']
)
def test_a_console_script_of_an_environment_that_was_moved_does_not_start(check, start):
    (found,) = check("FL403", MOVED + start)
    assert found.severity is Severity.ERROR
    assert "the first line of flask" in found.message
    assert found.help == ("COPY it to /opt/venv",)


@pytest.mark.parametrize(
    "start",
    [
        'CMD ["/venv/bin/python", "/venv/bin/flask", "run"]\n',
        "ENV PATH=/venv/bin:$PATH\nCMD python -m flask run\n",
        "ENV PATH=/venv/bin:$PATH\nCMD bash\n",
        "",
    ],
)
def test_a_moved_environment_whose_python_is_started_works(check, start):
    assert not check("FL403", MOVED + start)


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{BUILD}FROM python:3.12-slim\nCOPY --from=build {SITE} {SITE}\n",
        f"{BUILD}FROM python:3.12-alpine\nCOPY --from=build {SITE} {SITE}\n",
        f"{BUILD}FROM python:3.13-slim\nCOPY --from=build {SITE} /deps\nENV PYTHONPATH=/deps\n",
        f"{BUILD}FROM gcr.io/distroless/python3-debian12\nCOPY --from=build {SITE} /deps\nENV PYTHONPATH=/deps\n",
        f"{BUILD}FROM debian:13-slim\nCOPY --from=build /usr/local /usr/local\n",
        f"{VENV}FROM python:3.12-slim\nCOPY --from=build /opt/venv /opt/venv\n",
        f"{VENV}FROM python:3.12-slim-bookworm\nCOPY --from=build /opt/venv/ /opt/venv/\n",
        f"{VENV}FROM registry.corp/base:1\nCOPY --from=build /opt/venv /opt/venv\n",
        f"{VENV}FROM debian:13-slim\nCOPY --from=build /usr/local /usr/local\nCOPY --from=build /opt/venv /opt/venv\n",
        "FROM python:3.12-slim AS build\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
        "RUN uv venv --relocatable /opt/venv\nENV VIRTUAL_ENV=/opt/venv\nRUN uv pip install flask==3.1.0\n"
        "FROM python:3.12-slim\nCOPY --from=build /opt/venv /venv\n",
        "FROM python:3.12-slim AS build\nRUN pip wheel --wheel-dir /wheels flask==3.1.0\n"
        "FROM python:3.13-slim\nCOPY --from=build /wheels /wheels\n",
    ],
)
def test_what_the_python_of_the_stage_finds_is_left_alone(check, dockerfile):
    assert not check("FL403", dockerfile)
