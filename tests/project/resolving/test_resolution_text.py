"""What is kept of a resolution comes back as it was, or not at all."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.model.index import File
from fromlint.model.place import Span, Unknown
from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Conflict, Resolution
from fromlint.model.verdict import Nearest, Obstacle, Outcome, Package, Verdict
from fromlint.project.resolving.kept_text import Unreadable
from fromlint.project.resolving.resolution_text import read, written

SPAN = Span("requirements.txt", 1, 1, 1, 9)
ASKED = Requirement("a", "A", "==1", ("x",), "", "name", None, ("sha256:1",), SPAN, ())
OTHER = Requirement("b", "b", "", (), "m", "url", "https://x.example/b", (), Span("other.txt", 2, 1, 2, 2), ("a",))
WHEEL = File("a-1-py3-none-any.whl", "https://x.example/a", ">=3.8", "", ("sha256:1",), 9, True, "2026-01-01")
BARE = File("a-1.tar.gz")
FULL = Verdict(
    Outcome.SOURCE,
    BARE,
    Obstacle.MUSL,
    "ü\udc80",
    (Nearest("version", "2", "why"),),
    ("2", "older"),
    "2026-01-01",
    True,
    "2.28",
    False,
    True,
    (("", "<2"), ("b", ">1")),
)
PACKAGES = (
    Package("a", "1", ASKED, (), {"linux/amd64": Verdict(Outcome.WHEEL, WHEEL), "linux/arm64": FULL}, ("x",), True),
    Package("b", None, OTHER, ("a",), {"linux/amd64": Verdict(Outcome.NONE), "linux/arm64": FULL}),
)
RESOLUTION = Resolution(
    PACKAGES,
    conflicts=(Conflict("a", (("", "<1"), ("b", ">1"))),),
    unknown=(Unknown("what", "why", SPAN), Unknown("what", "why", Span("else", 1, 1, 1, 1))),
)
TEXT = written([(RESOLUTION, (ASKED,))])


def test_it_comes_back_as_it_was():
    assert read(TEXT, ((ASKED,),)) == (RESOLUTION,)


def test_requirements_may_move_within_their_file():
    moved = ASKED._replace(span=SPAN._replace(line=7, end_line=7))
    (found,) = read(TEXT, ((moved,),))
    assert found.packages[0].requirement == moved
    assert found.unknown[0].span == moved.span


def test_a_file_for_several_platforms_is_written_once():
    assert TEXT.count(b"a-1.tar.gz") == 1


@given(st.data())
def test_a_changed_value_is_refused_or_of_the_right_kind(data):
    """Whatever stands in a place of the text: what is read has fields of the kinds that they must have."""
    content = json.loads(TEXT.decode("utf-8", "surrogatepass"))
    places = list(_places(content))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(st.sampled_from([None, True, 1, -1, 99, 1.5, "", "x", [], ["x"], [1], {}, {"x": 1}]))
    try:
        (found,) = read(json.dumps(content).encode(), ((ASKED,),))
    except Unreadable:
        return
    for package in found.packages:
        assert type(package.name) is str
        assert all(type(parent) is str for parent in package.parents)
        for verdict in package.verdicts.values():
            assert type(verdict.outcome) is Outcome
            assert verdict.file is None or all(
                type(text) is str for text in (verdict.file.filename, *verdict.file.hashes)
            )
            assert verdict.reason is None or type(verdict.reason) is str
            assert all(type(text) is str for near in verdict.nearest for text in near)


def _places(value):
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in entries:
        yield value, key
        yield from _places(inner)


@pytest.mark.parametrize("text", [b"", b"[", b"\xff", b"{}", b"[[]]", b"[" * 100_000, TEXT[:-1], b"[" + TEXT + b"]"])
def test_what_is_no_resolution_is_unreadable(text):
    with pytest.raises(Unreadable):
        read(text, ((ASKED,),))
