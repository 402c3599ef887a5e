"""Native packages of the builder's CPU."""

import pytest

from fromlint.model.finding import Severity

NATIVE = (
    "numpy-2.2.0-cp312-cp312-manylinux_2_17_x86_64.whl",
    "numpy-2.2.0-cp312-cp312-manylinux_2_17_aarch64.whl",
)
REST = """\
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
FROM {}python:3.12-slim
COPY --from=build /app/.venv /app/.venv
"""
BUILD = "FROM --platform=$BUILDPLATFORM python:3.12-slim AS build\n"


def test_for_a_platform_that_is_asked_for_it_is_an_error(check, project):
    both = ("linux/amd64", "linux/arm64")
    (found,) = check("FL404", BUILD + REST.format(""), project(*NATIVE), platform=both)
    assert found.severity is Severity.ERROR
    assert found.platforms == ("linux/arm64",)
    assert found.message == "numpy: installed for linux/amd64 and copied to an image for linux/arm64"
    assert found.help == ("leave out --platform in stage build",)


def test_where_no_platform_is_asked_for_it_is_a_warning(check, project):
    (found,) = check("FL404", BUILD + REST.format(""), project(*NATIVE))
    assert found.severity is Severity.WARNING


@pytest.mark.parametrize(
    ("build", "final", "files"),
    [
        (BUILD, "", ("flask-3.1.0-py3-none-any.whl",)),
        ("FROM python:3.12-slim AS build\n", "", NATIVE),
        ("FROM --platform=$TARGETPLATFORM python:3.12-slim AS build\n", "", NATIVE),
        ("FROM --platform=linux/amd64 python:3.12-slim AS build\n", "--platform=linux/amd64 ", NATIVE),
    ],
)
def test_what_is_the_same_everywhere_is_left_alone(check, project, build, final, files):
    both = ("linux/amd64", "linux/arm64")
    assert not check("FL404", build + REST.format(final), project(*files), platform=both)
