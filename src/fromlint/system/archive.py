"""What the Debian archive holds, release by release: names, providers, and what installing a package brings.

`data/debian/archive.bin` is made by `scripts/make_debian_data.py`. It is laid out so that a look-up unpacks two small
blocks: eight bytes that say what it is; the length of the header (four bytes, little endian); the header (JSON,
packed with zlib); then packed sections, which the header names by offset (from the header's end) and length:

* ``names``: blocks of lines ``name TAB field…`` in order, found by each block's first name. There is one field a
  release, or a single one where all are equal: empty (no such package), ``=a,b`` (virtual, with its providers), or
  the number of the list of what it brings without Recommends, and after a comma with them where that differs.
* ``lists``: blocks of such lists. ``3 17!20`` stands for packages 3 and 17 of ``interest`` with all that these
  bring, and package 20 alone.
* ``brought``: for each release what the packages of interest themselves bring, as bits: without, then with.
"""

from __future__ import annotations

import bisect
import json
import re
import zlib
from functools import cache, lru_cache

from fromlint.named_tuple import NamedTuple
from fromlint.system import stored
from fromlint.typed import Any


class Known(NamedTuple):
    """A name in a release: ``providers`` is () for a real package; of a virtual one it holds at most four."""

    name: str
    providers: tuple[str, ...]


@cache
def _content() -> tuple[dict[str, Any], bytes]:
    with open(stored.path("debian", "archive.bin"), "rb") as source:
        data = source.read()
    length = int.from_bytes(data[8:12], "little")
    header: dict[str, Any] = json.loads(zlib.decompress(data[12 : 12 + length]))
    return header, data[12 + length :]


def releases() -> tuple[str, ...]:
    """The codenames of the releases that are held."""
    return tuple(_content()[0]["releases"])


def interest() -> tuple[str, ...]:
    """The packages of interest: those that some capability stands for."""
    names: list[str] = _content()[0]["interest"]
    return tuple(names)


def made() -> str:
    """The day that the indices were made (ISO)."""
    return str(_content()[0]["made"])


def _unpack(offset: int, length: int) -> bytes:
    return zlib.decompress(_content()[1][offset : offset + length])


@cache
def _names(block: int) -> dict[str, str]:
    _, offset, length = _content()[0]["names"][block]
    return dict(line.split("\t", 1) for line in _unpack(offset, length).decode().split("\n"))


@lru_cache(64)
def _lists(block: int) -> list[str]:
    return _unpack(*_content()[0]["lists"][block]).decode().split("\n")


@cache
def _brought(release: str) -> bytes:
    return _unpack(*_content()[0]["brought"][release])


def _field(release: str, name: str) -> str:
    header, _ = _content()
    block = bisect.bisect_right(header["names"], name, key=lambda entry: entry[0]) - 1
    line = _names(block).get(name) if block >= 0 else None
    if line is None:
        return ""
    fields = line.split("\t")
    return fields[0] if len(fields) == 1 else fields[header["releases"].index(release)]


def known(release: str, name: str) -> Known | None:
    """The package or virtual name, None where the release has neither. The release must be one of `releases()`."""
    field = _field(release, name)
    if not field:
        return None
    return Known(name, tuple(field[1:].split(",")) if field[0] == "=" else ())


def matches(release: str, pattern: re.Pattern[str]) -> bool:
    """Whether any real package of the release has a name in which the pattern is found. The first time takes 50 ms."""
    return pattern.search(_all_names(release)) is not None


@cache
def _all_names(release: str) -> str:
    """The names of a release's real packages, one a line."""
    header, _ = _content()
    number = header["releases"].index(release)
    found = []
    for block in range(len(header["names"])):
        for name, line in _names(block).items():
            fields = line.split("\t")
            field = fields[0] if len(fields) == 1 else fields[number]
            if field and not field.startswith("="):
                found.append(name)
    return "\n".join(found)


def brings(release: str, name: str, recommends: bool) -> frozenset[str] | None:
    """What installing a package on a bare image adds, itself included, as far as it is of interest.

    None where the release has no such package, or several that provide the name (apt refuses that).
    """
    place = interest_index().get(name)
    if place is not None and (row := _row(release, place, recommends)):
        return _named(row | 1 << place, name)
    field = _field(release, name)
    if field.startswith("="):
        providers = field[1:].split(",")
        return brings(release, providers[0], recommends) if len(providers) == 1 else None
    if not field:
        return None
    without, _, with_ = field.partition(",")
    block, line = divmod(int(with_ if with_ and recommends else without), _content()[0]["block"])
    whole, _, alone = _lists(block)[line].partition("!")
    bits = 0
    for place in map(int, whole.split()):
        bits |= 1 << place | _row(release, place, recommends)
    for place in map(int, alone.split()):
        bits |= 1 << place
    return _named(bits, name)


@cache
def interest_index() -> dict[str, int]:
    """The place of each package of interest in the tables."""
    return {name: place for place, name in enumerate(interest())}


def _row(release: str, place: int, recommends: bool) -> int:
    """What a package of interest brings, as bits; 0 also where the release does not have it."""
    count = len(interest_index())
    width = (count + 7) // 8
    start = (place + (count if recommends else 0)) * width
    return int.from_bytes(_brought(release)[start : start + width], "little")


def _named(bits: int, name: str) -> frozenset[str]:
    names = _content()[0]["interest"]
    return frozenset({name, *(names[place] for place in _ones(bits))})


def _ones(bits: int) -> list[int]:
    found = []
    while bits:
        lowest = bits & -bits
        found.append(lowest.bit_length() - 1)
        bits ^= lowest
    return found


def owners(release: str, soname: str) -> tuple[str, ...]:
    """The packages of interest that hold a shared library, () where none is known."""
    return tuple((stored.entry("debian/sonames.jsonl", soname) or {}).get(release, ()))


def version(release: str, name: str) -> str | None:
    """The upstream version of a package of interest in a release."""
    found: str | None = stored.whole("debian", "versions.json").get(release, {}).get(name)
    return found
