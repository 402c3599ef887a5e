"""Projects on disk, and the language server over them against an index on the loopback interface."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from editor_client import Client
from index_server import IndexServer, sdist, wheel

ALPINE = (
    "FROM python:3.12-alpine\nWORKDIR /app\nCOPY requirements.txt .\n"
    "RUN pip install --no-cache-dir -r requirements.txt\n"
)
REQUIREMENTS = "# what it needs\npure==1.0\npsycopg2==2.9.10\n"

Start = Callable[..., Client]


@pytest.fixture
def index() -> Iterator[IndexServer]:
    """An index with a pure wheel, and a package of which the data knows what its build takes."""
    with IndexServer() as server:
        server.add("pure", wheel("pure", "1.0"))
        server.add("psycopg2", sdist("psycopg2", "2.9.10"))
        yield server


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, index: IndexServer) -> Path:
    """A project that compiles psycopg2 on Alpine, where nothing is there to do it with; a home and cache of its own."""
    folder = tmp_path / "project"
    (folder / ".git").mkdir(parents=True)
    (folder / "Dockerfile").write_text(ALPINE)
    (folder / "requirements.txt").write_text(REQUIREMENTS)
    (folder / "fromlint.toml").write_text(f'index-url = "{index.url}"\nas-of = "2026-11-22"\nignore = ["FL501"]\n')
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "NETRC", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def start(project: Path) -> Iterator[Start]:
    """Starts the server in the project, as the client that is asked for."""
    with ExitStack() as stack:

        def started(**words: object) -> Client:
            words.setdefault("folder", project)
            return stack.enter_context(Client(**words))  # type: ignore[arg-type]

        yield started


@pytest.fixture
def client(start: Start) -> Client:
    return start()
