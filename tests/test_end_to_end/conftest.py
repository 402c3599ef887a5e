"""A project on disk and the whole pipeline over it, against an index on the loopback interface."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from fromlint.model.project import Report
from fromlint.run import check
from index_server import IndexServer, sdist, wheel

Checked = Callable[..., Report]


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer() as running:
        yield running


@pytest.fixture
def native(server: IndexServer) -> IndexServer:
    """An index with a package that is compiled, and one that is not."""
    server.add("psycopg2", sdist("psycopg2", "2.9.10"))
    server.add("six", wheel("six", "1.17.0"))
    return server


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to stand in, with a home and a cache of its own."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "NETRC", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def checked(project: Path) -> Checked:
    """The report on a Dockerfile beside some files; further words are settings."""

    def run(dockerfile: str, files: Mapping[str, str | bytes] = {}, **settings: object) -> Report:
        for name, content in {"Dockerfile": dockerfile, **files}.items():
            path = project / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        return check([project / "Dockerfile"], {"as_of": "2026-11-22", **settings}).report

    return run


@pytest.fixture
def no_sockets(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever opens a socket or looks up a host fails the test."""

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a socket was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr(socket, "create_connection", refuse)
