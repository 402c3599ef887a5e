"""The metadata inside a distribution that is not on this machine: of a wheel by ranges, of an sdist as a stream.

Nothing is written to disk, nothing is extracted beyond the one or two members that matter, and every
length that an archive declares is bounded before it is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from struct import Struct, error

from fromlint.named_tuple import NamedTuple

Read = Callable[[int, int], bytes]
"""Gives the bytes of the archive from the first offset up to the second. Raises Unreadable, or what it likes."""
Wanted = Callable[[str], str | None]
"""By what name a member is wanted, None where it is not."""

_TAIL_RECORD = Struct("<4s4H2LH")
_MEMBER = Struct("<4s4B4HL2L5H2L")
_LOCAL = Struct("<4s2B4HL2L2H")
_LARGEST_DIRECTORY = 16_000_000
_LARGEST_MEMBER = 4_000_000
_MOST_AT_ONCE = 1 << 20
_BLOCK = 512


class Unreadable(Exception):
    """The archive is not what its name says, or goes beyond the bounds; the text says how."""


class Member(NamedTuple):
    """A file in a zip archive: its name, where its local header starts, its length packed and unpacked, how packed."""

    name: str
    offset: int
    packed: int
    size: int
    method: int


def members(tail: bytes, total: int, read: Read) -> tuple[Member, ...]:
    """The central directory of a zip archive of ``total`` bytes that ends with ``tail`` (APPNOTE 6.3.10, 4.3.12).

    ``read`` is used only where the directory starts before ``tail``. Raises Unreadable.
    """
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _TAIL_RECORD.size:
        raise Unreadable("the archive has no directory")
    _, _, _, _, _, size, start, _ = _TAIL_RECORD.unpack_from(tail, at)
    if start == 0xFFFFFFFF or size == 0xFFFFFFFF:
        raise Unreadable("the archive is of the zip64 kind")
    begins = total - len(tail)
    if size > _LARGEST_DIRECTORY or start + size > begins + at:
        raise Unreadable("the archive's directory is not where it should be")
    directory = tail[start - begins : start - begins + size] if start >= begins else read(start, start + size)
    found, position = [], 0
    try:
        while position < len(directory):
            entry = _MEMBER.unpack_from(directory, position)
            if entry[0] != b"PK\x01\x02":
                raise Unreadable("the archive's directory is damaged")
            method, packed, length = entry[6], entry[10], entry[11]
            name_length, extra, comment, offset = entry[12], entry[13], entry[14], entry[18]
            position += _MEMBER.size
            name = directory[position : position + name_length].decode("utf-8", "replace")
            position += name_length + extra + comment
            found.append(Member(name, offset, packed, length, method))
    except error:
        raise Unreadable("the archive's directory is damaged") from None
    return tuple(found)


def member(wanted: Member, tail: bytes, total: int, read: Read) -> bytes:
    """A member's contents, from ``tail`` where it lies there. Raises Unreadable."""
    from zlib import MAX_WBITS, decompressobj
    from zlib import error as damaged

    if wanted.packed > _LARGEST_MEMBER or wanted.size > _LARGEST_MEMBER:
        raise Unreadable(f"{wanted.name.rpartition('/')[2]} is longer than any")
    # a local header may have another extra field than the directory's: leave it some room
    start, stop = (
        wanted.offset,
        min(total, wanted.offset + _LOCAL.size + len(wanted.name.encode()) + 512 + wanted.packed),
    )
    begins = total - len(tail)
    piece = tail[start - begins : stop - begins] if start >= begins else read(start, stop)
    try:
        local = _LOCAL.unpack_from(piece, 0)
    except error:
        raise Unreadable("the archive is damaged") from None
    if local[0] != b"PK\x03\x04":
        raise Unreadable("the archive is damaged")
    data_at = _LOCAL.size + local[10] + local[11]
    data = piece[data_at : data_at + wanted.packed]
    if len(data) != wanted.packed:
        raise Unreadable("the archive is damaged")
    if wanted.method == 0:
        return data
    if wanted.method != 8:
        raise Unreadable("the archive is packed in an unusual way")
    try:
        return decompressobj(-MAX_WBITS).decompress(data, _LARGEST_MEMBER)
    except damaged:
        raise Unreadable("the archive is damaged") from None


