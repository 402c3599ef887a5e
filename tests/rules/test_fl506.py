"""The distribution's own Python refuses installs."""

import pytest

DEBIAN = "FROM debian:12\nRUN apt-get update && apt-get install -y python3-pip\n"
ALPINE = "FROM alpine:3.22\nRUN apk add --no-cache py3-pip\n"


def test_system_pip_refuses_and_the_help_works_on_debian(check):
    (found,) = check(
        "FL506",
        DEBIAN.replace("-y", "-y --no-install-recommends") + "RUN pip install flask\n",
    )
    assert found.span.line == 3
    assert "externally-managed-environment" in found.message
    assert "python3 -m venv /opt/venv" in found.help[0]


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{DEBIAN}RUN pip3 install flask\n",
        f"{DEBIAN}RUN python3 -m pip install flask\n",
        f"{DEBIAN}RUN pip install --user flask\n",
        f"{ALPINE}RUN pip install flask\n",
        "FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install flask\n",
        "FROM ubuntu:24.04\nCOPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
        "RUN apt-get update && apt-get install -y python3\nRUN uv pip install --system flask\n",
    ],
)
def test_with_user_and_uv_as_well(check, dockerfile):
    assert len(check("FL506", dockerfile)) == 1


@pytest.mark.parametrize(
    "dockerfile",
    [
        f"{DEBIAN}RUN pip install --break-system-packages flask\n",
        f"{DEBIAN}ENV PIP_BREAK_SYSTEM_PACKAGES=1\nRUN pip install flask\n",
        f"{DEBIAN}RUN pip config set global.break-system-packages true && pip install flask\n",
        f"{DEBIAN}RUN pip install --target /packages flask\n",
        f"{DEBIAN}RUN pip install --prefix /packages flask\n",
        f"{DEBIAN}RUN pip install --root /packages flask\n",
        f"{DEBIAN}RUN pip wheel flask\n",
        f"{DEBIAN}RUN pip download flask\n",
        f"{DEBIAN}RUN rm /usr/lib/python3.11/EXTERNALLY-MANAGED && pip install flask\n",
        f"{DEBIAN}RUN rm -f /usr/lib/python3*/EXTERNALLY-MANAGED && pip install flask\n",
        f"{DEBIAN}RUN mv /usr/lib/python3.11/EXTERNALLY-MANAGED /tmp/ && pip install flask\n",
        f"{DEBIAN}RUN apt-get install -y python3-venv && python3 -m venv /v && /v/bin/pip install flask\n",
        f"{DEBIAN}RUN python3 -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install flask\n",
        f"{DEBIAN}RUN python3 -m venv /v && . /v/bin/activate && pip install flask\n",
        f"{DEBIAN}RUN pip install flask || true\n",
        "FROM debian:11\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install flask\n",
        # What deadsnakes packages is not known to be managed.
        "FROM ubuntu:24.04\nRUN add-apt-repository ppa:deadsnakes/ppa && apt-get install -y python3.9 python3-pip\n"
        "RUN python3.9 -m pip install flask\n",
        # pip 22.0 knows nothing of the marker of the newer Python beside the distribution's own.
        "FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3.11 python3-pip\n"
        "RUN python3.11 -m pip install flask\n",
        "FROM python:3.12-slim\nRUN pip install flask\n",
        "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y python3-pip\nRUN pip install flask\n",
        "FROM alpine:3.17\nRUN apk add --no-cache py3-pip\nRUN pip install flask\n",
        "FROM ghcr.io/linuxserver/baseimage-alpine:3.22\n"
        "RUN apk add --no-cache python3 && python3 -m venv /lsiopy && pip install flask\n",
        f"{DEBIAN}RUN pipx install flask\n",
    ],
)
def test_what_is_allowed_is_left_alone(check, dockerfile):
    assert not check("FL506", dockerfile)
