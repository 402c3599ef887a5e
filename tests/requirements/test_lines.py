"""Logical lines and the places of their parts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.model.dockerfile import Source
from fromlint.requirements.lines import expanded, logical_lines, place


def texts(content: str) -> list[str]:
    return [line.text for line in logical_lines(content, "r.txt")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("a\n\n  b  \n# c\nd # e\nf#g\n", ["a", "b", "d", "f#g"]),
        ("a \\\n  b\nc\n", ["a   b", "c"]),
        ("a \\\n# comment\nb\n", ["a", "b"]),
        ("a # comment \\\nb\nc\n", ["a", "c"]),
        ("a\\", ["a"]),
        ("a\r\nb\rc", ["a", "b", "c"]),
        ("\\\n\\\nx\n", ["x"]),
        ("http://x/#egg=y  # z", ["http://x/#egg=y"]),
        ("", []),
    ],
)
def test_lines(content: str, expected: list[str]) -> None:
    assert texts(content) == expected


def test_places_across_joined_lines() -> None:
    (line,) = logical_lines("x\n# y\n", "r.txt")
    assert place(line, 0, 1)[1:] == (1, 1, 1, 2)
    (line,) = logical_lines("\n  foo==1 \\\n    --hash=a\n", "r.txt")
    start = line.text.index("--hash")
    assert place(line, 0, 6)[1:] == (2, 3, 2, 9)
    assert place(line, start, start + 8)[1:] == (3, 5, 3, 13)
    assert place(line, 0, len(line.text))[1:] == (2, 3, 3, 13)


def only(content: str) -> Source:
    (line,) = logical_lines(content, "r.txt")
    return line


def test_variables() -> None:
    line, missing = expanded(only("git+https://${USER}:${TOKEN}@x.org/${lower}"), {"USER": "me", "TOKEN": ""})
    assert line.text == "git+https://me:${TOKEN}@x.org/${lower}"
    assert missing == ("TOKEN",)
    after = line.text.index("x.org")
    assert place(line, after, after + 5)[1:] == (1, 30, 1, 35)


@given(st.text(alphabet="ab#\\ \n${A}\r\x0c", max_size=60))
def test_every_place_lies_in_its_file(content: str) -> None:
    rows = content.splitlines()
    for line in logical_lines(content, "r.txt"):
        line, _ = expanded(line, {"A": "value"})
        where = place(line, 0, len(line.text))
        assert 1 <= where.line <= where.end_line <= len(rows)
        assert where.column >= 1
        assert rows[where.line - 1][where.column - 1 :][:1] in (line.text[:1], "$", "\\", "")


def test_many_joined_lines_and_variables_take_no_time() -> None:
    content = "${A} \\\n" * 10_000
    (line,) = logical_lines(content, "r.txt")
    line, _ = expanded(line, {"A": "b"})
    assert place(line, len(line.text) - 1, len(line.text)).line == 10_000
