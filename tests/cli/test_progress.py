"""The bar on stderr: on a terminal, after a second, and gone in the end."""

import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fromlint.cli import progress
from index_server import Fault, IndexServer, wheel


class Terminal:
    """Stands for stderr."""

    def __init__(self, terminal: bool) -> None:
        self.text = ""
        self._terminal = terminal

    def isatty(self) -> bool:
        return self._terminal

    def write(self, text: str) -> None:
        self.text += text

    def flush(self) -> None:
        pass


@pytest.fixture
def seconds(monkeypatch):
    """The clock: a list whose last entry is now."""
    passed = [100.0]
    monkeypatch.setattr(progress, "monotonic", lambda: passed[-1])
    monkeypatch.setenv("TERM", "xterm")
    return passed


def test_nothing_is_drawn_in_the_first_second(monkeypatch, seconds):
    stderr = Terminal(True)
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress.shown() as told:
        told(0, 10)
        seconds.append(100.9)
        told(5, 10)
    assert stderr.text == ""


def test_after_a_second_it_says_how_far_it_is_and_is_erased_in_the_end(monkeypatch, seconds):
    stderr = Terminal(True)
    monkeypatch.setattr(sys, "stderr", stderr)
    with progress.shown() as told:
        told(0, 10)
        seconds.append(101.5)
        told(5, 10)
        assert f"[{'#' * 15}{'.' * 15}] 5 of 10" in stderr.text
    assert stderr.text.endswith("\r\x1b[2K")


@pytest.mark.parametrize(
    ("terminal", "term", "quiet"), [(False, "xterm", False), (True, "dumb", False), (True, "xterm", True)]
)
def test_nobody_is_told_where_nobody_would_see_it(monkeypatch, terminal, term, quiet):
    monkeypatch.setattr(sys, "stderr", Terminal(terminal))
    monkeypatch.setenv("TERM", term)
    with progress.shown(quiet=quiet) as told:
        assert told is None


@pytest.mark.parametrize("terminal", [True, False])
def test_a_slow_index_draws_it_on_a_terminal_and_never_in_a_pipe(terminal, tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM python:3.12-slim\nRUN pip install demo==1.0\n")
    with IndexServer() as server:
        server.add("demo", wheel("demo", "1.0"))
        server.fault("/simple/demo/", Fault.hang(times=1))
        words = ["check", str(tmp_path), "--index-url", server.url, "--exit-zero"]
        own, other = pty.openpty() if terminal else os.pipe()
        variables = {**os.environ, "FROMLINT_CACHE_DIR": str(tmp_path / "cache"), "TERM": "xterm"}
        settings = tmp_path / "fromlint.toml"
        settings.write_text("index-timeout = 2.5\n")
        done = subprocess.run(
            [sys.executable, "-m", "fromlint", *words], stdout=subprocess.PIPE, stderr=other, env=variables, check=True
        )
        os.close(other)
        said = b""
        try:
            while piece := os.read(own, 65536):
                said += piece
        except OSError:
            pass  # how Linux says that a terminal is at its end
        os.close(own)
    assert (b"asking the index [" in said) is terminal
    assert b"asking the index" not in done.stdout
