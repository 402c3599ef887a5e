"""The steps of a stage that is being walked, with those of the scripts that it starts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fromlint.dockerfile.runs import run
from fromlint.model.build import LoopsMet, ScriptStarted, Step, ToolFetched
from fromlint.project.walking.layers import ImageFiles
from fromlint.project.walking.scripts import followed

# Scripts of a stage that are followed, how many steps they may take in all, and how deep they may start each other.
_MOST_SCRIPTS = 30
_MOST_SCRIPT_STEPS = 10_000
_DEEPEST_SCRIPT = 5


class PlannedSteps:
    """The steps of a stage in order, those of each script that is followed after the command that starts it."""

    def __init__(self, planned: Sequence[Step]) -> None:
        self._waiting = list(reversed(planned))
        # How many steps waited when each of the scripts that are being followed was started: it is done by then.
        self._started: list[int] = []
        self._left = _MOST_SCRIPTS
        self._steps_left = _MOST_SCRIPT_STEPS

    def __iter__(self) -> Iterator[Step]:
        while self._waiting:
            yield self._waiting.pop()

    def again(self, step: Step, met: LoopsMet, files: ImageFiles) -> None:
        """Puts the steps of a RUN in the place of those that were read without what files say of its loops."""
        from fromlint.project.walking import turns

        events = run(met.instruction, met.running, turns.of(files, met.span)).events
        if len(events) > self._steps_left:
            return
        self._steps_left -= len(events)
        while self._waiting and self._waiting[-1].instruction == step.instruction:
            self._waiting.pop()
        self._waiting += [Step(step.instruction, each) for each in reversed(events)]

    def follow(self, step: Step, files: ImageFiles) -> bool:
        """Puts the steps of the script that a step starts next in line; False where they are not known."""
        event = step.event
        assert isinstance(event, ScriptStarted)
        self._started = [waiting for waiting in self._started if waiting < len(self._waiting)]
        if self._left == 0 or len(self._started) == _DEEPEST_SCRIPT:
            return False
        self._left -= 1
        events = followed(event, files)
        if events is None or len(events) > self._steps_left:
            return False
        self._steps_left -= len(events)
        ahead = self._waiting[-1].event if self._waiting else None
        if isinstance(ahead, ToolFetched) and ahead.script and ahead.span == event.span:
            # That a script of such a name may do anything: now it is known what it does.
            self._waiting.pop()
        self._started.append(len(self._waiting))
        self._waiting += [Step(step.instruction, each) for each in reversed(events)]
        return True
