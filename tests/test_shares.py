"""Many Dockerfiles: the same is said of them, however they are shared out, and the index is asked for all at once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from fromlint import processes, run, shares
from index_server import IndexServer, wheel

NUMBER = 30


@pytest.fixture
def server():
    with IndexServer() as running:
        for name in ("one", "two", "three"):
            running.add(name, wheel(name, "1.0", tag="cp312-cp312-manylinux_2_17_x86_64"))
        yield running


@pytest.fixture
def services(tmp_path, monkeypatch):
    """Dockerfiles that install one of two packages, compose builds of them, and one that another is built on."""
    folder = tmp_path / "services"
    for number in range(NUMBER):
        write(folder, number, "one" if number % 2 else "two")
    (folder / "service-07" / "Dockerfile").write_text("FROM base\nRUN pip install one\n")
    (folder / "service-08" / "Dockerfile").write_text("FRM python\n")
    (folder / "compose.yaml").write_text(
        "services:\n  base:\n    image: base\n    build: service-01\n  two:\n    build:\n      context: service-02\n"
        "      platforms: [linux/amd64, linux/arm64]\n"
    )
    (folder / ".git").mkdir()
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("FROMLINT_NO_RESULT_CACHE", "1")
    monkeypatch.chdir(folder)
    return folder


def write(folder: Path, number: int, *names: str) -> None:
    place = folder / f"service-{number:02}"
    place.mkdir(parents=True, exist_ok=True)
    (place / "requirements.txt").write_text("".join(f"{name}\n" for name in names))
    base = ("python:3.12-alpine3.22", "python:3.12-slim-trixie")[number % 3 == 0]
    (place / "Dockerfile").write_text(
        f"FROM {base}\nRUN [ $TARGETARCH = arm64 ] && apk add git\nCOPY requirements.txt .\n"
        "RUN pip install -r requirements.txt\n"
    )


# ``started`` are the processes besides the first one.
COUNTED = """
import os, sys
fork, started = os.fork, 0
def counted():
    global started
    started += 1
    return fork()
os.fork = counted
from fromlint.start import main
try:
    main()
finally:
    print(started, file=sys.stderr)
"""


def checked(server, *words: str) -> tuple[bytes, int]:
    """What is printed in JSON, and how many processes were started for it."""
    command = [sys.executable, "-c", COUNTED, "check", "--format", "json", "--show-files", "--verbose"]
    command += ["--index-url", server.url, *words]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    return done.stdout, int(done.stderr)


def test_the_same_is_said_by_any_number(services, server):
    asked, _ = checked(server, "--jobs", "1")
    assert {each["code"] for each in json.loads(asked)["findings"]} > {"FL901", "FL105"}
    for jobs in (1, 2, 3, NUMBER, 10 * NUMBER):
        found, started = checked(server, "--jobs", str(jobs))
        assert found == asked
        assert started == min(jobs, NUMBER) - 1


def test_a_few_are_not_shared(services, server):
    checked(server)
    assert checked(server)[1] == 0


def test_how_many_there_are(monkeypatch):
    monkeypatch.setattr(processes, "can_fork", lambda: True)
    monkeypatch.setattr(processes, "usable", lambda: 48)
    assert [shares._number(None, dockerfiles) for dockerfiles in (2, 10_000)] == [1, shares._MOST]
    assert [shares._number(jobs, 1000) for jobs in (1, 7, 10_000)] == [1, 7, 64]
    monkeypatch.setattr(processes, "usable", lambda: 1)
    assert shares._number(None, 10_000) == 1
    monkeypatch.setattr(processes, "can_fork", lambda: False)
    assert shares._number(7, 1000) == 1


def test_nothing_is_shared_before_the_index_has_answered(services, server):
    found, started = checked(server, "--jobs", "3")
    assert started == 0
    assert server.count("/simple/one/") == server.count("/simple/two/") == 1
    assert checked(server, "--jobs", "3") == (found, 2)


def test_what_must_be_asked_waits_and_is_asked_once(services, server):
    checked(server, "--jobs", "1")
    server.forget()
    for number in (17, 23, 29):
        write(services, number, "three")
    found, started = checked(server, "--jobs", "2")
    assert started == 1
    assert server.count("/simple/three/") == 1
    assert server.count("/simple/one/") == 0
    assert checked(server, "--jobs", "1")[0] == found


def test_a_result_rests_on_what_others_looked_at(services, server, monkeypatch):
    from fromlint import witness

    checked(server)
    with witness.recording() as seen:
        run.check(["."], {"index_url": server.url}, jobs=2)
    for number in range(NUMBER):
        assert any(path.endswith(f"service-{number:02}/Dockerfile") for path in seen), number


def test_who_does_not_ask_for_processes_gets_none(services, server, monkeypatch):
    """The editor has threads, which a copy of its process would not have."""
    monkeypatch.setattr("os.fork", lambda: pytest.fail("a process was started"))
    assert len(run.check(["."], {"index_url": server.url}).report.projects) == NUMBER
