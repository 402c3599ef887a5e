"""poetry's constraints as specifiers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from fromlint.requirements.poetry_constraint import alternatives, python_marker, specifier


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("^1.2.3", ">=1.2.3,<2.0"),
        ("^0.2.3", ">=0.2.3,<0.3"),
        ("^0.0.3", ">=0.0.3,<0.0.4"),
        ("^0.0", ">=0.0,<0.1"),
        ("^0", ">=0,<1.0"),
        ("^2.0.0beta1", ">=2.0.0beta1,<3.0"),
        ("~1.2.3", ">=1.2.3,<1.3"),
        ("~1.2", ">=1.2,<1.3"),
        ("~1", ">=1,<2.0"),
        ("~=1.2", "~=1.2"),
        ("1.*", "==1.*"),
        ("1.x", "==1.*"),
        ("!=1.2.*", "!=1.2.*"),
        ("*", ""),
        ("1.2.3", "==1.2.3"),
        ("=1.2.3", "==1.2.3"),
        (">=1 <2", ">=1,<2"),
        (">= 1.2 , < 3,", ">=1.2,<3"),
        ("<>1.5", "!=1.5"),
        ("^1 || ^2", None),
        ("", None),
        ("latest", None),
        (">=1,,<2", None),
    ],
)
def test_specifiers(constraint: str, expected: str | None) -> None:
    assert specifier(constraint) == expected


def test_alternatives() -> None:
    assert alternatives("^1.0 || >=3") == (">=1.0,<2.0", ">=3")
    assert alternatives("^1|2.*") == (">=1,<2.0", "==2.*")
    assert alternatives("x" * 2000) is None


def test_python() -> None:
    assert python_marker("^3.8") == 'python_version >= "3.8" and python_version < "4.0"'
    assert python_marker("<3.9.2 || >=3.11") == '(python_full_version < "3.9.2") or (python_version >= "3.11")'
    assert python_marker("*") == ""
    assert python_marker("soon") is None


@given(st.text(alphabet="^~=<>!1234567890.*xX|, vabrcpostdev", max_size=30))
def test_whatever_comes_out_is_a_specifier(constraint: str) -> None:
    found = specifier(constraint)
    if found:
        SpecifierSet(found)
