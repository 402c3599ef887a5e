"""Image references to environments, family by family."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.images.catalogue import alternatives, environment
from fromlint.images.reference import parse
from images.looked_up import TODAY, known, short
from images.tables import REAL


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
    "text",
    [
        "python:3.17",
        "debian:duke",
        "alpine:3.30",
        "ubuntu:27.04",
        "pypy:4.0",
        "node:4-alpine",
        "golang:1.6.2-alpine",
        "golang:1.4",
        "continuumio/miniconda3:4.3.11",
        "continuumio/anaconda3:2019.10",
        "condaforge/miniforge3:4.8.2-0",
        "node:7.10-slim",
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


_TEXTS = st.sampled_from(sorted({row[0] for row in REAL}))


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
