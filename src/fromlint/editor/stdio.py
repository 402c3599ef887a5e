"""Standard input and output as the protocol needs them: nothing else gets in between, and no message is too bad."""

from __future__ import annotations

import os
import sys
from io import BufferedIOBase
from typing import BinaryIO, cast

LARGEST_MESSAGE = 100_000_000
"""In bytes. The largest lock files have a tenth of it."""
_LARGEST_HEADER = 10_000
_LENGTH = b"Content-Length: "


class Input(BufferedIOBase):
    """Standard input, of which no line and no message is so long that it takes all memory.

    After what is no message the next one is found again.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream

    def readline(self, size: int | None = -1, /) -> bytes:
        """The next header line; of one without end, a part; of one behind the rest of a bad message, the header."""
        line = self._stream.readline(_LARGEST_HEADER)
        return line[max(line.rfind(_LENGTH), 0) :]

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes; where they are said to be too many, none, and what is no message instead."""
        wanted = -1 if size is None else size
        return self._stream.read(wanted) if wanted <= LARGEST_MESSAGE else b"null"


def taken() -> tuple[BinaryIO, BinaryIO]:
    """Standard input and output for the protocol alone: whatever else prints ends up on stderr."""
    sys.stdout.flush()
    own = os.dup(sys.stdout.fileno())
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    return cast(BinaryIO, Input(sys.stdin.buffer)), open(own, "wb")
