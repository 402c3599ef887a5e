"""What comes in place of an answer."""


class Refused(Exception):
    """No usable answer; ``reason`` says why in plain words, ``status`` is the HTTP status where there was one."""

    def __init__(self, reason: str, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.status = status
