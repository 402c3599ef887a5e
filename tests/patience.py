"""For tests that hostile input takes no endless time. They measure nothing, as the machine may be slow: what takes a
fraction of a second on any has a minute, and work that grows as the square of such input would take hours."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

_MINUTE = 60.0


class Endless(BaseException):
    """The minute is over."""


@contextmanager
def within_a_minute() -> Iterator[None]:
    """Stops the block with Endless after a minute of this process's own time: what others do meanwhile does not count.

    Within one step in C it cannot stop it; that one's time is then judged at its end.
    """

    def over(number: int, frame: FrameType | None) -> None:
        raise Endless("still at work after a minute of processor time")

    before = signal.signal(signal.SIGPROF, over)
    signal.setitimer(signal.ITIMER_PROF, _MINUTE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
