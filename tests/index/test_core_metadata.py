import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.index import core_metadata
from fromlint.model.index import Metadata
from patience import within_a_minute

TEXT = b"""Metadata-Version: 2.1
Name: demo
Version: 1.0
Requires-Dist: other (>=2)
requires-dist: folded>=1;
  python_version < "3.12"
Provides-Extra: x
Requires-Python: >=3.8
Description: one
        |Requires-Dist: not-this

Requires-Dist: nor-this
"""


@pytest.mark.parametrize("data", [TEXT, TEXT.replace(b"\n", b"\r\n"), b"\n" + TEXT, b"\xef\xbb\xbf" + TEXT])
def test_fields(data):
    found = core_metadata.fields(data)
    assert core_metadata.metadata(found) == Metadata(
        ("other (>=2)", 'folded>=1; python_version < "3.12"'), ("x",), ">=3.8"
    )
    assert not found.static


def test_lines_with_control_characters_are_left_out():
    found = core_metadata.fields(b"Metadata-Version: 2.2\nRequires-Dist: a\x1b[31m\nRequires-Dist: b\n")
    assert found.values["requires-dist"] == ("b",)


@pytest.mark.parametrize(
    ("version", "dynamic", "static"),
    [("2.2", "", True), ("2.10", "", True), ("3.0", "", True), ("2.1", "", False), ("2", "", False), ("", "", False),
     ("2.2", "Requires-Dist", False), ("2.2", "Provides-Extra", False), ("2.2", "License", True)],
)  # fmt: skip
def test_static(version, dynamic, static):
    data = f"Metadata-Version: {version}\n" + (f"Dynamic: {dynamic}\n" if dynamic else "")
    assert core_metadata.fields(data.encode()).static is static


@pytest.mark.parametrize("data", [b"", b"<html>", b"\x00\xff", b"Name: demo\n"])
def test_what_is_no_metadata(data):
    assert core_metadata.fields(data) is None


@given(
    st.binary(max_size=300) | st.binary(max_size=200).map(lambda more: b"Metadata-Version: 2.2\nRequires-Dist: " + more)
)
def test_any_bytes(data):
    found = core_metadata.fields(data)
    if found is not None:
        known = core_metadata.metadata(found)
        assert all(text.isprintable() for text in known.requires_dist)
        assert core_metadata.from_bytes(core_metadata.to_bytes(known)) == known
    core_metadata.of_project(data)


@given(st.binary(max_size=100))
def test_any_cached_bytes(data):
    found = core_metadata.from_bytes(data)
    assert found is None or isinstance(found, Metadata)


def test_what_is_kept_comes_back():
    unknown = core_metadata.unknown("its dependencies come out only when it is built", ">=3.8")
    assert core_metadata.from_bytes(core_metadata.to_bytes(unknown)) == unknown


def test_long_folded_fields_take_linear_time():
    with within_a_minute():
        core_metadata.fields(b"Metadata-Version: 2.1\nRequires-Dist: a\n" + b" b\n" * 600_000)


def test_a_deep_pyproject_is_unknown():
    assert core_metadata.of_project(b"a = " + b"[" * 100_000) is None
