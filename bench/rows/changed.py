"""A Dockerfile has changed since the last run, its requirements have not."""

from __future__ import annotations

from pathlib import Path

from bench import projects
from bench.measure import CLICK, FROMLINT, Row, beside, cost

TARGET = 1.5


def row(folder: Path) -> Row:
    place = projects.web(folder / "project")
    cache = {"FROMLINT_CACHE_DIR": str(folder / "cache")}
    cost(FROMLINT, place, cache)
    ours, theirs = beside(FROMLINT, CLICK, place, cache, before=lambda run: projects.change(place, run))
    ratio = ours.cpu / theirs.cpu
    return Row(
        "one changed Dockerfile, index answers cached, whole process",
        "import click",
        f"≤ {TARGET}",
        f"{ratio:.2f}",
        ratio <= TARGET,
        f"{ours.cpu * 1000:.0f} ms of CPU, 17 requirements, 49 packages, {ours.memory:.0f} MB",
    )
