"""What reading a Dockerfile costs: text to instructions, stages and steps.

    python bench/parse.py

Prints the best of several runs, in milliseconds, for an ordinary file of 60 instructions, and for files that grow to
1 MB: each row should cost twice what the one above it does. Compare rows of one run only; nothing here is a test.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

from fromlint.dockerfile.parse import parse
from fromlint.dockerfile.stages import graph
from fromlint.dockerfile.steps import Inherited, steps
from fromlint.model.dockerfile import Dockerfile

RUNS = 5
ORDINARY = (
    "# syntax=docker/dockerfile:1\nARG PYTHON=3.12\nFROM python:${PYTHON}-slim AS builder\nWORKDIR /app\n"
    "ENV PIP_NO_CACHE_DIR=1 \\\n    # a comment\n    PATH=/venv/bin:$PATH\n"
    + "".join(
        f"COPY requirements-{n}.txt /app/\n"
        f"RUN --mount=type=cache,target=/root/.cache \\\n    apt-get update && \\\n"
        f"    apt-get install -y --no-install-recommends gcc libpq-dev && \\\n"
        f"    pip install -r requirements-{n}.txt && rm -rf /var/lib/apt/lists/*\n"
        f"LABEL number={n}\n"
        for n in range(18)
    )
    + 'CMD ["python", "-m", "app"]\n'
).encode()


def repeated(line: str, size: int) -> bytes:
    """``FROM`` and then the line, again and again, up to ``size`` bytes."""
    return b"FROM python:3.12\n" + line.encode() * (size // len(line))


def continued(size: int) -> bytes:
    """One RUN of very many continued lines."""
    return b"FROM python:3.12\nRUN true" + b" \\\n  && pip install package" * (size // 26) + b"\n"


def heredoc(size: int) -> bytes:
    """One RUN with a very long here-document."""
    return b"FROM python:3.12\nRUN <<EOF\n" + b"pip install package\n" * (size // 20) + b"EOF\n"


def stages_many(size: int) -> bytes:
    """Very many stages, each from the one before."""
    text = "FROM python:3.12 AS s0\n"
    number = 0
    while len(text) < size:
        number += 1
        text += f"FROM s{number - 1} AS s{number}\nCOPY --from=s{number - 1} /a /b\n"
    return text.encode()


SHAPES: dict[str, Callable[[int], bytes]] = {
    "instructions": lambda size: repeated("COPY a b\n", size),
    "continuations": continued,
    "heredoc": heredoc,
    "comments": lambda size: repeated("# a comment\n\n", size),
    "stages": stages_many,
    "one line": lambda size: b"FROM python:3.12\nRUN " + b"x" * size + b"\n",
}


def best(run: Callable[[], object], runs: int = RUNS) -> float:
    """Milliseconds of the fastest of some runs."""
    times = []
    for _ in range(runs):
        start = time.process_time()
        run()
        times.append(time.process_time() - start)
    return min(times) * 1000


def followed(dockerfile: Dockerfile) -> None:
    """Every step of every stage."""
    for stage in graph(dockerfile)[0]:
        steps(stage, Inherited.of_image({}))


def main() -> None:
    ordinary = parse(ORDINARY, "Dockerfile")
    print(f"{len(ordinary.instructions)} instructions, {len(ORDINARY)} bytes")
    print(f"  parse   {best(lambda: parse(ORDINARY, 'Dockerfile')):8.2f} ms")
    print(f"  stages  {best(lambda: graph(ordinary)):8.2f} ms")
    print(f"  steps   {best(lambda: followed(ordinary)):8.2f} ms")
    sizes = [2**power for power in range(16, 21)]
    print("\nparse, ms" + "".join(f"{size // 1024:>9} KB" for size in sizes))
    for name, make in SHAPES.items():
        row = [best(partial(parse, make(size), "Dockerfile")) for size in sizes]
        print(f"{name:<14}" + "".join(f"{each:>12.1f}" for each in row))


if __name__ == "__main__":
    main()
