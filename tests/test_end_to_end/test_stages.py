"""What stages bring each other, which of them a declared build needs, and files that are no Dockerfile yet."""

from __future__ import annotations

import pytest

from fromlint.model.finding import Severity
from index_server import IndexServer, sdist, wheel
from test_end_to_end.reading import codes, said

BASE = "FROM python:3.12-slim-trixie AS base\nRUN useradd -m app\n"
TOOLS = "RUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev\n"


@pytest.fixture
def native(server: IndexServer) -> IndexServer:
    """An index with a package that is compiled, in two releases."""
    for version in ("2.9.9", "2.9.10"):
        server.add("psycopg2", sdist("psycopg2", version))
    return server


@pytest.mark.parametrize(
    ("first", "copied", "again"),
    [
        ("USER app\nRUN pip install --user", "/home/app/.local /home/app/.local", "USER app\nRUN pip install --user"),
        ("RUN pip install --user", "/root/.local /home/app/.local", "USER app\nRUN pip install --user"),
        ("RUN pip install", "/usr/local /usr/local", "RUN pip install"),
        ("RUN pip install", "/usr/local/lib/python3.12 /usr/local/lib/python3.12", "RUN pip install"),
        ("RUN python -m venv /v && /v/bin/pip install", "/v /v", "RUN /v/bin/pip install"),
    ],
)
def test_what_was_copied_is_not_compiled_again(checked, native, first, copied, again):
    dockerfile = (
        f"{BASE}FROM base AS deps\n{TOOLS}{first} psycopg2==2.9.9\n"
        f"FROM base\nCOPY --from=deps {copied}\n{again} psycopg2\n"
    )
    report = checked(dockerfile, index_url=native.url)
    assert "FL201" not in codes(report), said(report)


def test_what_was_copied_elsewhere_is_not_there(checked, native):
    dockerfile = (
        f"{BASE}FROM base AS deps\n{TOOLS}RUN pip install --user psycopg2==2.9.9\n"
        "FROM base\nCOPY --from=deps /root/.local /opt/old\nRUN pip install --user psycopg2\n"
    )
    assert "FL201" in codes(checked(dockerfile, index_url=native.url))


def test_wheels_that_were_copied_are_not_installed_yet(checked, native):
    dockerfile = (
        f"{BASE}FROM base AS deps\n{TOOLS}RUN pip download -d /wheels psycopg2==2.9.9\n"
        "FROM base\nCOPY --from=deps /wheels /wheels\nRUN pip install psycopg2\n"
    )
    assert "FL201" in codes(checked(dockerfile, index_url=native.url))


WORKFLOW = """\
on: push
jobs:
  image:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          platforms: linux/amd64,linux/arm64
          target: {target}
"""


def declared(target: str) -> dict[str, str]:
    return {".git/HEAD": "", ".github/workflows/image.yml": WORKFLOW.format(target=target)}


def test_a_stage_that_no_declared_build_needs_is_judged_on_one_platform(checked, server):
    server.add("psycopg2", wheel("psycopg2", "2.9.9", tag="cp312-cp312-manylinux_2_17_x86_64"))
    shipped = f"{BASE}FROM base AS app\nRUN true\nFROM base AS extra\nRUN pip install psycopg2\n"
    assert codes(checked(shipped, declared("app"), index_url=server.url)) == []
    assert "FL105" in codes(checked(shipped, declared("extra"), index_url=server.url))


def test_a_workflow_that_names_no_stage_of_today_does_not_make_the_dockerfile_wrong(checked, server):
    dockerfile = f"{BASE}FROM base AS app\nRUN true\n"
    assert codes(checked(dockerfile, declared("dependencies"), index_url=server.url)) == []
    assert codes(checked(dockerfile, index_url=server.url, target="dependencies")) == ["FL901"]


def test_a_template_is_not_checked_and_says_so(checked, server):
    report = checked("FROM python:3.12\n{% if worker %}\nRUN pip install x\n{% endif %}\n", index_url=server.url)
    assert [(code, line) for code, _, line, _ in said(report)] == [("FL908", 2)]
    assert server.count() == 0


def test_what_an_undecided_line_may_have_installed_is_not_compiled_for_sure(checked, native):
    dockerfile = (
        f"{BASE}RUN make-configuration > /etc/pip.conf\nRUN pip install psycopg2\n"
        "RUN rm /etc/pip.conf\nRUN pip install psycopg2\n"
    )
    report = checked(dockerfile, index_url=native.url)
    assert codes(report) == []
    assert {entry.why.partition(":")[0] for entry in report.skipped} >= {"an earlier line may have installed it"}


def test_what_an_undecided_line_may_have_installed_is_not_said_to_be_an_old_release(checked, server):
    server.add("ducky", wheel("ducky", "1.0"))
    server.add("ducky", wheel("ducky", "2.0"), requires_python=">=3.13")
    dockerfile = (
        "FROM python:3.9-slim\n{}RUN make-configuration > /etc/pip.conf\nRUN pip install ducky\n"
        "RUN rm /etc/pip.conf\nRUN pip install ducky\n"
    )
    assert "FL109" not in codes(checked(dockerfile.format(""), index_url=server.url))
    assert "FL109" in codes(checked("FROM python:3.9-slim\nRUN pip install ducky\n", index_url=server.url))


def test_a_pin_of_an_index_that_cannot_be_asked_is_there_all_the_same(checked, server):
    server.add("ducky", wheel("ducky", "1.0", requires=["anatidae"]))
    server.add("anatidae", wheel("anatidae", "1.0"))
    nowhere = "--index-url http://127.0.0.1:9/simple"
    lines = f"RUN pip install {nowhere} {{}}\nRUN pip install ducky\n"
    (report,) = checked("FROM python:3.12-slim\n" + lines.format("ducky==1.0+cpu"), index_url=server.url).projects
    (again,) = report.stages[0].installs[1].packages
    assert (again.package.name, again.package.version, again.package.kept) == ("ducky", "1.0+cpu", True)
    (report,) = checked("FROM python:3.12-slim\n" + lines.format("'ducky>=1'"), index_url=server.url).projects
    assert [facts.package.name for facts in report.stages[0].installs[1].packages] == ["ducky", "anatidae"]


C_SETUP = b"from setuptools import Extension, setup\nsetup(name='own', ext_modules=[Extension('own', ['own.c'])])\n"


@pytest.mark.parametrize(("option", "missing"), [("--no-install-recommends ", ("libc6-dev",)), ("", None)])
def test_gcc_without_recommends_brings_no_c_library(checked, server, option, missing):
    # Tried with the real apt in a debootstrapped trixie, 2026-11-30: stdio.h is not found, and found.
    server.add("own", sdist("own", "1.0", files={"setup.py": C_SETUP, "own.c": b"#include <stdio.h>\n"}))
    lines = f"RUN apt-get update && apt-get install -y {option}gcc\nRUN pip install own\n"
    report = checked("FROM python:3.12-slim\n" + lines, index_url=server.url)
    errors = [finding for finding in report.findings if finding.severity is Severity.ERROR]
    assert [(finding.code, finding.missing) for finding in errors] == ([("FL201", missing)] if missing else [])
