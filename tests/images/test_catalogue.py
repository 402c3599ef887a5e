"""Image references to environments, family by family."""

import datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.images import catalogue, store
from fromlint.images.catalogue import alternatives, environment
from fromlint.images.reference import parse
from fromlint.model.environment import Environment

TODAY = datetime.date(2026, 11, 22)


def known(
    text: str, day: str | None = None, platform: str = "linux/amd64", configured: dict[str, str] | None = None
) -> Environment:
    reference = parse(text)
    assert reference is not None
    as_of = TODAY if day is None else datetime.date.fromisoformat(day)
    return environment(reference, platform=platform, as_of=as_of, configured=configured or {})


def short(found: Environment) -> tuple[str, ...]:
    """``("debian 13", "glibc 2.41", "3.12 /usr/local")``: what most tests look at."""
    release = f"{found.distro} {found.release}"
    libc = f"{found.libc} {found.libc_version}"
    python = "-"
    if found.python:
        python = f"{'.'.join(found.python.version.split('.')[:2])} {found.python.prefix}"
    return release, libc, python


def test_slim_in_full() -> None:
    found = known("python:3.12-slim")
    assert found.known
    assert found.unknown is None
    assert found.image == "python:3.12-slim"
    assert short(found) == ("debian 13", "glibc 2.41", "3.12 /usr/local")
    assert (found.family, found.codename, found.variant, found.package_manager) == ("debian", "trixie", "slim", "apt")
    assert found.python is not None
    assert (found.python.version, found.python.pip, found.python.externally_managed) == ("3.12.14", "25.0.1", False)
    assert found.distributions == {"pip": "25.0.1"}
    assert found.variables["PATH"].startswith("/usr/local/bin:")
    assert found.variables["PYTHON_VERSION"] == "3.12.14"
    assert found.variables["LANG"] == "C.UTF-8"
    assert (found.user, found.directory, found.virtual_environment) == ("root", "/", None)
    assert (found.end_of_life, found.python_end_of_life, found.lists_gone) == ("2030-06-30", "2028-10-31", False)
    assert "linux/arm/v7" in found.architectures
    assert found.size_bytes == 43188023
    assert found.floating
    assert found.facts_date == "2026-08-13"
    assert found.offered[0].version == "3.13.5"
    assert found.offered[0].externally_managed


def test_size_is_of_the_platform() -> None:
    assert known("python:3.14-slim-trixie", platform="linux/arm64").size_bytes == 43689870
    assert known("python:3.14-slim-trixie", platform="linux/mips64le").size_bytes is None


def test_lang_is_set_up_to_3_12() -> None:
    assert "LANG" not in known("python:3.13").variables


def test_setuptools_and_wheel_come_up_to_3_11() -> None:
    assert known("python:3.11").distributions == {"pip": "24.0", "setuptools": "79.0.1", "wheel": "0.46.3"}
    assert known("python:3.10.14-slim").distributions == {"pip": "23.0.1", "setuptools": "65.5.1", "wheel": ""}
    assert known("python:3.12").distributions == {"pip": "25.0.1"}


def test_full_has_debians_python_beside_its_own() -> None:
    others = known("python:3.12-bookworm").others
    assert [(python.version, python.prefix, python.externally_managed) for python in others] == [
        ("3.11.2", "/usr", True)
    ]
    assert known("python:3.12-slim").others == ()


def test_libc_of_alpine_is_what_tags_ask_for() -> None:
    assert short(known("python:3.12-alpine")) == ("alpine 3.24", "musl 1.2", "3.12 /usr/local")
    assert known("python:3.7-alpine3.12").libc_version == "1.1"


@pytest.mark.parametrize(
    "text",
    [
        "docker.io/library/python:3.11-slim",
        "index.docker.io/library/python:3.11-slim",
        "public.ecr.aws/docker/library/python:3.11-slim",
        "mirror.gcr.io/library/python:3.11-slim",
        "harbor.corp/dockerhub/library/python:3.11-slim",
        "123456789012.dkr.ecr.eu-west-1.amazonaws.com/docker-hub/library/python:3.11-slim",
        "gitlab.corp:443/group/dependency_proxy/containers/python:3.11-slim",
        "gitlab.corp/group/dependency_proxy/containers/library/python:3.11-slim",
    ],
)
def test_mirrors_are_the_official_image(text: str) -> None:
    found = known(text)
    assert found.known
    assert found.image == text
    assert found._replace(image="") == known("python:3.11-slim")._replace(image="")


