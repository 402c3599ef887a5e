"""The table of what was tried on musl: a line a package."""

import datetime
from collections.abc import Iterable, Sequence
from typing import NamedTuple


class Row(NamedTuple):
    package: str
    pip: str
    fromlint: str
    import_: str
    says: str
    missing: str
    equal: str = ""


_TITLES = (
    "package",
    "file that pip chose",
    "file by fromlint",
    "import",
    "fromlint says",
    "missing, as it says",
    "equal",
)


def table(rows: Sequence[Row], on: datetime.date) -> str:
    """A page of Markdown."""
    equal = sum(row.equal == "yes" for row in rows)
    lines = [
        "# A real CPython on musl against what fromlint says of Alpine",
        "",
        f"Made by `make test-musl` on {on.isoformat()}. {len(rows)} packages, of which {equal} came out equal.",
        "",
        _line(_TITLES),
        _line(["---"] * len(_TITLES)),
        *(_line(row) for row in sorted(rows)),
        "",
    ]
    return "\n".join(lines)


def _line(cells: Iterable[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in cells) + " |"
