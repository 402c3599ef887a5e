"""The bundled snapshot's file."""

from fromlint.index.snapshot import Snapshot
from fuzz.scratch import scratch

WORDS = (b"fromlint snapshot 1\n", b"\x00\x00\x00\x00", b"\xff\xff\xff\x7f", b"\x1e", b"x\x9c")


def read(data: bytes) -> None:
    file = scratch() / "snapshot.bin"
    file.write_bytes(data)
    snapshot = Snapshot(str(file))
    for name in (*snapshot.names()[:5], "demo"):
        snapshot.get(name)
    snapshot.metadata("demo-1.0-py3-none-any.whl")
