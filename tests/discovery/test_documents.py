from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.discovery.documents import LARGEST, Node, Unreadable, read_yaml


def read(text: str) -> Node:
    node = read_yaml(text.encode())
    assert node is not None
    return node


def test_values_and_lines() -> None:
    node = read("a: 1\nb:\n  - x\n  - 'y'\nc: {d: ~, e: 'null', f: }\n")
    assert node.string("a") == "1"
    assert node.string("nope") is None
    items = node.get("b")
    assert items is not None
    assert items.strings() == ("x", "y")
    assert items.line == 3
    inner = node.get("c")
    assert inner is not None
    assert [(name, value.text) for name, value in inner.mapping()] == [("d", None), ("e", "null"), ("f", None)]


def test_anchors_and_merge_keys() -> None:
    node = read("x: &base {a: 1, b: 2}\ny:\n  <<: *base\n  b: 3\nz:\n  <<: [*base, {c: 4}]\n")
    merged, listed = node.get("y"), node.get("z")
    assert merged is not None
    assert listed is not None
    assert (merged.string("a"), merged.string("b")) == ("1", "3")
    assert {name: value.text for name, value in merged.mapping()} == {"a": "1", "b": "3"}
    assert (listed.string("a"), listed.string("c")) == ("1", "4")


def test_the_first_document_counts() -> None:
    assert read("a: 1\n---\na: 2\n").string("a") == "1"
    assert read_yaml(b"") is None
    assert read_yaml(b"# only\n") is None


def test_odd_keys_do_no_harm() -> None:
    node = read("? [a, b]\n: c\n? {d: e}\n: f\n1: g\n")
    assert [value.text for _, value in node.mapping()] == ["c", "f", "g"]


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"a: [", "line 2"),
        (b"a: b: c", "line 1"),
        (b"\xff\xfe", "UTF-8"),
        (b"a: " + b"[" * 500 + b"]" * 500, "nested"),
        (b"x" * (LARGEST + 1), "larger than 2 MiB"),
        (b"a: &a [x]\nb: [" + b"*a, " * 2_000 + b"]", "more values"),
        (b"a: \x00", "special characters|control characters"),
    ],
)
def test_what_cannot_be_read(data: bytes, message: str) -> None:
    with pytest.raises(Unreadable, match=message):
        read_yaml(data)


def test_alias_bombs_do_not_grow() -> None:
    text = "a0: &a0 [x, x]\n" + "".join(f"a{n + 1}: &a{n + 1} [*a{n}, *a{n}]\n" for n in range(60))
    node = read(text)
    assert node.get("a60") is not None


def test_an_anchor_can_hold_itself() -> None:
    assert read("a: &a [*a]\n").get("a") is not None


@settings(max_examples=200, deadline=None)
@given(st.text(st.sampled_from("ab:-?[]{},&*!|>'\"# \n\t<"), max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(Unreadable):
        read_yaml(text.encode())
