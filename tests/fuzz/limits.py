"""One execution of a reader under watch: what it raises, the time and the memory that it takes."""

from __future__ import annotations

import resource
import signal
import traceback
from collections.abc import Callable
from time import process_time
from types import FrameType
from typing import NamedTuple

SECONDS = 1.0
"""Processor time that a reader may take."""
MEGABYTES = 300
"""Memory that the process may have taken at most, beyond what it began with."""


class Fault(NamedTuple):
    """What is wrong with an execution: ``kind`` tells faults apart, ``told`` is for people."""

    kind: str
    told: str


class Done(NamedTuple):
    """An execution: its processor time in seconds, and its fault, None where it has none."""

    seconds: float
    fault: Fault | None


class _TooSlow(BaseException):
    pass


def executed(read: Callable[[bytes], object], data: bytes, began_with: float = 0.0) -> Done:
    """Run ``read`` once, in the main thread. What it raises is a fault, and so is too much time or memory.

    ``began_with``: the ``peak`` of the process before its first execution.
    """

    def stop(_: int, frame: FrameType | None) -> None:
        raise _TooSlow("".join(traceback.format_stack(frame, 12)))

    # Twice the limit: an execution that ends between has its time measured, and is a fault as well.
    before = signal.signal(signal.SIGPROF, stop)
    signal.setitimer(signal.ITIMER_PROF, 2 * SECONDS)
    started = process_time()
    fault = None
    try:
        read(data)
    except _TooSlow as slow:
        fault = Fault("slow", f"was stopped after {2 * SECONDS:g} s\n{slow}")
    except Exception as error:
        fault = Fault(_kind(error), traceback.format_exc(limit=-12))
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
    seconds = process_time() - started
    if fault is None and seconds > SECONDS:
        fault = Fault("slow", f"took {seconds:.2f} s")
    if fault is None and peak() - began_with > MEGABYTES:
        fault = Fault("large", f"the process had {peak():.0f} MB, having begun with {began_with:.0f}")
    return Done(seconds, fault)


def peak() -> float:
    """The most memory that this process had, in megabytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _kind(error: BaseException) -> str:
    """The kind of an exception with the last place of fromlint that it went through."""
    place = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        if "/fromlint/" in frame.f_code.co_filename:
            place = f"{frame.f_code.co_filename.rpartition('/fromlint/')[2]}:{line}"
    return f"{type(error).__name__} {place}"
