"""Nothing has changed since the last run."""

from __future__ import annotations

import time
from pathlib import Path

from bench import projects
from bench.measure import CLICK, FROMLINT, Row, beside, cost

TARGET = 1.2


def row(folder: Path) -> Row:
    place = projects.web(folder / "project")
    cache = {"FROMLINT_CACHE_DIR": str(folder / "cache")}
    # What changed a moment ago may change again without a trace, so its result is not kept.
    time.sleep(1)
    cost(FROMLINT, place, cache)
    cost(FROMLINT, place, cache)
    ours, theirs = beside(FROMLINT, CLICK, place, cache)
    ratio = ours.cpu / theirs.cpu
    return Row(
        "nothing changed since the last run",
        "import click",
        f"≤ {TARGET}",
        f"{ratio:.2f}",
        ratio <= TARGET,
        f"{ours.cpu * 1000:.0f} ms of CPU",
    )
