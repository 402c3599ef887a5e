"""A command line that is in order is read without click, and means the same."""

from __future__ import annotations

import subprocess
import sys

import click
import pytest

from fromlint.cli import check as for_click
from fromlint.cli import plain


def by_click(words):
    with for_click.command.make_context("check", list(words)) as context:
        return context.params


@pytest.mark.parametrize(
    "line",
    [
        "",
        ".",
        "-",
        "--quiet -v",
        "a b --offline c",
        "--format json --format sarif=x.sarif",
        "--format=json --select=FL2,FL3 --select FL101",
        "--fail-on error --exit-zero",
        "--build-arg A=1 --build-arg B=x=y --platform=linux/arm64",
        "--jobs 4 --config x.toml --context .",
        "--as-of=",
        "--since=--output=x",
        "--output x --strict --fix --unsafe-fixes --diff --hook",
    ],
)
def test_it_reads_what_click_reads(line):
    words = line.split()
    assert plain.check(["check", *words], {}) == by_click(words)


@pytest.mark.parametrize(
    "line",
    [
        "advise",
        "no-such-command",
        "check --help",
        "--version",
        "check --no-such-option",
        "check --offline=1",
        "check --jobs 0",
        "check --jobs x",
        "check --fail-on sometimes",
        "check --output",
        "check --output --quiet",
        "check --context test_plain_no_folder --config .",
        "check -qv",
        "check -- a",
    ],
)
def test_the_rest_is_for_click(line):
    assert plain.check(line.split(), {}) is None


def test_completion_is_for_click():
    assert plain.check([], {"_FROMLINT_COMPLETE": "bash_source"}) is None


def test_a_path_without_a_command(tmp_path):
    (tmp_path / "Dockerfile").touch()
    found = plain.check([str(tmp_path / "Dockerfile"), "--quiet"], {})
    assert found is not None
    assert (found["paths"], found["quiet"]) == ((str(tmp_path / "Dockerfile"),), True)


def test_a_word_of_the_wrong_form_is_explained_by_click(tmp_path):
    command = [sys.executable, "-m", "fromlint", "check", "--format", "prose"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=tmp_path)
    assert done.returncode == 2
    assert "Invalid value for --format: 'prose' is not one of text" in done.stderr


def test_click_says_what_is_wrong():
    with pytest.raises(click.BadParameter):
        by_click(["--jobs", "0"])
