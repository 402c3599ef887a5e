"""Versions and specifiers against packaging, which pip uses."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion
from packaging.version import Version as Oracle

from fromlint.wheels import specifiers, versions

_number = st.sampled_from(["0", "1", "2", "9", "10", "007"])
_separator = st.sampled_from(["", ".", "-", "_"])
_segment = st.one_of(
    st.just(""),
    st.builds(
        "".join,
        st.tuples(
            _separator,
            st.sampled_from(["a", "alpha", "b", "beta", "c", "rc", "pre", "preview", "RC", "x"]),
            _separator,
            st.one_of(st.just(""), _number),
        ),
    ),
)
_post = st.one_of(
    st.just(""),
    st.builds("-{}".format, _number),
    st.builds("".join, st.tuples(_separator, st.sampled_from(["post", "rev", "r"]), _separator, _number)),
)
_dev = st.one_of(st.just(""), st.builds("".join, st.tuples(_separator, st.just("dev"), st.just(""), _number)))
_local = st.one_of(st.just(""), st.sampled_from(["+1", "+cpu", "+cu118", "+ubuntu.1", "+1.2-a", "+01"]))
_version = st.builds(
    "{}{}{}{}{}{}{}".format,
    st.sampled_from(["", "v", "1!", "0!"]),
    st.lists(_number, min_size=1, max_size=4).map(".".join),
    _segment,
    _post,
    _dev,
    _local,
    st.sampled_from(["", " "]),
)
_specifier = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["==", "!=", "~=", "<=", ">=", "<", ">", "===", "=", ""]),
    st.sampled_from(["", " "]),
    _version,
    st.sampled_from(["", ".*"]),
)


def _oracle(text: str) -> Oracle | None:
    try:
        return Oracle(text)
    except InvalidVersion:
        return None


@given(st.one_of(_version, st.text(max_size=20)))
@example("1.0a.post1")
@example("1.0.0-1")
@settings(max_examples=200, deadline=None)
def test_a_version_is_read_as_packaging_reads_it(text: str) -> None:
    ours, theirs = versions.parse(text), _oracle(text)
    if theirs is None:
        assert ours is None
        return
    assert ours is not None
    assert (ours.text, ours.prerelease, ours.postrelease) == (
        str(theirs),
        theirs.is_prerelease,
        theirs.is_postrelease,
    )


@given(_version, _version)
@settings(max_examples=200, deadline=None)
def test_two_versions_are_ordered_as_packaging_orders_them(one: str, other: str) -> None:
    ours, theirs = (versions.parse(one), versions.parse(other)), (_oracle(one), _oracle(other))
    if ours[0] is None or ours[1] is None or theirs[0] is None or theirs[1] is None:
        return
    keys = [(version.key, version.local) for version in ours if version is not None]
    assert (keys[0] < keys[1], keys[0] == keys[1]) == (theirs[0] < theirs[1], theirs[0] == theirs[1])


@given(st.lists(_specifier, max_size=3).map(",".join), _version)
@example("<1.0.post1", "1.0.dev1")
@example("<1.0.post1", "1.0.post1.dev1")
@example("<1.0", "1.0.post1.dev1")
@example(">1.0.post1", "1.0.post2")
@example(">1.0", "1.0+local")
@example(">1.0", "1.0.post1.dev1")
@example(">1.0a1", "1.0a1.post1")
@example("==1.0.*", "1")
@example("~=1.0.1", "1.0.9rc1")
@settings(max_examples=250, deadline=None)
def test_specifiers_allow_what_packaging_allows(text: str, version: str) -> None:
    parsed = versions.parse(version)
    ours = specifiers.parse(text)
    try:
        theirs = SpecifierSet(text)
    except InvalidSpecifier:
        assert ours is None
        return
    assert ours is not None
    assert ours.prereleases == bool(theirs.prereleases)
    if parsed is not None:
        assert specifiers.allows(ours, parsed) == theirs.contains(Oracle(version), prereleases=True)


def test_a_text_that_is_too_long_is_no_version() -> None:
    assert versions.parse("9" * 5000) is None
    assert specifiers.parse(">=" + "9" * 5000) is None


@pytest.mark.parametrize(
    ("text", "pinned", "bounded"), [("==1", True, False), ("==1.*", False, True), ("<2,>1", False, True)]
)
def test_pins_and_bounds_are_told_apart(text: str, pinned: bool, bounded: bool) -> None:
    parsed = specifiers.parse(text)
    assert parsed is not None
    assert (parsed.pinned, parsed.bounded) == (pinned, bounded)
