"""Processes that share a run and end too soon, cannot be had, or are left alone."""

from __future__ import annotations

import os
import signal
import subprocess
import time

import pytest

from faults.conftest import GIT, Done, peaceful

NUMBER = 8

# What a process does that is not the one which the user started, in place of its share.
IN_HELPERS = """
import os, pickle, signal, time
import fromlint.shares as shares
here, part = os.getpid(), shares._part
def patched(*words):
    if os.getpid() != here:
        {does}
    return part(*words)
shares._part = patched
"""
KILL = "os.kill(os.getpid(), signal.SIGKILL)"
# Killed while it sends what it found.
HALF = f"""
import os, pickle, signal
pickle.dump = lambda value, file, *_: (file.write(pickle.dumps(value)[:99]), file.flush(), {KILL})
"""
NO_MORE = "import os\ndef fork():\n    raise BlockingIOError(11, 'no more processes')\nos.fork = fork"
ELSEWHERE = "import os\ndel os.fork"
NO_FILES = "import os\ndef pipe():\n    raise OSError(24, 'too many open files')\nos.pipe = pipe"
THREADS = "import threading, time\nthreading.Thread(target=time.sleep, args=(600,), daemon=True).start()"


@pytest.fixture
def services(fromlint):
    for number in range(NUMBER):
        fromlint.write(f"service-{number}/Dockerfile", GIT)
    return fromlint


def checked(shell, before: str = "") -> Done:
    return shell("check", "--offline", "--format", "json", "--jobs", "3", before=before)


@pytest.mark.parametrize(
    ("does", "told"),
    [
        (KILL, "was killed by signal 9"),
        ("raise RuntimeError('not here')", "failed"),
        ("raise MemoryError", "failed"),
        ("raise KeyboardInterrupt", "failed"),
        ("raise SystemExit(0)", "failed"),
        ("os._exit(0)", "failed"),
    ],
)
def test_one_that_ends_too_soon(services, does, told):
    ends_too_soon(services, IN_HELPERS.format(does=does), told)


def test_one_that_is_killed_while_it_sends(services):
    ends_too_soon(services, HALF, "was killed by signal 9")


def ends_too_soon(services, before: str, told: str) -> None:
    alone = checked(services, before=ELSEWHERE)
    assert checked(services, before=before) == (
        1,
        alone.out,
        f"fromlint: a process of this run {told}; its share was done again\n",
    )


@pytest.mark.parametrize("before", [NO_MORE, NO_FILES, ELSEWHERE, THREADS])
def test_none_can_be_had(services, before):
    done = checked(services, before=before)
    assert (done.code, done.out.count('"FL202"'), done.err) == (1, NUMBER, "")


HEEDED = "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
WAITS = "open(f'waits-{os.getpid()}', 'w').close(), time.sleep(600)"


@pytest.mark.parametrize("everybody", [False, True])
def test_ctrl_c(services, everybody):
    """Sent to the one process, or as a terminal does to all; none is left."""
    before = IN_HELPERS.format(does=WAITS) + HEEDED
    process = services.start("check", "--offline", "--jobs", "3", before=before, start_new_session=True)
    helpers: list[int] = []
    while len(helpers) < 2 and process.poll() is None:
        time.sleep(0.01)
        helpers = [int(path.name.partition("-")[2]) for path in services.folder.glob("waits-*")]
    (os.killpg if everybody else os.kill)(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=60)
    done = peaceful(Done(process.returncode, out.decode(), err.decode()))
    assert done == (130, "", "fromlint: interrupted\n")
    for helper in helpers:
        with pytest.raises(ProcessLookupError):
            os.kill(helper, 0)


def test_the_reader_goes_away(fromlint):
    for number in range(NUMBER):
        fromlint.write(f"service-{number}/Dockerfile", GIT + "RUN pip install 'a @ git+https://example.com/a'\n" * 60)
    process = fromlint.start("check", "--offline", "--format", "json", "--jobs", "3")
    assert process.stdout.readline() == b"{\n"
    process.stdout.close()
    err = process.stderr.read().decode()
    assert peaceful(Done(process.wait(), "", err)).err == ""


def test_the_first_process_is_killed(services):
    """The others end once they find nobody to send to: their streams close."""
    does = "open('begun', 'w').close(), os.read(int(os.environ['GATE']), 1)"
    reading, writing = os.pipe()
    environ = {**services.environ, "GATE": str(reading)}
    before = IN_HELPERS.format(does=does)
    words = ("check", "--offline", "--jobs", "2")
    process = services.start(*words, before=before, environ=environ, pass_fds=[reading], stderr=subprocess.STDOUT)
    while not (services.folder / "begun").exists() and process.poll() is None:
        time.sleep(0.01)
    process.kill()
    os.write(writing, b"x")
    assert process.stdout.read() == b""
    os.close(reading)
    os.close(writing)
    process.wait()
