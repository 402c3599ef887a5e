"""An index page, packed: small on disk, quick to load, and each release decoded only when it is asked for.

Fifty popular pages are 45 MB of JSON with 60,000 files; making an object for each would cost a warm run more than
all the rest of it. A page is kept as a *table*, compressed text, and *details*, columns of fixed width.

The table's lines are: tails of file names, names before the version, ``Requires-Python`` values, URL beginnings,
versions (each line tab-separated), what fits nowhere (JSON), then one line a release: the number of its first file,
how many files, and five columns (name, tail, ``Requires-Python``, URL beginning, marks), each either one number for
all files or one a file. Wheels of a project repeat their tags from release to release, so a release is a few dozen
bytes.

The details are four columns, one after the other: SHA-256, the digest in the file's path, size, and upload time
as ISO text without its zone (UTC). The public index's files lie at ``…/ab/cd/<60 hex digits>/<file name>``: 32 bytes
in place of 130.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from struct import Struct, error

from fromlint.index.names import normalise
from fromlint.model.index import File, Page
from fromlint.named_tuple import NamedTuple
from fromlint.typed import Any

FORMAT = 2
"""The number of this form. A cache is named by it, so that nothing that was packed otherwise is ever read."""

HASH = 32
DATE = 19
_SIZE = Struct("<Q")
_WIDTH = HASH + HASH + _SIZE.size + DATE


class Mark:
    """What a file's number in the column of marks says, bit by bit."""

    METADATA, YANKED, HASHED, SIZED, DATED, BESIDE, DIGEST, ODD = (1 << bit for bit in range(8))


_COLUMNS = 5
_LARGEST_TABLE = 32_000_000
_MOST_FILES = 200_000


class Packed(NamedTuple):
    """A packed page: ``table`` is compressed text, ``details`` holds a record a file or is empty."""

    table: bytes
    details: bytes


class Damaged(Exception):
    """A packed page does not hold what it should."""


