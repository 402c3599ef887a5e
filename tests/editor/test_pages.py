"""The rules' pages in the cache, which codes link to."""

from __future__ import annotations

from click.testing import CliRunner

from fromlint.cli import cli
from fromlint.editor import pages
from fromlint.editor.positions import path_of


def test_a_page_is_written_once_and_again_where_it_is_another(tmp_path, monkeypatch):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    uri = pages.page("FL201")
    assert uri is not None
    place = tmp_path / "cache" / "rules" / "FL201.md"
    assert path_of(uri) == str(place)
    assert "## What to do" in place.read_text()
    place.write_text("of another version")
    pages._page.cache_clear()
    assert pages.page("FL201") == uri
    assert "## What to do" in place.read_text()


def test_there_is_none_for_what_is_no_rule_or_has_no_place(tmp_path, monkeypatch):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "file" / "cache"))
    (tmp_path / "file").write_text("")
    assert pages.page("FL999") is None
    assert pages.page("FL202") is None


def test_cleaning_the_cache_takes_them_away(tmp_path, monkeypatch):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    pages.page("FL203")
    result = CliRunner().invoke(cli, ["cache", "clean"], catch_exceptions=False)
    assert result.stdout == "freed 0.0 MB\n"
    assert list((tmp_path / "rules").iterdir()) == []
