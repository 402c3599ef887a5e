"""Sdists that are made up: archives of a few texts."""

import io
import tarfile
import zipfile
from collections.abc import Callable, Mapping

import pytest

from fromlint.model.environment import Environment, Python
from fromlint.system.sources import Refused, SdistFacts, read_sdist

TOP = "demo-1.0/"


def packed(files: Mapping[str, str], kind: str = ".tar.gz") -> bytes:
    """An sdist of the texts, by name within the top folder."""
    out = io.BytesIO()
    if kind == ".zip":
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in files.items():
                archive.writestr(TOP + name, text)
        return out.getvalue()
    mode = {".tar.gz": "w:gz", ".tar.bz2": "w:bz2", ".tar.xz": "w:xz"}[kind]
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            member = tarfile.TarInfo(TOP + name)
            member.size = len(text.encode())
            archive.addfile(member, io.BytesIO(text.encode()))
    return out.getvalue()


@pytest.fixture
def pack() -> Callable[..., bytes]:
    return packed


@pytest.fixture
def read() -> Callable[[Mapping[str, str]], SdistFacts]:
    """Reads an sdist of the texts, which must not be refused."""

    def reading(files: Mapping[str, str]) -> SdistFacts:
        found = read_sdist(packed(files), "demo-1.0.tar.gz")
        assert not isinstance(found, Refused), found
        return found

    return reading


@pytest.fixture
def python() -> Python:
    return Python("3.12.13", "cpython", "/usr/local", "26.1", False)


@pytest.fixture
def slim(python: Python) -> Environment:
    return Environment(
        True,
        None,
        "python:3.12-slim-bookworm",
        distro="debian",
        family="debian",
        release="12",
        codename="bookworm",
        python=python,
        packages=frozenset({"libc6", "libssl3", "zlib1g"}),
    )


@pytest.fixture
def alpine(python: Python) -> Environment:
    return Environment(
        True,
        None,
        "python:3.12-alpine",
        distro="alpine",
        family="alpine",
        release="3.22",
        python=python,
        packages=frozenset({"musl", "busybox"}),
    )
