"""What the language server takes from a save to its diagnostics: 100 lines, 100 requirements, everything in the cache.

    python bench/editor.py

Prints minimum, median and 95th percentile in milliseconds: for a save of what it has looked at already (the usual one:
typing rests, then one saves), and for one that comes at once with a change. Nothing here is a test.
"""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from time import perf_counter

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from editor_client import Client
from index_server import IndexServer, wheel

RUNS = 100
REQUIREMENTS = 100
LINES = 100


def project(folder: Path, index: IndexServer) -> None:
    """A project whose requirements all have wheels, but for one that is not there."""
    names = [f"package-{number}" for number in range(REQUIREMENTS - 1)]
    for name in names:
        index.add(name, wheel(name.replace("-", "_"), "1.0"))
    (folder / ".git").mkdir()
    (folder / "fromlint.toml").write_text(f'index-url = "{index.url}"\n')
    (folder / "requirements.txt").write_text("".join(f"{name}==1.0\n" for name in [*names, "not-there"]))
    lines = ["FROM python:3.12-slim-trixie", "COPY requirements.txt .", "RUN pip install -r requirements.txt"]
    lines += [f"ENV VALUE_{number}={number}" for number in range(LINES - len(lines))]
    (folder / "Dockerfile").write_text("\n".join(lines) + "\n")


def measured(client: Client, save: Callable[[int], None]) -> str:
    """How long it is from each save to what is published then."""
    times = []
    for number in range(RUNS):
        before = client.published("Dockerfile")
        started = perf_counter()
        save(number)
        client.diagnostics("Dockerfile", before)
        times.append((perf_counter() - started) * 1000)
    times.sort()
    return f"{times[0]:6.1f} {times[len(times) // 2]:6.1f} {times[len(times) * 95 // 100]:6.1f}"


def main() -> None:
    with tempfile.TemporaryDirectory() as place, IndexServer() as index:
        folder = Path(place) / "project"
        folder.mkdir()
        project(folder, index)
        os.environ["FROMLINT_CACHE_DIR"] = str(Path(place) / "cache")
        with Client(folder, command=(sys.executable, "-m", "fromlint", "lsp")) as client:
            client.open("Dockerfile")
            client.until("Dockerfile", "FL905")
            text = (folder / "Dockerfile").read_text()

            def changed(number: int) -> None:
                client.change("Dockerfile", f"{text}# {number}\n")
                client.save("Dockerfile", f"{text}# {number}\n")

            print("milliseconds            min median    p95")
            print("save                 ", measured(client, lambda _: client.save("Dockerfile")))
            print("change and save      ", measured(client, changed))


if __name__ == "__main__":
    main()
