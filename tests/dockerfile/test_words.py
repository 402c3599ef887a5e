import pytest

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.words import Refused, assignments, fields, flags, plain, quoted
from fromlint.model.dockerfile import Instruction
from fromlint.model.place import Span, Text


def instruction(line: str) -> Instruction:
    return parse(f"FROM a\n{line}\n".encode(), "Dockerfile").instructions[1]


def test_plain_words_know_no_quotes() -> None:
    words = plain(instruction('COPY "a b" \\\n  c').arguments)
    assert words == (
        Text('"a', Span("Dockerfile", 2, 6, 2, 8)),
        Text('b"', Span("Dockerfile", 2, 9, 2, 11)),
        Text("c", Span("Dockerfile", 3, 3, 3, 4)),
    )


def test_quoted_words() -> None:
    words = quoted(instruction("LABEL a=\"b c\"'d e'\\ f g").arguments, "\\")
    assert [word.value for word in words] == ["a=\"b c\"'d e'\\ f", "g"]


def test_assignments_with_their_places() -> None:
    pairs = assignments(instruction('ENV A="x y" \\\n  B='), "\\")
    assert [(name.value, value.value if value else None) for name, value, _ in pairs] == [("A", '"x y"'), ("B", "")]
    assert pairs[0].value is not None
    assert pairs[0].value.span == Span("Dockerfile", 2, 7, 2, 12)
    assert pairs[1].name.span == Span("Dockerfile", 3, 3, 3, 4)


def test_the_old_form_of_env_takes_the_rest_of_the_line() -> None:
    (pair,) = assignments(instruction("ENV A  x  y=1"), "\\")
    assert (pair.name.value, pair.value.value if pair.value else None, pair.legacy) == ("A", "x  y=1", True)


def test_an_arg_needs_no_value() -> None:
    pairs = assignments(instruction("ARG A B=1 C="), "\\")
    assert [(name.value, value.value if value else None) for name, value, _ in pairs] == [
        ("A", None),
        ("B", "1"),
        ("C", ""),
    ]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("ENV A", "two arguments"),
        ("ENV A=1 B", "there is no = in B"),
        ("ENV =1", "can not be blank"),
        ("ARG =1", "can not be blank"),
        ("ARG", "at least one argument"),
    ],
)
def test_assignments_that_are_refused(line: str, message: str) -> None:
    with pytest.raises(Refused, match=message):
        assignments(instruction(line), "\\")


def test_flags_lose_quotes_and_escapes() -> None:
    found, end = flags("--a --b=\"c d\"\\ e --f='g' -- --x", 0, "\\")
    assert [flag for flag, _, _ in found] == [("a", None), ("b", "c d e"), ("f", "g")]
    assert "--a --b=\"c d\"\\ e --f='g' -- --x"[end:] == " --x"


def test_mount_fields() -> None:
    assert fields("type=bind,target=/x") == ("type=bind", "target=/x")
    assert fields('type=bind,"target=/x,y"') == ("type=bind", "target=/x,y")
    assert fields('type="bind') == ('type="bind',)
