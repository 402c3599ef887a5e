"""Advice is tried on whole Dockerfiles, through the real pipeline, without network and with an empty cache."""

from pathlib import Path

import pytest

from fromlint import run
from fromlint.advice.judge import Advice, advice
from fromlint.project.comparison import Wishes

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
AS_OF = "2026-11-22"


# Advice for the fixture projects, each worked out once: nothing of it changes between tests.
_KNOWN: dict[object, Advice] = {}


@pytest.fixture
def advised(tmp_path, monkeypatch):
    """``advised(path, python=…, images=…, **settings)``: the advice for a Dockerfile or folder."""
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))

    def of(path: Path, *, python: str | None = None, images: tuple[str, ...] = (), **settings: object) -> Advice:
        where = path.resolve()
        key = where, python, images, tuple(sorted(settings.items()))
        if key in _KNOWN and where.is_relative_to(FIXTURES):
            return _KNOWN[key]
        given = {"offline": True, "as_of": AS_OF, **settings}
        found = run.compare(path, given, Wishes(python, images))
        _KNOWN[key] = advice(found.project, found.substitutes, found.findings, python=python, elsewhere=found.elsewhere)
        return _KNOWN[key]

    return of


@pytest.fixture
def fixture_project(monkeypatch):
    """The folder of a fixture project, seen from the folder of all."""
    monkeypatch.chdir(FIXTURES)
    return Path


@pytest.fixture
def project(tmp_path, monkeypatch):
    """``project(dockerfile, **files)``: a folder with a Dockerfile and requirements."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)

    def made(dockerfile: str, requirements: str = "") -> Path:
        (folder / "Dockerfile").write_text(dockerfile)
        (folder / "requirements.txt").write_text(requirements)
        return Path("Dockerfile")

    return made
