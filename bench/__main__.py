"""``make bench``: all rows, or those that are named, as a table; the whole table is kept in ``RESULTS.md``."""

from __future__ import annotations

import os
import sys
from datetime import date
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import growth
from bench.measure import Row

ROWS = ("changed", "unchanged", "many", "cold", "locked", "editor", "growth")
HERE = Path(__file__).parent
_BEGIN, _END = "<!-- table -->\n", "<!-- end -->\n"


def main() -> None:
    wanted = sys.argv[1:] or ROWS
    found = []
    for name in wanted:
        row = _row(name)
        print(_line(row), flush=True)
        found.append(row)
    if tuple(wanted) == ROWS:
        _keep(found)


def _row(name: str) -> Row:
    with TemporaryDirectory() as folder:
        if name == "growth":
            return growth.rows(Path(folder), HERE / "growth.svg")
        found: Row = import_module(f"bench.rows.{name}").row(Path(folder))
        return found


def _line(row: Row) -> str:
    mark = "yes" if row.good else "no"
    return f"| {row.what} | {row.peer} | {row.target} | {row.reached} | {mark} | {row.remark} |"


def _keep(rows: list[Row]) -> None:
    """Put the table in its place, between what people wrote."""
    file = HERE / "RESULTS.md"
    before, _, rest = file.read_text().partition(_BEGIN)
    _, _, after = rest.partition(_END)
    head = (
        f"{date.today().isoformat()}, {os.cpu_count()} cores, CPython {sys.version.split()[0]}\n\n"
        "| what | peer | target | reached | | |\n| --- | --- | --- | --- | --- | --- |\n"
    )
    lines = "".join(f"{_line(row)}\n" for row in rows)
    file.write_text(f"{before}{_BEGIN}{head}{lines}{_END}{after}")


if __name__ == "__main__":
    main()
