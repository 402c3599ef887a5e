"""Packing an index page: the writing side of ``packed``, which describes the form."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from json import dumps
from typing import Any
from zlib import compress

from fromlint.index.names import split
from fromlint.index.packed import EMPTY, RECORD, Mark, Packed
from fromlint.model.index import File

METADATA, YANKED, HASHED, SIZED = Mark.METADATA, Mark.YANKED, Mark.HASHED, Mark.SIZED
DATED, BESIDE, DIGEST, ODD = Mark.DATED, Mark.BESIDE, Mark.DIGEST, Mark.ODD
pack_record, fromhex, fromisoformat = RECORD.pack, bytes.fromhex, datetime.fromisoformat


class _Numbers(dict[str, int]):
    """Gives every distinct text a number, in order of appearance."""

    def __missing__(self, text: str) -> int:
        number = self[text] = len(self)
        return number


_Row = tuple[int, int, int, int, int, bytes, "dict[str, Any] | None"]
"""A file: its numbers in the five columns, its record, and what fits nowhere."""


def pack(files: Iterable[File], project: str, *, details: bool = True) -> Packed:
    """The files of ``project`` (its normalised name), packed. Without ``details`` hashes, addresses, sizes and
    upload times are left out."""
    names, tails, requires, places = _Numbers(), _Numbers(), _Numbers(), _Numbers()
    releases: dict[str, list[_Row]] = {}
    # this loop and those of ``simple`` are most of what a cold run computes: 20,000 files for 40 requirements
    for filename, url, python, yanked, hashes, size, metadata, uploaded in files:
        name, version, tail = split(filename, project)
        marks = METADATA if metadata else 0
        odd: dict[str, Any] | None = None
        place, record = 0, b""
        if yanked is not None:
            marks |= YANKED
            if yanked:
                odd = {"yanked": yanked}
        if details:
            sha256 = digest = EMPTY
            beginning = ""
            if len(hashes) == 1 and (found := _digest(hashes[0], 7)) is not None and hashes[0][:7] == "sha256:":
                marks |= HASHED
                sha256 = found
            elif hashes:
                odd = {**(odd or {}), "hashes": hashes}
            if url is not None:
                folder, slash, last = url.rpartition("/")
                if last == filename and "\t" not in url and "\n" not in url:
                    marks |= BESIDE
                    beginning = folder + slash
                    if folder[-61:-60] == folder[-64:-63] == "/":
                        found = _digest(folder[-66:-64] + folder[-63:-61] + folder[-60:], 0)
                        if found is not None and folder[-67:-66] == "/":
                            marks |= DIGEST
                            digest, beginning = found, folder[:-66]
                else:
                    odd = {**(odd or {}), "url": url}
            if size is None or not 0 <= size < 1 << 63:
                size = 0
            else:
                marks |= SIZED
            stamp = _stamp(uploaded) if uploaded else 0
            if stamp:
                marks |= DATED
            record = pack_record(sha256, digest, size, stamp)
            place = places[beginning]
        if odd is not None:
            marks |= ODD
        row = (names[name], tails[tail], requires[python or ""], place, marks, record, odd)
        release = releases.get(version)
        if release is None:
            releases[version] = [row]
        else:
            release.append(row)
    return _assemble(releases, (names, tails, requires, places))


def _assemble(
    releases: Mapping[str, list[_Row]],
    tables: tuple[_Numbers, ...],
) -> Packed:
    oddities: dict[str, dict[str, Any]] = {}
    lines: list[str] = []
    records: list[bytes] = []
    first = 0
    for rows in releases.values():
        columns = [*zip(*rows, strict=True)]
        line = [str(first), str(len(rows))]
        for column in columns[:5]:
            line.append(str(column[0]) if len({*column}) == 1 else ",".join(map(str, column)))
        lines.append(";".join(line))
        records.extend(columns[5])
        for number, odd in enumerate(columns[6], first):
            if odd:
                oddities[str(number)] = odd
        first += len(rows)
    head = [
        *("\t".join(table) for table in tables),
        "\t".join(releases),
        dumps(oddities) if oddities else "",
    ]
    text = "\n".join((*head, *lines))
    return Packed(compress(text.encode("utf-8", "surrogatepass"), 6), b"".join(records))


def _digest(text: str, start: int) -> bytes | None:
    """The 32 bytes that 64 lower-case hexadecimal digits from ``start`` on stand for, None where there are no such."""
    if len(text) != 64 + start:
        return None
    try:
        found = fromhex(text[start:])
    except ValueError:
        return None
    return found if found.hex() == text[start:] else None


def _stamp(uploaded: str) -> int:
    """Seconds since the epoch of ISO text (else UTC), 0 where it is none or does not fit the record."""
    try:
        moment = fromisoformat(uploaded)
        stamp = int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return 0
    return stamp if 0 < stamp < 1 << 32 else 0
