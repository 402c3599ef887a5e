"""Releases and Pythons that get no fixes any more."""

import pytest

from fromlint.model.finding import Severity

UPDATE = "RUN apt-get update && apt-get install -y curl\n"


def test_a_release_that_left_the_mirrors_is_an_error_where_lists_are_fetched(check):
    (found,) = check("FL505", f"FROM python:3.9-slim-buster\n{UPDATE}")
    assert found.severity is Severity.ERROR
    assert "apt-get update fails" in found.message
    assert [label.span.line for label in found.related] == [2]
    (found,) = check("FL505", "FROM python:3.9-slim-buster\n")
    assert found.severity is Severity.WARNING


def test_by_a_stage_that_goes_on_from_it(check):
    (found,) = check("FL505", f"FROM python:3.9-slim-buster AS base\nFROM base\n{UPDATE}")
    assert found.severity is Severity.ERROR


@pytest.mark.parametrize(
    "before",
    [
        "RUN sed -i 's/deb.debian.org/archive.debian.org/' /etc/apt/sources.list\n",
        "RUN echo deb http://archive.debian.org/debian buster main > /etc/apt/sources.list\n",
        "COPY sources.list /etc/apt/sources.list\n",
    ],
)
def test_with_the_archive_as_source_it_still_builds(check, before):
    (found,) = check("FL505", f"FROM python:3.9-slim-buster\n{before}{UPDATE}", {"sources.list": ""})
    assert found.severity is Severity.WARNING


def test_a_release_that_has_ended_and_whose_mirror_answers_is_a_warning(check):
    (found,) = check("FL505", f"FROM python:3.12-slim-bullseye\n{UPDATE}")
    assert found.severity is Severity.WARNING
    assert found.message == "python:3.12-slim-bullseye gets no fixes any more: Debian 11 (bullseye) on 2026-08-31"
    assert found.help == ("FROM python:3.12-slim-trixie",)


def test_a_python_that_has_ended_is_named(check):
    (found,) = check("FL505", "FROM python:3.9-slim-bookworm\n")
    assert "CPython 3.9 on 2025-10-31" in found.message
    assert not found.help


@pytest.mark.parametrize(
    "image",
    [
        "python:3.12-slim",
        "python:3.12-slim-bookworm",
        "debian:12",
        "alpine:3.24",
        "registry.corp/base:1",
        "ubuntu:24.04",
    ],
)
def test_what_is_still_looked_after_is_left_alone(check, image):
    assert not check("FL505", f"FROM {image}\n{UPDATE}")


def test_the_day_decides(check):
    assert not check("FL505", "FROM python:3.12-slim-bullseye\n", as_of="2026-08-31")
    assert check("FL505", "FROM python:3.12-slim-bullseye\n", as_of="2026-09-01")


def test_a_stage_that_nothing_needs_is_not_judged(check):
    assert not check("FL505", "FROM python:3.9-slim-buster AS old\nFROM python:3.12-slim\n")


def test_of_a_stage_that_only_makes_other_files_nothing_is_said(check):
    assert not check("FL505", "FROM node:16 AS web\nRUN npm ci\nFROM python:3.12-slim\nCOPY --from=web /dist /dist\n")


def test_an_image_is_named_once_where_it_is_shipped(check):
    build = "FROM python:3.9-slim-bookworm AS build\nRUN pip install x\n"
    (found,) = check("FL505", f"{build}FROM python:3.9-slim-bookworm\nCOPY --from=build /x /x\n")
    assert found.span.line == 3


def test_of_a_tag_whose_release_is_only_inferred_nothing_is_said(check):
    assert not check("FL505", "FROM node:14.4.0-alpine\nRUN apk add --no-cache git\n")
    assert check("FL505", "FROM node:14-alpine\nRUN apk add --no-cache git\n")
