"""apt-get install without package lists."""

import pytest

SLIM = "FROM python:3.12-slim\n"
GONE = "RUN apt-get update && apt-get install -y curl && rm -rf /var/lib/apt/lists/*\n"


def test_an_install_without_update_stops(check):
    (found,) = check("FL208", f"{SLIM}RUN apt-get install -y libpq5\n")
    assert (found.span.line, found.span.column) == (2, 1)
    assert found.label == "will not find libpq5"
    assert "comes without package lists" in found.message


def test_lists_that_were_deleted_are_gone_and_the_place_is_named(check):
    (found,) = check("FL208", f"{SLIM}{GONE}RUN apt-get install -y git\n")
    assert found.span.line == 3
    assert any(label.text == "the lists are deleted here" and label.span.line == 2 for label in found.related)


def test_what_may_have_come_with_another_package_is_there_already(check):
    earlier = "RUN apt-get update && apt-get install -y curl gpg-agent && rm -rf /var/lib/apt/lists/*\n"
    assert not check("FL208", f"FROM ubuntu:24.04\n{earlier}RUN apt-get install -y curl gpg gpgconf\n")
    assert check("FL208", f"FROM ubuntu:24.04\n{earlier}RUN apt-get install -y curl gpg gpgconf nginx\n")
    assert check("FL208", "FROM ubuntu:24.04\nRUN apt-get install -y gpg\n")
    assert not check("FL208", f"{SLIM}{GONE}RUN apt-get install -y libnghttp2-14\n")
    assert check("FL208", f"{SLIM}{GONE}RUN apt-get install -y libpq5\n")


def test_a_stage_goes_on_where_its_parent_ended(check):
    parent = f"{SLIM[:-1]} AS base\n{GONE}FROM base\n"
    (found,) = check("FL208", f"{parent}RUN apt-get install -y git\n")
    assert found.stage == 1


def test_an_update_in_a_cache_mount_is_not_there_without_it(check):
    mounted = "RUN --mount=type=cache,target=/var/lib/apt apt-get update\n"
    assert len(check("FL208", f"{SLIM}{mounted}RUN apt-get install -y git\n")) == 1
    again = "RUN --mount=type=cache,target=/var/lib/apt,sharing=locked apt-get install -y git\n"
    assert not check("FL208", f"{SLIM}{mounted}{again}")


@pytest.mark.parametrize(
    "lines",
    [
        "RUN apt-get update && apt-get install -y git",
        "RUN apt-get update\nRUN apt-get install -y git",
        "RUN apt-get -qq update; apt-get install -y git",
        "RUN --mount=type=cache,target=/var/lib/apt/lists apt-get install -y git",
        "RUN --mount=type=cache,target=/var/cache/apt --mount=type=cache,target=/var/lib/apt apt-get install -y git",
        "RUN apt-get install -y ca-certificates",
        "RUN apt-get install -y ./x.deb",
        "RUN dpkg -i x.deb",
        "RUN curl -fsSL https://deb.nodesource.com/setup_22.x | bash - && apt-get install -y nodejs",
        "RUN apt-get install -y git || true",
        "COPY install-deps.sh /tmp/\nRUN /tmp/install-deps.sh && apt-get install -y git",
        "RUN install_packages git",
        "RUN apt-get install -y --update git",
    ],
)
def test_an_install_with_lists_or_without_need_of_them_is_left_alone(check, lines):
    assert not check("FL208", f"{SLIM}{lines}\n", {"install-deps.sh": "", "x.deb": ""})


@pytest.mark.parametrize("base", ["registry.corp/base:1", "nvidia/cuda:12.4.1-base-ubuntu22.04", "alpine:3.22"])
def test_other_bases_may_have_lists(check, base):
    assert not check("FL208", f"FROM {base}\nRUN apt-get install -y git\n")


def test_a_languages_own_installer_fetches_no_lists(check):
    line = "RUN apt-get install -y git\n"
    assert check("FL208", f"FROM node:26-trixie-slim\nRUN npm install -g yarn\n{line}")
    assert not check("FL208", f"FROM node:26-trixie-slim\nRUN curl https://example.org/setup | bash\n{line}")
