"""Bytes to text, as pip does it."""

from __future__ import annotations

import codecs
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.requirements.decoding import NotText, requirements_text, utf8_text

WRITTEN = "flask==3.0  # é\n"


@pytest.mark.parametrize(
    "data",
    [
        WRITTEN.encode(),
        codecs.BOM_UTF8 + WRITTEN.encode(),
        codecs.BOM_UTF16_LE + WRITTEN.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + WRITTEN.encode("utf-16-be"),
        codecs.BOM_UTF32_LE + WRITTEN.encode("utf-32-le"),
        codecs.BOM_UTF32_BE + WRITTEN.encode("utf-32-be"),
    ],
)
def test_marks(data: bytes) -> None:
    assert requirements_text(data) == WRITTEN


def test_coding_comments() -> None:
    data = "# -*- coding: latin-1 -*-\n# é\n".encode("latin-1")
    assert requirements_text(data).endswith("# é\n")
    assert requirements_text("\n# vim: set fileencoding=latin-1\né".encode("latin-1")).endswith("é")


@pytest.mark.parametrize(
    ("data", "word"),
    [
        (b"flask\n\xff\xfe\x00 broken", "line 2"),
        (b"# coding: no-such-thing\nflask", "no known encoding"),
        (b"# coding: punycode\nflask", "no encoding of files"),
        (b"# coding: hex\n00", "no known encoding"),
        ("flask".encode("utf-16-le"), "NUL"),
        (codecs.BOM_UTF16_LE + b"x", "utf-16-le"),
    ],
)
def test_what_is_no_text(data: bytes, word: str) -> None:
    with pytest.raises(NotText, match=word):
        requirements_text(data)


def test_utf8_only() -> None:
    assert utf8_text(codecs.BOM_UTF8 + b"a = 1") == "a = 1"
    with pytest.raises(NotText):
        utf8_text(codecs.BOM_UTF16_LE + "a".encode("utf-16-le"))


@given(st.one_of(st.binary(), st.binary().map(lambda data: b"# coding: " + data)))
def test_any_bytes(data: bytes) -> None:
    with contextlib.suppress(NotText):
        assert isinstance(requirements_text(data), str)
