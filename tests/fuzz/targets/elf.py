"""A compiled module."""

from fromlint.system.shared.elf import dynamic

WORDS = (
    b"\x7fELF\x02\x01\x01",
    b"\x7fELF\x01\x02\x01",
    b"\x00" * 8,
    b"\xff" * 8,
    b"\x01\x00\x00\x00",
    b"\x02\x00\x00\x00",
    b"\x05\x00\x00\x00",
    b"libz.so.1\x00",
    b"\x0e\x00\x00\x00\x00\x00\x00\x00",
    b"\x7f" + b"\xff" * 7,
)
SHARE = 3.0


def read(data: bytes) -> None:
    found = dynamic(data)
    assert found is None or len(found.needed) <= 512
