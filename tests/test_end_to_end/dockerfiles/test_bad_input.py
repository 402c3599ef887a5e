"""Files that no builder takes: a finding or a plain message, and never a traceback."""

import os

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("dockerfile", "message"),
    [
        ("FROM python:3.12\nRUN <<EOF\npip install x\n", "heredoc <<EOF is not terminated"),
        ("FROM python:3.12\nRUNN true\n", "unknown instruction: RUNN (did you mean RUN?)"),
        ("FROM python:3.12\nCOPY --from=7 /a /b\n", "there is no stage 7"),
        ("FROM a AS a\nCOPY --from=b /x /x\nFROM b AS b\nCOPY --from=a /x /x\n", "depends on itself"),
        ("FROM python:3.12 AS a\nCOPY --from=a /x /y\n", "depends on itself"),
        ("RUN true\n", "no FROM"),
        ("", "no FROM"),
        ("FROM\n", "FROM"),
        ("FROM python:3.12\nCOPY a\n", "COPY"),
        ("FROM python:3.12\nCOPY --nosuch a b\n", "nosuch"),
        ("\x00\x01\x02\xff", "not text"),
        ("FROM python:3.12\nRUN pip install x\x00y\n", "not text"),
    ],
)
def test_what_the_builder_refuses_is_a_finding(check, dockerfile, message):
    found = check(files={"Dockerfile": dockerfile.encode("latin-1")})
    assert any(message in finding.message for finding in found.found("FL901"))


def test_a_target_that_is_not_there(check):
    found = check("FROM python:3.12-slim AS web\n", target="nosuch")
    assert "there is no stage 'nosuch'" in found.found("FL901")[0].message


@pytest.mark.parametrize(
    "data",
    [
        b"FROM python:3.12\nRUN " + b"x" * 10_000_000,
        b"FROM python:3.12\nRUN pip install " + b"x==1 " * 2_000_000,
        b"FROM python:3.12\nENV " + b"A=b " * 500_000 + b"\n",
        b"x" * 16_000_001,
    ],
    ids=["RUN", "pip", "ENV", "everything"],
)
def test_a_very_long_line(check, data):
    # Of anything that took quadratic time nobody would see the end.
    found = check(files={"Dockerfile": data})
    assert set(found.codes) <= {"FL901", "FL902", "FL904", "FL908"}


def test_files_that_are_copied_to_and_fro(check):
    swap = "RUN cp a b && cp b a\n" * 200
    chain = "".join(f"FROM python:3.12 AS s{n}\nCOPY --from=s{n - 1} /x /x\n" for n in range(1, 200))
    text = "FROM python:3.12 AS s0\nCOPY a /x\n" + swap + chain + "RUN pip install -r /x/x/x -r /a -r /x\n"
    assert set(check(text, {"a": "flask\n"}).codes) <= {"FL902", "FL908"}


def test_edits_without_end(check):
    text = (
        "FROM python:3.12-slim\nCOPY r.txt .\n" + "RUN sed -i 's/a/aa/' r.txt\n" * 2_000 + "RUN pip install -r r.txt\n"
    )
    assert check(text, {"r.txt": "flask\n"}).codes == ["FL908"]


@pytest.mark.parametrize("script", ["/(a*)*(a*)*b/d", "/.*.*.*.*=c/d", "s/a/" + "b" * 3_000 + "/g"])
def test_edits_that_would_take_for_ever(check, script):
    text = f"FROM python:3.12-slim\nCOPY r.txt .\nRUN sed -i -E '{script}' r.txt\nRUN pip install -r r.txt\n"
    assert check(text, {"r.txt": "a" * 5_000 + "\n"}).codes == ["FL908"]


def test_a_dockerfile_that_is_a_folder_or_a_pipe(check, folder):
    os.mkdir(folder / "x.Dockerfile")
    os.mkfifo(folder / "y.Dockerfile")
    assert check(path=".").report.projects == ()


PIECES = st.sampled_from(
    [
        "FROM python:3.12-slim AS a",
        "FROM a",
        "FROM $X",
        "ARG X",
        "ARG X=1",
        "ENV A=$X",
        "COPY . .",
        "COPY --from=a /x /x",
        "RUN pip install -r r.txt",
        "RUN <<EOF",
        "EOF",
        "RUN pip wheel -w /w .",
        "RUN pip install /w/*",
        "WORKDIR $A",
        "RUN sed -i s/a/b/ r.txt",
        "ONBUILD RUN true",
        "RUN uv sync",
        "\\",
        "# escape=`",
        "RUN --mount=from=a pip install .",
    ]
)


@seed(20261122)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(PIECES | st.text(max_size=20), max_size=12))
def test_no_file_is_too_much(check, lines):
    check(files={"Dockerfile": "\n".join(lines).encode("utf-8", "surrogatepass"), "r.txt": "flask\n"})
