"""The dynamic section of an ELF file: which shared libraries it loads, and under which name it is loaded itself.

The layout is that of the System V ABI (gabi, chapters 4 and 5). No more is read than the program headers, the dynamic
section and the names that it points to; every offset is checked before it is believed. pyelftools would do it, too: in
fourteen times the time, after an import that costs more than all of it, and with exceptions of its own for files that
lie.
"""

from __future__ import annotations

from struct import Struct, error

from fromlint.named_tuple import NamedTuple

_MOST_SEGMENTS = 256
_MOST_ENTRIES = 4_096
_MOST_NEEDED = 512
_LONGEST_NAME = 256
_LOAD, _DYNAMIC = 1, 2
_NEEDED, _STRINGS, _STRINGS_SIZE, _SONAME = 1, 5, 10, 14


class Dynamic(NamedTuple):
    """``needed`` are the libraries by name, in the file's order; ``soname`` its own name, None where it has none."""

    needed: tuple[str, ...]
    soname: str | None


class _Form(NamedTuple):
    """Where the numbers stand in the headers of one class and byte order."""

    header: Struct
    segment: Struct
    entry: Struct


def _form(elf_class: int, order: int) -> _Form | None:
    mark = {1: "<", 2: ">"}.get(order)
    if mark is None or elf_class not in (1, 2):
        return None
    if elf_class == 2:
        return _Form(Struct(f"{mark}16xHHIQQQIHHHHHH"), Struct(f"{mark}IIQQQQQQ"), Struct(f"{mark}qQ"))
    return _Form(Struct(f"{mark}16xHHIIIIIHHHHHH"), Struct(f"{mark}IIIIIIII"), Struct(f"{mark}iI"))


def dynamic(data: bytes) -> Dynamic | None:
    """The dynamic section; None for what is no ELF file, is linked statically, or contradicts itself.

    Never raises for any bytes.
    """
    if data[:4] != b"\x7fELF" or len(data) < 52:
        return None
    form = _form(data[4], data[5])
    if form is None:
        return None
    try:
        return _read(data, form, data[4] == 2)
    except (error, OverflowError, UnicodeDecodeError):
        # An offset that no file reaches overflows in ``unpack_from`` before it can be refused.
        return None


def _read(data: bytes, form: _Form, wide: bool) -> Dynamic | None:
    _, _, _, _, segments_at, _, _, _, segment_size, count, _, _, _ = form.header.unpack_from(data)
    if count > _MOST_SEGMENTS or segment_size < form.segment.size:
        return None
    loads: list[tuple[int, int, int]] = []
    section: tuple[int, int] | None = None
    for number in range(count):
        fields = form.segment.unpack_from(data, segments_at + number * segment_size)
        # the flags stand second in the wide form, last but one in the narrow one
        kind, (offset, address), size = fields[0], (fields[2:4] if wide else fields[1:3]), fields[5 if wide else 4]
        if kind == _LOAD:
            loads.append((address, offset, size))
        elif kind == _DYNAMIC:
            section = offset, size
    if section is None:
        return None
    needed: list[int] = []
    soname = strings = length = None
    for tag, value in _entries(data, form, *section):
        if tag == _NEEDED and len(needed) < _MOST_NEEDED:
            needed.append(value)
        elif tag == _SONAME:
            soname = value
        elif tag == _STRINGS:
            strings = value
        elif tag == _STRINGS_SIZE:
            length = value
    start = (
        next((strings - at + offset for at, offset, size in loads if at <= strings < at + size), None)
        if strings
        else None
    )
    if start is None or length is None:
        return Dynamic((), None) if not needed else None
    table = data[start : start + length]
    names = [name for place in needed if (name := _name(table, place)) is not None]
    return Dynamic(tuple(dict.fromkeys(names)), None if soname is None else _name(table, soname))


def _entries(data: bytes, form: _Form, start: int, size: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for place in range(start, start + min(size, _MOST_ENTRIES * form.entry.size), form.entry.size):
        tag, value = form.entry.unpack_from(data, place)
        if tag == 0:
            break
        found.append((tag, value))
    return found


def _name(table: bytes, place: int) -> str | None:
    """A plain file name from the string table; None for what cannot be one."""
    end = table.find(b"\0", place, place + _LONGEST_NAME)
    if not 0 <= place < end:
        return None
    name = table[place:end].decode("utf-8")
    return name if name.isprintable() else None
