"""The time that a run may spend on waiting for the network."""

from __future__ import annotations

from time import monotonic

from fromlint.named_tuple import NamedTuple


class Times(NamedTuple):
    """Seconds: to connect, for one request as a whole, and before the first repetition."""

    connect: float = 5.0
    request: float = 12.0
    pause: float = 0.2


class Budget:
    """Seconds of waiting, shared by all requests of a run. Time between rounds does not count."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self._spent = 0.0
        self._since: float | None = None

    def __enter__(self) -> Budget:
        self._since = monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        if self._since is not None:
            self._spent += monotonic() - self._since
            self._since = None

    @property
    def spent(self) -> float:
        """Seconds waited so far."""
        return self._spent + (monotonic() - self._since if self._since is not None else 0.0)

    @property
    def left(self) -> float:
        """Seconds that may still be waited, never below 0."""
        return max(0.0, self.seconds - self.spent)

    def renew(self) -> None:
        """Start anew, for a further run (the editor keeps one index for many)."""
        self._spent = 0.0
