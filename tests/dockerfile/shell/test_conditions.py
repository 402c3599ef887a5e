import pytest

from fromlint.dockerfile.shell.conditions import decide
from fromlint.dockerfile.shell.words import Field


def fields(text):
    """Operands; ``?`` is one that is not known, ``_`` an empty one."""
    return [Field("" if word == "_" else word, word != "?", 0, 0) for word in text.split()]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", False),
        ("a", True),
        ("_", False),
        ("?", None),
        ("a = a", True),
        ("a != a", False),
        ("a = ?", None),
        ("-z _", True),
        ("-n _", False),
        ("-n ?", None),
        ("-f x", None),
        ("! -z _", False),
        ("1 -lt 2 -a 2 -ge 2", True),
        ("x -eq 1", None),
        ("a = b -o a = a", True),
        ("? = b -o a = a", True),
        ("? = b -a a = b", False),
        ("( a = b ) -o ( a = a )", True),
        ("-f = -f", True),
        ("a b c d", None),
        ("! ! a", True),
        ("=", True),
        ("-a", True),
    ],
)
def test_decide(text, expected):
    assert decide(fields(text)) is expected


@pytest.mark.parametrize(
    ("text", "expected"), [("abc == a*", True), ("abc != a*", False), ("a == a && b == c", False), ("a =~ a", None)]
)
def test_double_brackets(text, expected):
    assert decide(fields(text), double=True) is expected


def test_depth_is_bounded():
    assert decide(fields("! " * 5_000 + "a")) is None
    assert decide(fields("( " * 5_000 + "a")) is None