class Releases(Mapping[str, tuple[File, ...]]):
    """A packed page's files by version. A release that turns out to be damaged has no files and sets ``damaged``."""

    __slots__ = ("_decoded", "_details", "_lines", "_oddities", "_tables", "damaged")

    def __init__(self, packed: Packed) -> None:
        """Raises Damaged."""
        from zlib import decompressobj
        from zlib import error as unpackable

        try:
            reader = decompressobj()
            text = reader.decompress(packed.table, _LARGEST_TABLE).decode("utf-8", "surrogatepass")
        except (unpackable, UnicodeDecodeError) as problem:
            raise Damaged(str(problem)) from None
        if not reader.eof:
            raise Damaged("cut off")
        try:
            names, tails, requires, places, versions, oddities, *lines = text.split("\n")
        except ValueError:
            raise Damaged("too short") from None
        self._tables: tuple[str | list[str], ...] = (names, tails, requires, places)
        self._oddities: str | dict[str, dict[str, Any]] = oddities
        if not lines and text.strip("\n"):
            raise Damaged("no releases")
        keys = versions.split("\t") if lines else []
        if len(keys) != len(lines):
            raise Damaged("versions and releases differ in number")
        self._lines: dict[str, str] = dict(zip(keys, lines, strict=True))
        self._details = packed.details
        if packed.details and len(packed.details) != _WIDTH * _files(lines[-1] if lines else "0;0;"):
            raise Damaged("details and releases differ in number")
        self._decoded: dict[str, tuple[File, ...]] = {}
        self.damaged = False
        self._look_over(lines)

    def _look_over(self, lines: list[str]) -> None:
        """See that every release looks as it should, and that the first and the last can be decoded.

        A page with releases that hold nothing would pass for a project without files. Raises Damaged.
        """
        if any(line.count(";") != _COLUMNS + 1 for line in lines):
            raise Damaged("a release of another form")
        for version in (*islice(self._lines, 1), *islice(reversed(self._lines), 1)):
            if not self[version]:
                raise Damaged("a release that holds nothing")

    def __iter__(self) -> Iterator[str]:
        return iter(self._lines)

    def __len__(self) -> int:
        return len(self._lines)

    def __contains__(self, version: object) -> bool:
        return version in self._lines

    def __getitem__(self, version: str) -> tuple[File, ...]:
        files = self._decoded.get(version)
        if files is None:
            line = self._lines[version]
            try:
                files = tuple(self._decode(version, line))
            except (ValueError, IndexError, KeyError, TypeError, error, OverflowError, RecursionError):
                self.damaged = True
                files = ()
            self._decoded[version] = files
        return files

    def regular(self, project: str) -> bool:
        """Whether every file surely is the project's (a normalised name) and of the version that it stands under.

        Then whoever wants one release need not look at the others.
        """
        names = self._tables[0]
        ours = all(
            normalise(name) == project and "__" not in name
            for name in (names.split("\t") if isinstance(names, str) else names)
        )
        return ours and "" not in self._lines and not any("-" in version for version in self._lines)

    def hosts(self) -> set[str]:
        """Scheme and host of the places where the files lie."""
        places = self._tables[3]
        return {
            "/".join(place.split("/", 3)[:3]) for place in (places.split("\t") if isinstance(places, str) else places)
        }

    def _decode(self, version: str, line: str) -> Iterator[File]:
        self._tables = tuple(text.split("\t") if isinstance(text, str) else text for text in self._tables)
        names, tails, requires, places = self._tables
        first, count, *columns = line.split(";")
        start, length = int(first), int(count)
        if not 0 < length <= _MOST_FILES:
            raise ValueError(length)
        spread = []
        for column in columns:
            numbers = [*map(int, column.split(","))]
            spread.append(numbers if len(numbers) == length else numbers * length)
        oddities = self._odd()
        details = self._details
        whole = len(details) // _WIDTH
        if whole * _WIDTH != len(details) or (details and not 0 <= start <= whole - length):
            raise ValueError(whole)
        if not details:
            spread[4] = [marks & (Mark.METADATA | Mark.YANKED | Mark.ODD) for marks in spread[4]]
        digests, sizes = whole * HASH, whole * 2 * HASH
        dates = sizes + whole * _SIZE.size
        yanked_bit, hashed, sized, dated, odd_bit = Mark.YANKED, Mark.HASHED, Mark.SIZED, Mark.DATED, Mark.ODD
        metadata, beside, at_digest = Mark.METADATA, Mark.BESIDE, Mark.DIGEST
        for number, name, tail, python, place, marks in zip(range(start, start + length), *spread, strict=True):
            filename = f"{names[name]}-{version}{tails[tail]}" if version else tails[tail]
            odd = oddities[str(number)] if marks & odd_bit else {}
            url: str | None = None
            size = uploaded = None
            at = number * HASH
            if marks & at_digest:
                digest = details[digests + at : digests + at + HASH].hex()
                url = f"{places[place]}{digest[:2]}/{digest[2:4]}/{digest[4:]}/{filename}"
            elif marks & beside:
                url = places[place] + filename
            elif odd:
                url = odd.get("url")
            if marks & hashed:
                hashes: tuple[str, ...] = ("sha256:" + details[at : at + HASH].hex(),)
            else:
                hashes = tuple(map(str, odd.get("hashes", ())))
            if marks & sized:
                (size,) = _SIZE.unpack_from(details, sizes + number * _SIZE.size)
            if marks & dated:
                at = dates + number * DATE
                uploaded = details[at : at + DATE].decode("ascii", "replace") + "Z"
            yanked = str(odd.get("yanked", "")) if marks & yanked_bit else None
            yield File(filename, url, requires[python] or None, yanked, hashes, size, bool(marks & metadata), uploaded)

    def _odd(self) -> dict[str, dict[str, Any]]:
        if isinstance(self._oddities, str):
            if not self._oddities:
                return {}
            from json import loads

            found: dict[str, dict[str, Any]] = loads(self._oddities)
            self._oddities = found
        return self._oddities


def _files(last: str) -> int:
    """How many files a page has, by the line of its last release. Raises Damaged."""
    try:
        first, count, _ = last.split(";", 2)
        return int(first) + int(count)
    except ValueError:
        raise Damaged("a release without number") from None


class PackedPage(Page):
    """A page whose files are decoded on demand."""

    __slots__ = ()

    @property
    def files(self) -> tuple[File, ...]:
        return tuple(file for release in self.releases.values() for file in release)
