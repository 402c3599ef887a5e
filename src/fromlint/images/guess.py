"""What the words in an unknown image's name say of it, where that is safe."""

import re

from fromlint.images import releases, store
from fromlint.model.environment import Environment, Python, Reference
from fromlint.regex import regex

_SEPARATOR = regex(r"[/:._-]+")


def guess(blank: Environment, reference: Reference, day: str) -> Environment:
    """``blank`` with the distribution, libc and Python that the words of the reference give away.

    It stays unknown: words are habits, not facts. Nothing is said where the words disagree, or where an image is known
    to have a glibc in spite of its ``alpine``. The name of a registry says nothing.
    """
    data = store.load("guess.json")
    text = f"{reference.repository}:{reference.tag or ''}".lower()
    whole = f"{reference.registry}/{text}"
    pieces = _pieces(text)
    if any(word in whole for word in data["glibc_in_spite"]):
        return blank._replace(libc="glibc")
    words = _said(data["words"], pieces)
    if len(words) > 1:
        words.discard("musl")
    if len(words) > 1:
        return blank
    found = blank
    for word in words:
        distro, _, release = word.partition("/")
        if release and releases.known(distro, release):
            found = releases.describe(found, distro, release, day)
        elif distro in ("alpine", "musl"):
            found = found._replace(libc="musl")
            if distro == "alpine":
                found = found._replace(distro="alpine", family="alpine", package_manager="apk")
    pythons = _said(data["pythons"], pieces)
    if len(pythons) == 1:
        found = found._replace(python=Python(pythons.pop(), "cpython", "/usr/local", None, False))
    return found


def _pieces(text: str) -> frozenset[str]:
    """The words of a name, and neighbours together with what stands between them (``python-312``, ``3.12``)."""
    starts = [0, *(match.end() for match in _SEPARATOR.finditer(text))]
    ends = [*(match.start() for match in _SEPARATOR.finditer(text)), len(text)]
    return frozenset(
        text[starts[first] : ends[last]]
        for first in range(len(starts))
        for last in range(first, min(first + 4, len(ends)))
        if starts[first] < ends[last]
    )


def _said(patterns: dict[str, str], pieces: frozenset[str]) -> set[str]:
    """What the patterns that fit a piece say; ``3.12`` beside ``3.12.1`` is the same thing said twice."""
    found = {
        said.format(*match.groups())
        for pattern, said in patterns.items()
        for piece in pieces
        if (match := re.fullmatch(pattern, piece))
    }
    return {word for word in found if not any(other != word and other.startswith(word) for other in found)}