def test_namespaces_by_cpu_fix_the_platform() -> None:
    found = known("arm64v8/python:3.12-slim")
    assert (found.platform, found.architectures) == ("linux/arm64", ("linux/arm64",))
    assert known("i386/alpine:3.20").platform == "linux/386"


FAMILIES = [
    ("debian", None, ("debian 13", "glibc 2.41", "-")),
    ("debian", "2024-01-01", ("debian 12", "glibc 2.36", "-")),
    ("debian:stable-slim", "2019-07-08", ("debian 9", "glibc 2.24", "-")),
    ("debian:oldstable", None, ("debian 12", "glibc 2.36", "-")),
    ("debian:oldoldstable-slim", None, ("debian 11", "glibc 2.31", "-")),
    ("debian:testing", None, ("debian 14", "glibc 2.43", "-")),
    ("debian:unstable-slim", None, ("debian sid", "glibc 2.43", "-")),
    ("debian:bookworm-20240130-slim", None, ("debian 12", "glibc 2.36", "-")),
    ("debian:11.11", None, ("debian 11", "glibc 2.31", "-")),
    ("ubuntu", None, ("ubuntu 26.04", "glibc 2.43", "-")),
    ("ubuntu", "2026-01-01", ("ubuntu 24.04", "glibc 2.39", "-")),
    ("ubuntu:jammy-20240111", None, ("ubuntu 22.04", "glibc 2.35", "-")),
    ("ubuntu:rolling", "2025-12-01", ("ubuntu 25.10", "glibc 2.42", "-")),
    ("alpine:3.20.3", None, ("alpine 3.20", "musl 1.2", "-")),
    ("alpine", "2025-01-01", ("alpine 3.21", "musl 1.2", "-")),
    ("alpine:3.12", None, ("alpine 3.12", "musl 1.1", "-")),
    ("buildpack-deps:bookworm-curl", None, ("debian 12", "glibc 2.36", "-")),
    ("buildpack-deps:scm", None, ("debian 13", "glibc 2.41", "-")),
    ("buildpack-deps:jammy", None, ("ubuntu 22.04", "glibc 2.35", "-")),
    ("pypy:3.11-slim", None, ("debian 13", "glibc 2.41", "3.11 /opt/pypy")),
    ("pypy:3.10-7.3.12-bullseye", None, ("debian 11", "glibc 2.31", "3.10 /opt/pypy")),
    ("pypy", "2024-01-01", ("debian 11", "glibc 2.31", "3.10 /opt/pypy")),
    ("pypy:2", None, ("debian 13", "glibc 2.41", "2.7 /opt/pypy")),
    ("node:20", None, ("debian 12", "glibc 2.36", "-")),
    ("node:18-slim", "2023-01-01", ("debian 11", "glibc 2.31", "-")),
    ("node:16-alpine", None, ("alpine 3.18", "musl 1.2", "-")),
    ("node:22-bookworm-slim", None, ("debian 12", "glibc 2.36", "-")),
    ("node:lts-krypton", None, ("debian 12", "glibc 2.36", "-")),
    ("node", None, ("debian 13", "glibc 2.41", "-")),
    ("golang:1.22", None, ("debian 12", "glibc 2.36", "-")),
    ("golang:1.26-alpine", None, ("alpine 3.24", "musl 1.2", "-")),
    ("golang:alpine", "2024-01-01", ("alpine 3.19", "musl 1.2", "-")),
    ("rust:1.60-slim", None, ("debian 11", "glibc 2.31", "-")),
    ("rust:1-slim-bookworm", None, ("debian 12", "glibc 2.36", "-")),
    ("ghcr.io/astral-sh/uv:python3.12-bookworm-slim", None, ("debian 12", "glibc 2.36", "3.12 /usr/local")),
    ("ghcr.io/astral-sh/uv:0.9-python3.13-alpine", None, ("alpine 3.23", "musl 1.2", "3.13 /usr/local")),
    ("ghcr.io/astral-sh/uv:python3.13-alpine", "2025-06-01", ("alpine 3.21", "musl 1.2", "3.13 /usr/local")),
    ("ghcr.io/astral-sh/uv:debian-slim", "2025-01-01", ("debian 12", "glibc 2.36", "-")),
    ("ghcr.io/astral-sh/uv:0.9.8-trixie", None, ("debian 13", "glibc 2.41", "-")),
    ("public.ecr.aws/lambda/python:3.12", None, ("amazon 2023", "glibc 2.34", "3.12 /var/lang")),
    ("public.ecr.aws/lambda/python:3.11-arm64", None, ("amazon 2", "glibc 2.26", "3.11 /var/lang")),
    ("amazon/aws-lambda-python:3.7", None, ("amazon 1", "glibc 2.17", "3.7 /var/lang")),
    ("mcr.microsoft.com/devcontainers/python:3-3.12-bookworm", None, ("debian 12", "glibc 2.36", "3.12 /usr/local")),
    ("mcr.microsoft.com/devcontainers/python:2-3.11", None, ("debian 12", "glibc 2.36", "3.11 /usr/local")),
    ("mcr.microsoft.com/devcontainers/python:3.12", None, ("debian 13", "glibc 2.41", "3.12 /usr/local")),
    (
        "mcr.microsoft.com/azure-functions/python:4-python3.11",
        None,
        ("debian 11", "glibc 2.31", "3.11 /opt/python/3.11"),
    ),
    ("registry.access.redhat.com/ubi9/python-312", None, ("rhel 9", "glibc 2.34", "3.12 /opt/app-root")),
    ("registry.access.redhat.com/ubi8/ubi-minimal", None, ("rhel 8", "glibc 2.28", "-")),
    ("registry.access.redhat.com/ubi10", None, ("rhel 10", "glibc 2.39", "3.12 /usr")),
    ("quay.io/sclorg/python-312-c9s", None, ("centos-stream 9", "glibc 2.34", "3.12 /opt/app-root")),
    ("fedora", None, ("fedora 44", "glibc 2.43", "-")),
    ("fedora:43", None, ("fedora 43", "glibc 2.42", "-")),
    ("rockylinux:9", None, ("rocky 9", "glibc 2.34", "-")),
    ("almalinux", None, ("alma 10", "glibc 2.39", "-")),
    ("amazonlinux", "2023-01-01", ("amazon 2", "glibc 2.26", "2.7 /usr")),
    ("amazonlinux:2023.6.20241010.0", None, ("amazon 2023", "glibc 2.34", "3.9 /usr")),
    ("centos:7", None, ("centos 7", "glibc 2.17", "2.7 /usr")),
    ("oraclelinux:9-slim", None, ("oracle 9", "glibc 2.34", "-")),
    ("gcr.io/distroless/python3-debian12:nonroot", None, ("debian 12", "glibc 2.36", "3.11 /usr")),
    ("gcr.io/distroless/cc-debian13", None, ("debian 13", "glibc 2.41", "-")),
    ("cgr.dev/chainguard/python:latest-dev", None, ("wolfi rolling", "glibc 2.43", "3.14 /usr")),
    ("cgr.dev/chainguard/wolfi-base", None, ("wolfi rolling", "glibc 2.43", "-")),
    ("dhi.io/python:3.13", None, ("debian 13", "glibc 2.41", "3.13 /opt/python")),
    ("dhi.io/python:3.13-debian12-dev", None, ("debian 12", "glibc 2.36", "3.13 /opt/python")),
    ("dhi.io/python:3.13-alpine3.23", None, ("alpine 3.23", "musl 1.2", "3.13 /opt/python")),
    ("nvidia/cuda:12.4.1-cudnn-devel-ubuntu22.04", None, ("ubuntu 22.04", "glibc 2.35", "-")),
    ("nvidia/cuda:11.8.0-base-ubi8", None, ("rhel 8", "glibc 2.28", "3.6 /usr")),
    ("nvcr.io/nvidia/pytorch:25.04-py3", None, ("ubuntu 24.04", "glibc 2.39", "3.12 /usr")),
    ("pytorch/pytorch:2.4.0-cuda12.4-cudnn9-runtime", None, ("ubuntu 22.04", "glibc 2.35", "3.11 /opt/conda")),
    ("tensorflow/tensorflow:2.15.0-gpu", None, ("ubuntu 22.04", "glibc 2.35", "3.11 /usr")),
    ("quay.io/jupyter/scipy-notebook:2024-03-01", None, ("ubuntu 22.04", "glibc 2.35", "3.11 /opt/conda")),
    ("continuumio/miniconda3", "2024-08-01", ("debian 12", "glibc 2.36", "3.12 /opt/conda")),
    ("condaforge/miniforge3", None, ("ubuntu 24.04", "glibc 2.39", "3.13 /opt/conda")),
    ("mambaorg/micromamba:2-debian12-slim", None, ("debian 12", "glibc 2.36", "-")),
    ("bitnami/python:3.11-debian-12-r3", None, ("debian 12", "glibc 2.36", "3.11 /opt/bitnami/python")),
    ("ghcr.io/home-assistant/base-python:3.12-alpine3.20", None, ("alpine 3.20", "musl 1.2", "3.12 /usr/local")),
    ("lscr.io/linuxserver/baseimage-ubuntu:jammy", None, ("ubuntu 22.04", "glibc 2.35", "-")),
    ("cimg/python:3.12", None, ("ubuntu 22.04", "glibc 2.35", "3.12 /home/circleci/.pyenv/versions/3.12")),
    ("circleci/python:3.8-buster", None, ("debian 10", "glibc 2.28", "3.8 /usr/local")),
    ("tiangolo/uvicorn-gunicorn-fastapi:python3.9", None, ("debian 13", "glibc 2.41", "3.9 /usr/local")),
    ("tiangolo/uvicorn-gunicorn-fastapi:python3.8-slim", None, ("debian 12", "glibc 2.36", "3.8 /usr/local")),
    ("phusion/baseimage:noble-1.0.2", None, ("ubuntu 24.04", "glibc 2.39", "3.12 /usr")),
    ("apache/airflow:2.9.1-python3.11", None, ("debian 12", "glibc 2.36", "3.11 /usr/local")),
    ("archlinux", None, ("arch rolling", "glibc 2.44", "-")),
    ("opensuse/leap:15.6", None, ("opensuse-leap 15.6", "glibc 2.38", "-")),
    ("photon:4.0", None, ("photon 4.0", "glibc 2.32", "-")),
    ("amazonlinux", None, ("amazon 2023", "glibc 2.34", "3.9 /usr")),
    ("bitnami/python:latest", None, ("debian 12", "glibc 2.36", "3.14 /opt/bitnami/python")),
    ("buildpack-deps", "2024-01-01", ("debian 12", "glibc 2.36", "-")),
    ("fedora", "2024-06-01", ("fedora 40", "glibc 2.39", "-")),
    ("jupyter/base-notebook", None, ("ubuntu 22.04", "glibc 2.35", "3.11 /opt/conda")),
    ("jupyter/scipy-notebook:python-3.10", None, ("ubuntu 22.04", "glibc 2.35", "3.10 /opt/conda")),
    ("jupyter/minimal-notebook", "2022-01-01", ("ubuntu 20.04", "glibc 2.31", "3.9 /opt/conda")),
    ("mambaorg/micromamba:1.5.8", None, ("debian 12", "glibc 2.36", "-")),
    ("mambaorg/micromamba", "2024-01-01", ("debian 12", "glibc 2.36", "-")),
    ("node:22.5.0-alpine", None, ("alpine 3.24", "musl 1.2", "-")),
    ("public.ecr.aws/lambda/python:latest", "2024-01-01", ("amazon 2023", "glibc 2.34", "3.12 /var/lang")),
    ("public.ecr.aws/lambda/python:3.15", None, ("amazon 2023", "glibc 2.34", "3.15 /var/lang")),
    ("rust", "2024-01-01", ("debian 12", "glibc 2.36", "-")),
    ("tiangolo/meinheld-gunicorn-flask:python3.9", None, ("debian 12", "glibc 2.36", "3.9 /usr/local")),
    ("ghcr.io/wolfi-dev/sdk:latest", None, ("wolfi rolling", "glibc 2.43", "-")),
    ("busybox:musl", None, ("busybox None", "musl None", "-")),
    ("scratch", None, ("scratch None", "None None", "-")),
]


