"""Lines of Requires-Dist against packaging."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from fromlint.wheels.dependency import malformed, parse, surely_not_asked

_line = st.builds(
    "{}{}{}{}".format,
    st.sampled_from(["foo", "Foo.Bar", "foo-bar_", "f", "", "1foo"]),
    st.sampled_from(["", "[a]", "[a, B]", " [ a ] ", "[]"]),
    st.sampled_from(
        [
            "",
            ">=1",
            " >= 1, <2",
            "(>=1)",
            " (==1.*)",
            "~=1.4.2",
            " @ https://e.example/f-1.whl",
            "@git+https://e.example/x",
        ]
    ),
    st.sampled_from(
        ["", '; extra == "x"', " ; python_version < '3.9' and extra == 'x'", '; extra == "x" or os_name == "nt"']
    ),
)


@given(_line)
@settings(max_examples=250, deadline=None)
def test_a_line_is_read_as_packaging_reads_it(line: str) -> None:
    try:
        theirs = Requirement(line)
    except InvalidRequirement:
        return
    ours = parse(line)
    assert ours is not None
    assert ours.name == canonicalize_name(theirs.name)
    assert ours.extras == {canonicalize_name(extra) for extra in theirs.extras}
    assert SpecifierSet(ours.specifier) == theirs.specifier
    assert ours.url == theirs.url
    assert (Marker(ours.marker) if ours.marker else None) == theirs.marker


@given(st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_no_line_is_too_odd(line: str) -> None:
    parse(line)
    parse(line * 400)


@pytest.mark.parametrize("line", ["", "???", "foo bar", ">=1", "foo;bar" * 2000])
def test_what_cannot_be_read_is_none(line: str) -> None:
    assert parse(line) is None


@given(
    st.sampled_from(
        [
            'extra == "x"',
            'python_version < "3.9" and extra == "x"',
            'extra == "X_y" and os_name == "nt"',
            'extra == "x" or os_name == "posix"',
            'os_name == "posix"',
            'extra != "x"',
            '(extra == "x" and os_name == "posix") or extra == "y"',
        ]
    ),
    st.frozensets(st.sampled_from(["x", "y", "x-y"])),
)
@settings(max_examples=100, deadline=None)
def test_the_short_cut_for_extras_is_never_wrong(marker: str, extras: frozenset[str]) -> None:
    if surely_not_asked(marker, extras):
        holds = any(Marker(marker).evaluate({"extra": extra, "os_name": "posix"}) for extra in extras or ("",))
        assert not holds


@pytest.mark.parametrize(
    "line",
    [
        "pytz (>dev)",
        "torch (>=1.8.*)",
        "PyYAML (>=5.1.*)",
        "extract-msg (<=0.29.*)",
        "a==1.*",
        "a (!=1.0.*,>=1)",
        "a>=1,<2; extra == 'x'",
        "a @ https://example.com/a-1.tar.gz ; python_version < '3.8'",
        "a[b,c] ~= 1.2",
        "a >=1.0.post1, !=2.0+local",
        "a ===anything-goes",
        "a (>=1.0",
        "a 1.0",
        "a>=1.0+local",
    ],
)
def test_what_is_malformed_is_what_packaging_refuses(line: str) -> None:
    try:
        Requirement(line)
    except InvalidRequirement:
        assert malformed(["b>=1", line]) == line
    else:
        assert malformed(["b>=1", line]) is None
