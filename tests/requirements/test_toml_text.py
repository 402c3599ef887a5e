"""TOML with places, and with blocks of rows left for later."""

from __future__ import annotations

import tomllib
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.model.place import Problem
from fromlint.requirements import toml_text
from fromlint.requirements.toml_places import Places
from fromlint.requirements.toml_text import Document

ROWS = 'wheels = [\n    { url = "https://x/a.whl", hash = "sha256:aa", size = 12 },\n    {file = "b", hash = "c"},\n]\n'


def load(text: str) -> Document:
    found = toml_text.load(text, "x.lock")
    assert isinstance(found, Document)
    return found


def test_rows_are_cut_out_and_read_later() -> None:
    document = load(f"[[package]]\nname = 'a'\n{ROWS}")
    entry = document.data["package"][0]
    assert len(document.cut) == 1
    expected = tomllib.loads(ROWS)["wheels"]
    assert document.rows(entry["wheels"]) == expected


@pytest.mark.parametrize(
    "rows",
    [
        'x = [\n    { url = "a\\"b", hash = "c" },\n]\n',
        'x = [\n    { url = "a", hash = "c", when = 2024-01-01 },\n]\n',
        'x = [\n    { version = "^1", python = "<3" },\n]\n',
        'x = [{ url = "a", hash = "c" }]\n',
        "x = []\n",
    ],
)
def test_other_rows_are_left_to_the_toml_reader(rows: str) -> None:
    document = load(rows)
    assert document.cut == ()
    assert document.rows(document.data["x"]) == tomllib.loads(rows)["x"]


@pytest.mark.parametrize("recording", ["uv/uv.lock", "poetry/poetry.lock", "poetry-1.1/poetry.lock", "pdm/pdm.lock"])
def test_recorded_locks_as_tomllib_reads_them(recorded: Callable[[str], dict[str, bytes]], recording: str) -> None:
    folder, _, name = recording.partition("/")
    text = recorded(folder)[f"/app/{name}"].decode()
    document = load(text)
    assert document.cut

    def whole(value: object) -> object:
        if isinstance(value, dict):
            return {key: whole(item) for key, item in value.items()}
        if isinstance(value, list):
            return [whole(item) for item in value]
        return document.rows(value) if isinstance(value, str) and value.startswith("\x01") else value

    assert whole(dict(document.data)) == tomllib.loads(text)


PIECES = st.sampled_from([ROWS, "a = 1\n", '"""', "'''", "[x]\n", "# c\n", 's = "\\u00010"\n', "]", "\r\n"])


def by_tomllib(text: str) -> str:
    try:
        tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        return str(error)
    return ""


@settings(max_examples=100, deadline=None)
@given(st.lists(PIECES).map("".join))
def test_cutting_changes_no_answer_and_no_place(text: str) -> None:
    fault = by_tomllib(text)
    found = toml_text.load(text, "x")
    assert isinstance(found, Problem if fault else Document)
    if isinstance(found, Problem) and "(at line" in fault:
        assert fault.endswith(f"(at line {found.span.line}, column {found.span.column})")


def test_a_forged_mark_reads_nothing_else() -> None:
    document = load('x = "\\u00015"\ny = "\\u0001\u00b2"\n')
    assert document.rows(document.data["x"]) == []
    assert document.rows(document.data["y"]) == []


def test_entries() -> None:
    text = '# [[package]]\n[[package]]\nname = "a"\n[[package]]  \nversion = "1"\n\n[[package]]\r\nname = "b"  \r\n'
    spans = toml_text.entries(load(text).text, "package", "x.lock")
    assert [span[1:] for span in spans] == [(3, 1, 3, 11), (4, 1, 4, 14), (8, 1, 8, 11)]


@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("", []),
        ('x = "[[package]]"', []),
        (" [[package]]\nname = 1", []),
        ("[[package]]", [(1, 1, 1, 12)]),
        ("[[package]]\n", [(1, 1, 1, 12)]),
        ("[[package]]\nname = 1", [(2, 1, 2, 9)]),
        ("[[package]] # all\nname = 1\n[[package]]\t\n\nname = 2", [(3, 1, 3, 13)]),
        ("[[package]]\n[[package.x]]\nname = 1\n", [(1, 1, 1, 12)]),
    ],
)
def test_entries_and_what_looks_like_one(text: str, places: list[tuple[int, ...]]) -> None:
    assert [span[1:] for span in toml_text.entries(text, "package", "x.lock")] == places


def test_places() -> None:
    text = (
        '[a]\nx = ["one", \'two\']  # "one"\n[a.b]\n"k.y" = "one"\n[c]\nz = """\n[d]\n"one"\n"""\n'
        '[[d]]\nkey = { v = "one" }\nquoted = "say \\"hi\\""\n'
    )
    places = Places(text, "f")
    assert places.string("one", "a")[1:] == (2, 7, 2, 10)
    assert places.string("two", "a", after="x")[1:] == (2, 14, 2, 17)
    assert places.string("one", "a.b")[1:] == (4, 10, 4, 13)
    assert places.string("one", "d", after="key")[1:] == (11, 14, 11, 17)
    assert places.string('say "hi"', "d")[1:] == (12, 11, 12, 21)
    assert places.string("nowhere", "a")[1:] == (1, 1, 1, 2)
    assert places.key("k.y", "a.b")[1:] == (4, 1, 4, 14)
    assert places.key("b", "a")[1:] == (3, 1, 3, 6)
    assert places.table("c") == ("f", 5, 1, 5, 4)
    assert places.part("one", "a", 1, 2)[1:] == (2, 8, 2, 9)


def test_what_is_not_closed_is_a_fault_at_the_end() -> None:
    found = toml_text.load('[project]\nname = "x"\ndependencies = ["six"\n\n', "pyproject.toml")
    assert isinstance(found, Problem)
    assert found.message == "not valid TOML: Unclosed array"
    assert (found.span.line, found.span.column) == (3, 22)