@pytest.mark.parametrize(
    ("text", "day", "expected"), FAMILIES, ids=[f"{row[0]}@{row[1] or 'today'}" for row in FAMILIES]
)
def test_families(text: str, day: str | None, expected: tuple[str, str, str]) -> None:
    found = known(text, day)
    assert found.known, found.unknown
    assert found.image == text
    assert short(found) == expected
    assert found.tag_status in ("real", "inferred")


def test_every_family_is_among_them() -> None:
    # Of superset no tag's Python is known.
    tested = {family_of(text) for text, _, _ in FAMILIES} | {"superset"}
    files = Path(store.__file__).parent.parent / "data" / "images" / "families"
    assert {path.stem for path in files.iterdir()} == tested


def family_of(text: str) -> str | None:
    reference = parse(text)
    assert reference is not None
    return catalogue._family(catalogue.canonical(reference)[0])


def test_only_the_stacks_are_stacks() -> None:
    for text in ("jupyter/jupyterhub-onbuild", "jupyterhub/jupyterhub-onbuild:4", "jupyter/repo2docker"):
        assert not known(text).known


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("node:22.5.0-alpine", "inferred"),
        ("node:22-alpine", "real"),
        ("node:20.1.0-slim", "inferred"),
        ("mambaorg/micromamba:1.5.8", "inferred"),
        ("public.ecr.aws/lambda/python:3.15", "inferred"),
        ("public.ecr.aws/lambda/python:3.13", "real"),
        ("python:3.14.9-slim", "inferred"),
        ("python:3.15-slim", "real"),
    ],
)
def test_what_is_only_inferred_says_so(text: str, status: str) -> None:
    assert known(text).tag_status == status


