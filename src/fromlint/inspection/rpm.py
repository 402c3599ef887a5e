"""RPM's databases of installed packages, in the three forms that images have them: SQLite, ndb and Berkeley DB's hash.

Each holds the header of every package (RPM's docs/manual/format_header.md), of which name and version are read. What a
database says of its own lengths is never believed beyond its bytes.
"""

from __future__ import annotations

from collections.abc import Iterator
from struct import Struct, error

FILES = ("rpmdb.sqlite", "Packages.db", "Packages")
"""Names of the databases in their folder, the newest form first."""
FOLDERS = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")

_MOST_PACKAGES = 20_000
_LARGEST_HEADER = 32_000_000
_MOST_STEPS = 3_000
_STEP = 10_000
_NAME, _VERSION, _RELEASE = 1000, 1001, 1002
_STRING = 6
_COUNTS = Struct(">II")
_TAG = Struct(">IIiI")
_MOST_TAGS = 10_000

_SQLITE = b"SQLite format 3\0"
# lib/backend/ndb/rpmpkg.c: a page of 4096 bytes has 256 slots of 16, of which the first two are the file's own header.
_NDB = b"RpmP"
_NDB_HEADER = Struct("<4sIII")
_NDB_SLOT = Struct("<4sIII")
_NDB_PAGE = 4096
_NDB_BLOCK = 16
# Berkeley DB's src/dbinc/db_page.h: pages of a hash, and those of values that are too long for them.
_HASH_MAGIC = 0x061561
_HASH_PAGES = (2, 13)
_LONG_VALUE = 3


class Unreadable(Exception):
    """It is none of these databases, or a damaged one."""


def packages(data: bytes) -> dict[str, str]:
    """The installed packages by a database's bytes: names, and versions with their releases. Raises Unreadable."""
    found: dict[str, str] = {}
    # In a made-up file headers may lie upon one another.
    left = 2 * len(data)
    for header in _headers(data):
        left -= len(header)
        package = _package(header)
        if package is not None:
            found[package[0]] = package[1]
        if left < 0 or len(found) > _MOST_PACKAGES:
            raise Unreadable
    return found


def _headers(data: bytes) -> Iterator[bytes]:
    try:
        if data.startswith(_SQLITE):
            yield from _of_sqlite(data)
        elif data.startswith(_NDB):
            yield from _of_ndb(data)
        elif len(data) >= 72 and _HASH_MAGIC in (int.from_bytes(data[12:16], order) for order in ("little", "big")):
            yield from _of_hash(data)
        else:
            raise Unreadable
    except (error, IndexError):
        raise Unreadable from None


def _package(header: bytes) -> tuple[str, str] | None:
    """A package's name and version, None where its header is none."""
    if len(header) < _COUNTS.size:
        return None
    tags, length = _COUNTS.unpack_from(header)
    start = _COUNTS.size + tags * _TAG.size
    if tags > _MOST_TAGS or start + length > len(header):
        return None
    texts = {}
    for number in range(tags):
        tag, kind, offset, _ = _TAG.unpack_from(header, _COUNTS.size + number * _TAG.size)
        if tag in (_NAME, _VERSION, _RELEASE) and kind == _STRING and 0 <= offset < length:
            texts[tag] = header[start + offset : start + offset + 300].partition(b"\0")[0].decode("utf-8", "replace")
    name, version, release = (texts.get(tag, "") for tag in (_NAME, _VERSION, _RELEASE))
    return (name, f"{version}-{release}") if name else None


def _of_sqlite(data: bytes) -> Iterator[bytes]:
    """The headers of ``rpmdb.sqlite`` (RPM 4.16 and newer). A database that keeps SQLite busy is given up."""
    import sqlite3

    # A database in memory has no log of its own beside it: bytes 18 and 19 say that there is one.
    plain = data[:18] + b"\1\1" + data[20:]
    left = _MOST_STEPS

    def given_up() -> bool:
        nonlocal left
        left -= 1
        return left < 0

    connection = sqlite3.connect(":memory:")
    try:
        connection.set_progress_handler(given_up, _STEP)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LARGEST_HEADER)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.deserialize(plain)
        # A view of that name would be somebody's program.
        told = connection.execute("SELECT type FROM sqlite_master WHERE name = 'Packages'").fetchall()
        if told != [("table",)]:
            raise Unreadable
        for (header,) in connection.execute("SELECT blob FROM Packages"):
            if isinstance(header, bytes):
                yield header
    except (sqlite3.Error, AttributeError, MemoryError, OverflowError):
        # A Python may be built without deserialize().
        raise Unreadable from None
    finally:
        connection.close()


def _of_ndb(data: bytes) -> Iterator[bytes]:
    _, _, _, pages = _NDB_HEADER.unpack_from(data)
    for at in range(2 * _NDB_SLOT.size, min(pages * _NDB_PAGE, len(data)) - _NDB_SLOT.size + 1, _NDB_SLOT.size):
        magic, package, block, _ = _NDB_SLOT.unpack_from(data, at)
        if magic != b"Slot" or not package:
            continue
        start = block * _NDB_BLOCK
        if start + _NDB_SLOT.size > len(data):
            raise Unreadable
        magic, _, _, length = _NDB_SLOT.unpack_from(data, start)
        if magic != b"BlbS" or length > _LARGEST_HEADER:
            raise Unreadable
        yield data[start + _NDB_SLOT.size : start + _NDB_SLOT.size + length]


def _of_hash(data: bytes) -> Iterator[bytes]:
    little = int.from_bytes(data[12:16], "little") == _HASH_MAGIC
    order = "<" if little else ">"
    page, item = Struct(f"{order}8xIIIHHBB"), Struct(f"{order}B3xII")
    size = Struct(f"{order}I").unpack_from(data, 20)[0]
    if not 512 <= size <= 65_536:
        raise Unreadable
    for start in range(size, len(data) - size + 1, size):
        _, _, _, entries, _, _, kind = page.unpack_from(data, start)
        if kind not in _HASH_PAGES or 26 + 2 * entries > size:
            continue
        offsets = Struct(f"{order}{entries}H").unpack_from(data, start + 26)
        # Keys and values take turns.
        for offset in offsets[1::2]:
            if offset + item.size > size or data[start + offset] != _LONG_VALUE:
                continue
            _, number, length = item.unpack_from(data, start + offset)
            if length > _LARGEST_HEADER:
                raise Unreadable
            yield _long_value(data, size, page, number, length)


def _long_value(data: bytes, size: int, page: Struct, number: int, length: int) -> bytes:
    found = bytearray()
    while number and len(found) < length:
        if (number + 1) * size > len(data):
            raise Unreadable
        _, _, following, _, held, _, _ = page.unpack_from(data, number * size)
        if not held or held > size - 26:
            raise Unreadable
        found += data[number * size + 26 : number * size + 26 + held]
        number = following
    return bytes(found[:length])
