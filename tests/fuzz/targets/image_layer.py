"""A layer of an image (a tar, plain or compressed), and what its files say of distribution, packages and Python."""

import gzip
from contextlib import suppress

from fromlint.index.refusal import Refused
from fromlint.inspection import reading
from fromlint.inspection.layers import Allowance, LayerReader, Root
from fromlint.inspection.manifests import Configuration, Descriptor, digest

WORDS = (
    b"ustar\x0000", b"\x00" * 512, b"etc/os-release", b"usr/lib/os-release", b"var/lib/dpkg/status", b"lib/apk/db/installed", b"usr/local/bin/python3.12",
    b"ID=debian\n", b"VERSION_ID=\"12\"\n", b"Package: libc6\n", b"Version: 2.36-9\n", b"Status: install ok installed\n", b"P:musl\n", b"V:1.2.5-r0\n",
    b".wh.", b".wh..wh..opq", b"../", b"2", b"1", b"pyvenv.cfg", b"home = /usr/bin\n", b"lib/python3.12/site-packages/demo-1.0.dist-info/METADATA", b"\x1f\x8b",
    b"(\xb5/\xfd", b"777777777777", b"\x00libc.so.6\x00", b"\x001.2.5\x00",
)  # fmt: skip
_CONFIGURATION = Configuration("linux/amd64", {"PATH": "/usr/local/bin:/usr/bin:/bin"}, "/", "root")


def read(data: bytes) -> None:
    root = Root()
    for content in (data, gzip.compress(data, 1)):
        reader = LayerReader(Descriptor(digest(content), len(content)), Allowance())
        with suppress(Refused):
            for start in range(0, len(content), 4_000):
                reader.feed(content[start : start + 4_000])
            root.put_below(reader.finish())
    for complete in (True, False):
        reading.read(root, _CONFIGURATION, complete=complete)
