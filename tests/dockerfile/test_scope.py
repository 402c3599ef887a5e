import pytest

from fromlint.dockerfile.steps import Inherited
from fromlint.model.build import VariableSet


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ENV A=1 B='x y' C=\"$A\"", {"A": "1", "B": "x y", "C": ""}),
        ("ENV A=1\nENV A=2 B=$A", {"A": "2", "B": "1"}),
        ("ENV A some  text", {"A": "some  text"}),
        ("ARG A=1\nENV B=$A-${C:-d}", {"A": "1", "B": "1-d"}),
        ("ARG A\nENV B=x$A", {"A": None, "B": None}),
        ("ARG A\nENV B=${A:-x}", {"A": None, "B": "x"}),
        ("ENV A=1\nARG A=2\nENV B=$A", {"A": "2", "B": "1"}),
        ("ENV PATH=/x:$PATH", {"PATH": "/x:/usr/local/bin:/usr/bin"}),
        ("ARG TARGETARCH\nENV A=$TARGETARCH", {"TARGETARCH": "amd64", "A": "amd64"}),
        ("ENV =x", {}),
    ],
)
def test_variables(events, text, expected):
    assert {event.name: event.value for event in events(text, VariableSet)} == expected


def test_variables_have_places(events):
    (event,) = events("ENV A=1 \\\n  B=2", VariableSet)[1:]
    assert tuple(event.span)[1:] == (3, 3, 3, 6)


def test_global_arguments_and_those_of_the_build(events):
    text = "ARG A=1\nARG B=2\nFROM x\nARG A\nARG B=3\nARG C=4"
    assert [event.value for event in events(text, VariableSet)] == ["1", "3", "4"]
    given = events(text, VariableSet, build_args={"B": "5", "C": None})
    assert [event.value for event in given] == ["1", "5", None]


def test_an_unknown_base_may_set_anything(events):
    base = Inherited.of_image({}, known=False)
    found = events("ENV A=$HOME_OF_BASE/x PYTHONPATH=/app:$PYTHONPATH PATH=/v/bin:$PATH", VariableSet, base)
    assert found[0].value is None
    assert found[1].value == "/app:"
    assert found[2].value.startswith("/v/bin:/usr/local/sbin")


def test_doubling_values_end(events):
    lines = "".join("ENV A=$A$A$A$A\n" for _ in range(40))
    assert events("ENV A=aaaaaaaa\n" + lines, VariableSet)[-1].value is None
