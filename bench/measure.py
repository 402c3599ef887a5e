"""Runs commands side by side and says what each costs."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter, sleep
from typing import NamedTuple

BIN = Path(sys.executable).parent
FROMLINT = (str(BIN / "fromlint"), "check")
CLICK = (sys.executable, "-c", "import click")


class Cost(NamedTuple):
    """``cpu`` (user and system, children included) and ``wall`` in seconds, ``memory`` in MB at most of one process."""

    cpu: float
    wall: float
    memory: float


class Row(NamedTuple):
    """A line of the table. ``reached`` and ``target`` are ratios to the peer, or texts where there is none."""

    what: str
    peer: str
    target: str
    reached: str
    good: bool
    remark: str = ""


def cost(command: Sequence[str], folder: Path, environment: Mapping[str, str] = {}) -> Cost:
    """What one run of a command costs. Raises RuntimeError where it ends with another code than 0 or 1."""
    started = perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=_environment(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return Cost(used.ru_utime + used.ru_stime, perf_counter() - started, used.ru_maxrss / 1000)


def memory(command: Sequence[str], folder: Path, environment: Mapping[str, str] = {}) -> float:
    """MB that one run of a command takes at most, with all its processes; what they share counts once (Linux' PSS).

    It is looked at a hundred times a second, so this run's time says nothing.
    """
    null = subprocess.DEVNULL
    process = subprocess.Popen(command, cwd=folder, env=_environment(environment), stdout=null, stderr=null, stdin=null)
    most = 0
    while process.poll() is None:
        most = max(most, sum(map(_proportional, _family(process.pid))))
        sleep(0.01)
    if process.returncode not in (0, 1):
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    return most / 1000


def _family(process: int) -> list[int]:
    """A process and all that it started."""
    try:
        children = Path(f"/proc/{process}/task/{process}/children").read_text().split()
    except OSError:
        return [process]
    return [process, *(each for child in children for each in _family(int(child)))]


def _proportional(process: int) -> int:
    """Its memory in KB, what it shares divided by those that share it; 0 of one that is gone."""
    try:
        lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


def beside(
    ours: Sequence[str],
    theirs: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    *,
    runs: int = 15,
    before: Callable[[int], object] = lambda run: None,
) -> tuple[Cost, Cost]:
    """What two commands cost at best of some runs, one after the other in turns. ``before`` prepares each run."""
    found: tuple[list[Cost], list[Cost]] = ([], [])
    for run in range(runs):
        before(run)
        found[0].append(cost(ours, folder, environment))
        found[1].append(cost(theirs, folder, environment))
    return _best(found[0]), _best(found[1])


def _best(costs: Sequence[Cost]) -> Cost:
    return Cost(min(each.cpu for each in costs), min(each.wall for each in costs), max(each.memory for each in costs))


def _environment(more: Mapping[str, str]) -> dict[str, str]:
    """As a user has it: compiled modules are kept, and nothing of ours is set but what ``more`` says."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "FROMLINT_"))}
    return {**own, **more}
