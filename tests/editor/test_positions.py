"""Places in our files and in the protocol's documents."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol.types import Position, Range

from fromlint.editor.positions import Positions, path_of, uri_of
from fromlint.model.place import Span

TEXT = "a😀é=x\r\n\tplain\nlast"


def span(*place: int) -> Span:
    return Span("f", *place)


@pytest.mark.parametrize(("encoding", "start", "end"), [("utf-32", 2, 5), ("utf-16", 3, 6), ("utf-8", 5, 9)])
def test_columns_in_each_encoding(encoding, start, end):
    positions = Positions(TEXT, encoding)
    assert positions.range(span(1, 3, 1, 6)) == Range(Position(0, start), Position(0, end))
    assert positions.place(Position(0, start)) == (1, 3)
    assert positions.place(Position(0, end)) == (1, 6)


def test_the_end_of_a_line_is_before_its_line_end():
    positions = Positions(TEXT, "utf-16")
    assert positions.range(span(1, 1, 1, 1000)).end == Position(0, 6)
    assert positions.line(1) == "a😀é=x"
    assert positions.line(4) == ""
    assert positions.line(0) == ""


@pytest.mark.parametrize("place", [(9, 1, 9, 5), (0, 0, 0, 0), (2, 900, 2, 901), (3, 4, 1, 1)])
def test_what_is_not_there_is_moved_to_what_is(place):
    found = Positions(TEXT, "utf-16").range(span(*place))
    assert found.start <= found.end
    assert 0 <= found.end.line <= 2


def test_a_byte_order_mark_is_counted_by_the_client_alone():
    positions = Positions("\ufeffFROM x\ny", "utf-16")
    assert positions.range(span(1, 6, 1, 7)) == Range(Position(0, 6), Position(0, 7))
    assert positions.place(Position(0, 6)) == (1, 6)
    assert positions.line(1) == "FROM x"
    assert positions.at(5) == Position(0, 6)
    assert positions.range(span(2, 1, 2, 2)).start == Position(1, 0)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text("a😀é\t\r\n\ufeff", max_size=30),
    st.integers(-2, 40),
    st.integers(-2, 40),
    st.sampled_from(["utf-8", "utf-16", "utf-32"]),
)
def test_there_and_back(text, line, character, encoding):
    positions = Positions(text, encoding)
    number, column = positions.place(Position(max(line, 0), max(character, 0)))
    found = positions.range(span(number, column, number, column)).start
    assert positions.place(found) == (number, column) or text.split("\n")[number - 1].endswith("\r")


@pytest.mark.parametrize("path", ["/a b/Dockerfile", "/ä/%20/#x", "/a/😀"])
def test_paths_and_uris(path):
    assert path_of(uri_of(path)) == path


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "git:/x", "http://[bad", "file://host/share", "file:///%00", "", "file:relative"]
)
def test_what_is_no_file_here(uri):
    assert path_of(uri) is None


def test_the_host_may_be_named():
    assert path_of("file://localhost/a/../b%20c") == "/b c"