def test_a_tag_of_python_that_is_newer_than_the_data_gives_away_libc_and_python() -> None:
    found = known("python:3.14-alpine3.25")
    assert (found.known, found.tag_status, found.libc) == (False, "unknown", "musl")
    assert found.python is not None
    assert found.python.version == "3.14"


@pytest.mark.parametrize(
    ("text", "nearest"),
    [
        ("python:latest-slim", "slim"),
        ("python:3.12-bookworm-slim", "3.12-slim-bookworm"),
        ("debian:latest-slim", "stable-slim"),
        ("debian:slim", "stable-slim"),
        ("debian:slim-bookworm", "bookworm-slim"),
        ("ubuntu:24.04-slim", "24.04"),
        ("alpine:3.20-slim", "3.20"),
        ("buildpack-deps:bookworm-slim", "bookworm"),
        ("node:22-slim-bookworm", "22-bookworm-slim"),
        ("node:latest-alpine", "alpine"),
        ("golang:1.22-slim", "1.22"),
        ("rust:1.80-bookworm-slim", "1.80-slim-bookworm"),
        ("ghcr.io/astral-sh/uv:python3.12-slim-bookworm", "python3.12-bookworm-slim"),
        ("ghcr.io/astral-sh/uv:0.9-python3.12-slim", "0.9-python3.12-trixie-slim"),
        ("pypy:3.11-alpine", "slim"),
        ("nvidia/cuda:latest", "12.9.1-base-ubuntu24.04"),
    ],
)
def test_tags_that_never_were(text: str, nearest: str) -> None:
    found = known(text)
    assert not found.known
    assert (found.tag_status, found.nearest_tag) == ("never", nearest)
    real = known(f"{text.rpartition(':')[0]}:{nearest}")
    assert real.tag_status == "real"
    assert real.known


