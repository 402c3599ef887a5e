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


def test_an_environment_goes_by_its_own_python_beside_another(check):
    packages = "RUN apt-get update && apt-get install -y python3.11 python3.11-venv python3-distutils\n"
    build = f"FROM ubuntu:24.04 AS build\n{packages}RUN python3.11 -m venv /v && /v/bin/pip install flask==3.1.0\n"
    final = "FROM ubuntu:24.04\n{}COPY --from=build /v /v\n"
    assert not check("FL403", build + final.format(packages))
    (found,) = check("FL403", build + final.format(packages.replace("python3.11", "python3")))
    assert "for CPython 3.11, and this stage has CPython 3.12" in found.message


def test_an_environment_whose_interpreter_is_elsewhere_is_dead(check):
    final = "FROM debian:13\nRUN apt-get update && apt-get install -y python3\nCOPY --from=build /opt/venv /opt/venv\n"
    (found,) = check("FL403", VENV.replace("3.12", "3.13") + final)
    assert "/usr/local/bin/python3" in found.message


def test_an_environment_goes_by_the_path_that_its_python_was_called_by(check):
    build = (
        "FROM python:3.13-slim AS build\nRUN ln -s /usr/local/bin/python /usr/bin/python && "
        "/usr/bin/python -m venv /venv && /venv/bin/pip install flask==3.1.0\n"
    )
    final = "FROM gcr.io/distroless/python3-debian13\nCOPY --from=build /venv /venv\n"
    assert not check("FL403", build + final)
    assert len(check("FL403", build.replace("/usr/bin/python -m", "/usr/local/bin/python -m") + final)) == 1


MOVED = f"{VENV}FROM python:3.12-slim\nCOPY --from=build /opt/venv /venv\n"


@pytest.mark.parametrize(
    "start", ['CMD ["/venv/bin/flask", "run"]\n', 'ENV PATH=/venv/bin:$PATH\nENTRYPOINT ["flask", "run"]\n']
)
def test_a_console_script_of_an_environment_that_was_moved_does_not_start(check, start):
    (found,) = check("FL403", MOVED + start)
    assert found.severity is Severity.ERROR
    assert "the first line of flask" in found.message
    assert found.help == ("COPY it to /opt/venv, and start it from there",)


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


SERVER = "FROM python:3.12-slim AS build\nRUN pip install gunicorn==23.0.0 django==5.2\n"
PACKAGES = f"{SERVER}FROM python:3.12-slim\nCOPY --from=build {SITE} {SITE}\n"


@pytest.mark.parametrize(
    ("start", "script"),
    [
        ('CMD ["gunicorn", "app:app"]\n', "gunicorn"),
        ('ENTRYPOINT ["/usr/local/bin/gunicorn", "app:app"]\n', "gunicorn"),
        ("CMD exec gunicorn app:app\n", "gunicorn"),
        ('CMD ["django-admin", "runserver"]\n', "django-admin"),
    ],
)
def test_a_console_script_that_stays_behind(check, start, script):
    (found,) = check("FL403", PACKAGES + start)
    assert found.severity is Severity.ERROR
    assert f"started with {script}" in found.message
    assert "/usr/local/bin" in found.message
    assert found.span.line == 4


@pytest.mark.parametrize(
    "rest",
    [
        'CMD ["python", "-m", "gunicorn", "app:app"]\n',
        'CMD ["other", "app:app"]\n',
        'COPY --from=build /usr/local/bin /usr/local/bin\nCMD ["gunicorn", "app:app"]\n',
        'COPY --from=build /usr/local/bin/gunicorn /usr/local/bin/\nCMD ["gunicorn", "app:app"]\n',
        'COPY --from=build /usr/local/bin/gunicorn /bin/gunicorn\nCMD ["gunicorn", "app:app"]\n',
        'COPY bin/ /usr/local/bin/\nCMD ["gunicorn", "app:app"]\n',
        'COPY --from=build /usr/local /usr/local\nCMD ["gunicorn", "app:app"]\n',
        'RUN pip install gunicorn==23.0.0\nCMD ["gunicorn", "app:app"]\n',
        'RUN pip install -r unknown.txt\nCMD ["gunicorn", "app:app"]\n',
        'COPY setup.sh /\nRUN /setup.sh\nCMD ["gunicorn", "app:app"]\n',
        'RUN ln -s /x/gunicorn /usr/local/bin/gunicorn\nCMD ["gunicorn", "app:app"]\n',
        "RUN printf '#!/usr/bin/env python3\\nfrom gunicorn import run' > /usr/local/bin/gunicorn\nCMD [\"gunicorn\"]\n",
        'CMD ["gunicorn", "app:app"]\nENTRYPOINT ["python", "-m", "app"]\nFROM python:3.12-slim\n',
        "",
    ],
)
def test_a_console_script_that_comes_along_or_is_not_called(check, rest):
    assert not check("FL403", PACKAGES + rest)


