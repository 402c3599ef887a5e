"""Output that cannot be written, streams that are closed, and an impatient user."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

from faults.conftest import GIT, Done, peaceful
from index_server import Fault

FRESH = {"FROMLINT_NO_RESULT_CACHE": "1"}


def test_the_reader_goes_away(fromlint):
    # More than a pipe holds.
    fromlint.write("Dockerfile", GIT + "RUN pip install 'a @ git+https://example.com/a'\n" * 400)
    process = fromlint.start("check", "--offline", "--format", "json")
    assert process.stdout.readline() == b"{\n"
    process.stdout.close()
    err = process.stderr.read().decode()
    peaceful(Done(process.wait(), "", err))
    assert err == ""


@pytest.mark.parametrize("words", [(), ("--format", "json"), ("--format", "sarif")])
@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="a device of Linux")
def test_a_full_disk_behind_stdout(checked, words):
    for _ in range(2):  # the second time from the kept result, if there is one
        with open("/dev/full", "wb") as full:
            done = checked(*words, stdout=full)
        assert (done.code, done.err) == (2, "fromlint: the output cannot be written: No space left on device\n")
    assert checked(*words).code == 1


@pytest.mark.parametrize("closed", ["stdin", "stdout", "stderr", "all"])
def test_closed_streams(checked, fromlint, closed):
    numbers = {"stdin": (0,), "stdout": (1,), "stderr": (2,), "all": (0, 1, 2)}[closed]
    before = "import os, sys\n"
    for number in numbers:
        before += f"os.close({number})\n"
    # As the interpreter finds them at its start.
    before += "".join(
        f"sys.{name} = None\n" for name in (("stdin", "stdout", "stderr") if closed == "all" else (closed,))
    )
    done = checked(before=before)
    assert done.code == 1
    assert ("FL202" in done.out) is (closed not in ("stdout", "all"))
    # Nothing of the report went into a file that got the free number.
    assert not any(b"FL202" in path.read_bytes()[:1000] for path in fromlint.cache.rglob("index*"))
    assert checked().code == 1


@pytest.mark.parametrize("encoding", ["ascii", "ascii:strict", "latin-1", "cp037"])
def test_an_output_that_lacks_characters(fromlint, encoding):
    fromlint.write("Dockerfile", GIT + "RUN pip install -r näme-日本.txt\n")
    environ = {**fromlint.environ, "PYTHONIOENCODING": encoding}
    done = fromlint("check", "--offline", environ=environ, stdout=subprocess.PIPE)
    assert done.code == 1
    for words in (("advise", "--offline"), ("rules",), ("explain", "FL201"), ("--help",)):
        assert fromlint(*words, environ=environ).code == 0


@pytest.mark.parametrize(
    "locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "nowhere.UTF-8"}, {"LANG": "C", "PYTHONUTF8": "0"}]
)
def test_the_plainest_locale(fromlint, locale):
    fromlint.write("Dockerfile", GIT)
    fromlint.write("näme.Dockerfile", GIT)
    done = fromlint(
        "check", "--offline", "--format", "concise", environ={**fromlint.environ, **locale, "PYTHONCOERCECLOCALE": "0"}
    )
    assert (done.code, done.out.count("FL202")) == (1, 2)


NAMES = (b"b\xffd.Dockerfile", b"new\nline.Dockerfile", b"esc\x1b[2J.Dockerfile", "\u202egnp.Dockerfile".encode())


@pytest.mark.parametrize(
    "form", ["text", "concise", "json", "sarif", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown"]
)
def test_names_of_files_that_are_no_text(fromlint, form):
    for name in NAMES:
        with open(os.path.join(os.fsencode(fromlint.folder), name), "wb") as file:
            file.write(GIT.encode())
    done = fromlint("check", "--offline", "--format", form)
    assert done.code == 1
    assert done.out.count("FL202") >= len(NAMES)
    assert all(character.isprintable() or character == "\n" for character in done.out)


# A shell's jobs in the background, as CI may run this, ignore Ctrl-C from birth.
HEEDED = "import signal\nsignal.signal(signal.SIGINT, signal.default_int_handler)\n"


def test_ctrl_c(fromlint, server):
    fromlint.write("Dockerfile", "FROM python:3.12-alpine3.22\nRUN pip install demo\n")
    server.fault("/simple/demo/", Fault.hang())
    process = fromlint.start("check", "--index-url", server.url, before=HEEDED)
    until = time.monotonic() + 60
    while not server.seen and time.monotonic() < until:
        time.sleep(0.01)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    done = peaceful(Done(process.returncode, out.decode(), err.decode()))
    assert done == (130, "", "fromlint: interrupted\n")
    server._faults.clear()
    assert fromlint("check", "--index-url", server.url).code == 1


def test_ctrl_c_before_anything_was_done(fromlint):
    early = HEEDED + "import os\nimport fromlint.recall as r\nr.key = lambda *_: os.kill(os.getpid(), signal.SIGINT)"
    assert fromlint("check", before=early) == (130, "", "fromlint: interrupted\n")


def test_python_itself_is_started_in_peace(fromlint):
    # The module as well as the script.
    done = subprocess.run(
        [sys.executable, "-m", "fromlint", "--version"], capture_output=True, env=fromlint.environ, check=True
    )
    assert done.stderr == b""
