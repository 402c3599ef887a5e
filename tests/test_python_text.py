"""Python from anybody: read in silence."""

import pytest

from fromlint.python_text import parsed, unquoted
from fromlint.requirements import requirement_text, setup_files
from fromlint.requirements.marker_text import parse

WARNED_OF = r"'\i'"


def test_nobody_is_warned_of_what_others_wrote(recwarn):
    parsed(f"x = {WARNED_OF}")
    unquoted(WARNED_OF)
    parse(f"os_name == {WARNED_OF}")
    requirement_text.parse(f"a ; os_name == {WARNED_OF}")
    requirement_text.parse(f"a @ https://x/y ; os_name == {WARNED_OF}")
    requirement_text.marker_fault(f"os_name === {WARNED_OF} and")
    setup_files.read_py(f"x = {WARNED_OF}\nsetup()\n", "setup.py")
    assert [str(warning.message) for warning in recwarn] == []


@pytest.mark.parametrize("text", ["(" * 10_000, "x\0y", "'", "-" * 100_000 + "1", "a." * 100_000 + "b"])
def test_what_is_no_python(text):
    with pytest.raises((SyntaxError, ValueError)):
        parsed(text)
    with pytest.raises(ValueError, match=r"\w"):
        unquoted(text)


def test_a_literal_of_another_kind_is_no_text():
    with pytest.raises(ValueError, match="no text"):
        unquoted("b'x'")
