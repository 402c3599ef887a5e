import pytest

from fromlint.discovery.interpolation import dotenv, interpolate


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("plain", "plain"),
        ("$A/${A}", "x/x"),
        ("${NONE:-d}", "d"),
        ("${EMPTY:-d}${EMPTY-e}", "d"),
        ("${A:+y}${NONE:+z}", "y"),
        ("${NONE:-${A}}", "x"),
        ("${A?no}", "x"),
        ("$$A", "$A"),
        ("${NONE:-$$}", "$"),
        ("$NONE", None),
        ("${NONE:?needed}", None),
        ("a$", "a$"),
    ],
)
def test_variables(text: str, result: str | None) -> None:
    assert interpolate(text, {"A": "x", "EMPTY": ""}) == result


def test_values_are_not_expanded_again() -> None:
    assert interpolate("$A", {"A": "$B", "B": "no"}) == "$B"


def test_env_files() -> None:
    text = "# c\nA=1\nexport B='two words'\nC=\"x\"\n\nD=a # note\nno line\n2=x\nE=\n"
    assert dotenv(text) == {"A": "1", "B": "two words", "C": "x", "D": "a", "E": ""}
