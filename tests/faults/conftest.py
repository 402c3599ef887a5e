"""A project, the command line as a process of its own, and what must hold of it whatever goes wrong."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from index_server import IndexServer, wheel

SLIM = "FROM python:3.12-slim-trixie\n"
GIT = SLIM + "RUN pip install 'demo @ git+https://example.com/demo'\n"
"""A Dockerfile with one error (FL202), for which no index has to be asked."""


class Done(NamedTuple):
    """What a process left behind."""

    code: int
    out: str
    err: str


class Shell:
    """A folder with a project, a home and a cache of its own, in which fromlint is run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "project"
        self.cache = folder / "cache"
        self.home = folder / "home"
        self.folder.mkdir()
        self.home.mkdir()
        path = os.environ.get("PATH", "")
        self.environ = {"PATH": path, "HOME": str(self.home), "FROMLINT_CACHE_DIR": str(self.cache)}
        if "PYTHONPATH" in os.environ:
            self.environ["PYTHONPATH"] = os.environ["PYTHONPATH"]

    def write(self, name: str, content: str | bytes) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def start(self, *words: str, before: str = "", environ: Mapping[str, str] | None = None, **options: Any) -> Any:
        """Begin a run. ``before`` is Python that is executed first in its process."""
        code = f"{before}\nfrom fromlint.start import main\nmain()\n"
        return subprocess.Popen(
            [sys.executable, "-c", code, *words],
            cwd=self.folder,
            env=self.environ if environ is None else {"PATH": self.environ["PATH"], **environ},
            **{"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options},
        )

    def __call__(self, *words: str, **options: Any) -> Done:
        """A whole run, which must end in peace: see ``peaceful``."""
        process = self.start(*words, **options)
        out, err = process.communicate(timeout=120)
        done = Done(
            process.returncode, (out or b"").decode("utf-8", "replace"), (err or b"").decode("utf-8", "replace")
        )
        return peaceful(done)


def peaceful(done: Done) -> Done:
    """The same, where the process neither died nor told of itself what only its makers understand."""
    said = done.out + done.err
    assert "Traceback" not in said, said
    assert "internal error" not in said, said
    assert "Exception ignored" not in said, said
    assert 0 <= done.code <= 3 or done.code == 130, (done.code, said)
    assert all(line.startswith("fromlint: ") for line in done.err.splitlines()), done.err
    return done


@pytest.fixture
def fromlint(tmp_path: Path) -> Shell:
    return Shell(tmp_path)


@pytest.fixture
def checked(fromlint: Shell) -> Callable[..., Done]:
    """A run over a Dockerfile with one error, offline."""
    fromlint.write("Dockerfile", GIT)
    # A result that rests on a file of this very moment is not kept.
    time.sleep(0.1)

    def run(*words: str, **options: Any) -> Done:
        return fromlint("check", "--offline", *words, **options)

    return run


@pytest.fixture
def server() -> Iterator[IndexServer]:
    """An index with a package that has a wheel for glibc only: an error on Alpine."""
    with IndexServer() as running:
        running.add("demo", wheel("demo", "1.0", tag="cp312-cp312-manylinux_2_17_x86_64"))
        yield running
