"""What is wrong with files and indexes is said once, in time, and stops nothing else."""

from __future__ import annotations

import pytest

from index_server import HTML, JSON, Fault, IndexServer, wheel
from test_end_to_end.reading import codes, outcomes, said, versions

SLIM = "FROM python:3.12-slim-trixie\nWORKDIR /app\nCOPY . .\n"
PROJECT = "[project]\nname = 'x'\nversion = '1'\n"


@pytest.mark.parametrize(
    ("files", "command", "expected"),
    [
        ({"a.txt": "-r b.txt\n", "b.txt": "-r a.txt\n"}, "pip install -r a.txt", [("FL904", "b.txt", 1)]),
        ({"a.txt": "-r a.txt\n"}, "pip install -r a.txt", [("FL904", "a.txt", 1)]),
        (
            {"a.txt": "flask>=3 and <4\n--no-such-option\n==1\n"},
            "pip install -r a.txt",
            [("FL904", "a.txt", 1), ("FL904", "a.txt", 2), ("FL904", "a.txt", 3)],
        ),
        ({}, "pip install -r a.txt", [("FL902", "Dockerfile", 4)]),
        ({"a.txt": "-r gone.txt\n"}, "pip install -r a.txt", [("FL902", "a.txt", 1)]),
        ({"a.txt": b"\x00\xff\xfe\x80"}, "pip install -r a.txt", [("FL903", "a.txt", 1)]),
        ({"a.txt": b"#" * 10_000_001}, "pip install -r a.txt", [("FL903", "a.txt", 1)]),
        ({"pyproject.toml": "[project]\nname = 'x\nversion='1'\n"}, "uv sync", [("FL903", "pyproject.toml", 2)]),
        ({"pyproject.toml": PROJECT, "uv.lock": "version = 9\n"}, "uv sync --frozen", [("FL903", "uv.lock", 1)]),
        ({"pyproject.toml": PROJECT, "uv.lock": "version = 1\n\nx = y\n"}, "uv sync", [("FL903", "uv.lock", 3)]),
        ({"pyproject.toml": PROJECT}, "uv sync --frozen", [("FL902", "Dockerfile", 4)]),
        (
            {"pyproject.toml": PROJECT, "poetry.lock": "[metadata]\nlock-version = '9.0'\n"},
            "poetry install --no-root",
            [("FL903", "poetry.lock", 1)],
        ),
        (
            {"pyproject.toml": PROJECT, "pdm.lock": "[metadata]\nlock_version = '99.0'\n"},
            "pdm sync",
            [("FL903", "pdm.lock", 1)],
        ),
        ({"Pipfile": "", "Pipfile.lock": "{\n'a'"}, "pipenv sync --system", [("FL903", "Pipfile.lock", 2)]),
        ({"pylock.toml": "lock-version = '9.0'\n"}, "uv pip install --system -r pylock.toml", [("FL903", "pylock.toml", 1)]),
    ],
)  # fmt: skip
def test_files(checked, files, command, expected):
    report = checked(SLIM + f"RUN {command}\n", files, offline=True)
    assert [(code, file, line) for code, file, line, _ in said(report)] == expected


@pytest.mark.parametrize(
    ("command", "severities"),
    [
        ("if [ -f a.txt ]; then pip install -r a.txt; fi", []),
        ("if ls a.txt; then pip install -r a.txt; else echo none; fi", []),
        ("[ ! -e a.txt ] || pip install -r a.txt", []),
        ("pip install -r a.txt || true", ["info"]),
        ("pip install -r a.txt", ["error"]),
    ],
)
def test_a_file_that_need_not_be_there(checked, command, severities):
    report = checked(SLIM + f"RUN {command}\n", offline=True)
    assert [finding.severity.word for finding in report.findings] == severities, said(report)


def test_an_unknown_package(checked, server):
    server.add("flask", wheel("flask", "3.0"))
    report = checked(SLIM + "RUN pip install flask flaskk\n", index_url=server.url)
    assert codes(report) == ["FL905"]
    assert "flaskk" in report.findings[0].message
    assert outcomes(report)["flask"] == "wheel"


# --- indexes --------------------------------------------------------------------------------------------------------

FAULTS = {
    "401": Fault.status(401),
    "403": Fault.status(403),
    "429": Fault.status(429, retry_after=600),
    "500": Fault.status(500),
    "another host": Fault.redirect("http://127.0.0.1:9/simple/one/"),
    "a circle": Fault.redirect("/simple/one/"),
    "a gigabyte": Fault.huge(),
    "malformed JSON": Fault.answer(b'{"files": [', JSON),
    "JSON of another kind": Fault.answer(b'["files"]', JSON),
    "a login page": Fault.answer(b"<html><body>Please log in</body></html>", "application/octet-stream"),
    "wrong encoding": Fault.answer(b"\xff\xfe\x00", JSON),
    "slow drip": Fault.drip(),
    "slow header": Fault.drip_head(),
    "nothing": Fault.hang(),
    "no HTTP": Fault.nonsense(),
    "closes": Fault.reset(),
    "cut off": Fault.truncate(),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_an_index_that_does_not_answer_as_it_should(checked, server, kind):
    server.add("one", wheel("one", "1.0"))
    server.add("two", wheel("two", "1.0"))
    server.fault("/simple/one/", FAULTS[kind])
    report = checked(SLIM + "RUN pip install one two\n", index_url=server.url, index_timeout=4)
    assert outcomes(report)["one"] == "unknown"
    assert codes(report) == ["FL906"]
    assert report.findings[0].message.count("one") >= 1


def test_404_is_no_such_project(checked, server):
    report = checked(SLIM + "RUN pip install one\n", index_url=server.url)
    assert codes(report) == ["FL905"]


def test_html_is_as_good(checked, server):
    server.serves = "html"
    server.add("one", wheel("one", "1.0"))
    assert versions(checked(SLIM + "RUN pip install one\n", index_url=server.url)) == {"one": "1.0"}
    server.fault("/simple/two/", Fault.answer(b"<a href='two-1.0-py3-none-any.whl'>x", HTML))
    assert versions(checked(SLIM + "RUN pip install --no-deps two\n", index_url=server.url)) == {"two": "1.0"}


def test_an_index_that_is_away_is_said_once_for_all(checked):
    with IndexServer() as gone:
        url = gone.url
    report = checked(SLIM + "RUN pip install " + " ".join(f"p{number}" for number in range(40)) + "\n", index_url=url)
    assert codes(report) == ["FL906"]
