"""Native code that crosses from glibc to musl, or back."""

import pytest

NATIVE = "numpy-2.2.0-cp312-cp312-manylinux_2_17_x86_64.whl"
PURE = "flask-3.1.0-py3-none-any.whl"
BUILD = """\
FROM python:3.12-slim AS build
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen
"""


def test_native_wheels_that_cross_are_named_at_the_copy(check, project):
    final = "FROM python:3.12-alpine\nCOPY --from=build /app/.venv /app/.venv\n"
    (found,) = check("FL401", BUILD + final, project(NATIVE, PURE))
    assert found.span.line == 7
    assert found.message == "numpy was made for glibc and cannot be loaded here, which is musl"
    assert found.stage == 1
    assert found.help == ("build on the same distribution as here: FROM python:3.12-alpine AS build",)


def test_by_number_and_with_the_whole_folder(check, project):
    final = "FROM python:3.12-alpine\nCOPY --from=0 /app /app\n"
    assert len(check("FL401", BUILD + final, project(NATIVE))) == 1


def test_the_python_itself_crosses(check):
    build = "FROM python:3.12-slim AS build\nFROM alpine:3.22\nCOPY --from=build /usr/local /usr/local\n"
    (found,) = check("FL401", build)
    assert "the Python of that stage" in found.message


@pytest.mark.parametrize(
    ("files", "final"),
    [
        ((PURE,), "FROM python:3.12-alpine\nCOPY --from=build /app/.venv /app/.venv\n"),
        ((NATIVE,), "FROM python:3.12-slim-bookworm\nCOPY --from=build /app/.venv /app/.venv\n"),
        ((NATIVE,), "FROM python:3.12-alpine\nCOPY --from=build /bin/uv /bin/uv\n"),
        ((NATIVE,), "FROM python:3.12-alpine\nCOPY --from=build /app/static /static\n"),
        (
            (NATIVE,),
            "FROM python:3.12-alpine\nRUN apk add --no-cache gcompat\nCOPY --from=build /app/.venv /app/.venv\n",
        ),
        ((NATIVE,), "FROM registry.corp/base:1\nCOPY --from=build /app/.venv /app/.venv\n"),
        ((NATIVE,), "FROM python:3.12-alpine AS unused\nCOPY --from=build /app/.venv /app/.venv\nFROM build\n"),
    ],
)
def test_what_may_cross_is_left_alone(check, project, files, final):
    assert not check("FL401", BUILD + final, project(*files))
