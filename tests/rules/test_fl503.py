"""Compilers that stay in the final stage."""

import pytest

APT = "RUN apt-get update && apt-get install -y --no-install-recommends build-essential libpq-dev"
SYNC = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"


def test_build_tools_that_stay_are_named_with_what_they_were_for(check, project):
    (found,) = check("FL503", f"FROM python:3.12-slim\n{APT}\n{SYNC}", project("psycopg2-2.9.10.tar.gz"))
    assert found.message == "build tools stay in the image (build-essential), only to compile psycopg2"
    assert found.span.line == 2


@pytest.mark.parametrize(
    ("dockerfile", "file"),
    [
        (
            f"FROM python:3.12-slim\n{APT}\n{SYNC}RUN apt-get purge -y --auto-remove build-essential\n",
            "psycopg2-2.9.10.tar.gz",
        ),
        (
            f"FROM python:3.12-slim AS build\n{APT}\n{SYNC}FROM python:3.12-slim\nCOPY --from=build /.venv /.venv\n",
            "psycopg2-2.9.10.tar.gz",
        ),
        (
            "FROM python:3.12-alpine\nRUN apk add --no-cache --virtual .build gcc musl-dev libpq-dev\n"
            f"{SYNC}RUN apk del .build\n",
            "psycopg2-2.9.10.tar.gz",
        ),
        (f"FROM python:3.12\n{APT}\n{SYNC}", "psycopg2-2.9.10.tar.gz"),
        (f"FROM python:3.12-slim\n{APT}\n{SYNC}", "torch-2.9.0-cp312-cp312-manylinux_2_28_x86_64.whl"),
        (f"FROM python:3.12-slim\n{APT}\n", "psycopg2-2.9.10.tar.gz"),
        (
            "FROM alpine:3.22\nRUN apk add --no-cache python3 gcc musl-dev\n"
            "RUN python3 -m venv /v && /v/bin/pip install -U pip\n",
            "",
        ),
        (f"FROM registry.corp/base:1\n{APT}\n{SYNC}", "psycopg2-2.9.10.tar.gz"),
    ],
)
def test_tools_that_go_again_or_are_needed_are_left_alone(check, project, dockerfile, file):
    assert not check("FL503", dockerfile, project(*filter(None, [file])))


def test_what_only_another_cpu_needs_is_left_alone(check, project):
    files = project("lxml-5.2.2-cp312-cp312-manylinux_2_17_x86_64.whl", "lxml-5.2.2.tar.gz")
    dockerfile = f"FROM python:3.12-slim\n{APT}\n{SYNC}"
    assert not check("FL503", dockerfile, files)
    assert "lxml" in check("FL503", dockerfile, project("lxml-5.2.2.tar.gz"))[0].message