@pytest.mark.parametrize(
    "text",
    [
        "python:3.17",
        "debian:duke",
        "alpine:3.30",
        "ubuntu:27.04",
        "pypy:4.0",
        "fedora:50",
        "pytorch/pytorch",
        "dhi.io/python:x",
    ],
)
def test_newer_than_the_data_is_unknown_and_never_no_such_tag(text: str) -> None:
    found = known(text)
    assert not found.known
    assert found.unknown
    assert found.tag_status == "unknown"


def test_a_tag_of_a_table_by_version_that_has_no_entry_is_inferred() -> None:
    assert known("golang:1.99").tag_status == "inferred"
    assert known("node:40-slim").tag_status == "inferred"
    assert known("node:22-slim").tag_status == "real"


def test_apk_does_not_mean_musl() -> None:
    found = known("cgr.dev/chainguard/wolfi-base")
    assert (found.package_manager, found.libc, found.family) == ("apk", "glibc", "wolfi")
    unsure = known("mambaorg/micromamba:1.5-alpine3.20")
    assert not unsure.known
    assert unsure.libc == "glibc"


def test_lambda_and_ubi_live_elsewhere() -> None:
    aws = known("public.ecr.aws/lambda/python:3.12")
    assert (aws.package_manager, aws.directory) == ("microdnf", "/var/task")
    assert aws.variables["PATH"].startswith("/var/lang/bin")
    ubi = known("registry.access.redhat.com/ubi9/python-312-minimal")
    assert (ubi.virtual_environment, ubi.user, ubi.package_manager) == ("/opt/app-root", "1001", "microdnf")
    assert known("registry.access.redhat.com/ubi9/ubi-micro").package_manager is None


