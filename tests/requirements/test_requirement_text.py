"""Requirements as text: what is read here is what packaging reads."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from fromlint.requirements.requirement_text import Parsed, Refused, marker_fault, parse

names = st.sampled_from(["foo", "Foo.Bar", "a_b", "f", "foo-", "_foo", "foo--bar", "1a", "é"])
extras = st.sampled_from(["", "", "[x]", "[x, Y_z]", "[]", "[ a ]", "[x", "[x,]", " [x] "])
clauses = st.sampled_from(
    [
        "==1.0",
        ">= 1.0",
        "<2",
        "~=1.2",
        "~=1",
        "==1.*",
        ">1.*",
        "!=1.0.*",
        "==1.0+local.1",
        ">=1+local",
        "===any-thing",
        "<=1.0rc1",
        ">=1.0.post1.dev2",
        "==v1.0",
        "==1!2.0",
        "= 1.0",
        "(>=1)",
        "1.0",
        "==1.0.0a",
        "~=1.2a1",
    ]
)
specifiers = st.one_of(st.just(""), clauses, st.tuples(clauses, clauses).map(",".join), clauses.map(lambda c: c + ","))
tails = st.sampled_from(
    ["", "", " ; os_name == 'nt'", ";python_version<'3'", ";", " ; nonsense", " @ https://x.org/y.zip", " "]
)
blanks = st.sampled_from(["", " ", "\t"])


@settings(max_examples=250, deadline=None)
@given(st.tuples(blanks, names, blanks, extras, specifiers, tails).map("".join))
def test_the_same_answers_as_packaging(text: str) -> None:
    found = parse(text)
    try:
        expected = Requirement(text)
    except InvalidRequirement:
        assert isinstance(found, Refused)
        assert 0 <= found.start <= found.end <= len(text)
        return
    assert isinstance(found, Parsed)
    assert found.name == expected.name
    assert set(found.extras) == {canonicalize_name(extra) for extra in expected.extras}
    assert SpecifierSet(found.specifier) == expected.specifier
    assert bool(found.marker) == (expected.marker is not None)
    assert found.url == expected.url


@pytest.mark.parametrize(
    ("text", "faulty"),
    [
        ("foo==1.0.0 bar", "==1.0.0 b"),
        ("foo>=1,<2,=3", ">=1,<2,="),
        ("foo [x", "[x"),
        ("-foo", "-"),
        ("foo=1.0", "="),
    ],
)
def test_the_place_of_a_fault(text: str, faulty: str) -> None:
    found = parse(text)
    assert isinstance(found, Refused)
    assert text[found.start : found.end] == faulty


def test_the_order_of_clauses_is_kept() -> None:
    found = parse("foo >=1.0, <2.0")
    assert isinstance(found, Parsed)
    assert found.specifier == ">=1.0,<2.0"
    by_packaging = parse("foo (>=1.0, <2.0)")
    assert isinstance(by_packaging, Parsed)
    assert by_packaging.specifier == ">=1.0,<2.0"


@pytest.mark.parametrize("text", ["x" * 30_000, "foo; " + "(" * 3000, "foo[" + "a," * 8000 + "b]"])
def test_what_is_long_or_deep_is_answered(text: str) -> None:
    assert isinstance(parse(text), Refused | Parsed)


def test_a_faulty_marker_is_placed() -> None:
    fault = marker_fault("python_version < ")
    assert fault is not None
    assert fault.start == len("python_version < ") - 1
    assert marker_fault("python_version < '3'") is None


def test_common_requirements_need_no_packaging() -> None:
    code = (
        "import sys; from fromlint.requirements.requirement_text import parse;"
        'parse(\'Foo_Bar[a,b] >=1.0, !=1.5.*, <2 ; python_version < "3.9" and extra == "x"\');'
        "sys.exit(any(name.startswith('packaging') for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
