"""Work in shares, which forked processes take off this one.

A forked process is a copy of this one and has in memory all that this one has; back comes one value. That costs some
milliseconds, where a fresh interpreter would cost a hundred and read all data anew.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress

from fromlint.typed import Any, BinaryIO, TypeVar

Share = TypeVar("Share")
Result = TypeVar("Result")


def usable() -> int:
    """How many CPUs this process may use: those that it may run on, and no more than its control group has time of."""
    try:
        count = len(os.sched_getaffinity(0))
    except (AttributeError, OSError):  # not on Linux
        count = os.cpu_count() or 1
    try:
        with open("/sys/fs/cgroup/cpu.max") as file:  # cgroup v2: "$MAX $PERIOD", MAX may be "max"
            most, period = file.read().split()
        return max(1, min(count, -(-int(most) // int(period))))
    except (OSError, ValueError, ZeroDivisionError):
        return count


def can_fork() -> bool:
    """Whether a copy of this process would be whole: one with threads is not, they would be missing in it."""
    threading = sys.modules.get("threading")
    return hasattr(os, "fork") and (threading is None or threading.active_count() == 1)


def shared(shares: Sequence[Share], work: Callable[[Share], Result]) -> tuple[list[Result], tuple[str, ...]]:
    """The results of ``work`` on each share, in their order, and a note on each process that did not do its own.

    The first share is done here. So is, after the others, what a process did not deliver because it could not be
    started, or ended before it was done: an error in it shows here, then. Whatever is raised here, no process is left.
    """
    helpers: list[_Helper | None] = []
    notes = []
    try:
        with _uninterrupted():
            for share in shares[1:]:
                helpers.append(_started(work, share))
        found = [work(shares[0])]
        for share, helper in zip(shares[1:], helpers, strict=True):
            result = helper.result() if helper is not None else None
            if helper is not None and result is None:
                notes.append(f"a process of this run {helper.ending}; its share was done again")
            found.append(work(share) if result is None else result[0])
    finally:
        for helper in helpers:
            if helper is not None:
                helper.end()
    return found, tuple(notes)


class _Helper:
    """A process that works on one share."""

    def __init__(self, process: int, results: BinaryIO) -> None:
        self.ending = ""
        self._process = process
        self._results = results
        self._ended = False

    def result(self) -> tuple[Any] | None:
        """What it found, once it has; None where it did not get that far: ``ending`` says how it ended."""
        import pickle

        try:
            found = (pickle.load(self._results),)
        except (EOFError, pickle.UnpicklingError, OSError):
            found = None
        status = self._wait()
        if os.WIFSIGNALED(status):
            self.ending = f"was killed by signal {os.WTERMSIG(status)}"
            return None
        self.ending = "failed"
        return found if status == 0 else None

    def end(self) -> None:
        """Have it gone, whatever it is doing."""
        self._results.close()
        if not self._ended:
            from signal import SIGKILL

            # An interrupt may have come just after its end was seen.
            with suppress(ProcessLookupError, ChildProcessError):
                os.kill(self._process, SIGKILL)
                self._wait()

    def _wait(self) -> int:
        _, status = os.waitpid(self._process, 0)
        self._ended = True
        return status


@contextmanager
def _uninterrupted() -> Iterator[None]:
    """No Ctrl-C within the block: one might come when a process is there and nobody knows of it yet.

    To processes that are started within it never comes. A terminal sends it to all, and this one has the others gone.
    """
    from signal import SIG_BLOCK, SIG_SETMASK, SIGINT, pthread_sigmask

    before = pthread_sigmask(SIG_BLOCK, {SIGINT})
    try:
        yield
    finally:
        pthread_sigmask(SIG_SETMASK, before)


def _started(work: Callable[[Share], Result], share: Share) -> _Helper | None:
    """A process that does a share; None where none can be had."""
    try:
        reading, writing = os.pipe()
    except OSError:
        return None
    here = os.getpid()
    try:
        process = os.fork()
        if process == 0:
            import pickle

            os.close(reading)
            with open(writing, "wb") as results:
                pickle.dump(work(share), results, pickle.HIGHEST_PROTOCOL)
            os._exit(0)
    except OSError:
        if os.getpid() == here:
            os.close(reading)
            os.close(writing)
            return None
    finally:
        # Whatever happens to the copy, it must not go on as if it were this process.
        if os.getpid() != here:
            os._exit(1)
    os.close(writing)
    return _Helper(process, open(reading, "rb"))