def test_distroless_has_no_tools() -> None:
    found = known("gcr.io/distroless/python3-debian12")
    assert found.tools == {"python3", "python"}
    assert found.package_manager is None
    assert found.python is not None
    assert found.python.pip == ""


def test_a_like_image_adds_to_what_it_stands_on() -> None:
    uv = known("ghcr.io/astral-sh/uv:python3.12-bookworm-slim")
    assert {"uv", "uvx", "pip", "bash"} <= uv.tools
    assert uv.architectures == ("linux/amd64", "linux/arm64")
    assert not uv.floating
    go = known("golang:1.26")
    assert {"c-compiler", "git"} <= go.capabilities
    assert go.variables["GOPATH"] == "/go"


def test_releases_that_left_the_mirrors() -> None:
    assert known("python:3.7-slim-buster").lists_gone
    assert not known("python:3.7-slim-buster", "2025-01-01").lists_gone
    assert not known("debian:bullseye").lists_gone
    assert known("centos:7").lists_gone


def test_debian_ends_with_its_long_term_support() -> None:
    assert known("debian:bookworm").end_of_life == "2028-06-30"
    assert known("debian:bullseye").end_of_life == "2026-08-31"


def test_a_distribution_looks_after_its_own_python() -> None:
    assert known("gcr.io/distroless/python3-debian11").python_end_of_life is None
    assert known("python:3.9").python_end_of_life == "2025-10-31"


def test_what_the_package_manager_would_bring() -> None:
    bookworm, alpine = known("debian:bookworm"), known("alpine:3.24")
    assert bookworm.python is None
    assert [(p.version, p.pip, p.externally_managed) for p in bookworm.offered] == [("3.11.2", "23.0.1", True)]
    assert [(p.version, p.pip, p.externally_managed) for p in alpine.offered] == [("3.14.5", "26.1.2", True)]
    assert not known("ubuntu:22.04").offered[0].externally_managed


def test_digests() -> None:
    digest = "sha256:" + "ab" * 32
    pinned = known(f"python:3.12-slim@{digest}")
    assert pinned.known
    assert pinned.codename == "trixie"
    assert not pinned.floating
    alone = known(f"python@{digest}")
    assert not alone.known
    assert alone.tag_status == "unknown"
    assert alone.python is None


