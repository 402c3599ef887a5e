"""A kept result: as the file of a run that was called alike."""

import os

from fromlint import recall
from fuzz.scratch import scratch

WORDS = (b"0:", b"1:", b"-1:", b"99999999:", b"1:k", b":", b"3:4e9", b"1:0", b"11:99999999999")
_KEY = "k"
SHARE = 1.5


def read(data: bytes) -> None:
    folder = str(scratch())
    place = recall._path(folder, _KEY)
    os.makedirs(os.path.dirname(place), exist_ok=True)
    with open(os.open(place, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)
    recall.recalled(folder, _KEY, 0.0)
