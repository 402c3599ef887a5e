"""Comparing versions: plain releases as packaging compares them."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, Specifier

from fromlint.requirements.versions import holds, newest, release, satisfies

releases = st.lists(st.integers(0, 12), min_size=1, max_size=4).map(lambda parts: ".".join(map(str, parts)))


@settings(max_examples=120, deadline=None)
@given(releases, st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~="]), releases, st.sampled_from(["", ".*"]))
def test_plain_releases(version: str, operator: str, wanted: str, tail: str) -> None:
    try:
        expected: bool | None = Specifier(f"{operator}{wanted}{tail}").contains(version, prereleases=True)
    except InvalidSpecifier:
        expected = None
    assert holds(version, operator, wanted + tail) is expected


def test_the_rest_is_left_to_packaging() -> None:
    assert holds("3.13.0rc1", "<", "3.13") is False
    assert holds("3.12.1", "===", "3.12.1") is True
    assert holds("3.12", "==", "not a version") is None
    assert satisfies("1.5", ">=1,<2") is True
    assert satisfies("1.5", "nonsense") is None


def test_releases_are_plain_numbers() -> None:
    assert release("3.12.4") == (3, 12, 4)
    assert release("3.12rc1") is None
    assert release("9" * 5000) is None


def test_the_newest() -> None:
    assert newest(["1.9", "1.10", "1.10.0"], str) == ["1.10", "1.10.0"]
    assert newest(["1.9", "none"], str) == ["1.9", "none"]