def test_scripts_that_come_with_the_prefix(check):
    build = "FROM python:3.12-slim AS build\nRUN pip install --user gunicorn==23.0.0\n"
    final = "FROM python:3.12-slim\nCOPY --from=build /root/.local /root/.local\nENV PATH=/root/.local/bin:$PATH\n"
    assert not check("FL403", f'{build}{final}CMD ["gunicorn", "app:app"]\n')
    build = build.replace("--user", "--prefix=/install")
    final = "FROM python:3.12-slim\nCOPY --from=build /install /usr/local\n"
    assert not check("FL403", f'{build}{final}CMD ["gunicorn", "app:app"]\n')


UV = "FROM python:3.12-slim AS build\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
MANAGED = f"{UV}RUN uv python install 3.12\nRUN uv venv --python 3.12 /opt/venv\nENV VIRTUAL_ENV=/opt/venv\nRUN uv pip install flask==3.1.0\n"
COPIED = "COPY --from=build /opt/venv /opt/venv\n"


USER_SITE = "FROM python:3.12 AS build\nRUN pip install --user flask==3.1.0\nFROM python:3.12-slim\n"


def test_console_scripts_without_what_they_import(check):
    (found,) = check("FL403", USER_SITE + "COPY --from=build /root/.local/bin /root/.local\nCMD python app.py\n")
    assert found.message == "the console scripts of flask are copied, and what they import stays in /root/.local/lib"
    assert (found.severity, found.span.line) == (Severity.ERROR, 4)


@pytest.mark.parametrize(
    "rest",
    [
        "COPY --from=build /root/.local /root/.local\n",
        "COPY --from=build /root/.local/bin /root/.local/bin\nCOPY --from=build /root/.local/lib /root/.local/lib\n",
        "COPY --from=build /root/.local/bin/flask /usr/local/bin/\n",
        "RUN pip install flask==3.1.0\nCOPY --from=build /root/.local/bin /root/.local/bin\n",
        "RUN pip install -r unknown.txt\nCOPY --from=build /root/.local/bin /root/.local/bin\n",
    ],
)
def test_console_scripts_with_what_they_import(check, rest):
    assert not check("FL403", USER_SITE + rest)


@pytest.mark.parametrize("final", ["FROM python:3.12-slim\n", "FROM debian:13-slim\n", "FROM ubuntu:24.04\n"])
def test_a_python_that_uv_fetched_stays_behind(check, final):
    (found,) = check("FL403", MANAGED + final + COPIED)
    assert found.severity is Severity.ERROR
    assert "/root/.local/share/uv/python" in found.message


def test_where_uv_keeps_its_pythons(check):
    moved = MANAGED.replace("RUN uv python", "ENV UV_PYTHON_INSTALL_DIR=/pythons\nRUN uv python")
    (found,) = check("FL403", f"{moved}FROM debian:13-slim\n{COPIED}")
    assert "in /pythons," in found.message
    assert not check("FL403", f"{moved}FROM debian:13-slim\nCOPY --from=build /pythons /pythons\n{COPIED}")
    stated = MANAGED.replace("install 3.12", "install --install-dir /pythons 3.12")
    (found,) = check("FL403", f"{stated}FROM debian:13-slim\n{COPIED}")
    assert "in /pythons," in found.message


@pytest.mark.parametrize(
    "dockerfile",
    [
        MANAGED
        + "FROM debian:13-slim\nCOPY --from=build /root/.local/share/uv/python /root/.local/share/uv/python\n"
        + COPIED,
        MANAGED + "FROM debian:13-slim\nCOPY --from=build /root/.local /root/.local\n" + COPIED,
        MANAGED.replace("RUN uv python", "ENV UV_PYTHON_PREFERENCE=only-system\nRUN uv python")
        + "FROM python:3.12-slim\n"
        + COPIED,
        MANAGED
        + "FROM debian:13-slim\nRUN curl -LsSf https://astral.sh/uv/install.sh | sh && uv python install 3.12\n"
        + COPIED,
        UV
        + "RUN uv venv /opt/venv\nENV VIRTUAL_ENV=/opt/venv\nRUN uv pip install flask==3.1.0\nFROM python:3.12-slim\n"
        + COPIED,
    ],
)
def test_a_python_that_comes_along_or_is_the_images(check, dockerfile):
    assert not check("FL403", dockerfile)


def test_an_environment_where_there_is_no_python_at_all(check):
    (found,) = check("FL403", f"{VENV}FROM debian:13-slim\n{COPIED}")
    assert found.message == "the environment's Python is /usr/local/bin/python3, and this stage has none"
    assert not check(
        "FL403", f"{VENV}FROM debian:13-slim\nRUN apt-get update && apt-get install -y supervisor\n{COPIED}"
    )