def test_unknown_images_say_what_is_safe() -> None:
    found = known("registry.corp/base/py312-bookworm:7")
    assert not found.known
    assert "[tool.fromlint.images]" in (found.unknown or "")
    assert short(found) == ("debian 12", "glibc 2.36", "3.12 /usr/local")
    assert known("registry.corp/app").libc is None


def test_configured_images() -> None:
    configured = {"registry.corp/py:*": "python:3.12-slim-bookworm", "registry.corp/broken*": "Not A Reference"}
    found = known("registry.corp/py:2026.1", configured=configured)
    assert found.known
    assert found.image == "registry.corp/py:2026.1"
    assert short(found) == ("debian 12", "glibc 2.36", "3.12 /usr/local")
    assert known("registry.corp/py", configured=configured).known
    assert not known("registry.corp/other", configured=configured).known
    broken = known("registry.corp/broken:1", configured=configured)
    assert not broken.known
    assert "no image reference" in (broken.unknown or "")
    assert known("corp/py:1", configured={"docker.io/corp/*": "alpine:3.20"}).distro == "alpine"
    assert known("corp/py:1", configured={"corp/py": "alpine:3.20"}).distro == "alpine"
    official = known("python:3.12", configured={"python:*": "debian:bookworm"})
    assert (official.distro, official.python) == ("debian", None)


def test_a_configured_image_does_not_lead_in_circles() -> None:
    found = known("corp/py:1", configured={"corp/*": "corp/other:1"})
    assert not found.known


def test_windows_is_not_read() -> None:
    found = known("python:3.12-windowsservercore")
    assert not found.known
    assert (found.distro, found.architectures) == ("windows", ("windows/amd64",))


@pytest.mark.parametrize(
    ("text", "minor", "names"),
    [
        ("python:3.12-alpine", "3.12", "slim-trixie trixie slim-bookworm bookworm alpine3.24"),
        ("python:3.8.1", "3.8", "slim-bookworm bookworm slim-bullseye bullseye alpine3.20"),
        ("public.ecr.aws/lambda/python:3.12", "3.12", "slim-trixie trixie slim-bookworm bookworm alpine3.24"),
        ("python:3.15-slim", "3.15", "slim-trixie trixie alpine3.24"),
        ("python:3.16-rc", "3.16-rc", "slim-trixie trixie alpine3.24"),
        ("pypy:3.11", "", ""),
        ("debian", "", ""),
    ],
)
def test_alternatives(text: str, minor: str, names: str) -> None:
    found = alternatives(known(text), TODAY)
    assert found == tuple(f"python:{minor}-{name}" for name in names.split())
    assert all(known(image).tag_status == "real" for image in found)


def test_alternatives_of_uvs_image_are_its_own_tags() -> None:
    image = "ghcr.io/astral-sh/uv:0.9-python3.13-alpine"
    found = alternatives(known(image), TODAY)
    start = "ghcr.io/astral-sh/uv:0.9-python3.13-"
    names = ("trixie-slim", "trixie", "bookworm-slim", "bookworm", "alpine")
    assert found == tuple(f"{start}{name}" for name in names)
    assert all(known(name).known for name in found)


_TEXTS = st.sampled_from(sorted({row[0] for row in FAMILIES}))


@given(_TEXTS, st.text(alphabet="abcdefgilmnoprstxz0123456789.-_", min_size=1, max_size=40), st.dates())
def test_any_tag_of_any_family_has_an_answer(text: str, tag: str, day: datetime.date) -> None:
    reference = parse(f"{text.partition(':')[0]}:{tag}")
    if reference is not None:
        found = environment(reference, platform="linux/arm64", as_of=day)
        assert found.known or found.unknown
        assert found.known == (found.unknown is None)


@given(st.text(max_size=80))
def test_any_reference_has_an_answer(text: str) -> None:
    reference = parse(text)
    if reference is not None:
        found = environment(reference, platform="linux/amd64", as_of=TODAY)
        assert found.known == (found.unknown is None)
