"""Fuzz the readers at length: ``python -m fuzz.drive --executions 1000000`` with ``tests`` on the path (``make fuzz``).

Every target runs in a process of its own, so that a crash of a parser in C is a finding like any other and the memory
is the reader's own. What is found lies in ``build/fuzz/TARGET/``: the input, as small as it could be made, and what
happened. The same seed finds the same on every machine, but for time and memory.
"""

from __future__ import annotations

import argparse
import mmap
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from hashlib import blake2b
from pathlib import Path
from random import Random
from typing import NamedTuple

from fuzz.limits import MEGABYTES, SECONDS, executed, peak
from fuzz.lines import Lines
from fuzz.mutation import LARGEST, mutated, smaller
from fuzz.targets import Target, names, target

FINDINGS = Path("build/fuzz")
# Every so many executions one is watched for new lines, which takes several times as long.
_WATCHED = 5
_LARGEST_CORPUS = 4_000
# Kinds of faults that depend on the machine.
_MEASURED = ("slow", "large")
# A reader that hangs in C cannot be stopped from within.
_STUCK = 120.0
# The exit code of a process that had to end because its memory had grown.
_TOO_LARGE = 3
_WIDTH = LARGEST + 16


class Tally(NamedTuple):
    """What came of fuzzing a target: executions, the corpus at the end, the slowest execution in seconds with the size
    of its input, peak memory in megabytes, processor time in seconds, and the findings."""

    executions: int = 0
    corpus: int = 0
    slowest: float = 0.0
    slowest_size: int = 0
    megabytes: float = 0.0
    seconds: float = 0.0
    findings: int = 0


def fuzz(chosen: Target, executions: int, *, seed: int, findings: Path) -> Tally:
    """Fuzz a target in a process of its own, in a new one after a crash."""
    done = Tally()
    start = 0
    while start < executions:
        shared = mmap.mmap(-1, _WIDTH)
        reader, writer = os.pipe()
        child = os.fork()
        if child == 0:
            os.close(reader)
            code = 1
            try:
                tally = _work(chosen, start, executions, seed, findings, shared)
                os.write(writer, repr(tuple(tally)).encode())
                code = 0
            finally:
                os._exit(code)
        os.close(writer)
        status = _watched(child, shared)
        with os.fdopen(reader, "rb") as pipe:
            said = pipe.read()
        if status == 0 and said:
            return _added(done, Tally(*_numbers(said.decode())))
        number, data = _current(shared)
        if os.waitstatus_to_exitcode(status) != _TOO_LARGE:
            told = f"the process ended with status {status} in execution {number}"
            _keep(findings / chosen.name, data, "crash", told)
        done = _added(done, Tally(executions=number + 1 - start, findings=1))
        start = number + 1
    return done


def _numbers(said: str) -> list[float]:
    return [float(number) if "." in number or "e" in number else int(number) for number in said.strip("()").split(",")]


def _added(first: Tally, second: Tally) -> Tally:
    slower = first if first.slowest > second.slowest else second
    return Tally(
        first.executions + second.executions,
        max(first.corpus, second.corpus),
        slower.slowest,
        slower.slowest_size,
        max(first.megabytes, second.megabytes),
        first.seconds + second.seconds,
        first.findings + second.findings,
    )


def _work(chosen: Target, start: int, executions: int, seed: int, findings: Path, shared: mmap.mmap) -> Tally:
    corpus = list(chosen.seeds)
    lines = Lines()
    kinds: set[str] = set()
    slowest, slowest_size = 0.0, 0
    began, began_with = time.process_time(), peak()
    for number in range(start, executions):
        random = Random(f"{seed} {chosen.name} {number}")
        data = chosen.seeds[number] if number < len(chosen.seeds) else mutated(random, corpus, chosen.words)
        shared[: 16 + len(data)] = number.to_bytes(8, "big") + len(data).to_bytes(8, "big") + data
        watched = number % _WATCHED == 0 and len(corpus) < _LARGEST_CORPUS
        if watched:
            done, fresh = lines.run(partial(executed, chosen.read, data, began_with))
            if fresh:
                corpus.append(data)
            # Being watched takes time and memory, too.
            if done.fault is not None and done.fault.kind in _MEASURED:
                done = executed(chosen.read, data, began_with)
        else:
            done = executed(chosen.read, data, began_with)
            if done.seconds > slowest:
                slowest, slowest_size = done.seconds, len(data)
        if done.fault is not None and done.fault.kind not in kinds:
            kinds.add(done.fault.kind)
            small = data if done.fault.kind in _MEASURED else smaller(data, partial(_fails, chosen, done.fault.kind))
            _keep(findings / chosen.name, small, done.fault.kind, done.fault.told)
            if done.fault.kind == "large":
                # The peak of a process never falls: the rest runs in a new one.
                os._exit(_TOO_LARGE)
    seconds = time.process_time() - began
    return Tally(executions - start, len(corpus), slowest, slowest_size, peak(), seconds, len(kinds))


