"""What the tests of real builds saw, kept from run to run, so that an interrupted one loses nothing.

A line of JSON a test that ended: its name, the day, and what it noted. Of a test that ran again the last one counts.
"""

import json
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

from results import Seen


class Entry(NamedTuple):
    """What one test noted when it last ran; ``on`` is that day (ISO)."""

    test: str
    on: str
    seen: tuple[Seen, ...]


def add(journal: Path, entry: Entry) -> None:
    """Keep what a test noted."""
    journal.parent.mkdir(parents=True, exist_ok=True)
    with journal.open("a") as file:
        file.write(_line(entry))


def read(journal: Path) -> tuple[Entry, ...]:
    """The last entry of every test."""
    return tuple({entry.test: entry for entry in _entries(journal)}.values())


def forget(journal: Path, modules: Collection[str], but: Collection[str]) -> None:
    """Drop the tests of some modules (the part of a name before ``::``) that are no longer there."""
    kept = [entry for entry in read(journal) if entry.test in but or entry.test.partition("::")[0] not in modules]
    written = journal.with_suffix(".new")
    written.parent.mkdir(parents=True, exist_ok=True)
    written.write_text("".join(map(_line, kept)))
    written.replace(journal)


def _line(entry: Entry) -> str:
    return json.dumps({"test": entry.test, "on": entry.on, "seen": [each._asdict() for each in entry.seen]}) + "\n"


def _entries(journal: Path) -> Iterator[Entry]:
    for line in journal.read_text().splitlines() if journal.exists() else ():
        try:
            stated = json.loads(line)
            yield Entry(stated["test"], stated["on"], tuple(Seen(**each) for each in stated["seen"]))
        except (ValueError, KeyError, TypeError):
            # The run was killed while it wrote this line, or an older suite wrote it.
            continue
