"""System packages that another user than root installs."""

import pytest

SLIM = "FROM python:3.13-slim-trixie\nRUN useradd -m app\n"
ADD = "RUN apt-get update && apt-get install -y gcc\n"


def test_after_user_apt_has_no_rights(check):
    (found,) = check("FL210", f"{SLIM}USER app\n{ADD}")
    assert (found.span.line, found.span.column) == (4, 1)
    assert found.message == "apt needs root, and app runs this"
    assert [(label.span.line, label.text) for label in found.related] == [(3, "app from here on")]


@pytest.mark.parametrize(
    "lines",
    [
        "FROM alpine:3.22\nUSER 1000:1000\nRUN apk add --no-cache git\n",
        f"{SLIM.replace('trixie', 'trixie AS base')}USER app\nFROM base\n{ADD}",
    ],
)
def test_by_number_in_another_distribution_and_in_a_stage_that_goes_on(check, lines):
    (found,) = check("FL210", lines)
    assert found.span.line == lines.count("\n")


@pytest.mark.parametrize(
    "lines",
    [
        f"{ADD}USER app\n",
        f"USER root\n{ADD}",
        f"USER app\nUSER 0:0\n{ADD}",
        f"USER $WHO\n{ADD}",
        "USER app\nRUN sudo apt-get update && sudo apt-get install -y gcc\n",
        "USER app\nRUN su -c 'apt-get install -y gcc'\n",
        "USER app\nRUN apt-get install -y gcc || true\n",
        "USER app\nRUN pip install --user six\n",
        f"USER app\nFROM python:3.13-slim-trixie\n{ADD}",
    ],
)
def test_where_root_runs_it_or_nobody_knows(check, lines):
    assert not check("FL210", SLIM + lines)
