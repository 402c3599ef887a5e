import pytest
from e2b_dockerfile_utils import PatternMatcher
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.discovery.ignorefiles import DockerIgnore, ignored, read_gitignore


@pytest.mark.parametrize(
    ("text", "left_out", "there"),
    [
        ("# c\n\n *.log \n", ["a.log"], ["x/a.log", "a"]),
        ("/docs/\n", ["docs", "docs/a/b"], ["x/docs"]),
        ("*\n!src\n!req*.txt\n", ["a", "b/c"], ["src", "src/a", "req.txt"]),
        ("**\n!src/app\n", ["src", "src/x"], ["src/app", "src/app/x"]),
        ("src\n!src/keep\nsrc/keep/not\n", ["src/a", "src/keep/not"], ["src/keep", "src/keep/a"]),
        ("!a\na\n", ["a"], []),
        ("a\r\nb\r\n", ["a", "b"], []),
        ("\ufeffa\n", ["a"], []),
        ("./a/../b\n", ["b"], ["a"]),
        ("**/node_modules\n", ["node_modules", "x/node_modules/y"], ["x"]),
        ("# escaped\n\\#a\n", ["#a"], []),
    ],
)
def test_dockerignore(text: str, left_out: list[str], there: list[str]) -> None:
    ignore = DockerIgnore(text)
    assert [path for path in left_out + there if ignore.excludes(path)] == left_out


def test_a_bad_pattern_is_noted_and_the_rest_counts() -> None:
    ignore = DockerIgnore("a\n[\n!\nb\n")
    assert ignore.bad == (2, "[: [ is not closed")
    assert ignore.excludes("b")


PATTERNS = st.lists(
    st.sampled_from(["a", "b", "*", "a/b", "**/b", "a/*", "a/**", "*/a", "?", "[ab]", "**/a/**", "c/**/a"]),
    max_size=5,
)


@settings(max_examples=300, deadline=None)
@given(PATTERNS, st.lists(st.sampled_from("abc"), min_size=1, max_size=4).map("/".join))
def test_agrees_with_the_port(patterns: list[str], path: str) -> None:
    # Without "!": there the port asks for one path at a time and matches its parents anew, where the builder walks
    # down and keeps what a folder matched (moby/patternmatcher has both ways).
    assert DockerIgnore("\n".join(patterns)).excludes(path) == PatternMatcher(patterns).matches(path)


@pytest.mark.parametrize(
    ("text", "path", "folder", "expected"),
    [
        ("*.py", "x/a.py", False, True),
        ("/a", "x/a", False, False),
        ("/a", "a", False, True),
        ("x/a", "x/a", False, True),
        ("x/a", "y/x/a", False, False),
        ("build/", "build", False, False),
        ("build/", "x/build", True, True),
        ("*.py\n!a.py", "a.py", False, False),
        ("!a.py\n*.py", "a.py", False, True),
        ("a\\ ", "a ", False, True),
        ("a   ", "a", False, True),
        ("# a", "# a", False, False),
        ("\\#a", "#a", False, True),
        ("\\!a", "!a", False, True),
        ("**/x/y", "a/b/x/y", False, True),
        ("[", "[", False, False),
        ("a\r\n", "a", False, True),
        ("/", "a", False, False),
    ],
)
def test_gitignore(text: str, path: str, folder: bool, expected: bool) -> None:
    assert ignored("/r/" + path, folder, [read_gitignore(text, "/r/")]) is expected


def test_the_nearest_gitignore_decides() -> None:
    files = [read_gitignore("*.x\n", "/r/"), read_gitignore("!a.x\n", "/r/s/")]
    assert ignored("/r/a.x", False, files)
    assert not ignored("/r/s/a.x", False, files)
    assert ignored("/r/s/b.x", False, files)
