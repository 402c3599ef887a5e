"""A uv.lock that has not changed, a Dockerfile that has, two platforms; and the lock seen for the first time."""

from __future__ import annotations

from pathlib import Path

from bench import projects
from bench.measure import BIN, CLICK, FROMLINT, Row, beside, cost

TARGET = 1.6
TARGET_FIRST = 2.5
# With what they need and the project itself 74 packages on the day this was written.
_WANTED = (
    "fastapi[standard]", "sqlalchemy", "alembic", "redis", "pandas", "httpx", "sentry-sdk", "pydantic-settings",
    "psycopg[binary]",
)  # fmt: skip


def row(folder: Path) -> Row:
    place = folder / "project"
    place.mkdir()
    wanted = ", ".join(f'"{name}"' for name in _WANTED)
    (place / "pyproject.toml").write_text(
        f'[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{wanted}]\n'
    )
    cost((str(BIN / "uv"), "lock", "--quiet"), place)
    packages = (place / "uv.lock").read_text().count("[[package]]")

    def change(run: int) -> None:
        (place / "Dockerfile").write_text(projects.UV_DOCKERFILE.replace('app"]', f'app", "{run}"]'))

    change(-1)
    words = (*FROMLINT, "--platform", "linux/amd64", "--platform", "linux/arm64")
    cache = {"FROMLINT_CACHE_DIR": str(folder / "cache")}
    cost(words, place, cache)
    ours, theirs = beside(words, CLICK, place, cache, before=change)

    def forget(run: int) -> None:
        lock = place / "uv.lock"
        lock.write_text(lock.read_text() + f"# {run}\n")

    first, again = beside(words, CLICK, place, cache, before=forget)
    ratio, first_ratio = ours.cpu / theirs.cpu, first.cpu / again.cpu
    return Row(
        "unchanged uv.lock, changed Dockerfile, two platforms, whole process; lock seen for the first time",
        "import click",
        f"≤ {TARGET}; ≤ {TARGET_FIRST}",
        f"{ratio:.2f}; {first_ratio:.2f}",
        ratio <= TARGET and first_ratio <= TARGET_FIRST,
        f"{packages} packages, {ours.cpu * 1000:.0f} ms and {first.cpu * 1000:.0f} ms of CPU",
    )
