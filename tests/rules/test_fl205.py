"""Names that a release of the distribution does not have."""

import pytest

from fromlint.model.finding import Severity


def test_a_package_that_is_gone_is_named_at_its_word_with_todays_name(check):
    (found,) = check(
        "FL205",
        "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y curl libgl1-mesa-glx\n",
    )
    assert found.severity is Severity.ERROR
    assert found.message == "Debian 13 (trixie) has no package libgl1-mesa-glx"
    assert (found.span.line, found.span.column, found.span.end_column) == (2, 47, 62)
    assert found.missing == ("libgl1",)
    assert "write libgl1" in found.help
    assert any("bookworm still had it" in note for note in found.notes)


def test_a_name_with_several_providers_is_refused_by_apt(check):
    (found,) = check("FL205", "FROM debian:13-slim\nRUN apt-get update && apt-get install -y netcat\n")
    assert "several" not in found.message
    assert "netcat-openbsd" in found.message


def test_a_name_that_one_package_provides_resolves(check):
    assert not check("FL205", "FROM debian:13-slim\nRUN apt-get update && apt-get install -y libcurl4\n")


def test_on_the_release_that_has_it_nothing_is_said(check):
    assert not check("FL205", "FROM python:3.12-slim-bookworm\nRUN apt-get update && apt-get install libgl1-mesa-glx\n")


@pytest.mark.parametrize(
    "before",
    [
        "RUN echo deb https://example.org/apt stable main > /etc/apt/sources.list.d/x.list",
        "RUN add-apt-repository ppa:x/y",
        "COPY x.sources /etc/apt/sources.list.d/",
        "COPY rootfs /",
        "RUN curl -sSL https://example.org/setup.sh | bash",
    ],
)
def test_nothing_is_said_once_a_source_may_have_been_added(check, before):
    dockerfile = f"FROM python:3.12-slim\n{before}\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n"
    assert not check("FL205", dockerfile, {"x.sources": "", "rootfs/etc/motd": ""})


def test_a_source_of_the_parent_stage_counts_and_one_that_comes_later_does_not(check):
    base = "FROM python:3.12-slim AS base\nRUN add-apt-repository ppa:x/y\nFROM base\n"
    assert not check("FL205", base + "RUN apt-get update && apt-get install -y libgl1-mesa-glx\n")
    later = "FROM python:3.12-slim\nRUN apt-get update && apt-get install -y software-properties-common\n"
    (found,) = check("FL205", later + "RUN add-apt-repository ppa:x/y\n")
    assert "software-properties-common" in found.message


@pytest.mark.parametrize(
    "words",
    [
        "-t trixie-backports libgl1-mesa-glx",
        "libgl1-mesa-glx/trixie-backports",
        "g++-1[0-9]",
        "libpq.*dev$",
        "$PACKAGES",
        "./libgl1-mesa-glx.deb",
        "libgl1-mesa-glx || true",
    ],
)
def test_patterns_backports_and_what_may_fail_are_left_alone(check, words):
    assert not check("FL205", f"FROM python:3.12-slim\nRUN apt-get update && apt-get install -y {words}\n")


def test_once_for_a_name_and_instruction(check):
    line = "RUN apt-get update && apt-get install -y libgl1-mesa-glx && apt-get install -y libgl1-mesa-glx\n"
    assert len(check("FL205", f"FROM python:3.12-slim\n{line}")) == 1
    assert len(check("FL205", f"FROM python:3.12-slim\n{line}{line}")) == 2


def test_alpine_names_that_are_gone_and_names_that_are_still_provided(check):
    (found,) = check("FL205", "FROM python:3.12-alpine\nRUN apk add --no-cache python-dev gcc postgresql-libs\n")
    assert "python-dev" in found.message
    assert found.missing == ("python3-dev",)


def test_tagged_and_foreign_alpine_repositories_are_left_alone(check):
    assert not check("FL205", "FROM python:3.12-alpine\nRUN apk add --no-cache python-dev@edge\n")
    assert not check("FL205", "FROM python:3.12-alpine\nRUN apk add -X https://example.org/alpine python-dev\n")


@pytest.mark.parametrize(
    "base", ["registry.corp/base:1", "debian:sid", "ubuntu:24.04", "nvidia/cuda:12.4.1-base-ubuntu22.04"]
)
def test_what_is_not_known_completely_is_left_alone(check, base):
    assert not check("FL205", f"FROM {base}\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n")


def test_a_stage_that_nothing_needs_is_not_judged(check):
    stage = "FROM python:3.12-slim AS old\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n"
    assert not check("FL205", f"{stage}FROM python:3.12-slim\n")


def test_a_file_that_is_copied_to_the_root_brings_no_source(check):
    copied = (
        "FROM python:3.12-slim\nCOPY requirements.txt ./\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n"
    )
    assert len(check("FL205", copied, {"requirements.txt": ""})) == 1


def test_of_a_tag_whose_release_is_only_inferred_nothing_is_said(check):
    assert not check("FL205", "FROM node:20.1.0-slim\nRUN apt-get update && apt-get install -y python\n")
    assert check("FL205", "FROM node:20-slim\nRUN apt-get update && apt-get install -y python\n")


@pytest.mark.parametrize(
    "before",
    [
        "RUN npm install -g yarn",
        "RUN corepack enable pnpm",
        "RUN cargo install ripgrep",
        "RUN curl -L https://example.org/x.tar.gz | tar xz",
    ],
)
def test_a_languages_own_installer_adds_no_package_source(check, before):
    line = "RUN apt-get update && apt-get install -y libgl1-mesa-glx"
    assert check("FL205", f"FROM node:26-trixie-slim\n{before}\n{line}\n")
    assert not check("FL205", f"FROM node:26-trixie-slim\nRUN curl https://example.org/setup | bash\n{line}\n")


@pytest.mark.parametrize("name", ["libldap-2.5", "g.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+.+x"])
def test_an_expression_that_may_fit_a_name_is_left_alone(check, name):
    assert not check("FL205", f"FROM debian:13-slim\nRUN apt-get update && apt-get install -y {name}\n")


def test_the_name_of_an_earlier_release_is_no_expression(check):
    (found,) = check("FL205", "FROM debian:13-slim\nRUN apt-get update && apt-get install -y python3.11\n")
    assert found.message == "Debian 13 (trixie) has no package python3.11"


GLX = "FROM python:3.12-slim\nCOPY . .\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n"


@pytest.mark.parametrize(
    ("dockerfile", "files", "speaks"),
    [
        (GLX, {"app.py": "", "src/x.py": ""}, True),
        (GLX, {"app.py": "", "etc/apt/sources.list.d/x.list": ""}, False),
        (GLX, {"app.py": "", "etc/x": "", ".dockerignore": "etc\n"}, True),
        (GLX.replace("COPY . .", "COPY deploy ."), {"deploy/app.py": ""}, True),
        (GLX.replace("COPY . .", "COPY deploy ."), {"deploy/usr/share/x": ""}, False),
        # Made by somebody before the build.
        (GLX.replace("COPY . .", "COPY deploy ."), {}, False),
        (GLX.replace("COPY . .", "ADD root*.tar.gz /"), {"rootfs.tar.gz": ""}, False),
        (GLX.replace("COPY . .", "COPY --from=other / /"), {}, False),
    ],
)
def test_a_project_that_is_copied_to_the_root_is_no_tree_for_the_image(check, dockerfile, files, speaks):
    assert bool(check("FL205", dockerfile, files)) is speaks
