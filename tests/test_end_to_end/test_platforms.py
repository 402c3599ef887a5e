"""Dockerfiles that do other things on other platforms."""

from __future__ import annotations

import pytest

from test_end_to_end.reading import said, versions

ARM, AMD = "linux/arm64", "linux/amd64"
BOTH = (AMD, ARM)
TOOLS = "apk add --no-cache gcc musl-dev libpq-dev"


@pytest.mark.parametrize(
    "tools",
    [
        f'ARG TARGETPLATFORM\nRUN case "$TARGETPLATFORM" in linux/arm64) {TOOLS} ;; *) true ;; esac\n',
        f'ARG TARGETARCH\nRUN if [ "$TARGETARCH" = arm64 ]; then {TOOLS}; fi\n',
        f'RUN if [ "$(uname -m)" = "aarch64" ]; then {TOOLS}; fi\n',
        f"ARG TARGETARCH\nRUN <<EOF\nif [ $TARGETARCH = arm64 ]; then {TOOLS}; fi\nEOF\n",
    ],
)
def test_tools_for_one_platform_alone(checked, native, tools):
    dockerfile = f"FROM python:3.12-alpine3.22\n{tools}RUN pip install psycopg2==2.9.10\n"
    report = checked(dockerfile, index_url=native.url, platform=BOTH)
    missing = [finding for finding in report.findings if finding.code == "FL201"]
    assert [finding.platforms for finding in missing] == [(AMD,)], said(report)
    assert missing[0].message.endswith(" on linux/amd64")


def test_other_tools_are_missing_on_each(checked, native):
    dockerfile = (
        "FROM python:3.12-alpine3.22\nARG TARGETARCH\n"
        "RUN case $TARGETARCH in arm64) apk add --no-cache gcc musl-dev ;; *) apk add --no-cache libpq-dev ;; esac\n"
        "RUN pip install psycopg2==2.9.10\n"
    )
    report = checked(dockerfile, index_url=native.url, platform=BOTH)
    missing = {finding.platforms: finding.missing for finding in report.findings if finding.code == "FL201"}
    assert missing == {(AMD,): ("gcc", "musl-dev"), (ARM,): ("libpq-dev",)}


def test_an_install_on_one_platform_alone(checked, native):
    dockerfile = (
        "FROM python:3.12-alpine3.22\nARG TARGETARCH\n"
        'RUN if [ "$TARGETARCH" = arm64 ]; then pip install psycopg2==2.9.10; else pip install six; fi\n'
        "RUN echo done\n"
    )
    report = checked(dockerfile, index_url=native.url, platform=BOTH)
    assert versions(report, AMD) == {"six": "1.17.0"}
    assert versions(report, ARM) == {"psycopg2": "2.9.10"}
    assert [finding.platforms for finding in report.findings if finding.code == "FL201"] == [(ARM,)], said(report)


def test_a_stage_for_each_platform(checked, native):
    dockerfile = (
        "ARG TARGETARCH\n"
        f"FROM python:3.12-alpine3.22 AS base-arm64\nRUN {TOOLS}\n"
        "FROM python:3.12-alpine3.22 AS base-amd64\nRUN pip install six\n"
        "FROM base-${TARGETARCH}\nRUN pip install psycopg2==2.9.10\n"
    )
    report = checked(dockerfile, index_url=native.url, platform=BOTH)
    assert [finding.platforms for finding in report.findings if finding.code == "FL201"] == [(AMD,)], said(report)
    assert versions(report, ARM) == {"psycopg2": "2.9.10"}


def test_a_stage_that_only_another_platform_builds(checked, native):
    dockerfile = (
        "FROM python:3.12-alpine3.22 AS base-arm64\nRUN pip install psycopg2==2.9.10\n"
        "FROM python:3.12-alpine3.22 AS base-amd64\n"
        "FROM base-${TARGETARCH}\n"
    )
    report = checked(f"ARG TARGETARCH\n{dockerfile}", index_url=native.url, platform=BOTH)
    assert [finding.platforms for finding in report.findings if finding.code == "FL201"] == [(ARM,)], said(report)


def test_what_is_the_same_everywhere_is_said_once(checked, native):
    dockerfile = (
        "FROM python:3.12-alpine3.22\nARG TARGETARCH\nRUN wget -O /tool https://example.org/tool-$TARGETARCH\n"
        "RUN pip install psycopg2==2.9.10\n"
    )
    report = checked(dockerfile, index_url=native.url, platform=BOTH)
    assert [finding.platforms for finding in report.findings if finding.code == "FL201"] == [BOTH], said(report)


@pytest.mark.parametrize(
    ("builder", "asked"), [("--platform=linux/arm64 ", ARM), ("--platform=$BUILDPLATFORM ", AMD), ("", AMD)]
)
def test_the_platform_that_all_stages_fix_is_the_images(checked, native, builder, asked):
    dockerfile = (
        f"FROM {builder}python:3.12-alpine3.22 AS b\nRUN pip install psycopg2==2.9.10\n"
        "FROM --platform=linux/arm64 python:3.12-alpine3.22\nCOPY --from=b /usr/local /usr/local\n"
    )
    report = checked(dockerfile, index_url=native.url)
    assert [finding.platforms for finding in report.findings if finding.code == "FL201"] == [(asked,)], said(report)
