"""Versions as PEP 440 orders them.

``packaging`` is the oracle in the tests but not on the warm path: importing its ``specifiers`` alone takes 35 ms,
as much as a whole warm check may take beyond click.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache

from fromlint.named_tuple import NamedTuple
from fromlint.typed import Any

# No file name is longer, and what is longer is no version but an attack on the number parser.
_LONGEST = 255
_PHASES = {"a": 0, "alpha": 0, "b": 1, "beta": 1, "c": 2, "rc": 2, "pre": 2, "preview": 2}
_LETTERS = ("a", "b", "rc")
# A development release of the final one stands before its alphas.
DEV_ONLY, _FINAL = -1, 3

Key = tuple[int, tuple[int, ...], tuple[int, int, int, int, int, int]]


class Version(NamedTuple):
    """A version. ``key`` orders it without its local part, ``(key, local)`` wholly; ``text`` is its normal form.

    ``release`` keeps its trailing zeros, for ``==1.0.*`` and ``~=``.
    """

    key: Key
    local: tuple[tuple[int, str], ...]
    release: tuple[int, ...]
    text: str
    prerelease: bool
    postrelease: bool


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"\s*v?(?:(\d+)!)?(\d+(?:\.\d+)*)"
        r"(?:[._-]?(alpha|a|beta|b|preview|pre|c|rc)[._-]?(\d*))?"
        r"(?:-(\d+)|[._-]?(post|rev|r)[._-]?(\d*))?"
        r"(?:[._-]?(dev)[._-]?(\d*))?"
        r"(?:\+([a-z0-9]+(?:[._-][a-z0-9]+)*))?\s*",
        re.IGNORECASE | re.ASCII,
    )


@lru_cache(maxsize=32768)
def parse(text: str) -> Version | None:
    """The version that a text states, None where it is none (PEP 440, appendix B)."""
    if len(text) > _LONGEST:
        return None
    groups = _taken_apart(text)
    if groups is None:
        return None
    epoch_digits, digits, letter, letter_number, implicit_post, post_word, post_number, dev_word, dev_number, tail = (
        groups
    )
    epoch = int(epoch_digits) if epoch_digits else 0
    release = tuple(map(int, digits.split(".")))
    text = ".".join(map(str, release))
    if epoch:
        text = f"{epoch}!{text}"

    phase, phase_number, post_rank, post, dev_rank, dev = _FINAL, 0, 0, 0, 1, 0
    if letter:
        phase, phase_number = _PHASES[letter.lower()], int(letter_number or 0)
        text += f"{_LETTERS[phase]}{phase_number}"
    if implicit_post or post_word:
        post_rank, post = 1, int(implicit_post or post_number or 0)
        text += f".post{post}"
    if dev_word:
        dev_rank, dev = 0, int(dev_number or 0)
        text += f".dev{dev}"
        if not letter and not post_rank:
            phase = DEV_ONLY
    local: tuple[tuple[int, str], ...] = ()
    if tail:
        parts = re.split(r"[._-]", tail.lower())
        local = tuple((int(part), "") if part.isdigit() else (-1, part) for part in parts)
        text += "+" + ".".join(word or str(number) for number, word in local)

    return Version(
        key=(epoch, _trimmed(release), (phase, phase_number, post_rank, post, dev_rank, dev)),
        local=local,
        release=release,
        text=text,
        prerelease=phase < _FINAL or dev_rank == 0,
        postrelease=post_rank == 1,
    )


def _taken_apart(text: str) -> tuple[str | Any, ...] | None:
    if text.isascii() and all(part.isdecimal() for part in text.split(".")):
        # Most are plain numbers, and the pattern for the others takes long to compile.
        return None, text, *(None,) * 8
    match = _pattern().fullmatch(text)
    return match.groups() if match is not None else None


def _trimmed(release: tuple[int, ...]) -> tuple[int, ...]:
    """A release without its trailing zeros: 1.0.0 and 1 are one."""
    end = len(release)
    while end and release[end - 1] == 0:
        end -= 1
    return release[:end]
