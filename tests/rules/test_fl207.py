"""Installs without an environment, and environments without python3-venv."""

import pytest

UV = "FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nWORKDIR /app\n"
DEBIAN = "FROM debian:12\nRUN apt-get update && apt-get install -y "


def test_uv_pip_without_environment_stops(check):
    (found,) = check("FL207", f"{UV}RUN uv pip install flask\n")
    assert found.span.line == 4
    assert found.label == "finds no virtual environment and stops"
    assert any("--system" in help for help in found.help)


def test_the_fix_is_the_images_own_python_where_no_environment_was_made(check):
    (found,) = check("FL207", f"{UV}RUN echo && uv pip install -q flask\n")
    ((edit,),) = [fix.edits for fix in found.fixes if fix.safe]
    assert (edit.span.line, edit.span.column, edit.span.end_column, edit.text) == (4, 27, 27, " --system")
    (found,) = check("FL207", f"{UV}RUN uv venv /opt/venv && uv pip install flask\n")
    assert found.fixes == ()
    (found,) = check("FL207", f"{DEBIAN}python3\nRUN python3 -m venv /v\n")
    assert [fix.title for fix in found.fixes] == ["install python3-venv before it"]


def test_a_program_that_is_copied_beside_the_working_folder_is_no_environment(check):
    copied = "FROM python:3.12-slim\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv {}\nRUN uv pip install flask\n"
    assert len(check("FL207", copied.format("/bin/uv"))) == 1
    assert len(check("FL207", copied.format("/usr/local/bin/"))) == 1
    assert not check("FL207", "FROM python:3.12-slim\nCOPY --from=ghcr.io/x/y /all /\nRUN uv pip install flask\n")


def test_an_environment_that_is_neither_active_nor_here_is_not_found(check):
    assert len(check("FL207", f"{UV}RUN uv venv /opt/venv && uv pip install flask\n")) == 1
    assert len(check("FL207", f"{UV}ENV UV_PYTHON=3.12\nRUN uv pip install flask\n")) == 1


@pytest.mark.parametrize(
    "lines",
    [
        "RUN uv pip install --system flask",
        "ENV UV_SYSTEM_PYTHON=1\nRUN uv pip install flask",
        "RUN UV_SYSTEM_PYTHON=true uv pip install flask",
        "RUN uv pip install --python /usr/local/bin/python flask",
        "RUN uv pip install --target /packages flask",
        "RUN uv pip install --prefix /install flask",
        "RUN uv venv && uv pip install flask",
        "RUN uv venv\nWORKDIR /app/sub\nRUN uv pip install flask",
        "RUN uv venv /opt/venv\nENV VIRTUAL_ENV=/opt/venv\nRUN uv pip install flask",
        "RUN uv venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\nRUN uv pip install flask",
        "RUN uv venv /opt/venv && . /opt/venv/bin/activate && uv pip install flask",
        "RUN python -m uv pip install flask",
        "RUN uv pip install flask || true",
        "RUN uv pip compile -o requirements.txt pyproject.toml",
        "COPY --from=ghcr.io/x/y /app/.venv /app/.venv\nRUN uv pip install flask",
    ],
)
def test_an_install_with_somewhere_to_go_is_left_alone(check, lines):
    assert not check("FL207", f"{UV}{lines}\n", {"pyproject.toml": "[project]\nname='x'\nversion='1'\n"})


def test_an_unknown_base_may_set_everything(check):
    assert not check("FL207", "FROM registry.corp/base:1\nRUN uv pip install flask\n")


def test_venv_on_debian_needs_its_package(check):
    (found,) = check("FL207", f"{DEBIAN}python3\nRUN python3 -m venv /opt/venv\n")
    assert found.missing == ("python3-venv",)
    assert "needs python3-venv" in found.message


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{DEBIAN}python3 python3-venv\nRUN python3 -m venv /opt/venv\n",
        f"{DEBIAN}python3 python3.11-venv\nRUN python3 -m venv /opt/venv\n",
        f"{DEBIAN}python3-full\nRUN python3 -m venv /opt/venv\n",
        f"{DEBIAN}python3\nRUN python3 -m venv --without-pip /opt/venv\n",
        f"{DEBIAN}python3\nRUN python3 -m venv /opt/venv || true\n",
        f"{DEBIAN}python3 $MORE\nRUN python3 -m venv /opt/venv\n",
        "FROM python:3.12-slim\nRUN python3 -m venv /opt/venv\n",
        "FROM alpine:3.22\nRUN apk add --no-cache python3\nRUN python3 -m venv /opt/venv\n",
        f"{DEBIAN}python3 python3-virtualenv\nRUN virtualenv /opt/venv\n",
    ],
)
def test_venv_that_works_is_left_alone(check, dockerfile):
    assert not check("FL207", dockerfile)