def wheel_metadata(found: tuple[Member, ...]) -> Member | None:
    """The METADATA of a wheel: in the one ``….dist-info`` folder at the top (PEP 427)."""
    return next(
        (entry for entry in found if entry.name.endswith(".dist-info/METADATA") and entry.name.count("/") == 1),
        None,
    )


class TarScan:
    """Looks for members of an sdist (``name-version/PKG-INFO``) while its ``.tar`` bytes stream by.

    Feed it; it keeps what it wants of the members wanted, and says when it has seen all (``ended``) or given up. The
    format is POSIX.1-1988 (ustar) with pax and GNU headers skipped: the short names looked for need neither.
    """

    def __init__(self, wanted: Wanted, most: int) -> None:
        """``most``: bytes after which the search is given up."""
        self.found: dict[str, bytes] = {}
        self.ended = False
        self._wanted = wanted
        self._left = most
        self._buffer = bytearray()
        self._skip = 0
        self._name = ""
        self._size = 0

    def feed(self, piece: bytes) -> bool:
        """Take a further piece. True: nothing more can be found."""
        self._left -= len(piece)
        if self._skip >= len(piece):
            self._skip -= len(piece)
            return self._left <= 0
        self._buffer += piece[self._skip :]
        self._skip = 0
        while True:
            if self._name:
                length = -(-self._size // _BLOCK) * _BLOCK
                if len(self._buffer) < length:
                    break
                self.found.setdefault(self._name, bytes(self._buffer[: self._size]))
                del self._buffer[:length]
                self._name = ""
            if len(self._buffer) < _BLOCK:
                break
            header = bytes(self._buffer[:_BLOCK])
            del self._buffer[:_BLOCK]
            if not self._enter(header):
                return True
        return self._left <= 0

    def _enter(self, header: bytes) -> bool:
        """Take a member's header: false where the archive ends or is damaged."""
        name = header[:100].partition(b"\0")[0].decode("utf-8", "replace")
        prefix = header[345:500].partition(b"\0")[0] if header[257:262] == b"ustar" else b""
        if prefix:
            name = prefix.decode("utf-8", "replace") + "/" + name
        digits = header[124:136].strip(b" \0")
        try:
            size = int.from_bytes(digits[1:], "big") if digits[:1] == b"\x80" else int(digits or b"0", 8)
        except ValueError:
            return False
        if not name or size < 0:
            self.ended = not any(header)
            return False
        wanted = self._wanted(name) if header[156:157] in (b"0", b"\0") and size <= _LARGEST_MEMBER else None
        if wanted is not None:
            self._name, self._size = wanted, size
            return True
        length = -(-size // _BLOCK) * _BLOCK
        taken = min(length, len(self._buffer))
        del self._buffer[:taken]
        self._skip = length - taken
        return True


def unpacker(filename: str) -> Callable[[bytes], Iterator[bytes]] | None:
    """What unpacks the stream of an sdist of that name, at most 1 MB at a time; None for a kind that is not read.

    The function raises Unreadable.
    """
    if filename.endswith((".tar.gz", ".tgz")):
        return _ungzip()
    if filename.endswith((".tar.bz2", ".tbz")):
        return _unbzip2()
    return None


def _ungzip() -> Callable[[bytes], Iterator[bytes]]:
    from zlib import MAX_WBITS, decompressobj
    from zlib import error as damaged

    stream = decompressobj(MAX_WBITS | 16)

    def unpacked(piece: bytes) -> Iterator[bytes]:
        try:
            while piece:
                yield stream.decompress(piece, _MOST_AT_ONCE)
                piece = stream.unconsumed_tail
        except damaged:
            raise Unreadable("the archive is damaged") from None

    return unpacked


def _unbzip2() -> Callable[[bytes], Iterator[bytes]]:
    from bz2 import BZ2Decompressor

    stream = BZ2Decompressor()

    def unpacked(piece: bytes) -> Iterator[bytes]:
        try:
            while not stream.eof and (piece or not stream.needs_input):
                yield stream.decompress(piece, _MOST_AT_ONCE)
                piece = b""
        except OSError:
            raise Unreadable("the archive is damaged") from None

    return unpacked
