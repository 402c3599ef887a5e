"""Native code that goes to an older glibc."""

import pytest

from fromlint.model.finding import Severity

BUILD = """\
FROM python:3.12-slim-trixie AS build
RUN apt-get update && apt-get install -y gcc libc6-dev libpq-dev
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
"""
OLDER = "FROM python:3.12-slim-bookworm\nCOPY --from=build /app/.venv /app/.venv\n"


def test_a_wheel_that_asks_for_more_is_an_error(check, project):
    (found,) = check("FL402", BUILD + OLDER, project("vtk-9.5.0-cp312-cp312-manylinux_2_39_x86_64.whl"))
    assert found.severity is Severity.ERROR
    assert found.message == "vtk needs a newer glibc than 2.36, and this stage has glibc 2.36"
    assert found.span.line == 8


def test_what_is_compiled_in_the_newer_stage_is_a_warning(check, project):
    (found,) = check("FL402", BUILD + OLDER, project("psycopg2-2.9.10.tar.gz"))
    assert found.severity is Severity.WARNING
    assert "psycopg2 is compiled for glibc 2.41" in found.message


def test_the_python_itself_is_an_error(check):
    copied = "FROM python:3.12-slim AS build\nFROM debian:bookworm-slim\nCOPY --from=build /usr/local /usr/local\n"
    (found,) = check("FL402", copied)
    assert found.severity is Severity.ERROR
    # The stage that runs it has no Python to build with.
    assert found.help == ("build on the release of this stage: FROM python:3.12-slim-bookworm AS build",)


@pytest.mark.parametrize(
    ("file", "final"),
    [
        ("numpy-2.2.0-cp312-cp312-manylinux_2_17_x86_64.whl", OLDER),
        ("numpy-2.2.0-cp312-cp312-manylinux_2_34_x86_64.whl", OLDER),
        ("flask-3.1.0-py3-none-any.whl", OLDER),
        ("psycopg2-2.9.10.tar.gz", OLDER.replace("bookworm", "trixie")),
        ("psycopg2-2.9.10.tar.gz", "FROM python:3.12-alpine\nCOPY --from=build /app/.venv /app/.venv\n"),
    ],
)
def test_other_wheels_and_newer_stages_are_left_alone(check, project, file, final):
    assert not check("FL402", BUILD + final, project(file))


def test_condas_python_runs_on_any_glibc(check):
    text = "FROM continuumio/miniconda3 AS conda\nFROM {}\nCOPY --from=conda /opt/conda /opt/conda\n"
    assert not check("FL402", text.format("debian:bookworm-slim"))
    own = "FROM python:3.12-slim-trixie AS own\nFROM debian:bookworm-slim\nCOPY --from=own /usr/local /usr/local\n"
    assert len(check("FL402", own)) == 1
