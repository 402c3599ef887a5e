"""An sdist as bytes: a tar (its compression is put around it here), or a zip."""

import bz2
import gzip
import lzma
from contextlib import suppress

from fromlint.index import sdist_metadata
from fromlint.index.archives import TarScan, Unreadable, unpacker
from fromlint.system.sources import read_sdist

WORDS = (
    b"ustar\x0000",
    b"ustar  \x00",
    b"PK\x03\x04",
    b"PK\x01\x02",
    b"PK\x05\x06",
    b"PK\x06\x06",
    b"\x00" * 512,
    b"0000644\x00",
    b"777777777777",
    b"L",
    b"x",
    b"g",
    b"2",
    b"30 path=../../x\n",
    b"\xff" * 8,
    b"1F\x8b",
    b"demo-1.0/",
    b"/PKG-INFO",
    b"../",
)
_FOLDS = {
    ".tar.gz": lambda data: gzip.compress(data, 1),
    ".tar.bz2": lambda data: bz2.compress(data, 1),
    ".tar.xz": lambda data: lzma.compress(data, preset=0),
    ".zip": bytes,
}
SHARE = 2.0


def read(data: bytes) -> None:
    kind = tuple(_FOLDS)[(data[-1] if data else 0) % 7 % 4]
    for content in (_FOLDS[kind](data), data):
        read_sdist(content, f"demo-1.0{kind}")
        unpack = unpacker(f"demo-1.0{kind}")
        if unpack is not None:
            scan = TarScan(sdist_metadata.member, 10_000_000)
            with suppress(Unreadable):
                for piece in unpack(content):
                    if scan.feed(piece):
                        break
