import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.fixes.text import Text
from fromlint.model.finding import Edit
from fromlint.model.place import Span


def edit(line, column, end_line, end_column, text):
    return Edit(Span("Dockerfile", line, column, end_line, end_column), text)


@pytest.mark.parametrize(
    ("before", "edits", "after"),
    [
        (b"FROM a\nRUN b\n", [edit(1, 6, 1, 7, "c")], b"FROM c\nRUN b\n"),
        (b"FROM a\nRUN b\n", [edit(2, 1, 2, 1, "RUN x\n")], b"FROM a\nRUN x\nRUN b\n"),
        (b"FROM a\r\nRUN b\r\n", [edit(2, 1, 2, 1, "RUN x\n")], b"FROM a\r\nRUN x\r\nRUN b\r\n"),
        (b"\xef\xbb\xbfFROM a\n", [edit(1, 1, 1, 1, "# x\n")], b"\xef\xbb\xbf# x\nFROM a\n"),
        (b"FROM a\nRUN b", [edit(3, 1, 3, 1, "RUN x\n")], b"FROM a\nRUN b\nRUN x"),
        (b"FROM a\nRUN b\n", [edit(3, 1, 3, 1, "RUN x\n")], b"FROM a\nRUN b\nRUN x\n"),
        (b"FROM a\nRUN b\n", [edit(1, 1, 1, 1, "RUN b\n"), edit(2, 1, 3, 1, "")], b"RUN b\nFROM a\n"),
        ("FROM ä\nRUN 𝕓 c\n".encode(), [edit(2, 7, 2, 8, "d")], "FROM ä\nRUN 𝕓 d\n".encode()),
        (b"one two", [edit(1, 5, 1, 8, "2"), edit(1, 1, 1, 4, "1")], b"1 2"),
    ],
)
def test_edits_change_what_they_cover_and_nothing_else(before, edits, after):
    assert Text(before).edited(edits) == after


@pytest.mark.parametrize("span", [(9, 1, 9, 1), (0, 1, 0, 1), (1, 99, 1, 99), (2, 1, 1, 1), (1, 8, 1, 9)])
def test_a_place_that_is_not_there_makes_no_edit(span):
    assert Text(b"FROM a\nRUN b\n").edited([edit(*span, "x")]) is None


def test_what_is_no_utf8_is_refused():
    with pytest.raises(UnicodeDecodeError):
        Text(b"FROM \xff\n")


@given(st.text(st.characters(codec="utf-8", exclude_characters="\ufeff"), max_size=60), st.data())
def test_an_insertion_keeps_all_that_was_there(text, data):
    content = Text(text.encode())
    lines = text.split("\n")
    line = data.draw(st.integers(1, len(lines)))
    column = data.draw(st.integers(1, len(lines[line - 1]) + 1))
    edited = content.edited([edit(line, column, line, column, "<>")])
    assert edited is not None
    assert edited.decode().replace("<>", "", 1) == text or "<>" in text
