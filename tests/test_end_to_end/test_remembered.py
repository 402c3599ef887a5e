"""What an earlier run resolved is recalled where nothing that it rests on has changed, and says the same."""

from __future__ import annotations

import sqlite3
import time
from pathlib import Path

import pytest

from fromlint.model.project import Report
from fromlint.project.resolving import remembered, resolution
from index_server import IndexServer, sdist, wheel
from test_end_to_end.reading import said, versions

ALPINE = "FROM python:3.12-alpine\nCOPY . .\nRUN pip install -r requirements.txt\n"
NEEDS = "plain\nnative<2  # why\n"


def subjects(report: Report) -> set[tuple[str, int]]:
    """The requirements that findings are about, and their lines."""
    return {(finding.subject.name, finding.subject.line) for finding in report.findings if finding.subject is not None}


@pytest.fixture
def resolved(server: IndexServer, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """An index, and how many jobs were resolved anew in each call."""
    server.add("plain", wheel("plain", "1.0", requires=["native", "gone; python_version > '3'"]))
    server.add("native", wheel("native", "1.0", tag="cp312-cp312-manylinux_2_17_x86_64"))
    server.add("native", sdist("native", "1.0"))
    server.add("native", sdist("native", "2.0"))
    calls: list[int] = []
    settle = resolution.settle

    def counted(jobs, *rest):
        calls.append(len(jobs))
        return settle(jobs, *rest)

    monkeypatch.setattr(resolution, "settle", counted)
    return calls


def test_the_same_requirements_are_not_resolved_again(checked, server, resolved):
    first = checked(ALPINE, {"requirements.txt": NEEDS}, index_url=server.url)
    assert versions(first) == {"plain": "1.0", "native": "1.0", "gone": None}
    assert resolved
    resolved.clear()
    again = checked(ALPINE, index_url=server.url)
    assert not resolved
    assert again._replace(good_until=0) == first._replace(good_until=0)
    # The answer is no better than what the index said.
    assert 0 < again.good_until <= first.good_until


def test_requirements_may_move(checked, server, resolved):
    first = checked(ALPINE, {"requirements.txt": NEEDS}, index_url=server.url)
    resolved.clear()
    moved = checked("# a comment\n" + ALPINE, {"requirements.txt": "\n\n" + NEEDS}, index_url=server.url)
    assert not resolved
    lines = subjects(first)
    assert lines
    assert subjects(moved) == {(name, line + 2) for name, line in lines}
    assert [(code, message) for code, _, _, message in said(moved)] == [
        (code, message) for code, _, _, message in said(first)
    ]


@pytest.mark.parametrize(
    ("dockerfile", "requirements"),
    [
        (ALPINE, "plain\nnative\n"),
        (ALPINE, "plain\nnative<2\nother\n"),
        (ALPINE, "--no-binary native\n" + NEEDS),
        (ALPINE.replace("3.12", "3.13"), NEEDS),
        (ALPINE.replace("3.12-alpine", "3.12-slim"), NEEDS),
        (ALPINE.replace("install", "install --only-binary :all:"), NEEDS),
        (ALPINE.replace("RUN", "RUN pip install native==2.0\nRUN"), NEEDS),
    ],
)
def test_what_is_asked_otherwise_is_resolved(checked, server, resolved, dockerfile, requirements):
    checked(ALPINE, {"requirements.txt": NEEDS}, index_url=server.url)
    resolved.clear()
    checked(dockerfile, {"requirements.txt": requirements}, index_url=server.url)
    assert resolved


def test_an_old_answer_is_not_recalled(checked, server, resolved, monkeypatch):
    checked(ALPINE, {"requirements.txt": NEEDS}, index_url=server.url)
    resolved.clear()
    later = time.time() + 90_000
    monkeypatch.setattr(remembered, "time", lambda: later)
    checked(ALPINE, index_url=server.url)
    assert resolved


@pytest.mark.parametrize(
    "damage",
    [b"", b"x", b"[]", b'[[[["plain","1",99,[],{},[],false]],[],[]]]', b"[[[[1,2,3,4,5,6,7]],[],[]]]"],
)
def test_a_damaged_memory_is_resolved_anew(checked, server, resolved, damage, project):
    first = checked(ALPINE, {"requirements.txt": NEEDS}, index_url=server.url)
    resolved.clear()
    (file,) = Path(project.parent / "cache").glob("*.sqlite3")
    with sqlite3.connect(file) as connection:
        stamp = f"{time.time() + 100:<20.3f}".encode()
        connection.execute("UPDATE blob SET value = ? WHERE kind = 'resolution'", (stamp + damage,))
    connection.close()
    again = checked(ALPINE, index_url=server.url)
    assert resolved
    assert said(again) == said(first)


def test_two_dockerfiles_with_the_same_needs_are_resolved_once(project, server, resolved):
    from fromlint.run import check

    for name in ("one", "two"):
        folder = project / name
        folder.mkdir()
        (folder / "Dockerfile").write_text(ALPINE)
        (folder / "requirements.txt").write_text(NEEDS if name == "one" else "\n" + NEEDS)
    report = check([project], {"index_url": server.url, "as_of": "2026-11-22"}).report
    assert resolved[0] == 2  # the platforms
    files = {finding.subject.file for finding in report.findings if finding.subject is not None}
    assert files == {"one/requirements.txt", "two/requirements.txt"}
