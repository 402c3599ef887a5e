"""What is inside the images."""

import datetime

import pytest

from fromlint.images.catalogue import environment
from fromlint.images.reference import parse
from fromlint.model.environment import Environment


def known(text: str) -> Environment:
    reference = parse(text)
    assert reference is not None
    return environment(reference, platform="linux/amd64", as_of=datetime.date(2026, 11, 22))


def test_packages_of_slim_are_those_that_were_read() -> None:
    packages = known("python:3.13-slim-trixie").packages
    assert packages is not None
    assert len(packages) == 87
    assert {"ca-certificates", "tzdata", "libstdc++6", "netbase", "libsqlite3-0"} <= packages
    assert not packages & {"gcc", "libgomp1", "libgl1", "git", "curl", "procps", "libexpat1", "e2fsprogs"}


def test_packages_of_alpine_are_those_that_were_read() -> None:
    packages = known("python:3.12-alpine3.24").packages
    assert packages is not None
    assert len(packages) == 37
    assert {"libtirpc", "krb5-libs", "tzdata", "sqlite-libs"} <= packages
    assert not packages & {"libstdc++", "libgcc", "bash", "musl-dev"}


def test_nis_and_its_libraries_went_with_3_13() -> None:
    before, after = known("python:3.12-slim-bookworm").packages, known("python:3.13-slim-bookworm").packages
    assert before is not None
    assert after is not None
    assert before - after == {
        "libgssapi-krb5-2",
        "libk5crypto3",
        "libkeyutils1",
        "libkrb5-3",
        "libkrb5support0",
        "libnsl2",
        "libtirpc-common",
        "libtirpc3",
    }


@pytest.mark.parametrize("text", ["pypy:3.11-slim", "pypy:3.11-slim-bookworm"])
def test_packages_of_pypys_slim_image(text: str) -> None:
    found = known(text)
    assert found.packages is not None
    assert {"ca-certificates", "openssl", "libfreetype6", "libexpat1", "libxcb1", "libsqlite3-0"} <= found.packages
    assert not found.packages & {"gcc", "libc6-dev", "netbase", "libffi-dev", "wget"}
    assert {"pypy3", "pip"} <= found.tools
    assert not found.tools & {"gcc", "curl"}
    assert "c-compiler" not in found.capabilities


def test_packages_of_the_full_image() -> None:
    packages = known("python:3.12-bookworm").packages
    assert packages is not None
    assert {"gcc", "g++", "git", "curl", "libpq-dev", "default-libmysqlclient-dev", "tk-dev", "libgomp1"} <= packages
    assert not packages & {"libgl1", "cmake", "gfortran", "python3-dev"}


@pytest.mark.parametrize("text", ["miniforge3:latest", "pypy:3.9-slim", "registry.access.redhat.com/ubi9/python-312"])
def test_packages_that_were_not_read_are_not_known(text: str) -> None:
    assert known(f"condaforge/{text}" if text.startswith("mini") else text).packages is None


@pytest.mark.parametrize("text", ["python:3.9-slim-buster", "python:2.7", "ubuntu:24.04", "python:3.7-alpine3.12"])
def test_a_release_whose_packages_were_not_read_has_those_of_its_like(text: str) -> None:
    found = known(text)
    assert found.packages
    assert ("gcc" in found.packages) is (text == "python:2.7")
    assert found.tools
    assert "bash" in found.capabilities or found.libc == "musl"


def test_scratch_is_empty() -> None:
    found = known("scratch")
    assert found.packages == frozenset()
    assert found.tools == frozenset()


@pytest.mark.parametrize(
    ("text", "there", "missing"),
    [
        (
            "python:3.12",
            "sh bash git curl wget make gcc g++ ps unzip gpg ssh xz patch hg svn pg_config python3.12",
            "cmake jq",
        ),
        ("python:3.12-slim", "sh bash perl tar gzip useradd adduser pip", "git curl wget make gcc ps unzip gpg ssh xz"),
        ("python:3.12-alpine", "sh wget unzip ps adduser vi apk pip", "bash git curl make gcc useradd gpg ssh apt-get"),
        ("debian:trixie-slim", "bash useradd apt-get", "adduser curl wget python3 pip gpg"),
        ("debian:bookworm", "bash useradd adduser apt-get", "curl python3"),
        ("alpine:3.20", "sh wget ps apk", "bash curl python3"),
        ("buildpack-deps:trixie-curl", "curl wget gpg", "git gcc"),
        ("node:22", "node npm git gcc", "cmake"),
        ("node:22-slim", "node npm", "git gcc curl"),
        ("rust:1-slim", "cargo rustc gcc", "git curl g++"),
        ("golang:1.26-alpine", "go sh", "gcc git bash"),
    ],
)
def test_commands(text: str, there: str, missing: str) -> None:
    tools = known(text).tools
    assert set(there.split()) <= tools
    assert not set(missing.split()) & tools


@pytest.mark.parametrize(
    ("text", "there", "missing"),
    [
        (
            "python:3.12",
            "c-compiler cxx-compiler make git libpq mysql-client libxml2 libgomp python-headers tk",
            "cmake rust-toolchain",
        ),
        (
            "python:3.12-slim",
            "python-headers python-pip python-venv ca-certificates tzdata",
            "c-compiler git libpq libgomp",
        ),
        ("python:3.12-alpine", "python-headers python-pip ca-certificates tzdata", "c-compiler git bash"),
        ("python:3.7-buster", "c-compiler git libpq python-headers", "rust-toolchain"),
        ("buildpack-deps:trixie", "c-compiler libpq", "python-headers tk bluetooth"),
        ("debian:trixie", "bash", "ca-certificates python-headers c-compiler"),
        ("nvidia/cuda:12.4.1-devel-ubuntu22.04", "c-compiler cuda", "git python-pip"),
        ("cimg/python:3.12", "c-compiler cmake libpq", "rust-toolchain"),
    ],
)
def test_capabilities(text: str, there: str, missing: str) -> None:
    capabilities = known(text).capabilities
    assert set(there.split()) <= capabilities
    assert not set(missing.split()) & capabilities


def test_tools_are_not_believed_where_the_base_has_none_known() -> None:
    # What else Wolfi's dev image has is not in the data, so that its few known commands would mislead.
    assert known("cgr.dev/chainguard/python:latest-dev").tools == frozenset()
