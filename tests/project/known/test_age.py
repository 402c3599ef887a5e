"""Old facts are said to be old."""

from pathlib import Path

import pytest

from fromlint import run


@pytest.mark.parametrize(
    ("image", "day", "expected"),
    [
        ("python:3.12-slim", "2026-11-30", "what is known of python:3.12-slim is of 2026-08-13, 109 days old"),
        ("python:3.12-slim", "2026-11-11", None),
        ("python:3.12-slim", "2026-11-12", "91 days old"),
        # before the facts, and of what does not move
        ("python:3.12-slim", "2025-01-01", None),
        ("python:3.12-slim-bookworm", "2026-11-30", None),
        ("registry.corp/x", "2026-11-30", None),
    ],
)
def test_facts_older_than_90_days(tmp_path: Path, image: str, day: str, expected: str | None) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {image}\nRUN pip install six==1.17.0\n")
    notes = run.check([tmp_path], {"offline": True, "as_of": day}).report.notes
    found = [note for note in notes if "days old" in note]
    assert (expected in found[0]) if expected else not found


def test_the_oldest_is_named_once(tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM node:22 AS a\nFROM python:3.12-slim\n")
    notes = run.check([tmp_path], {"offline": True, "as_of": "2027-06-30"}).report.notes
    assert len([note for note in notes if "days old" in note]) == 1
