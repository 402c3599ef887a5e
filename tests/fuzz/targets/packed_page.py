"""What the cache holds: a packed page (the table may be compressed here), metadata, what sdists and wheels were found to be."""

from zlib import compress

from fromlint.index.packed import Damaged, Packed, Releases
from fromlint.system import shared, sources

WORDS = (
    b"\n",
    b"\t",
    b";",
    b"{}",
    b"[]",
    b"0",
    b"1",
    b"-",
    b"cp312",
    b".whl",
    b".tar.gz",
    b'"edition": ',
    b"null",
    b"true",
    b'{"a": {}}',
    b" ",
    b"\x1e",
)
SHARE = 3.0


def read(data: bytes) -> None:
    table, _, details = data.partition(b"\x00")
    for packed in (Packed(compress(table, 1), details), Packed(data, details)):
        try:
            releases = Releases(packed)
        except Damaged:
            continue
        for version in list(releases):
            assert isinstance(releases[version], tuple)
        for host in releases.hosts():
            assert isinstance(host, str)
    sources.from_bytes(data)
    shared.from_json(data)
