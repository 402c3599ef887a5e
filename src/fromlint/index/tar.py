"""Tar archives read as a stream: each piece is given when it comes, and no more of it is kept than is wanted.

POSIX.1-1988 (ustar) headers with the long names of pax (POSIX.1-2001) and of GNU tar. Nothing is written to disk, and
every length that an archive declares is bounded before it is believed.
"""

from __future__ import annotations

from collections.abc import Callable, Generator

from fromlint.named_tuple import NamedTuple

_BLOCK = 512
_LONGEST_NAME = 4_096
_LARGEST_NAMES = 1_000_000
_KINDS = {
    b"0": "file", b"\0": "file", b"7": "file", b"1": "hard link", b"2": "link", b"5": "folder",
    b"3": "device", b"4": "device", b"6": "device",
}  # fmt: skip


class Damaged(Exception):
    """It is no tar archive, or goes beyond the bounds; the text says how."""


class Member(NamedTuple):
    """An entry: ``kind`` is file, folder, link, hard link, device or "" for any other; ``target`` is a link's."""

    name: str
    kind: str
    size: int
    target: str


class Reader:
    """Reads one archive, whose pieces are fed to it in order."""

    def __init__(
        self,
        take: Callable[[Member], int],
        keep: Callable[[Member, bytes], None],
        *,
        largest: int,
        pour: Callable[[Member], Callable[[bytes], None] | None] = lambda member: None,
    ) -> None:
        """``take`` is told of each member and gives the bytes that are wanted of it, 0 for none; ``keep`` gets them.

        The archive may have ``largest`` bytes. ``pour`` is told of each file first, and may give what takes all of it,
        piece by piece.
        """
        self._pour = pour
        self._take = take
        self._keep = keep
        self._largest = largest
        self._left = largest
        self._piece = b""
        self._at = 0
        self._ended = False
        self._work = self._members()
        next(self._work)

    def feed(self, piece: bytes) -> None:
        """Read on. What comes behind the archive's end is left alone. Raises Damaged, and what its functions raise."""
        self._left -= len(piece)
        if self._left < 0:
            raise self._too_large()
        if self._ended or not piece:
            return
        self._piece, self._at = piece, 0
        try:
            self._work.send(None)
        except StopIteration:
            self._ended = True

    def close(self) -> None:
        """There is no more. Raises Damaged where the archive should go on; what it lacks are not its closing zeros."""
        while not self._ended:
            try:
                self._work.throw(EOFError)
            except StopIteration:
                self._ended = True

    def _too_large(self) -> Damaged:
        return Damaged(f"it unpacks to more than {self._largest // 1_000_000} MB")

    def _read(self, length: int) -> Generator[None, None, bytes]:
        """The next bytes: fewer only where the archive ends."""
        found: list[bytes] = []
        yield from self._handed(length, found.append)
        return b"".join(found)

    def _poured(self, length: int, sink: Callable[[bytes], None]) -> Generator[None, None, None]:
        """Hand the next bytes on. Raises Damaged where there are fewer."""
        if (yield from self._handed(length, sink)):
            raise Damaged("it ends too early")

    def _handed(self, length: int, sink: Callable[[bytes], None]) -> Generator[None, None, int]:
        """Hand the next bytes on, and say how many of them the archive does not have."""
        try:
            while length > 0:
                if self._at >= len(self._piece):
                    yield
                    continue
                part = self._piece[self._at : self._at + length]
                self._at += len(part)
                length -= len(part)
                sink(part)
        except EOFError:
            pass
        return length

    def _skip(self, length: int) -> Generator[None, None, None]:
        """Pass over the next bytes. Raises Damaged where there are fewer."""
        try:
            while length > 0:
                if self._at >= len(self._piece):
                    yield
                    continue
                step = min(length, len(self._piece) - self._at)
                self._at += step
                length -= step
        except EOFError:
            raise Damaged("it ends too early") from None

    def _members(self) -> Generator[None, None, None]:
        long_name: str | None = None
        long_target: str | None = None
        long_size: int | None = None
        first = True
        while True:
            header = yield from self._read(_BLOCK)
            if len(header) < _BLOCK or not header.strip(b"\0"):
                if first and header != b"\0" * _BLOCK:
                    raise Damaged("it is no tar archive")
                return
            name, kind, size, target = self._header(header)
            first = False
            if kind in (b"x", b"L", b"K", b"g"):
                if size > _LARGEST_NAMES:
                    raise Damaged("a member's name is too long")
                content = (yield from self._read(_padded(size)))[:size]
                if kind == b"x":
                    fields = _pax(content)
                    long_name = fields.get("path", long_name)
                    long_target = fields.get("linkpath", long_target)
                    long_size = self._size(fields["size"]) if "size" in fields else long_size
                elif kind == b"L":
                    long_name = _name(content)
                elif kind == b"K":
                    long_target = _name(content)
                continue
            member = Member(
                long_name or name,
                _KINDS.get(kind, ""),
                size if long_size is None else long_size,
                long_target or target,
            )
            long_name = long_target = long_size = None
            if len(member.name) > _LONGEST_NAME:
                raise Damaged("a member's name is too long")
            has_content = member.kind in ("file", "")
            sink = self._pour(member) if member.kind == "file" else None
            if sink is not None:
                yield from self._poured(member.size, sink)
                yield from self._skip(_padded(member.size) - member.size)
                continue
            wanted = min(self._take(member), member.size if has_content else 0)
            if wanted:
                content = yield from self._read(wanted)
                if len(content) < wanted:
                    raise Damaged("it ends too early")
                self._keep(member, content)
            yield from self._skip(_padded(member.size) - wanted if has_content else 0)

    def _header(self, header: bytes) -> tuple[str, bytes, int, str]:
        """A member's name, kind, size and link target."""
        digits = header[124:136]
        try:
            size = int.from_bytes(digits[1:], "big") if digits[0] == 0x80 else int(digits.strip(b" \0") or b"0", 8)
            told = int(header[148:156].strip(b" \0") or b"0", 8)
        except ValueError:
            raise Damaged("it is no tar archive") from None
        if told != sum(header[:148]) + 8 * 32 + sum(header[156:]):
            raise Damaged("it is no tar archive")
        name = _name(header[:100])
        if header[257:262] == b"ustar" and header[257:265] != b"ustar  \0" and (prefix := _name(header[345:500])):
            name = f"{prefix}/{name}"
        if not 0 <= size <= self._largest:
            raise self._too_large()
        return name, header[156:157], size, _name(header[157:257])

    def _size(self, digits: str) -> int:
        """A size as an extended header gives it. Raises Damaged."""
        if not digits.isascii() or not digits.isdigit() or len(digits) > 18:
            raise Damaged("it is no tar archive")
        if int(digits) > self._largest:
            raise self._too_large()
        return int(digits)


def _padded(size: int) -> int:
    return -(-size // _BLOCK) * _BLOCK


def _name(field: bytes) -> str:
    return field.partition(b"\0")[0].decode("utf-8", "replace")


def _pax(content: bytes) -> dict[str, str]:
    """The records ``length keyword=value`` of an extended header."""
    found: dict[str, str] = {}
    while content:
        digits, space, _ = content.partition(b" ")
        if not space or not digits.isdigit() or len(digits) > 9 or not 0 < int(digits) <= len(content):
            break
        keyword, _, value = content[len(digits) + 1 : int(digits)].removesuffix(b"\n").partition(b"=")
        found[keyword.decode("utf-8", "replace")] = value.decode("utf-8", "replace")
        content = content[int(digits) :]
    return found
