"""Disks that are full, folders that cannot be written, caches that are broken: nothing is lost, the next run is right."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from faults.conftest import GIT, SLIM, Done
from fromlint.index.cache import NAME
from index_server import sdist, wheel

FULL = "import sys, resource\nsys.dont_write_bytecode = True\nresource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))\n"
"""Before a run: no file can have more than 100 bytes, which is what a full disk comes to. (Python itself would leave
halves of its compiled modules behind.)"""
FIXABLE = (
    SLIM
    + "RUN apt-get update && apt-get install -y python3-nothing\nRUN pip install 'demo @ git+https://example.com/demo'\n"
)
NEVER_IN_TIME = "import signal, os\n"


# --- the cache -------------------------------------------------------------------------------------------------------


def asked(fromlint, server, **options) -> Done:
    fromlint.write("Dockerfile", "FROM python:3.12-alpine3.22\nRUN pip install demo\n")
    done = fromlint("check", "--index-url", server.url, **options)
    assert (done.code, done.out.count("FL105")) == (1, 1), done
    return done


def test_no_room_for_the_cache(fromlint, server):
    done = asked(fromlint, server, before=FULL)
    assert "the cache cannot be" in done.err
    assert asked(fromlint, server).err == ""
    server.forget()
    asked(fromlint, server)
    assert server.count("/simple/demo/") == 0


@pytest.mark.parametrize(
    "environ",
    [
        {},
        {"HOME": ""},
        {"HOME": "/dev/null/home"},
        {"HOME": "/proc"},
        {"HOME": "relative"},
        {"XDG_CACHE_HOME": "/dev/null"},
    ],
    ids=lambda environ: " ".join(f"{name}={value}" for name, value in environ.items()) or "none",
)
def test_a_home_that_is_none(checked, fromlint, tmp_path, environ):
    # Without HOME the account's own home would be written to.
    before = f"import os.path\nos.path.expanduser = lambda path: path.replace('~', {str(tmp_path / 'home')!r})\n"
    for _ in range(2):
        done = checked(before=before, environ=environ)
        assert (done.code, done.out.count("FL202")) == (1, 1)
        assert done.err.count("\n") <= 1


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_home_that_is_read_only(checked, fromlint):
    fromlint.home.chmod(0o500)
    done = checked(environ={"HOME": str(fromlint.home)})
    assert done.code == 1
    assert "cannot be" in done.err


@pytest.mark.parametrize(
    "content",
    [b"", b"not a database", b"SQLite format 3\x00" + bytes(4_000), os.urandom(20_000), b"SQLite format 3\x00" * 2_000],
    ids=["empty", "text", "head", "noise", "heads"],
)
def test_a_cache_that_is_broken(fromlint, server, content):
    fromlint.cache.mkdir()
    (fromlint.cache / NAME).write_bytes(content)
    asked(fromlint, server)
    server.forget()
    assert asked(fromlint, server).err == ""


def test_a_cache_of_another_program_is_left_alone(fromlint, server):
    import sqlite3

    fromlint.cache.mkdir()
    with sqlite3.connect(fromlint.cache / NAME) as database:
        database.execute("CREATE TABLE theirs (x)")
    before = (fromlint.cache / NAME).read_bytes()
    assert "not fromlint's cache" in asked(fromlint, server).err
    assert (fromlint.cache / NAME).read_bytes() == before


def test_results_that_are_broken(checked, fromlint):
    assert checked().code == 1
    for path in (fromlint.cache / "results").iterdir():
        path.write_bytes(path.read_bytes()[:-7] + b"1:x")
    assert checked().out.count("FL202") == 1


MANY = """
import os, sys
from fromlint.index import Index
import fromlint.index.fetching, http.client, sqlite3
barrier, go = os.pipe()
children = []
for number in range(200):
    child = os.fork()
    if child == 0:
        right = False
        try:
            os.close(go)
            os.read(barrier, 1)
            with Index(budget=60.0, snapshot=None) as index:
                (page,) = index.pages([(sys.argv[1], "demo")]).values()
                index.remember("kind", str(number), b"x" * 5_000)
                right = list(page.releases) == ["1.0"] and not index.notes
            if not right:
                print(number, page, index.notes, flush=True)
        except BaseException as error:
            print(number, repr(error), flush=True)
        finally:
            os._exit(not right)
    children.append(child)
