"""A few threads that work off what is asked in one round."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from threading import Thread

from fromlint.index.budget import Budget
from fromlint.index.refusal import Refused
from fromlint.index.transport import Transport
from fromlint.typed import TypeVar

Result = TypeVar("Result")


# While somebody is told, at least so often (seconds): also where no answer comes.
_TOLD = 0.25


class Count:
    """How many questions were answered of those asked so far, and who is told (see ``told``)."""

    def __init__(self, told: Callable[[int, int], None] | None = None) -> None:
        self._told = told
        self._done = 0
        self._total = 0

    @property
    def pause(self) -> float:
        """Seconds to wait for an answer before `more` is called all the same."""
        return _TOLD if self._told is not None else float("inf")

    def more(self, *, asked: int = 0, answered: int = 0) -> None:
        """So many more."""
        self._total += asked
        self._done += answered
        if self._told is not None:
            self._told(self._done, self._total)


def work_off(
    tasks: Sequence[Callable[[], Result]], transport: Transport, budget: Budget, size: int, count: Count | None = None
) -> list[Result | Refused]:
    """The tasks' results in their order, made by at most ``size`` threads.

    A task that raises Refused has that as its result. What is not done when the budget is used up is given up,
    and the transport with it. An interrupt (Ctrl-C) ends the waiting at once: the threads are daemons.
    """
    from queue import Empty, SimpleQueue

    waiting = deque(enumerate(tasks))
    done: SimpleQueue[tuple[int, Result | Refused | BaseException]] = SimpleQueue()

    def work() -> None:
        while True:
            try:
                number, task = waiting.popleft()
            except IndexError:
                return
            try:
                done.put((number, task()))
            except BaseException as problem:  # handed over to the thread that waits
                done.put((number, problem))

    count = count or Count()
    results: list[Result | Refused] = [Refused(f"the time budget of {budget.seconds:g} s is used up")] * len(tasks)
    missing = len(tasks)
    count.more(asked=missing)
    with budget:
        try:
            for _ in range(min(size, len(tasks))):
                Thread(target=work, name="fromlint-index", daemon=True).start()
            while missing:
                try:
                    number, result = done.get(
                        timeout=max(0.0, min(transport.connections.cut_overdue(), budget.left, count.pause))
                    )
                except Empty:
                    count.more()
                    if budget.left <= 0:
                        break
                    continue
                missing -= 1
                count.more(answered=1)
                if isinstance(result, BaseException) and not isinstance(result, Refused):
                    raise result
                results[number] = result
        finally:
            waiting.clear()
            if missing:
                transport.close()
    return results
