"""RPM's databases: real ones as rpm 4.18 and db5.3_load wrote them, ndb's as its source says, and made-up ones."""

import gzip
import sqlite3
from contextlib import suppress
from pathlib import Path
from struct import pack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.inspection import rpm

REAL = {
    path.name.removesuffix(".gz"): gzip.decompress(path.read_bytes()) for path in Path(__file__).parent.glob("rpmdb/*")
}
EXPECTED = {"glibc": "2.34-100.el9", "python3": "3.9.18-100.el9"}


def header(name: str, version: str, release: str = "1") -> bytes:
    """The header of a package with these three tags."""
    data, tags = b"", b""
    for tag, text in ((1000, name), (1001, version), (1002, release)):
        tags += pack(">IIiI", tag, 6, len(data), 1)
        data += text.encode() + b"\0"
    return pack(">II", 3, len(data)) + tags + data


def ndb(headers: list[bytes]) -> bytes:
    """A database of one page of slots (RPM's lib/backend/ndb/rpmpkg.c)."""
    slots, blobs = b"", b""
    for number, held in enumerate(headers, 1):
        slots += pack("<4sIII", b"Slot", number, (4096 + len(blobs)) // 16, 1)
        blob = pack("<4sIII", b"BlbS", number, 1, len(held)) + held
        blobs += blob + b"\0" * (-len(blob) % 16)
    return (pack("<4sIII", b"RpmP", 0, 1, 1) + b"\0" * 16 + slots).ljust(4096, b"\0") + blobs


def sqlite(*statements: str, headers: tuple[bytes, ...] = ()) -> bytes:
    connection = sqlite3.connect(":memory:")
    for statement in statements:
        connection.execute(statement)
    for held in headers:
        connection.execute("INSERT INTO Packages (blob) VALUES (?)", (held,))
    connection.commit()
    return connection.serialize()


TABLE = "CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)"


@pytest.mark.parametrize("name", ["Packages", "rpmdb.sqlite"])
def test_what_rpm_wrote(name: str) -> None:
    assert rpm.packages(REAL[name]) == EXPECTED


def test_ndb() -> None:
    assert rpm.packages(ndb([header("glibc", "2.38"), header("zypper", "1.14", "3.1")])) == {
        "glibc": "2.38-1",
        "zypper": "1.14-3.1",
    }


def test_a_header_over_several_pages_of_sqlite() -> None:
    assert rpm.packages(sqlite(TABLE, headers=(header("glibc", "2.34") + b"\0" * 20_000,))) == {"glibc": "2.34-1"}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RpmP",
        b"SQLite format 3\0",
        b"SQLite format 3\0" + b"\xff" * 5000,
        b"\0" * 12 + pack("<I", 0x061561) + b"\0" * 5000,
        sqlite("CREATE TABLE Names (blob)"),
        ndb([header("glibc", "2.38")])[:4100],
    ],
)
def test_what_is_none_or_damaged(data: bytes) -> None:
    with pytest.raises(rpm.Unreadable):
        rpm.packages(data)


def test_a_view_in_place_of_the_table_is_not_run() -> None:
    endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS blob FROM n"
    with pytest.raises(rpm.Unreadable):
        rpm.packages(sqlite(f"CREATE VIEW Packages AS {endless}"))


def test_headers_that_lie_upon_one_another_are_not_multiplied() -> None:
    large = ndb([header("glibc", "2.38") + b"\0" * 1_000_000])
    slots = b"".join(pack("<4sIII", b"Slot", number, 256, 1) for number in range(1, 255))
    with pytest.raises(rpm.Unreadable):
        rpm.packages(large[:32] + slots + large[32 + len(slots) :])


@given(st.sampled_from(sorted(REAL)), st.lists(st.tuples(st.integers(0, 30_000), st.integers(0, 255)), max_size=30))
def test_any_damage_is_unreadable_or_read(name: str, changes: list[tuple[int, int]]) -> None:
    data = bytearray(REAL[name])
    for at, value in changes:
        data[at % len(data)] = value
    try:
        found = rpm.packages(bytes(data))
    except rpm.Unreadable:
        return
    assert all(isinstance(text, str) for pair in found.items() for text in pair)


@given(st.binary(max_size=9000), st.sampled_from([b"RpmP", b"\0" * 12 + pack(">I", 0x061561), b""]))
def test_any_bytes_are_unreadable_or_read(data: bytes, start: bytes) -> None:
    with suppress(rpm.Unreadable):
        rpm.packages(start + data)
