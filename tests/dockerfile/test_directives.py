import pytest

from fromlint.dockerfile.directives import foreign_frontend, read


def test_all_three() -> None:
    lines = ["# syntax = docker/dockerfile:1 ", "#ESCAPE=`", "  # check=skip=all;error=true", "FROM a"]
    head = read(lines, "Dockerfile")
    assert head.values == {"syntax": "docker/dockerfile:1", "escape": "`", "check": "skip=all;error=true"}
    assert (head.escape, head.taken, head.problems) == ("`", 3, ())


@pytest.mark.parametrize("before", ["", "# note", "FROM a", "# unknown=1", "#!/usr/bin/env docker"])
def test_they_end_at_the_first_line_that_is_none(before: str) -> None:
    head = read([before, "# escape=`"], "Dockerfile")
    assert (head.escape, head.taken) == ("\\", 0)


def test_one_that_is_refused_does_not_count() -> None:
    head = read(["# escape=`", "# escape=\\", " # escape=x"], "Dockerfile")
    assert head.escape == "`"
    assert [(problem.span.line, problem.span.column) for problem in head.problems] == [(2, 1), (3, 2)]


@pytest.mark.parametrize(
    ("syntax", "foreign"),
    [
        ("docker/dockerfile:1", None),
        ("docker.io/docker/dockerfile:1.7-labs", None),
        ("docker/dockerfile-upstream:master@sha256:0", None),
        ("mirror.example/hub/docker/dockerfile:1", None),
        ("edrevo/dockerfile-plus", "edrevo/dockerfile-plus"),
        ("mydocker/dockerfile", "mydocker/dockerfile"),
    ],
)
def test_whose_frontend_it_is(syntax: str, foreign: str | None) -> None:
    assert foreign_frontend({"syntax": syntax}) == foreign


def test_none_named_is_dockers() -> None:
    assert foreign_frontend({}) is None
