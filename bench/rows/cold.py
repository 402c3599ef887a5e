"""Nothing is cached: all is asked of the index."""

from __future__ import annotations

from pathlib import Path
from shutil import rmtree

from bench import projects
from bench.measure import BIN, FROMLINT, Row, beside

TARGET = 0.7


def row(folder: Path) -> Row:
    place = projects.web(folder / "project")
    (place / "Dockerfile").write_text(projects.DOCKERFILE.replace("3.12-slim-bookworm", "3.12-alpine"))
    cache = {"FROMLINT_CACHE_DIR": str(folder / "cache"), "UV_CACHE_DIR": str(folder / "uv")}

    def forget(run: int) -> None:
        rmtree(folder / "cache", ignore_errors=True)
        rmtree(folder / "uv", ignore_errors=True)

    platform = ("--python-platform", "x86_64-unknown-linux-musl", "--python-version", "3.12")
    theirs = (str(BIN / "uv"), "pip", "compile", "--quiet", *platform, "requirements.txt", "-o", "/dev/null")
    ours, peer = beside(FROMLINT, theirs, place, cache, runs=5, before=forget)
    ratio = ours.wall / peer.wall
    return Row(
        "cold: 17 requirements on Alpine, wall time",
        "uv pip compile",
        f"≤ {TARGET}",
        f"{ratio:.2f}",
        ratio <= TARGET,
        f"{ours.wall:.2f} s against {peer.wall:.2f} s",
    )
