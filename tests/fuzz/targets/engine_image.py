"""What an engine says of an image, and the archive that it sends."""

from contextlib import suppress

from fromlint.index.refusal import Refused
from fromlint.inspection import manifests
from fromlint.inspection.engine import Sent

WORDS = (
    b'{"Id": "sha256:', b'"Os": "linux"', b'"Architecture": "amd64"', b'"RootFS": {"Layers": [', b'"Config": {', b'"Env": ["A=b"]', b"}", b"]", b"null",
    b"ustar\x0000", b"\x00" * 512, b"layer.tar", b"blobs/sha256/", b"manifest.json", b"\x1f\x8b", b"etc/os-release", b"777777777777", b"2", b"0",
)  # fmt: skip


def read(data: bytes) -> None:
    with suppress(Refused):
        manifests.described(data)
    sent = Sent()
    with suppress(Refused):
        for start in range(0, len(data), 4_000):
            sent.feed(data[start : start + 4_000])
        sent.finish()
