import re

import pytest
from e2b_dockerfile_utils import PatternMatcher
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.discovery.globs import BadPattern, docker, git, go, is_pattern
from patience import within_a_minute


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("a", "a", True),
        ("a", "a/b", False),
        ("*.py", "a.py", True),
        ("*.py", "x/a.py", False),
        ("**/*.py", "a.py", True),
        ("**/*.py", "x/y/a.py", True),
        ("**", "x/y", True),
        ("**.py", "x/a.py", True),
        ("a/**", "a/b/c", True),
        ("a/**", "a", False),
        ("a/**/b", "a/b", True),
        ("a/**/b", "a/x/y/b", True),
        ("a/**/b", "a/xb", False),
        ("a?c", "abc", True),
        ("a?c", "a/c", False),
        ("[a-c]x", "bx", True),
        ("[^a-c]x", "bx", False),
        ("a\\*", "a*", True),
        ("a\\*", "ab", False),
        ("a+.(b)", "a+.(b)", True),
    ],
)
def test_dockerignore(pattern: str, path: str, expected: bool) -> None:
    assert docker(pattern)(path) is expected


@pytest.mark.parametrize(
    ("pattern", "path", "expected"),
    [
        ("*.py", "a.py", True),
        ("a/*", "a/b", True),
        ("a/*", "a/b/c", False),
        ("**/a", "a", True),
        ("**/a", "x/y/a", True),
        ("a/**", "a/b", True),
        ("a/**", "a", False),
        ("a/**/b", "a/b", True),
        ("a**b", "axxb", True),
        ("a**b", "ax/xb", False),
        ("[!a]b", "cb", True),
        ("[!a]b", "ab", False),
        ("[[:digit:]]x", "7x", True),
        ("[]a]x", "]x", True),
        ("[a-]x", "-x", True),
        ("a[^/]b", "a/b", False),
    ],
)
def test_gitignore(pattern: str, path: str, expected: bool) -> None:
    assert git(pattern)(path) is expected


@pytest.mark.parametrize(
    ("pattern", "name", "expected"),
    [
        ("*.txt", "a.txt", True),
        ("requirements*.txt", "requirements-dev.txt", True),
        ("?", "ab", False),
        ("[^a]", "b", True),
        ("[!a]", "!", True),
        ("a\\?", "a?", True),
        ("**", "ab", True),
    ],
)
def test_copy_sources(pattern: str, name: str, expected: bool) -> None:
    assert go(pattern)(name) is expected


@pytest.mark.parametrize("pattern", ["[a", "[]", "a\\", "[z-a]"])
def test_bad_patterns(pattern: str) -> None:
    with pytest.raises(BadPattern):
        go(pattern)


def test_what_is_a_pattern() -> None:
    assert is_pattern("a*")
    assert is_pattern("a[b]")
    assert not is_pattern("a\\*b")


@settings(max_examples=500, deadline=None)
@given(
    st.text(st.sampled_from("ab/*?"), min_size=1, max_size=8), st.text(st.sampled_from("ab/"), min_size=1, max_size=8)
)
def test_dockerignore_agrees_with_the_port_of_mobys_matcher(pattern: str, path: str) -> None:
    import posixpath

    path = posixpath.normpath(path).strip("/")
    pattern = posixpath.normpath(pattern).lstrip("/")
    # Three stars in a row: moby reads ** and *, both ways of writing it are a mistake.
    if not path or not pattern or pattern == "." or "***" in pattern:
        return
    above = [path[: match.start()] for match in re.finditer("/", path)]
    ours = any(docker(pattern)(each) for each in [*above, path])
    assert ours == PatternMatcher([pattern]).matches(path)


@settings(max_examples=500, deadline=None)
@given(st.text(st.sampled_from("ab*?"), max_size=10), st.text(st.sampled_from("ab"), max_size=10))
def test_both_ways_of_matching_agree(pattern: str, name: str) -> None:
    expression = "".join({"*": "[^/]*", "?": "[^/]"}.get(sign, sign) for sign in pattern)
    expected = re.fullmatch(expression, name) is not None
    assert go(pattern)(name) == expected
    assert go(pattern + "*" * 3)(name) == (re.match(expression, name) is not None)


def test_hostile_patterns_take_no_time() -> None:
    with within_a_minute():
        assert not git("**/" * 20 + "*a" * 50 + "b")("/".join(["a" * 200] * 5))
        assert not docker("*a" * 50 + "b")("a" * 250)
