"""Time zones and certificates of the system."""

import pytest

from fromlint.model.finding import Severity

DJANGO = "django-5.2.0-py3-none-any.whl"
TZLOCAL = "tzlocal-5.4.4-py3-none-any.whl"
AIOHTTP = "aiohttp-3.12.0-cp312-cp312-manylinux_2_17_x86_64.whl"
SYNC = "COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\nCOPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
ALPINE = "FROM alpine:3.22\nRUN apk add --no-cache python3\n"
DEBIAN = "FROM debian:13-slim\nRUN apt-get update && apt-get install -y --no-install-recommends python3\n"


def test_django_on_plain_alpine_finds_no_time_zones(check, project):
    (found,) = check("FL304", f"{ALPINE}{SYNC}", project(DJANGO))
    assert found.severity is Severity.WARNING
    assert found.missing == ("tzdata",)
    assert found.message == "django 5.2.0 needs the system's time zones, and the final stage has none"
    assert any("apk add --no-cache tzdata" in help for help in found.help)


def test_aiohttp_on_debian_slim_finds_no_certificates(check, project):
    (found,) = check("FL304", f"{DEBIAN}{SYNC}", project(AIOHTTP))
    assert found.missing == ("ca-certificates",)


def test_tzlocal_looks_up_what_the_variable_names(check, project):
    (found,) = check("FL304", f"{ALPINE}ENV TZ=Europe/Vienna\n{SYNC}", project(TZLOCAL))
    assert found.missing == ("tzdata",)


def test_ubuntu_has_neither(check, project):
    ubuntu = f"FROM ubuntu:24.04\nRUN apt-get update && apt-get install -y --no-install-recommends python3\n{SYNC}"
    assert {each.missing for each in check("FL304", ubuntu, project(DJANGO, AIOHTTP))} >= {("ca-certificates",)}


@pytest.mark.parametrize(
    ("dockerfile", "files"),
    [
        (f"FROM python:3.12-slim\n{SYNC}", (DJANGO, AIOHTTP)),
        (f"FROM python:3.12-alpine\n{SYNC}", (DJANGO,)),
        (f"{ALPINE}RUN apk add --no-cache tzdata\n{SYNC}", (DJANGO,)),
        (f"{ALPINE}{SYNC}", (DJANGO, "tzdata-2025.2-py2.py3-none-any.whl")),
        (f"{ALPINE}{SYNC}", ("django-3.2.0-py3-none-any.whl",)),
        (f"{ALPINE}{SYNC}", ("aiohttp-3.12.0-cp312-cp312-musllinux_1_2_x86_64.whl",)),
        (f"{ALPINE}{SYNC}", (TZLOCAL,)),
        (f"{ALPINE}ARG TZ=Europe/Vienna\n{SYNC}", (TZLOCAL,)),
        (f"{ALPINE}{SYNC}", ("flask-3.1.0-py3-none-any.whl",)),
        (f"{ALPINE}COPY --from=python:3.12 /usr/share/zoneinfo /usr/share/zoneinfo\n{SYNC}", (DJANGO,)),
        (f"{DEBIAN}RUN apt-get install -y ca-certificates\n{SYNC}", (AIOHTTP,)),
        (f"{DEBIAN}COPY ca.pem /etc/ssl/certs/\n{SYNC}", (AIOHTTP,)),
        (f"FROM registry.corp/base:1\n{SYNC}", (DJANGO, AIOHTTP)),
        (f"{ALPINE}{SYNC}FROM python:3.12-slim\n", (DJANGO,)),
    ],
)
def test_where_the_data_is_there_or_not_needed_nothing_is_said(check, project, dockerfile, files):
    assert not check("FL304", dockerfile, {"ca.pem": "", **project(*files)})
