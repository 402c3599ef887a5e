"""What the comparison with other linters says they print, they print."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

TOP = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
# As the page calls tally's own rules.
WORDS = {
    "prefer-package-cache-mounts": "cache mounts",
    "newline-between-instructions": "blank lines",
    "newline-per-chained-call": "line breaks",
    "prefer-run-heredoc": "heredocs",
    "prefer-multi-stage-build": "multi-stage",
}
ROW = re.compile(r"^\| `([\w-]+)` \| [^|]+ \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
ROWS = ROW.findall((TOP / "docs" / "comparison.md").read_text())


def words(cell: str) -> set[str]:
    return set() if cell.strip() == "–" else {word.strip() for word in cell.split(",")}


def printed(project: str, *command: str) -> str:
    done = subprocess.run(
        [BIN / command[0], *command[1:], "Dockerfile"],
        cwd=TOP / "fixtures" / project,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    return done.stdout + done.stderr


@pytest.mark.parametrize(("project", "hadolint", "tally", "ours"), ROWS, ids=[row[0] for row in ROWS])
def test_each_says_what_the_table_tells(project: str, hadolint: str, tally: str, ours: str) -> None:
    assert set(re.findall(r"(?:DL|SC)\d{4}", printed(project, "hadolint", "--no-color"))) == words(hadolint)
    said = re.findall(r"^[A-Z]+: \w+/([\w-]+)", printed(project, "tally", "lint", "--slow-checks", "off"), re.M)
    assert {WORDS.get(name, name) for name in said} == words(tally)
    expected = json.loads((TOP / "fixtures" / project / "expected.json").read_text())
    assert {finding["code"] for finding in expected} == words(ours)


def test_there_are_rows() -> None:
    assert len(ROWS) >= 8