def _fails(chosen: Target, kind: str, data: bytes) -> bool:
    fault = executed(chosen.read, data, peak()).fault
    return fault is not None and fault.kind == kind


def _watched(child: int, shared: mmap.mmap) -> int:
    """Wait for a process, and end it where it makes no progress. Returns its status."""
    last, since = bytes(shared[:8]), time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        now = bytes(shared[:8])
        if now != last:
            last, since = now, time.monotonic()
        elif time.monotonic() - since > _STUCK:
            os.kill(child, 9)
            return os.waitpid(child, 0)[1]
        time.sleep(0.02)


def _current(shared: mmap.mmap) -> tuple[int, bytes]:
    length = int.from_bytes(shared[8:16], "big")
    return int.from_bytes(shared[:8], "big"), bytes(shared[16 : 16 + length])


def _keep(folder: Path, data: bytes, kind: str, told: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    name = blake2b(kind.encode(), digest_size=6).hexdigest()
    (folder / name).write_bytes(data)
    (folder / f"{name}.txt").write_text(f"{kind}\n\n{told}\n", encoding="utf-8", errors="backslashreplace")


def table(tallies: Sequence[tuple[str, Tally]]) -> str:
    """The tallies as a Markdown table with a sum."""
    rows = [
        "| reader | executions | corpus | slowest, ms | of bytes | peak, MB | findings |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    total = Tally()
    for name, tally in (*tallies, ("all", None)):
        shown = tally or total
        rows.append(
            f"| {name} | {shown.executions:,} | {shown.corpus:,} | {shown.slowest * 1000:.0f} | {shown.slowest_size:,} "
            f"| {shown.megabytes:.0f} | {shown.findings} |"
        )
        total = _added(total, shown)._replace(corpus=total.corpus + shown.corpus)
    return "\n".join(rows) + "\n"


def main(arguments: Sequence[str] | None = None) -> int:
    """Returns 1 where something was found, else 0."""
    parser = argparse.ArgumentParser(prog="fuzz", description="Fuzz fromlint's readers.")
    parser.add_argument("targets", nargs="*", metavar="TARGET", help=f"{', '.join(names())}; all where none is named")
    parser.add_argument("--executions", type=int, default=20_000, metavar="N", help="in all (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=int(time.time()), metavar="N", help="default: another each time")
    parser.add_argument("--findings", type=Path, default=FINDINGS, metavar="DIR", help="default: %(default)s")
    parser.add_argument("--results", type=Path, metavar="FILE", help="write the table to a file as well")
    given = parser.parse_args(arguments)
    unknown = set(given.targets) - set(names())
    if unknown:
        parser.error(f"no such target: {', '.join(sorted(unknown))}")
    chosen = [target(name) for name in given.targets or names()]
    shares = sum(each.share for each in chosen)
    tallies = []
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = folder
        os.environ["FROMLINT_CACHE_DIR"] = folder
        for each in chosen:
            count = max(round(given.executions * each.share / shares), len(each.seeds))
            tally = fuzz(each, count, seed=given.seed, findings=given.findings)
            tallies.append((each.name, tally))
            rate = tally.executions / tally.seconds if tally.seconds else 0
            print(f"{each.name}: {tally.executions:,} executions, {rate:,.0f}/s, {tally.findings} findings", flush=True)
        tempfile.tempdir = None
    text = f"Seed {given.seed}; faults are exceptions, {SECONDS:g} s of processor time and {MEGABYTES} MB.\n\n"
    text += table(tallies)
    print(f"\n{text}")
    if given.results is not None:
        given.results.write_text(text, encoding="utf-8")
    return 1 if any(tally.findings for _, tally in tallies) else 0


if __name__ == "__main__":
    sys.exit(main())
