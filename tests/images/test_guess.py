"""What words in unknown names say."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.images.catalogue import environment
from fromlint.images.guess import guess
from fromlint.images.reference import parse
from fromlint.model.environment import Environment, Reference


def unknown(text: str) -> Environment:
    reference = parse(text)
    assert reference is not None
    return environment(reference, platform="linux/amd64", as_of=datetime.date(2026, 11, 22))


@pytest.mark.parametrize(
    ("text", "distro", "release", "libc", "python"),
    [
        ("corp/base:alpine", "alpine", None, "musl", None),
        ("corp/base:alpine3.20", "alpine", "3.20", "musl", None),
        ("corp/base:alpine-3.20", "alpine", "3.20", "musl", None),
        ("corp/alpine-python:1", "alpine", None, "musl", None),
        ("corp/base:1.2-musl", None, None, "musl", None),
        ("corp/base:bookworm", "debian", "12", "glibc", None),
        ("corp/debian12:1", "debian", "12", "glibc", None),
        ("corp/base:noble-py3.12", "ubuntu", "24.04", "glibc", "3.12"),
        ("corp/ubuntu22.04-python3.10.4:1", "ubuntu", "22.04", "glibc", "3.10.4"),
        ("corp/ubi9-python-312:1", "rhel", "9", "glibc", "3.12"),
        ("corp/amazonlinux2023:1", "amazon", "2023", "glibc", None),
        ("corp/base:cp311", None, None, None, "3.11"),
        # Nothing is said where words disagree, or nothing is sure.
        ("corp/base:bookworm-alpine", None, None, None, None),
        ("corp/base:py39-py312", None, None, None, None),
        ("corp/base:slim", None, None, None, None),
        ("corp/base:3.12", None, None, None, None),
        ("corp/python:3.12.1-4", None, None, None, "3.12.1"),
        ("alpine.corp/base:1", None, None, None, None),
        ("corp/alpinist:1", None, None, None, None),
        ("corp/base:3.12-bookworm-dev", "debian", "12", "glibc", None),
        # A glibc in spite of the name.
        ("frolvlad/alpine-glibc:3.20", None, None, "glibc", None),
        ("frolvlad/alpine-miniconda3", None, None, "glibc", None),
        ("corp/wolfi-python:latest", None, None, "glibc", None),
    ],
)
def test_words(text: str, distro: str | None, release: str | None, libc: str | None, python: str | None) -> None:
    found = unknown(text)
    assert not found.known
    assert found.unknown
    version = found.python.version if found.python else None
    assert (found.distro, found.release, found.libc, version) == (distro, release, libc, python)


@given(st.text(max_size=120), st.none() | st.text(max_size=120))
def test_any_name_is_taken(repository: str, tag: str | None) -> None:
    blank = Environment(False, "x", "y")
    assert not guess(blank, Reference("corp.io", repository, tag, None, "y"), "2026-11-22").known
