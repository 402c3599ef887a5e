"""``--fix`` as a user has it: what becomes of whole Dockerfiles."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fromlint.cli import cli
from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.stages import stages

PULLED = "flask @ git+https://example.com/flask\n"


@pytest.fixture
def project(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    (folder / "requirements.txt").write_text(PULLED)
    return folder


def check(*words, stdin=None):
    words = ("check", "--offline", "--as-of", "2026-11-22", *words)
    return CliRunner().invoke(cli, words, input=stdin, catch_exceptions=False)


def fixed(project: Path, dockerfile: str | bytes, *words: str) -> str:
    """The Dockerfile after ``--fix``; a second time changes nothing."""
    file = project / "Dockerfile"
    file.write_bytes(dockerfile if isinstance(dockerfile, bytes) else dockerfile.encode())
    check("--fix", *words)
    after = file.read_bytes()
    assert check("--diff", *words).stdout == ""
    check("--fix", *words)
    assert file.read_bytes() == after
    return after.decode()


TAIL = "COPY requirements.txt .\nRUN pip install -r requirements.txt\n"
OWN = "RUN apt-get update \\\n    && apt-get install -y --no-install-recommends git \\\n    && rm -rf /var/lib/apt/lists/*\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        # A line of its own, in front of the comment that belongs to the install.
        (
            "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\n\n# all we need\nRUN pip install -r requirements.txt\n",
            "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\n\n"
            f"{OWN}# all we need\nRUN pip install -r requirements.txt\n",
        ),
        (
            "FROM python:3.12-alpine\n" + TAIL,
            "FROM python:3.12-alpine\n" + TAIL.replace("RUN", "RUN apk add --no-cache git\nRUN"),
        ),
        # A line that is there, in its style.
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl wget && rm -rf /var/lib/apt/lists/*\n"
            + TAIL,
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl wget git && rm -rf /var/lib/apt/lists/*\n"
            + TAIL,
        ),
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y \\\n\tcurl \\\n\t# why\n\twget\n"
            + TAIL,
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y \\\n\tcurl \\\n\t# why\n\twget \\\n\tgit\n"
            + TAIL,
        ),
        (
            "FROM python:3.12-slim-trixie\nRUN <<EOF\napt-get update\napt-get install -y curl\nEOF\n" + TAIL,
            "FROM python:3.12-slim-trixie\nRUN <<EOF\napt-get update\napt-get install -y curl git\nEOF\n" + TAIL,
        ),
        (
            "FROM python:3.12-alpine\nRUN apk add --no-cache --virtual .build gcc musl-dev\n" + TAIL,
            "FROM python:3.12-alpine\nRUN apk add --no-cache --virtual .build gcc musl-dev git\n" + TAIL,
        ),
        # Names from a variable, with versions or in quotation marks are left alone.
        (
            "FROM python:3.12-slim-trixie\nENV P=curl\nRUN apt-get update && apt-get install -y $P\n" + TAIL,
            "FROM python:3.12-slim-trixie\nENV P=curl\nRUN apt-get update && apt-get install -y $P\n"
            + TAIL.replace("RUN", OWN + "RUN"),
        ),
        # Before the user changes, or as root for a moment.
        (
            "FROM python:3.12-slim-trixie\nUSER app\n" + TAIL,
            f"FROM python:3.12-slim-trixie\n{OWN}USER app\n{TAIL}",
        ),
        (
            "FROM python:3.12-slim-trixie AS base\nUSER app\nFROM base\n" + TAIL,
            "FROM python:3.12-slim-trixie AS base\nUSER app\nFROM base\n"
            + TAIL.replace("RUN", f"USER root\n{OWN}USER app\nRUN"),
        ),
        # Today's name, the lists, the order.
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y libgl1-mesa-glx\n",
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y libgl1\n",
        ),
        (
            "FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n",
            "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl\n",
        ),
        # A tool that a RUN uses.
        (
            "FROM python:3.12-slim-trixie\nRUN git clone https://example.com/x\n",
            f"FROM python:3.12-slim-trixie\n{OWN}RUN git clone https://example.com/x\n",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_fixed(project, before, after, newline):
    assert fixed(project, before.replace("\n", newline)) == after.replace("\n", newline)


@pytest.mark.parametrize(
    "dockerfile",
    [
        "# fromlint: ignore[FL202]\nFROM python:3.12-slim-trixie\n" + TAIL,
        "FROM registry.example.com/base\n" + TAIL,
        "FROM python:3.12\n" + TAIL,
        "FROM python:3.12-slim-trixie\nFORM x\nRUN true\n",
    ],
)
def test_where_nothing_is_to_be_fixed_nothing_changes(project, dockerfile):
    (project / "requirements.txt").write_text("")
    assert fixed(project, dockerfile) == dockerfile


def test_a_line_that_comes_too_late_is_moved_with_its_comment(project):
    (project / "requirements.txt").write_text("psycopg2==2.9.10\n")
    late = "# to compile\nRUN apt-get update && apt-get install -y --no-install-recommends gcc libc6-dev libpq-dev\n"
    first = "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\n"
    install = "RUN pip install --no-binary :all: -r requirements.txt\n"
    assert fixed(project, f"{first}{install}{late}CMD x\n").startswith(f"{first}{late}{install}")


def test_unsafe_fixes_take_another_tag(project):
    before = "FROM python:3.12-bookworm-slim\nRUN true\n"
    assert fixed(project, before) == before
    assert fixed(project, before, "--unsafe-fixes") == "FROM python:3.12-slim-bookworm\nRUN true\n"


def test_a_codename_is_pinned_where_that_rule_is_selected(project):
    before = "FROM python:3.12-slim AS x\nRUN true\n"
    assert fixed(project, before) == before
    assert fixed(project, before, "--select", "FL504") == "FROM python:3.12-slim-trixie AS x\nRUN true\n"


def test_the_difference_is_shown_and_nothing_is_written(project):
    before = "FROM python:3.12-slim-trixie\nRUN apt-get install -y curl"
    (project / "Dockerfile").write_text(before)
    result = check("--diff")
    assert result.exit_code == 1
    assert result.stdout == (
        "--- Dockerfile\n+++ Dockerfile\n@@ -1,2 +1,2 @@\n FROM python:3.12-slim-trixie\n"
        "-RUN apt-get install -y curl\n\\ No newline at end of file\n"
        "+RUN apt-get update && apt-get install -y curl\n\\ No newline at end of file\n"
    )
    assert (project / "Dockerfile").read_text() == before


def test_stdin_is_printed_as_it_is_fixed(project):
    result = check("-", "--fix", stdin="FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")
    assert result.stdout == "FROM python:3.12-slim-trixie\nRUN apt-get update && apt-get install -y curl\n"
    assert result.exit_code == 0


def test_a_file_outside_of_the_repository_is_not_written(project, tmp_path):
    outside = tmp_path / "outside"
    outside.write_text("FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")
    (project / "Dockerfile").symlink_to(outside)
    before = outside.read_bytes()
    (outside.parent / ".git").mkdir()
    check("--fix", str(project / "Dockerfile"))
    # The link's own target is the Dockerfile that was named: it is the one to change, and the link stays.
    assert (project / "Dockerfile").is_symlink()
    assert outside.read_bytes() != before


def test_a_file_that_cannot_be_written_is_named_with_exit_code_2(project, monkeypatch):
    (project / "Dockerfile").write_text("FROM python:3.12-slim-trixie\nRUN apt-get install -y curl\n")

    def refuse(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "replace", refuse)
    result = check("--fix")
    assert result.exit_code == 2
    assert "cannot be written: Permission denied" in result.stderr
    assert [name for name in os.listdir(project) if name.startswith(".Docker")] == []


_WORDS = st.sampled_from(
    [
        "RUN apt-get update && apt-get install -y curl",
        "RUN apt-get install -y \\\n    gcc \\\n    # note\n    make",
        "RUN apt-get update && apt-get install -y libgl1-mesa-glx=1.* wget",
        "RUN git clone https://example.com/x && make",
        "RUN pip install -r requirements.txt",
        "RUN <<EOF\napt-get install -y git\npip install -r requirements.txt\nEOF",
        "COPY requirements.txt .",
        "USER app",
        "USER root",
        "ENV A=b",
        "# a comment",
        "",
        "RUN apk add --no-cache curl",
        'CMD ["curl", "x"]',
        "FROM python:3.12-slim-trixie AS x",
        "FROM python:3.12-alpine",
        "FROM x",
        'SHELL ["/bin/bash", "-c"]',
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(_WORDS, max_size=9), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.booleans())
def test_any_fixed_file_parses_has_the_same_stages_and_is_fixed_for_good(project, lines, newline, ended, unsafe):
    text = newline.join(["FROM python:3.12-slim-trixie", *lines]).replace("\n", newline).replace("\r\r", "\r")
    before = (text + (newline if ended else "")).encode()
    (project / "Dockerfile").write_bytes(before)
    words = ("--unsafe-fixes",) if unsafe else ("--fix",)
    check(*words)
    after = (project / "Dockerfile").read_bytes()
    parsed = [parse(content, "Dockerfile") for content in (before, after)]
    assert len(parsed[0].problems) == len(parsed[1].problems)
    assert len(stages(parsed[0])) == len(stages(parsed[1]))
    assert after.count(b"\r\n") == after.count(b"\n") or newline == "\n"
    check(*words)
    assert (project / "Dockerfile").read_bytes() == after
