"""A first run, with nothing cached: fromlint on 17 requirements for Alpine beside ``uv pip compile`` of the same.

    python bench/cold.py [RUNS]

Both ask the index that this machine is configured for, in turns, each time with an empty cache. Prints wall and
processor time (smallest and median of RUNS, 5 where not said), their ratio, and what fromlint named as source builds:
``archives`` counts sdists and wheels of which a part was read, which is metadata where the index does not offer it
beside the file. Compare within one run only; nothing here is a test.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from shutil import which

NAMES = """
    psycopg2==2.9.10 mysqlclient lxml numpy pandas fastapi uvicorn sqlalchemy pydantic cryptography requests grpcio
    orjson pyyaml pillow celery duckdb
"""
DOCKERFILE = "FROM python:3.12-alpine\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
# What ``fromlint check`` does, and how much it asked.
CHECK = """
import sys
from fromlint.index import Index
close = Index.close
def closed(index):
    close(index)
    print(*index.statistics, file=sys.stderr)
Index.close = closed
from fromlint.start import main
main()
"""


def timed(command: list[str], folder: Path, variables: dict[str, str]) -> tuple[float, float, str, str]:
    """Wall and processor seconds of a command, and what it wrote."""
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(command, cwd=folder, env={**os.environ, **variables}, capture_output=True, text=True)
    wall, after = time.perf_counter() - started, resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, done.stdout, done.stderr


def ours(folder: Path) -> tuple[float, float, str, str]:
    with tempfile.TemporaryDirectory() as cache:
        words = ["check", "--format", "json", "--platform", "linux/amd64", "--exit-zero", "."]
        return timed([sys.executable, "-c", CHECK, *words], folder, {"FROMLINT_CACHE_DIR": cache})


def theirs(folder: Path) -> tuple[float, float, str, str]:
    with tempfile.TemporaryDirectory() as cache:
        words = ["--python-platform", "x86_64-unknown-linux-musl", "--python-version", "3.12", "--cache-dir", cache]
        uv = which("uv", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}") or "uv"
        return timed([uv, "pip", "compile", "-q", "--no-config", *words, "requirements.txt"], folder, {})


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "requirements.txt").write_text("\n".join(NAMES.split()) + "\n")
        (folder / "Dockerfile").write_text(DOCKERFILE)
        pairs = [(ours(folder), theirs(folder)) for _ in range(runs)]
    for number, what in enumerate(("wall", "processor")):
        mine = [pair[0][number] for pair in pairs]
        uvs = [pair[1][number] for pair in pairs]
        ratio = statistics.median(mine) / statistics.median(uvs)
        print(
            f"{what:9} fromlint {min(mine):6.2f} {statistics.median(mine):6.2f}   "
            f"uv {min(uvs):6.2f} {statistics.median(uvs):6.2f}   ratio of medians {ratio:.2f}"
        )
    report = json.loads(pairs[-1][0][2])
    packages = report["files"][0]["stages"][0]["installs"][0]["requirements"]
    sources = [each["name"] for each in packages if each["verdicts"]["linux/amd64"]["outcome"] == "source"]
    requests, connections, received, archives, *_ = map(int, pairs[-1][0][3].split()[-6:])
    print(f"{len(packages)} packages, from source: {', '.join(sources)}")
    print(f"{requests} requests over {connections} connections, {received / 1e6:.1f} MB, {archives} archives read")


if __name__ == "__main__":
    main()
