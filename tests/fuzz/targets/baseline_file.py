"""A baseline of known findings."""

from contextlib import suppress

from fromlint.history.baseline import BaselineError
from fromlint.history.baseline import read as read_baseline
from fuzz.scratch import scratch

WORDS = (
    b'{"version": 1, "findings": [',
    b'"code": "FL201"',
    b'"file": ',
    b'"about": ',
    b'"severity": "error"',
    b"[",
    b"]",
    b"{",
    b"}",
    b",",
    b"null",
    b"1e999",
    b'"\\ud800"',
    b"9" * 5_000,
)
SHARE = 1.5


def read(data: bytes) -> None:
    file = scratch() / "known.json"
    file.write_bytes(data)
    with suppress(BaselineError):
        read_baseline(file)
