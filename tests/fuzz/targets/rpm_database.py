"""RPM's database of packages, in the three forms that it has had."""

from contextlib import suppress

from fromlint.inspection import rpm

WORDS = (
    b"SQLite format 3\0", b"RpmP", b"Slot", b"BlbS", b"\x61\x15\x06\0", b"\0\x06\x15\x61", b"Packages", b"CREATE TABLE", b"CREATE VIEW", b"\0\0\x03\xe8",
    b"\0\0\x03\xe9", b"\0\0\0\x06", b"\xff\xff\xff\xff", b"\x01\0\0\0", b"\0\0\0\x01", b"glibc\0", b"\x0d", b"\x07", b"\x03",
)  # fmt: skip


def read(data: bytes) -> None:
    with suppress(rpm.Unreadable):
        rpm.packages(data)
