"""What is recalled of installs says the same as what is worked out: the report is the same bytes, with a cache or without."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fromlint import run
from fromlint.reports import json

FIXTURES = Path(__file__).parent.parent / "fixtures"
LOCKS = Path(__file__).parent / "requirements" / "data"
UV = """FROM python:3.12-alpine AS builder
COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/
WORKDIR /app
COPY . ./
RUN uv sync --frozen --no-install-project
FROM python:3.12-slim
WORKDIR /app
COPY --from=builder /app/.venv /app/.venv
"""
POETRY = "FROM python:3.12-alpine\nRUN pip install poetry\nWORKDIR /app\nCOPY . ./\nRUN poetry install --no-root\n"


def projects() -> list[tuple[Path, str | None]]:
    own = [(folder, None) for folder in sorted(FIXTURES.iterdir()) if (folder / "Dockerfile").is_file()]
    return [*own, (LOCKS / "uv", UV), (LOCKS / "uv-forks", UV), (LOCKS / "poetry", POETRY)]


def report(folder: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(cache))
    given = {"offline": True, "platform": ("linux/amd64", "linux/arm64"), "as_of": "2026-11-22"}
    return json.render(run.check(["Dockerfile"], given).report)


@pytest.mark.parametrize(("source", "dockerfile"), projects(), ids=lambda value: getattr(value, "name", ""))
def test_a_changed_dockerfile_is_judged_as_if_nothing_were_kept(source, dockerfile, tmp_path, monkeypatch):
    folder = tmp_path / "project"
    shutil.copytree(source, folder)
    (folder / ".git").mkdir()
    text = dockerfile or (folder / "Dockerfile").read_text()
    for number, changed in enumerate((text, text + "LABEL more=1\n", "# one line more\n" + text)):
        (folder / "Dockerfile").write_text(changed)
        anew = report(folder, tmp_path / f"cache-{number}", monkeypatch)
        assert report(folder, tmp_path / "cache", monkeypatch) == anew
        # Now everything is recalled.
        assert report(folder, tmp_path / "cache", monkeypatch) == anew


def test_a_lock_that_has_not_changed_is_not_read(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    shutil.copytree(LOCKS / "uv", folder)
    (folder / ".git").mkdir()
    (folder / "Dockerfile").write_text(UV)
    first = report(folder, tmp_path / "cache", monkeypatch)
    monkeypatch.setattr("fromlint.requirements.uv_lock.read", lambda *_: pytest.fail("the lock is read"))
    assert report(folder, tmp_path / "cache", monkeypatch) == first