os.close(go)
print(sum(os.waitpid(child, 0)[1] != 0 for child in children))
"""


def test_two_hundred_processes_on_one_cache(fromlint, server):
    fromlint.write("Dockerfile", "FROM python:3.12-alpine3.22\nRUN pip install demo\n")
    command = [sys.executable, "-c", MANY, server.url]
    done = subprocess.run(
        command, cwd=fromlint.folder, env=fromlint.environ, capture_output=True, text=True, check=True
    )
    assert (done.stdout, done.stderr) == ("0\n", "")
    server.forget()
    assert asked(fromlint, server).err == ""
    assert server.count("/simple/demo/") == 0


KILLED = {
    "a page is written": (
        "import fromlint.index.cache as c\nc.Cache.keep = lambda self, pages: self._write(lambda connection: die(connection))",
        True,
    ),
    "a result is written": ("import os\nos.replace = lambda *_: die()", False),
}


@pytest.mark.parametrize("when", KILLED)
def test_killed_while_the_cache_is_written(fromlint, server, when):
    patch, _ = KILLED[when]
    fromlint.write("Dockerfile", "FROM python:3.12-alpine3.22\nRUN pip install demo\n")
    os.utime(fromlint.folder / "Dockerfile", (1e9, 1e9))
    die = (
        "import os, signal\n"
        "def die(connection=None):\n"
        "    if connection is not None:\n"
        "        connection.execute(\"INSERT INTO blob VALUES ('a', 'b', 1, 'half of it')\")\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    if when == "a result is written":
        # What is newer than a tick of the clock is not kept, and Python files may have been installed just now.
        die += "import fromlint.witness as w\nw.settled = lambda *_: True\nimport fromlint.recall as r\nr.settled = lambda *_: True\n"
    process = fromlint.start("check", "--index-url", server.url, before=die + patch)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert asked(fromlint, server).err == ""
    assert asked(fromlint, server).err == ""


# --- the clock -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seconds", [-10 * 365 * 86_400, -86_400, -3_600, 86_400, 10 * 365 * 86_400])
def test_a_clock_that_jumps(fromlint, server, seconds):
    asked(fromlint, server)
    moved = f"import time\nnow = time.time\ntime.time = lambda: now() + {seconds}\n"
    assert asked(fromlint, server, before=moved).err == ""
    assert asked(fromlint, server).err == ""
    # What is newer now is seen, whatever the clock said in between.
    server.add("demo", wheel("demo", "1.1", tag="cp312-cp312-musllinux_1_2_x86_64"))
    later = f"import time\nnow = time.time\ntime.time = lambda: now() + {max(seconds, 0) + 4_000}\n"
    assert "FL105" not in fromlint("check", "--index-url", server.url, before=later).out


# --- what the user has -----------------------------------------------------------------------------------------------


def fixable(fromlint) -> bytes:
    fromlint.write("Dockerfile", GIT)
    return GIT.encode()


def test_no_room_for_a_fix(fromlint):
    before = fixable(fromlint)
    done = fromlint("check", "--offline", "--fix", before=FULL)
    assert done.code == 2
    assert "Dockerfile: cannot be written: File too large" in done.err
    assert (fromlint.folder / "Dockerfile").read_bytes() == before
    assert [path.name for path in fromlint.folder.iterdir()] == ["Dockerfile"]
    assert fromlint("check", "--offline", "--fix").code == 0
    assert (fromlint.folder / "Dockerfile").read_bytes() != before


@pytest.mark.parametrize("moment", ["os.fsync", "os.chmod", "os.replace"])
def test_killed_in_the_middle_of_a_fix(fromlint, moment):
    before = fixable(fromlint)
    die = f"import os, signal\n{moment} = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
    process = fromlint.start("check", "--offline", "--fix", before=die)
    process.communicate(timeout=60)
    assert process.returncode == -signal.SIGKILL
    assert (fromlint.folder / "Dockerfile").read_bytes() == before
    # What was left beside it is nobody's Dockerfile.
    done = fromlint("check", "--offline", "--fix")
    assert (done.code, "1 stage," in done.out) == (0, True), done
    assert b"git" in (fromlint.folder / "Dockerfile").read_bytes().replace(before, b"")


@pytest.mark.parametrize("words", [("--format", "json=report.json"), ("--output", "report.json", "--format", "json")])
def test_no_room_for_a_report(checked, fromlint, words):
    fromlint.write("report.json", "the last one")
    done = checked(*words, before=FULL)
    assert (done.code, done.err) == (2, "fromlint: report.json: cannot be written: File too large\n")
    assert (fromlint.folder / "report.json").read_text() == "the last one"
    assert checked(*words).code == 1
    assert json.loads((fromlint.folder / "report.json").read_text())["summary"]["error"] == 1


def test_no_room_for_a_baseline(checked, fromlint):
    assert checked("--baseline", "known.json", "--update-baseline").code == 0
    before = (fromlint.folder / "known.json").read_bytes()
    fromlint.write("Dockerfile", GIT + "RUN pip install 'other @ git+https://example.com/other'\n")
    done = fromlint("check", "--offline", "--baseline", "known.json", "--update-baseline", before=FULL)
    assert (done.code, "known.json: cannot be written" in done.err) == (2, True)
    assert (fromlint.folder / "known.json").read_bytes() == before


def test_a_report_to_where_no_file_can_be_exchanged(checked, fromlint, tmp_path):
    assert checked("--output", "/dev/null").code == 1
    assert checked("--output", "/dev/stdout", "--format", "concise").out.count("FL202") == 1
    assert checked("--output", "nowhere/report").code == 2
    assert checked("--output", ".").code == 2
    (tmp_path / "aim").write_text("old")
    (fromlint.folder / "link").symlink_to(tmp_path / "aim")
    assert checked("--output", "link").code == 1
    assert (fromlint.folder / "link").is_symlink()
    assert "FL202" in (tmp_path / "aim").read_text()


def test_a_new_report_has_the_mode_of_any_new_file(checked, fromlint):
    checked("--output", "report", before="import os\nos.umask(0o027)\n")
    assert (fromlint.folder / "report").stat().st_mode & 0o777 == 0o640
    (fromlint.folder / "report").chmod(0o604)
    checked("--output", "report")
    assert (fromlint.folder / "report").stat().st_mode & 0o777 == 0o604


def test_no_folder_for_temporary_files(checked, fromlint):
    gone = "import tempfile\ndef gone(*_):\n    raise FileNotFoundError(2, 'No usable temporary directory found')\ntempfile._get_default_tempdir = gone\n"
    assert checked(before=gone, environ={**fromlint.environ, "TMPDIR": "/nowhere"}).code == 1
    assert fromlint("check", "--offline", "--fix", before=gone).code == 0


def test_a_working_folder_that_is_gone(fromlint, tmp_path):
    folder = tmp_path / "gone"
    folder.mkdir()
    leave = f"import fromlint.start, os\nos.chdir({str(folder)!r})\nos.rmdir({str(folder)!r})\n"
    done = fromlint("check", "--offline", before=leave)
    assert done.code == 2
    assert "working folder" in done.err


def test_an_archive_is_no_burden_on_the_disk(fromlint, server):
    """What is downloaded is looked at in memory and never unpacked to a disk."""
    server.add(
        "big",
        sdist(
            "big", "1.0", files={"setup.py": b"from setuptools import setup\nsetup()\n", "x.c": b"#include <zlib.h>\n"}
        ),
    )
    fromlint.write("Dockerfile", "FROM python:3.12-alpine3.22\nRUN pip install big\n")
    fromlint("check", "--index-url", server.url)
    made = {path.name for path in Path(fromlint.folder).parent.rglob("*") if path.is_file()}
    assert {name for name in made if not name.endswith(".result")} <= {"Dockerfile", NAME}
