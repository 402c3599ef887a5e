"""Many Dockerfiles: judged a few at a time, so that little is in memory, and by as many processes as pay.

What is to be asked of the index waits until the end, and is asked for all of them at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import inf

from fromlint import processes, witness
from fromlint.index import Index, WouldAsk
from fromlint.judging import Judge, Judged, Said, Target
from fromlint.named_tuple import NamedTuple
from fromlint.typed import Protocol

_AT_ONCE = 25
"""Dockerfiles of which the drafts are in memory together."""
_WORTHWHILE = 50
"""Dockerfiles from which on processes pay: a second one costs as much as six Dockerfiles (``bench/RESULTS.md``)."""
_MOST = 4
"""Processes beyond which one more is hardly felt: what they send is taken in by one."""
_HIGHEST = 64
"""Processes that there are at most, whatever is asked for: each takes an open file."""


class Opened(Protocol):
    """Opens the index. One that does not ask raises WouldAsk instead."""

    def __call__(self, *, asks: bool) -> Index: ...


class _Part(NamedTuple):
    """What came of a share: of Dockerfiles by their numbers what was judged, which of them wait for the index, and what
    was looked at on disk."""

    judged: Sequence[tuple[Sequence[int], Judged]]
    waiting: Sequence[int]
    seen: Mapping[str, str]


def judged(targets: Sequence[Target], judge: Judge, index: Opened, jobs: int | None) -> Judged:
    """What ``judge`` says of Dockerfiles. ``jobs``: how many processes, None for as many as pay."""
    jobs = _number(jobs, len(targets))
    size = min(_AT_ONCE, -(-len(targets) // (jobs + 1)))

    def part(numbers: Sequence[int]) -> _Part:
        return _part(numbers, size, targets, judge, index)

    every = range(len(targets))
    # The first few show whether all has been asked before, and what they take is in memory for all processes, then.
    parts = [part(every[:size])]
    notes: tuple[str, ...] = ()
    if parts[0].waiting:
        waiting: Sequence[int] = every
    else:
        others, notes = processes.shared([every[size + start :: jobs] for start in range(jobs)], part)
        parts += others
        waiting = sorted(number for each in parts for number in each.waiting)
    for each in parts:
        witness.also(each.seen)
    found = [pair for each in parts for pair in each.judged]
    if waiting:
        with index(asks=True) as asked:
            found.append((waiting, judge.judged([targets[number] for number in waiting], asked)))
    return _joined(found, notes)


def _part(numbers: Sequence[int], size: int, targets: Sequence[Target], judge: Judge, index: Opened) -> _Part:
    found: list[tuple[Sequence[int], Judged]] = []
    waiting: list[int] = []
    with witness.recording() as seen, index(asks=False) as recalled:
        for start in range(0, len(numbers), size):
            some = numbers[start : start + size]
            try:
                found.append((some, judge.judged([targets[number] for number in some], recalled)))
            except WouldAsk:
                waiting += some
    return _Part(found, waiting, seen)


def _number(jobs: int | None, dockerfiles: int) -> int:
    """How many processes there are."""
    if not processes.can_fork():
        return 1
    if jobs is None:
        return min(processes.usable(), _MOST) if dockerfiles >= _WORTHWHILE else 1
    return min(jobs, dockerfiles, _HIGHEST)


def _joined(found: Iterable[tuple[Sequence[int], Judged]], notes: tuple[str, ...]) -> Judged:
    """All as one, in the order of the Dockerfiles."""
    said: dict[int, Said] = {}
    said_besides = dict.fromkeys(notes)
    good_until = 0.0 if notes else inf
    unasked: frozenset[str] = frozenset()
    for numbers, each in found:
        said.update(zip(numbers, each.said, strict=True))
        said_besides.update(dict.fromkeys(each.notes))
        good_until = min(good_until, each.good_until)
        unasked |= each.unasked
    return Judged(tuple(said[number] for number in sorted(said)), tuple(said_besides), good_until, unasked)
