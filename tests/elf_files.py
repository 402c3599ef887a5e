"""ELF files that are made up: no compiler is needed."""

from collections.abc import Sequence
from struct import pack


def library(needed: Sequence[str] = (), soname: str | None = None, *, wide: bool = True, order: str = "<") -> bytes:
    """A shared object of two segments: one that is loaded whole, and its dynamic section."""
    names = [*needed, *([soname] if soname else [])]
    table = b"\0" + b"".join(name.encode() + b"\0" for name in names)
    places = [table.index(b"\0" + name.encode() + b"\0") + 1 for name in names]
    header, segment = (64, 56) if wide else (52, 32)
    strings_at = header + 2 * segment
    base = 0x10000
    entries = [(1, place) for place in places[: len(needed)]]
    entries += [(14, places[-1])] if soname else []
    entries += [(5, base + strings_at), (10, len(table)), (0, 0)]
    section = b"".join(pack(order + ("qQ" if wide else "iI"), *entry) for entry in entries)
    section_at = strings_at + len(table)
    total = section_at + len(section)
    if wide:
        start = pack(order + "HHIQQQIHHHHHH", 3, 62, 1, 0, header, 0, 0, header, segment, 2, 0, 0, 0)
        segments = pack(order + "IIQQQQQQ", 1, 5, 0, base, base, total, total, 0x1000)
        segments += pack(order + "IIQQQQQQ", 2, 6, section_at, base + section_at, 0, len(section), len(section), 8)
    else:
        start = pack(order + "HHIIIIIHHHHHH", 3, 3, 1, 0, header, 0, 0, header, segment, 2, 0, 0, 0)
        segments = pack(order + "IIIIIIII", 1, 0, base, base, total, total, 5, 0x1000)
        segments += pack(order + "IIIIIIII", 2, section_at, base + section_at, 0, len(section), len(section), 6, 4)
    mark = b"\x7fELF" + bytes([2 if wide else 1, 1 if order == "<" else 2, 1]) + bytes(9)
    return mark + start + segments + table + section
