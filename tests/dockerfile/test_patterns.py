import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.dockerfile.patterns import BadPattern, replace, trim_prefix, trim_suffix
from patience import within_a_minute

PATTERNS = st.text(st.sampled_from("ab*?"), max_size=8)
VALUES = st.text(st.sampled_from("abc"), max_size=10)


def regular_expression(pattern: str, longest: bool) -> str:
    star = ".*" if longest else ".*?"
    return "".join({"*": star, "?": "."}.get(character, character) for character in pattern)


@settings(max_examples=400, deadline=None)
@given(PATTERNS, VALUES, st.booleans())
def test_prefixes_agree_with_regular_expressions(pattern: str, value: str, longest: bool) -> None:
    match = re.match(regular_expression(pattern, longest), value)
    assert trim_prefix(pattern, value, longest) == value[match.end() if match else 0 :]
    assert trim_suffix(pattern[::-1], value[::-1], longest) == trim_prefix(pattern, value, longest)[::-1]


@settings(max_examples=400, deadline=None)
@given(PATTERNS.filter(bool), VALUES)
def test_replacement_agrees_with_regular_expressions(pattern: str, value: str) -> None:
    expression = regular_expression(pattern, True)
    assert replace(pattern, value, "-", False) == re.sub(expression, "-", value, count=1)
    if set(pattern) != {"*"}:  # Go and Python differ on empty matches that touch another match.
        assert replace(pattern, value, "-", True) == re.sub(expression, "-", value)


def test_an_empty_match_behind_another_is_left_out_as_go_does() -> None:
    assert replace("*", "ab", "-", True) == "-"
    assert replace("", "ab", "-", False) == "-ab"


def test_a_star_stays_on_its_line() -> None:
    assert trim_prefix("*", "a\nb", True) == "\nb"
    assert trim_prefix("a*b", "a\nb", True) == "a\nb"


@pytest.mark.parametrize("pattern", ["\\", "\\x", "a\\\\\\"])
def test_only_special_characters_can_be_escaped(pattern: str) -> None:
    with pytest.raises(BadPattern, match="invalid escape"):
        trim_prefix(pattern, "x", False)


def test_escapes() -> None:
    assert trim_prefix("\\*\\?\\\\\\}\\/", "*?\\}/x", False) == "x"
    assert trim_suffix("\\**", "a*b*c", True) == "a"


def test_hostile_patterns_take_no_time() -> None:
    with within_a_minute():
        assert trim_prefix("*a" * 500 + "b", "a" * 4_000, False) == "a" * 4_000
    with pytest.raises(BadPattern, match="at most"):
        trim_prefix("*", "a" * 5_000, False)
