import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.discovery.documents import Unreadable
from fromlint.discovery.hcl import UNKNOWN, Block, Value, read, template, value


def only(text: str) -> Block:
    (block,) = read(text)
    return block


def known(text: str, **variables: Value) -> Value:
    block = only(f't "x" {{\n a = {text}\n b = 1\n}}\n')
    assert value(block.attributes["b"], lambda path: UNKNOWN) == "1"
    return value(block.attributes["a"], lambda path: variables.get(".".join(path), UNKNOWN))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ('"x"', "x"),
        ("3", "3"),
        ("true", "true"),
        ("null", None),
        ('["a", "b",]', ["a", "b"]),
        ('[\n  "a", # one\n  "b" // two\n]', ["a", "b"]),
        ('{ k = "v", "l" : "w" }', {"k": "v", "l": "w"}),
        ('{\n k = "v"\n l = ["w"]\n}', {"k": "v", "l": ["w"]}),
        ("V", "val"),
        ("t.x.y", "deep"),
        ('"a-${V}-b"', "a-val-b"),
        ('"${V}"', "val"),
        ('"$${V}"', "${V}"),
        ('"a\\"b\\n"', 'a"b\n'),
        ("<<EOT\nx ${V}\nEOT", "x val\n"),
        ("NONE", UNKNOWN),
        ('"x${NONE}"', UNKNOWN),
        ('"${upper("x")}"', UNKNOWN),
        ('"${V == "" ? "a" : "b"}"', UNKNOWN),
        ('V == "" ? "a" : "b"', UNKNOWN),
        ('split(",", V)', UNKNOWN),
        ('notequal("",V) ? [\n"a"\n] : []', UNKNOWN),
        ('[for x in V : "y-${x}"]', UNKNOWN),
        ("V[0]", UNKNOWN),
        ("(1 + 2) * 3", UNKNOWN),
    ],
)
def test_expressions(text: str, result: Value) -> None:
    assert known(text, V="val", **{"t.x.y": "deep"}) == result


def test_blocks() -> None:
    blocks = read(
        '# c\n/* d\n */ variable "A" { default = "1" }\nx = 3\ntarget "t" {\n  inner "z" { a = 1 }\n  b = "2"\n}\n'
        "group default {\n}\n"
    )
    assert [(block.kind, block.labels, block.line) for block in blocks] == [
        ("variable", ("A",), 3),
        ("target", ("t",), 5),
        ("group", ("default",), 9),
    ]
    assert list(blocks[1].attributes) == ["b"]


@pytest.mark.parametrize("text", ['a "b" {', 'a "b', "a = [", "}}}", "a {b = {c = [", '"', "<<EOT\n", "a {\n b = ${\n"])
def test_broken_text_is_read_as_far_as_it_goes(text: str) -> None:
    read(text)


def test_depth_is_bounded() -> None:
    with pytest.raises(Unreadable, match="nested"):
        read("a {\n b = " + "[" * 10_000)


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('ab="${}[](),\n\\<EOT#/*?: .1'), max_size=50))
def test_any_text_is_read_or_refused(text: str) -> None:
    for block in read(text):
        for expression in block.attributes.values():
            value(expression, lambda path: "x")
    template(text)
