"""The same input gives the same bytes: whatever the order of files, the number of jobs, and the seed of Python's hashes."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index_server import IndexServer, sdist, wheel

FIXTURES = Path(__file__).parent.parent / "fixtures"
CHOSEN = (
    "alpine-science",
    "multi-stage-venv",
    "slim-django-postgres",
    "tools-too-late",
    "python-ahead",
    "requirements-broken",
)
FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
# One process for all formats of a seed: what differs between processes is the seed.
EVERY = """
import contextlib, io, os, sys
from fromlint.start import main
os.environ["FROMLINT_NO_RESULT_CACHE"] = "1"
for command in sys.argv[1].split("|"):
    sys.argv = ["fromlint", *command.split()]
    try:
        main()
    except SystemExit as end:
        print("exit", end.code, flush=True)
"""


@pytest.fixture
def projects(tmp_path):
    """Several projects in one folder, with places for a home and a cache beside it."""
    folder = tmp_path / "projects"
    for name in CHOSEN:
        shutil.copytree(FIXTURES / name, folder / name)
    (folder / ".git").mkdir()
    return folder


def run(folder: Path, commands: list[str], seed: str) -> bytes:
    environ = {
        "PATH": os.environ.get("PATH", ""),
        "HOME": str(folder.parent / "home"),
        # Each run has a cache of its own: the first one must say what later ones do.
        "FROMLINT_CACHE_DIR": str(folder.parent / f"cache-{seed}"),
        "PYTHONHASHSEED": seed,
    }
    command = [sys.executable, "-c", EVERY, "|".join(commands)]
    done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    assert b"Traceback" not in done.stderr
    assert done.returncode == 0, done.stderr
    return done.stdout


def checked(*, order: int = 0, jobs: int = 1) -> str:
    """A check in every format at once. ``order``: how far the arguments are turned."""
    paths = [*CHOSEN[order:], *CHOSEN[:order]]
    if order % 2:
        paths.reverse()
    forms = " ".join(f"--format {name}" for name in FORMATS)
    options = f"--offline --as-of 2026-11-22 --verbose --show-files --statistics --jobs {jobs}"
    return f"check {options} --platform linux/amd64 --platform linux/arm64 {forms} {' '.join(paths)}"


def test_offline_in_every_format(projects):
    expected = run(projects, [checked()], "0")
    assert expected.endswith(b"exit 1\n")
    assert all(
        sign in expected for sign in (b"## fromlint", b"<testsuites", b"<checkstyle", b"sarif-schema", b"::error ")
    )
    for seed, order, jobs in (("1", 1, 1), ("2", 2, 4), ("4294967295", 5, 2)):
        assert run(projects, [checked(order=order, jobs=jobs)], seed) == expected


def test_a_folder_is_as_good_as_its_files(projects):
    named = run(projects, ["check --offline --as-of 2026-11-22 --format json " + " ".join(CHOSEN)], "0")
    assert run(projects, ["check --offline --as-of 2026-11-22 --format json"], "1") == named
    assert run(projects, ["check --offline --as-of 2026-11-22 --format json ."], "2") == named


def test_the_order_in_which_a_disk_lists_names(projects):
    expected = run(projects, ["check --offline --as-of 2026-11-22 --format json"], "0")
    # Made anew in another order, names lie in another order on many file systems.
    again = projects.parent / "again"
    for name in reversed(CHOSEN):
        for path in sorted((projects / name).rglob("*"), reverse=True):
            if path.is_file():
                place = again / path.relative_to(projects)
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)
    (again / ".git").mkdir()
    shutil.rmtree(projects)
    again.rename(projects)
    assert run(projects, ["check --offline --as-of 2026-11-22 --format json"], "3") == expected


def test_advice(projects):
    commands = [
        f"advise --offline --as-of 2026-11-22 --format {name} {project}"
        for name in ("text", "json", "markdown", "html")
        for project in ("alpine-science", "slim-django-postgres")
    ]
    expected = run(projects, commands, "0")
    for seed in ("1", "77"):
        assert run(projects, commands, seed) == expected


def test_an_index_that_answers_in_any_order(projects):
    """Many threads ask; the cache is empty in one run and full in the next."""
    with IndexServer() as server:
        for number in range(30):
            needs = [f"p{other}" for other in range(number + 1, min(number + 4, 30))]
            server.add(
                f"p{number}", wheel(f"p{number}", "1.0", requires=needs, tag="cp312-cp312-manylinux_2_17_x86_64")
            )
            server.add(
                f"p{number}",
                sdist(f"p{number}", "0.9", files={"setup.py": b"import setuptools\n", "a.c": b"#include <zlib.h>\n"}),
            )
        (projects / "web").mkdir()
        (projects / "web" / "Dockerfile").write_text("FROM python:3.12-alpine\nRUN pip install p3 p1 p2 p0\n")
        forms = " ".join(f"--format {name}" for name in FORMATS)
        commands = [f"check --as-of 2026-11-22 --index-url {server.url} {forms} web"]
        expected = run(projects, commands, "0")
        assert b"FL10" in expected
        for seed in ("1", "2", "0"):
            assert run(projects, commands, seed) == expected


def test_fixes(projects):
    command = ["check --offline --as-of 2026-11-22 --diff --unsafe-fixes " + " ".join(CHOSEN)]
    expected = run(projects, command, "0")
    assert b"+++" in expected
    for seed in ("1", "2"):
        assert run(projects, command, seed) == expected


def test_a_baseline(projects):
    record = "check --offline --as-of 2026-11-22 --baseline known.json --update-baseline"
    found = set()
    for seed, paths in (("0", CHOSEN), ("1", reversed(CHOSEN))):
        run(projects, [f"{record} {' '.join(paths)}"], seed)
        found.add((projects / "known.json").read_bytes())
    assert len(found) == 1
