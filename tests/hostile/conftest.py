"""A repository that somebody hostile has written to, and all that is said about it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from fromlint import rules, run
from fromlint.model.project import Report
from fromlint.reports import sarif, text
from index_server import IndexServer

FORMATS = ("concise", "json", "github", "gitlab", "junit", "checkstyle", "rdjson", "markdown")
SLIM = "FROM python:3.12-slim-trixie\n"
ALPINE = "FROM python:3.12-alpine\n"


def rendered(report: Report) -> dict[str, str]:
    """The report in every format, the wordiest text included."""
    found = {name: str(import_module(f"fromlint.reports.{name}").render(report)) for name in FORMATS}
    found["sarif"] = sarif.render(report, rules.pages())
    found["text"] = text.render(report, verbose=True, files=True)
    return found


def strings(document: object) -> Iterator[str]:
    """All texts in a JSON document, the keys as well."""
    if isinstance(document, str):
        yield document
    elif isinstance(document, list):
        for item in document:
            yield from strings(item)
    elif isinstance(document, dict):
        for key, value in document.items():
            yield key
            yield from strings(value)


def decoded(name: str, content: str) -> str:
    """What a report says, with JSON's escapes undone."""
    return "\n".join(strings(json.loads(content))) if content.lstrip().startswith(("{", "[")) else content


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository to stand in, with a home and a cache of its own."""
    folder = tmp_path / "repository"
    (folder / ".git").mkdir(parents=True)
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    for name in ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "NETRC", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    return folder


@pytest.fixture
def checked(repository: Path) -> Callable[..., Report]:
    """The report on files; further words are settings of the command line. Offline unless an index is named."""

    def check(files: Mapping[str, str | bytes], **given: Any) -> Report:
        for name, content in files.items():
            path = repository / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8", "surrogateescape") if isinstance(content, str) else content)
        stated = {"as_of": "2026-11-22", "offline": "index_url" not in given, **given}
        return run.check([Path()], stated).report

    return check


@pytest.fixture
def server() -> Iterator[IndexServer]:
    with IndexServer() as running:
        yield running
