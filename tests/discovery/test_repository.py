from pathlib import Path

import pytest

from fromlint.discovery.repository import is_below, project, root, upwards


def test_the_nearest_git_folder(tmp_path: Path) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / ".git").write_text("gitdir: elsewhere")
    assert root(str(inner)) == str(tmp_path / "a")
    assert root("/") is None


def test_without_a_repository_it_is_where_fromlint_was_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "a")
    assert project(str(inner)) == str(tmp_path / "a")
    assert project(str(tmp_path)) == str(tmp_path)
    (inner / ".git").mkdir()
    assert project(str(inner)) == str(inner)


def test_upwards() -> None:
    assert upwards("/a/b/c", "/a") == ("/a/b/c", "/a/b", "/a")
    assert upwards("/a", "/a") == ("/a",)
    assert upwards("/a/b", "/x") == ("/a/b",)
    assert upwards("/a", "/") == ("/a", "/")


def test_below() -> None:
    assert is_below("/a/b", "/a")
    assert is_below("/a", "/a")
    assert is_below("/a", "/")
    assert not is_below("/ab", "/a")
