"""What a run of the suite came to, as tables a person reads: a line a case.

The tests note what they saw (`note`), with or without success; `table` puts it together.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import NamedTuple

Note = Callable[[str, object], None]
_LONGEST = 100


class Kind(NamedTuple):
    """A table: the file that it is written to, its title, and its columns by what the tests note under their name.

    ``says`` follows the number of cases, with ``{passed}`` and what ``sums`` counts in it: by name, in how many cases
    a column's text begins with some words.
    """

    file: str
    title: str
    columns: Mapping[str, str]
    says: str
    sums: Mapping[str, tuple[str, str]] = {}


KINDS = {
    "cases": Kind(
        "RESULTS.md",
        "Real builds against what fromlint says of them",
        {
            "expected": "expected",
            "happened": "what happened",
            "codes": "fromlint says",
            "missing": "missing, as it says",
            "cure": "with what is missing",
        },
        "of which {failing} are to fail; {passed} came out as expected",
        {"failing": ("expected", "fails")},
    ),
    "sdists": Kind(
        "SDISTS.md",
        "What sdists say of their builds against real builds, without any knowledge of the packages",
        {
            "group": "group",
            "inferred": "inferred from the sdist",
            "bare": "built with nothing added",
            "built": "built with what is inferred",
            "needed": "of that needed",
            "named": "named of what a build takes",
        },
        "of which {passed} came out as they should",
    ),
    "wheels": Kind(
        "WHEELS.md",
        "What wheels load against real imports, without any knowledge of the packages",
        {
            "inferred": "read in the wheel",
            "bare": "imported with nothing added",
            "built": "imported with what was read",
            "needed": "of that needed",
        },
        "in {passed} of them the answer is that of the import",
    ),
}


class Seen(NamedTuple):
    """What one test saw of a case: ``aspect`` is the column, ``passed`` whether that is what it should be."""

    kind: str
    case: str
    aspect: str
    text: str
    passed: bool


def table(kind: Kind, seen: Iterable[Seen], how: str) -> str:
    """A page of Markdown: the sentence of how and when it was made, sums, and one line a case."""
    by_case: dict[str, list[Seen]] = {}
    for each in seen:
        by_case.setdefault(each.case, []).append(each)
    lines = [_row(kind, case, by_case[case]) for case in sorted(by_case)]
    counts = {
        name: sum(_texts(each, aspect).startswith(words) for each in by_case.values())
        for name, (aspect, words) in kind.sums.items()
    }
    says = kind.says.format(passed=sum(all(one.passed for one in each) for each in by_case.values()), **counts)
    columns = ["case", *kind.columns.values(), "all as expected"]
    return "\n".join(
        [
            f"# {kind.title}",
            "",
            f"{how} {len(lines)} cases, {says}.",
            "",
            _line(columns),
            _line(["---"] * len(columns)),
            *lines,
            "",
        ]
    )


def _row(kind: Kind, case: str, seen: list[Seen]) -> str:
    texts = (_texts(seen, aspect) for aspect in kind.columns)
    return _line([case, *texts, "yes" if all(each.passed for each in seen) else "**no**"])


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
        Seen(str(value["kind"]), str(value["case"]), aspect, str(value["text"]), passed)
        for aspect, value in properties
        if isinstance(value, Mapping) and {"kind", "case", "text"} <= value.keys()
    ]
