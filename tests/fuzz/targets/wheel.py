"""A wheel as bytes: its directory, its METADATA, its compiled modules."""

from contextlib import suppress

from fromlint.index.archives import Unreadable, member, members, wheel_metadata
from fromlint.system.shared import from_bytes

WORDS = (
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"PK\x06\x07",
    b"\x08\x00",
    b"\x00\x00\x00\x00",
    b"\xff\xff\xff\xff",
    b".dist-info/METADATA",
    b"a.so",
    b"\x7fELF\x02\x01\x01",
    b"../",
    b"\x01\x00\x18\x00",
    b"__init__.py",
    b"import ",
)
SHARE = 3.0


def read(data: bytes) -> None:
    from_bytes(data)
    from_bytes(data, limit=0)

    def piece(start: int, end: int) -> bytes:
        return data[max(start, 0) : max(end, 0)]

    for tail in (data, data[-100:]):
        with suppress(Unreadable):
            found = members(tail, len(data), piece)
            wanted = wheel_metadata(found)
            if wanted is not None:
                member(wanted, tail, len(data), piece)
