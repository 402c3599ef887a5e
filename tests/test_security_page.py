"""Each promise of the threat model names tests, and they are there."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "security.md").read_text()
LINES = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| promise", "| ---"))]


@pytest.mark.parametrize("line", LINES, ids=lambda line: line[2:50])
def test_a_promise_is_held(line):
    promise, held = (cell.strip() for cell in line.strip("|").split("|"))
    named = re.findall(r"`([^`]+)`", held)
    assert promise
    assert named, "no test is named"
    for name in named:
        file, _, test = name.partition("::")
        assert re.search(rf"^def {re.escape(test)}\(", (ROOT / file).read_text(), re.M), name


def test_the_page_has_all_of_its_lines():
    assert len(LINES) > 30
