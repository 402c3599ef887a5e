"""A thousand Dockerfiles with requirements."""

from __future__ import annotations

from pathlib import Path

from bench import projects
from bench.measure import BIN, FROMLINT, Row, beside, cost, memory

TARGET = 0.5
NUMBER = 1000


def row(folder: Path) -> Row:
    place = projects.many(folder / "services", NUMBER)
    # The answers of the index are cached, and what installs need and bring; no result is.
    cache = {"FROMLINT_CACHE_DIR": str(folder / "cache"), "FROMLINT_NO_RESULT_CACHE": "1"}
    cost(FROMLINT, projects.web(folder / "project"), cache)
    cost(FROMLINT, place, cache)
    files = [str(path) for path in sorted(place.glob("*/Dockerfile"))]
    ours, theirs = beside(FROMLINT, (str(BIN / "hadolint"), *files), place, cache, runs=3)
    ratio = ours.wall / theirs.wall
    taken = memory(FROMLINT, place, cache)
    return Row(
        f"{NUMBER:,} Dockerfiles with requirements, cached index, wall time; memory of all processes",
        "hadolint",
        f"≤ {TARGET}; ≤ 150 MB",
        f"{ratio:.2f}; {taken:.0f} MB",
        ratio <= TARGET and taken <= 150,
        f"{ours.wall:.1f} s against {theirs.wall:.1f} s; CPU {ours.cpu:.1f} s against {theirs.cpu:.1f} s",
    )
