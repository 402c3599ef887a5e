import pytest

from fromlint.dockerfile.installs.options import Option, Reading, read, table
from fromlint.model.build import Word
from fromlint.model.place import Span

TABLE = """
-r --requirement = many
-q --quiet
--no-deps --no-dependencies
--no-cache-dir
--names = comma VARIABLE
--paths = space
--venv ?
--no-isolation off
"""
PLACE = Span("Dockerfile", 1, 1, 1, 2)


def reads(text: str, **others: bool) -> Reading:
    words = tuple(Word(word, PLACE, "$" not in word) for word in text.split())
    return read(words, table(TABLE, abbreviable=True), **others)


def operands(reading: Reading) -> list[str]:
    return [word.value for word in reading.operands]


def test_a_line_is_an_option() -> None:
    options = table(TABLE).options
    assert options["-r"] == options["--requirement"] == Option("--requirement", "many", None)
    assert options["--names"] == Option("--names", "comma", "VARIABLE")
    assert options["--no-dependencies"].name == "--no-deps"
    assert not options["--no-isolation"].takes_value


@pytest.mark.parametrize("text", ["-r a", "-ra", "-r=a", "--requirement a", "--requirement=a", "-qra", "--req a"])
def test_every_way_to_give_a_value(text: str) -> None:
    reading = reads("x " + text + " y")
    assert reading.values("--requirement") == ("a",)
    assert operands(reading) == ["x", "y"]


def test_values_that_are_lists() -> None:
    reading = reads("--names a,b --names=c --paths=x --names ,")
    assert reading.values("--names") == ("a", "b", "c")
    assert reading.values("--paths") == ("x",)


def test_an_abbreviation_must_be_unique() -> None:
    assert reads("--no-c x").has("--no-cache-dir")
    assert not reads("--no x").has("--no-cache-dir", "--no-deps")
    assert reads("--no-dep x").has("--no-deps") is False  # of two spellings, as optparse has it


def test_switches_in_a_row_and_a_row_with_a_stranger() -> None:
    assert reads("-qq").has("--quiet")
    reading = reads("-qZ x")
    assert reading.has("--quiet")
    assert operands(reading) == ["x"]


def test_what_follows_an_unknown_option_is_unknown() -> None:
    reading = reads("--new-thing value x --other=1 y")
    assert [word.value for word in reading.unknown] == ["value"]
    assert operands(reading) == ["x", "y"]


def test_an_option_whose_name_cannot_be_known_is_unknown() -> None:
    assert [word.value for word in reads("x --$FLAG").unknown] == ["--$FLAG"]


def test_a_value_that_cannot_be_known() -> None:
    reading = reads("--names=$A,b -r $B -r c")
    assert reading.values("--names") == ()
    assert [text.value for text in reading.unsure("--names", "--requirement")] == ["$A,b", "$B"]
    assert reading.values("--requirement") == ("c",)
    assert reading.known("--requirement") == reading.value("--requirement") == "c"
    assert reads("-r $B").known("--requirement") is None
    assert reads("-r $B").value("--requirement") == "$B"


def test_the_end_of_options() -> None:
    assert operands(reads("-q -- -r x")) == ["-r", "x"]
    assert operands(reads("- x")) == ["-", "x"]


def test_a_missing_value_gives_nothing() -> None:
    assert reads("x -r").given == ()
    assert reads("x --requirement").given == ()


def test_an_optional_value() -> None:
    assert reads("--venv test").value("--venv") == "test"
    assert reads("--venv").has("--venv")
    assert reads("--venv -q").has("--venv", "--quiet")


def test_reading_stops_at_the_first_operand_when_told() -> None:
    reading = reads("-q run -r x", interspersed=False)
    assert operands(reading) == ["run", "-r", "x"]
    assert not reading.has("--requirement")


def test_the_last_of_opposites_wins() -> None:
    assert reads("--no-deps --quiet").on("--no-deps", "--no-cache-dir")
    assert not reads("--no-deps --no-cache-dir").on("--no-deps", "--no-cache-dir")
    assert not reads("x").on("--no-deps")
