"""Regular expressions that are compiled on first use."""

import re
from importlib import import_module
from pathlib import Path

import pytest

import fromlint
from fromlint.regex import _Regex, regex


def test_it_is_a_pattern() -> None:
    word = regex(r"(?P<first>[a-z])[a-z]*", re.IGNORECASE)
    found = word.match("Linter x")
    assert found is not None
    assert (found[0], found["first"]) == ("Linter", "L")
    assert word.sub("-", "a b") == "- -"
    assert word.fullmatch("a b") is None
    assert word.findall("ab c") == ["a", "c"]
    assert word.pattern == r"(?P<first>[a-z])[a-z]*"
    assert regex(rb"\d+").search(b"a 12") is not None


def test_what_no_pattern_has_is_an_error() -> None:
    with pytest.raises(AttributeError):
        regex("a").nothing  # noqa: B018


def test_every_expression_compiles() -> None:
    top = Path(fromlint.__file__).parent
    compiled = 0
    for file in sorted(top.rglob("*.py")):
        module = ".".join(("fromlint", *file.relative_to(top).with_suffix("").parts)).removesuffix(".__init__")
        if module == "fromlint.__main__":
            continue
        for value in vars(import_module(module)).values():
            if isinstance(value, _Regex):
                assert value.pattern
                compiled += 1
    assert compiled > 100
