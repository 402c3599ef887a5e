"""Inputs made from others: small changes, pieces of two, and what breaks readers again and again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

LARGEST = 60_000
"""Bytes that a made-up input has at most."""

# Numbers and characters at the edges of what formats allow.
_EDGES = (
    b"\x00", b"\xff", b"\x80", b"\xc3\x28", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\xe2\x80\xae", b"\x1b[31m", b"\r", b"\r\n",
    b"\n\n", b"\t", b" ", b"\x0b", b"\x85", b"\xe2\x80\xa8", b"-1", b"0", b"00", b"4294967296", b"1e999", b"9" * 30,
    b"9" * 5_000, b"nan", b"\\", b"\\\n", b"'", b'"', b"`", b"${", b"$(", b"[", b"]", b"{", b"}", b"(", b")", b"<", b">",
    b"..", b"../", b"/", b"//", b"@", b"#", b"%", b"*", b"~", b"!", b"&", b"|", b";", b",", b":", b"=", b"==", b"\xf0\x9f\x90\x8d",
    b"\xce\xa9", b"\xd9\xa3", b"\xc2\xb2",
)  # fmt: skip
_TIMES = (2, 3, 10, 100, 1_000, 5_000)


def mutated(random: Random, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """A new input from one of the corpus, or from two."""
    data = random.choice(corpus)
    for _ in range(random.choice((1, 1, 1, 2, 2, 3, 5))):
        data = random.choice(_WAYS)(random, data, corpus, words)
    return data[:LARGEST]


def _span(random: Random, data: bytes) -> tuple[int, int]:
    start = random.randrange(len(data) + 1)
    return start, min(len(data), start + random.choice((1, 2, 4, 8, 16, 64, 256)))


def _flip(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    if not data:
        return b"\x01"
    place = random.randrange(len(data))
    return data[:place] + bytes((data[place] ^ (1 << random.randrange(8)),)) + data[place + 1 :]


def _byte(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start = random.randrange(len(data) + 1)
    return data[:start] + bytes((random.choice((0, 1, 0x7F, 0x80, 0xFF, random.randrange(256))),)) + data[start + 1 :]


def _drop(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    return data[:start] + data[end:]


def _cut(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    return data[: random.randrange(len(data) + 1)]


def _put(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    piece = random.choice(words) if words and random.random() < 0.7 else random.choice(_EDGES)
    return data[:start] + piece + data[random.choice((start, end)) :]


def _repeat(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    start, end = _span(random, data)
    piece = data[start:end] or random.choice(_EDGES)
    # Long ones are rare: they show growth, and take the time of a thousand short ones.
    times = random.choice(_TIMES) if random.random() < 0.05 else 2
    return data[:start] + piece * min(times, LARGEST // len(piece) + 1) + data[end:]


def _lines(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    lines = data.splitlines(keepends=True)
    if not lines:
        return data
    line = lines.pop(random.randrange(len(lines)))
    for _ in range(random.choice((0, 1, 1, 2))):
        lines.insert(random.randrange(len(lines) + 1), line)
    return b"".join(lines)


def _cross(random: Random, data: bytes, corpus: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    other = random.choice(corpus)
    return data[: random.randrange(len(data) + 1)] + other[random.randrange(len(other) + 1) :]


_WAYS = (_flip, _byte, _drop, _drop, _cut, _put, _put, _put, _repeat, _lines, _lines, _cross)


def smaller(data: bytes, fails: Callable[[bytes], bool], tries: int = 400) -> bytes:
    """An input that still fails, with whatever can be left out left out; ``tries`` bounds the attempts."""
    size = max(len(data) // 2, 1)
    while size and tries > 0:
        start = 0
        while start < len(data) and tries > 0:
            shorter = data[:start] + data[start + size :]
            tries -= 1
            if fails(shorter):
                data = shorter
            else:
                start += size
        size //= 2
    return data
