"""What a run of the suite came to, as a table a person reads: a line a case.

The tests note what they saw (`note`), with or without success; `table` puts it together.
"""

import datetime
from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

Note = Callable[[str, object], None]
_COLUMNS = (
    "case",
    "expected",
    "what happened",
    "fromlint says",
    "missing, as it says",
    "with what is missing",
    "all as expected",
)
_LONGEST = 100


class Seen(NamedTuple):
    """What one test saw of a case: ``aspect`` is the column, ``passed`` whether that is what it should be."""

    case: str
    aspect: str
    text: str
    passed: bool


def table(seen: Iterable[Seen], title: str, how: str, on: datetime.date) -> str:
    """A page of Markdown: how and when it was made, sums, and one line a case."""
    by_case: dict[str, list[Seen]] = {}
    for each in seen:
        by_case.setdefault(each.case, []).append(each)
    lines = [_row(case, by_case[case]) for case in sorted(by_case)]
    failing = sum(_texts(each, "expected").startswith("fails") for each in by_case.values())
    sure = sum(all(one.passed for one in each) for each in by_case.values())
    return "\n".join(
        [
            f"# {title}",
            "",
            f"Made by `{how}` on {on.isoformat()}. {len(lines)} cases, of which {failing} are to fail; "
            f"{sure} came out as expected.",
            "",
            _line(_COLUMNS),
            _line(["---"] * len(_COLUMNS)),
            *lines,
            "",
        ]
    )


def _row(case: str, seen: list[Seen]) -> str:
    aspects = ("expected", "happened", "codes", "missing", "cure")
    return _line(
        [case, *(_texts(seen, aspect) for aspect in aspects), "yes" if all(s.passed for s in seen) else "**no**"]
    )


def _texts(seen: list[Seen], aspect: str) -> str:
    return "; ".join(dict.fromkeys(each.text for each in seen if each.aspect == aspect and each.text))


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"


def shortened(line: str) -> str:
    """One line of a build's output, for a cell."""
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"


def seen(properties: Iterable[tuple[str, object]], passed: bool) -> list[Seen]:
    """What a test noted: of its properties those that are pairs of case and text."""
    return [
        Seen(str(value["case"]), aspect, str(value["text"]), passed)
        for aspect, value in properties
        if isinstance(value, Mapping) and {"case", "text"} <= value.keys()
    ]
