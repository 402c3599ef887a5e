"""Credentials of a keyring: asked for what pip 26.3 asks it for, in the same situations (each was tried with pip)."""

from __future__ import annotations

import stat
import sys
import types
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from fromlint.index.machine import machine
from index_server import IndexServer, wheel

PROGRAM = """#!/bin/sh
echo "$*" >> {log}
for word; do last=$word; test "$word" = "{service}" && found=yes; done
test -n "$found" || exit 1
name=me
test "$last" = "{service}" || name=$last
echo '{{"username": "'$name'", "password": "word"}}'
"""


@pytest.fixture
def server():
    with IndexServer(login=("me", "word")) as started:
        started.add("demo", wheel("demo", "1.0"))
        yield started


def place(server: IndexServer) -> str:
    return server.url.split("/")[2]


def with_name(server: IndexServer) -> str:
    return server.url.replace("://", "://me@")


@pytest.fixture
def module(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[tuple[str, str | None]]]:
    """An importable keyring that knows one service; gives the list of what it is asked for."""

    def module(known: str) -> list[tuple[str, str | None]]:
        asked: list[tuple[str, str | None]] = []

        def get_credential(service: str, name: str | None) -> Any:
            asked.append((service, name))
            return types.SimpleNamespace(username=name or "me", password="word") if service == known else None

        monkeypatch.setitem(sys.modules, "keyring", types.SimpleNamespace(get_credential=get_credential))
        return asked

    return module


@pytest.fixture
def program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[str], Callable[[], list[str]]]:
    """A keyring program on PATH that knows one service; gives what says how it was started."""

    def program(known: str) -> Callable[[], list[str]]:
        file, log = tmp_path / "bin" / "keyring", tmp_path / "log"
        file.parent.mkdir()
        file.write_text(PROGRAM.format(log=log, service=known))
        file.chmod(file.stat().st_mode | stat.S_IXUSR)
        monkeypatch.setenv("PATH", f"{file.parent}:/usr/bin:/bin")
        return lambda: log.read_text().splitlines() if log.exists() else []

    return program


def failure(index: Callable[..., Any], url: str, environ: Mapping[str, str] = {}) -> str | None:
    with index(environ={"PIP_CONFIG_FILE": "/dev/null", **environ}) as asked:
        (page,) = asked.pages([(url, "demo")]).values()
        said: str | None = page.failure
        return said


def test_the_address_of_the_index_is_asked_for_first(index, server, module):
    asked = module(server.url.rstrip("/") + "/")
    assert failure(index, server.url) is None
    assert asked == [(server.url.rstrip("/") + "/", None)]


def test_then_its_host_with_the_port(index, server, module):
    asked = module(place(server))
    assert failure(index, server.url) is None
    assert asked == [(server.url.rstrip("/") + "/", None), (place(server), None)]


def test_with_the_name_that_the_address_has(index, server, module):
    asked = module(place(server))
    assert failure(index, with_name(server)) is None
    assert asked == [(server.url.rstrip("/") + "/", "me"), (place(server), "me")]


@pytest.mark.parametrize("variable", ["PIP_KEYRING_PROVIDER", "UV_KEYRING_PROVIDER"])
def test_the_program(index, server, module, program, variable):
    imported, started = module(place(server)), program(place(server))
    assert failure(index, with_name(server), {variable: "subprocess"}) is None
    address = server.url.rstrip("/") + "/"
    start = "--mode=creds --output=json get"
    assert started() == [f"{start} {address} me", f"{start} {place(server)} me"]
    assert imported == []


@pytest.mark.parametrize(
    ("environ", "asks"),
    [
        ({}, True),
        ({"PIP_KEYRING_PROVIDER": "auto"}, True),
        ({"PIP_KEYRING_PROVIDER": "import"}, True),
        ({"PIP_KEYRING_PROVIDER": "import", "PIP_NO_INPUT": "1"}, True),
        ({"PIP_KEYRING_PROVIDER": "disabled"}, False),
        ({"UV_KEYRING_PROVIDER": "disabled"}, False),
        ({"PIP_NO_INPUT": "1"}, False),
        ({"PIP_KEYRING_PROVIDER": "auto", "PIP_NO_INPUT": "true"}, False),
    ],
)
def test_when_the_module_is_asked(index, server, module, program, environ, asks):
    imported, started = module(place(server)), program(place(server))
    assert (failure(index, server.url, environ) is None) is asks
    assert bool(imported) is asks
    assert started() == []


def test_pip_conf_says_how(tmp_path):
    (tmp_path / "pip.conf").write_text("[global]\nkeyring-provider = subprocess\n")
    assert machine({"PIP_CONFIG_FILE": str(tmp_path / "pip.conf"), "HOME": str(tmp_path)}).keyring == "subprocess"


def test_no_program_is_started_that_nobody_named(index, server, program, monkeypatch):
    monkeypatch.setitem(sys.modules, "keyring", None)
    started = program(place(server))
    assert "asks for credentials" in (failure(index, server.url) or "")
    assert started() == []


@pytest.mark.parametrize("script", ["exit 3", "echo nonsense", "echo '{}'", "echo '[]'"])
def test_a_program_that_fails(index, server, program, tmp_path, script):
    program(place(server))
    (tmp_path / "bin" / "keyring").write_text(f"#!/bin/sh\n{script}\n")
    assert "asks for credentials" in (failure(index, server.url, {"PIP_KEYRING_PROVIDER": "subprocess"}) or "")
