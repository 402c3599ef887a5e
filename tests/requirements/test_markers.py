"""Markers for images: the same answers as packaging where all is known, and none where it is not."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.markers import InvalidMarker, Marker, UndefinedComparison, UndefinedEnvironmentName

from fromlint.model.environment import Environment, Python
from fromlint.requirements import marker_text
from fromlint.requirements.markers import evaluate

PLAIN: frozenset[str] = frozenset()
KNOWN = {
    "implementation_name": "cpython",
    "implementation_version": "3.12.4",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.12.4",
    "python_version": "3.12",
    "sys_platform": "linux",
    "extra": "",
}

variables = st.sampled_from([*KNOWN, "os.name", "sys.platform", "platform.machine", "python_implementation"])
literals = st.sampled_from(
    [
        "3.12",
        "3.12.4",
        "3.12.*",
        "3.9",
        "3.13.0rc1",
        "4",
        "",
        "linux",
        "win32",
        "posix",
        "x86_64",
        "CPython",
        "cpython",
        "Linux",
        "2.7 3.12",
        "3.x",
        "a",
        "A_b",
        "3.12.4+local",
        " 3.12 ",
        "darwin,linux",
    ]
)
operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">=", "~=", "===", "in", "not in", "not  in"])
blanks = st.sampled_from(["", " ", "\t"])
quotes = st.sampled_from(["'", '"'])


@st.composite
def comparisons(draw: st.DrawFn) -> str:
    quote = draw(quotes)
    left, right = draw(variables), quote + draw(literals) + quote
    if draw(st.booleans()):
        left, right = right, left
    operator = draw(operators)
    blank = " " if operator[0] in "in" else draw(blanks)
    return left + blank + operator + blank + right


markers = st.recursive(
    comparisons(),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" and ", " or "]), inner).map("".join),
        inner.map(lambda marker: f"({marker})"),
    ),
    max_leaves=6,
)


def by_packaging(marker: str, extra: str = "") -> bool | None:
    try:
        return Marker(marker).evaluate({**KNOWN, "extra": extra})
    except (UndefinedComparison, UndefinedEnvironmentName):
        return None


def image(version: str | None = "3.12.4", implementation: str = "cpython") -> Environment:
    python = Python(version, implementation, "/usr/local", None, False) if version else None
    return Environment(True, None, "python", python=python)


@settings(max_examples=150, deadline=None)
@given(markers)
def test_the_same_answers_as_packaging(marker: str) -> None:
    expected = by_packaging(marker)
    found = evaluate(marker, image(), "linux/amd64", PLAIN)
    # packaging stops at the first comparison without a meaning; here the rest may still decide.
    assert found is expected or expected is None


@settings(max_examples=120, deadline=None)
@given(st.one_of(markers, st.text(alphabet="()'\"=<>~!andorint python_versextra.\\\n", max_size=40)))
def test_the_same_language_as_packaging(marker: str) -> None:
    try:
        Marker(marker)
        accepted = True
    except InvalidMarker:
        accepted = False
    assert (marker_text.parse(marker) is not None) is accepted


@pytest.mark.parametrize("extra", ["", "test", "Dev_tools"])
@pytest.mark.parametrize(
    "marker",
    [
        "extra == 'test'",
        "extra != 'dev-tools'",
        "extra == 'dev.tools' or os_name == 'nt'",
        "extra == ''",
        "extra != ''",
    ],
)
def test_extras_one_at_a_time(marker: str, extra: str) -> None:
    extras = frozenset({extra.lower().replace("_", "-")} if extra else ())
    assert evaluate(marker, image(), "linux/amd64", extras) is by_packaging(marker, extra)


def test_extras_together() -> None:
    both = "extra == 'a' and extra == 'b'"
    extras = frozenset({"a", "b"})
    assert evaluate(both, image(), "linux/amd64", extras) is False
    assert evaluate(both, image(), "linux/amd64", extras, together=True) is True
    assert evaluate("extra != 'c'", image(), "linux/amd64", extras, together=True) is True


def test_sets_of_a_lock() -> None:
    extras, groups = frozenset({"fast"}), frozenset({"dev"})
    assert evaluate("'Fast' in extras", image(), "linux/amd64", extras, groups=groups) is True
    assert evaluate("'docs' not in dependency_groups", image(), "linux/amd64", extras, groups=groups) is True
    assert evaluate("extras == 'fast'", image(), "linux/amd64", extras, groups=groups) is None


@pytest.mark.parametrize(
    ("marker", "expected"),
    [
        ("python_full_version >= '3.12.0'", True),
        ("python_full_version < '3.13'", True),
        ("python_full_version >= '3.12.5'", None),
        ("python_full_version >= '3.12.4' and python_full_version < '3.12.8'", None),
        ("python_full_version == '3.12.*'", True),
        ("python_full_version < '3.12.3' or python_full_version >= '3.12.3'", True),
        ("implementation_version != '3.12.50'", None),
        ("python_version == '3.12'", True),
    ],
)
def test_an_unknown_patch_version(marker: str, expected: bool | None) -> None:
    assert evaluate(marker, image("3.12"), "linux/amd64", PLAIN) is expected


@pytest.mark.parametrize(
    ("platform", "marker", "expected"),
    [
        ("linux/amd64", "platform_machine == 'x86_64'", True),
        ("linux/arm64", "platform_machine == 'aarch64'", True),
        ("linux/arm64/v8", "platform_machine == 'aarch64'", True),
        ("linux/arm/v7", "platform_machine == 'armv7l'", None),
        ("linux/arm/v7", "platform_machine == 'armv7l' or platform_machine == 'aarch64'", True),
        ("linux/arm/v7", "platform_machine == 'x86_64'", False),
        ("linux/386", "platform_machine == 'x86_64'", None),
        ("linux/386", "platform_machine in 'i686 x86_64'", True),
        ("linux/ppc64le", "platform_machine == 'ppc64le'", True),
        ("linux/s390x", "platform_machine == 's390x'", True),
        ("linux/riscv64", "platform_machine == 'riscv64'", True),
        ("linux/unheard-of", "platform_machine == 'x86_64'", None),
        ("windows/amd64", "sys_platform == 'win32' and platform_machine == 'AMD64'", True),
        ("linux/amd64", "platform_release >= '5'", None),
        ("linux/amd64", "platform_release >= '5' and sys_platform == 'win32'", False),
        ("linux/amd64", "platform_version == 'x' or os_name == 'posix'", True),
    ],
)
def test_platforms(platform: str, marker: str, expected: bool | None) -> None:
    assert evaluate(marker, image(), platform, PLAIN) is expected


def test_without_a_known_python(environment: Callable[..., Environment]) -> None:
    none = environment(python=None)
    assert evaluate("python_version < '3.13'", none, "linux/amd64", PLAIN) is None
    assert evaluate("python_version < '3.13' and sys_platform == 'win32'", none, "linux/amd64", PLAIN) is False


def test_pypy_has_a_version_of_its_own() -> None:
    pypy = image("3.10.14", "pypy")
    assert evaluate("platform_python_implementation == 'PyPy'", pypy, "linux/amd64", PLAIN) is True
    assert evaluate("implementation_version < '8'", pypy, "linux/amd64", PLAIN) is None
    assert evaluate("python_full_version == '3.10.14'", pypy, "linux/amd64", PLAIN) is True


@pytest.mark.parametrize("marker", ["", "  "])
def test_no_marker_holds(marker: str) -> None:
    assert evaluate(marker, image(), "linux/amd64", PLAIN) is True


@pytest.mark.parametrize(
    "marker", ["nonsense", "(" * 5000, "os_name == 'a' and", "'a' == 'b'", "(" * 200 + "os_name == 'a'" + ")" * 200]
)
def test_what_is_no_marker_is_unknown(marker: str) -> None:
    assert evaluate(marker, image(), "linux/amd64", PLAIN) is None
