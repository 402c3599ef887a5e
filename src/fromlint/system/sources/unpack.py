"""An sdist's bytes as a tree of names and of the few texts that say how it is built. Nothing is written anywhere.

No more of the archive is in memory than a megabyte and what is kept. The tar side is `fromlint.index.tar`, the zip side
`fromlint.index.archives`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from time import monotonic

from fromlint.index import archives, tar
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.system.sources.facts import LARGEST, Refused

_LARGEST_UNPACKED = 1_000_000_000
_MOST_MEMBERS = 100_000
_LARGEST_TEXT = 1_000_000
_LARGEST_SOURCE = 400_000
_MOST_KEPT = 64_000_000
_MOST_AT_ONCE = 1 << 20

_SCRIPTS = regex(r"\.(py|toml|cmake|wrap)$|(^|/)(setup\.cfg|CMakeLists\.txt|meson(_options)?\.(build|options|txt))$")
# Nothing in these folders is part of a build.
_BESIDE = regex(r"(^|/)(tests?|testing|docs?|examples?|benchmarks?|\.github|\.git)/", re.IGNORECASE)
_LOCKS = regex(r"(^|/)Cargo\.lock$")
_SOURCES = regex(r"\.(c|cc|cpp|cxx|c\+\+|h|hh|hpp|hxx|inc|inl|ipp|tcc|cu|cuh|pyx|pxd|pxi|m|i)$", re.IGNORECASE)
_DIRECTIVE = regex(
    rb"^[ \t]*#[ \t]*(?:include|include_next|import|if|ifdef|ifndef|elif|else|endif|define|undef|error)\b.*", re.M
)
_COMMENT = regex(rb"/\*.*?\*/", re.S)


class Tree(NamedTuple):
    """``names`` are all files, without the top folder; ``texts`` the contents of those that matter, by name.

    Of C sources only the preprocessor's lines are kept.
    """

    names: frozenset[str]
    texts: dict[str, bytes]


class Hostile(Exception):
    """The archive goes beyond the bounds or does what no sdist does; the text says how."""


def unpack(data: bytes, filename: str, *, sha256: str | None = None, seconds: float = 10.0) -> Tree | Refused:
    """The tree of an sdist, or why it is refused. Never raises for any bytes.

    ``filename`` tells the kind: ``.tar.gz``, ``.tgz``, ``.tar.bz2``, ``.tar.xz`` or ``.zip``. ``sha256`` in hex is
    compared first, if given. ``seconds`` bounds the time.
    """
    if len(data) > LARGEST:
        return Refused(f"it is larger than {LARGEST // 1_000_000} MB")
    if sha256 is not None:
        from hashlib import sha256 as hashed

        if hashed(data).hexdigest() != sha256.lower():
            return Refused("its hash is not the one that is listed")
    collected = Collector(monotonic() + seconds)
    try:
        if filename.endswith(".zip"):
            _read_zip(data, collected)
        else:
            unpacked = _unpacker(filename)
            if unpacked is None:
                return Refused("it is of a kind that is not read")
            _read_tar(unpacked(data), collected)
    except (Hostile, archives.Unreadable, tar.Damaged) as problem:
        return Refused(str(problem))
    return collected.tree()


# --- what is kept -----------------------------------------------------------------------------------------------


class Collector:
    """Takes members one by one and keeps what matters, within the bounds."""

    def __init__(self, deadline: float) -> None:
        self._deadline = deadline
        self._names: set[str] = set()
        self._texts: dict[str, bytes] = {}
        self._members = 0
        self._kept = 0

    def member(self, name: str) -> str:
        """Count a member in: its name within the top folder, "" for the folder itself. Raises Hostile."""
        self._members += 1
        if self._members > _MOST_MEMBERS:
            raise Hostile(f"it has more than {_MOST_MEMBERS} members")
        self.in_time()
        inner = _within(name)
        if inner is None:
            raise Hostile("it has a member that would be written outside of its folder")
        if inner:
            self._names.add(inner)
        return inner

    def in_time(self) -> None:
        """Raises Hostile where the time is over."""
        if monotonic() > self._deadline:
            raise Hostile("reading it takes too long")

    def wants(self, inner: str, size: int) -> int:
        """The bytes of a member that are wanted, 0 for none."""
        if self._kept > _MOST_KEPT or _BESIDE.search(inner):
            return 0
        if _SOURCES.search(inner):
            return min(size, _LARGEST_SOURCE)
        if (_SCRIPTS.search(inner) and size <= _LARGEST_TEXT) or (_LOCKS.search(inner) and size <= 4 * _LARGEST_TEXT):
            return size
        return 0

    def keep(self, inner: str, content: bytes) -> None:
        """Keep what a member holds, as far as it was wanted."""
        if _SOURCES.search(inner) and not inner.endswith((".pyx", ".pxd", ".pxi")):
            content = directives(content)
        self._kept += len(content)
        self._texts[inner] = content

    def tree(self) -> Tree:
        """What was collected."""
        return Tree(frozenset(self._names), self._texts)


def directives(source: bytes) -> bytes:
    """The preprocessor's lines of a C source: continued lines joined, comments dropped."""
    joined = source.replace(b"\r\n", b"\n").replace(b"\\\n", b" ")
    if b"/*" in joined:
        joined = _COMMENT.sub(b" ", joined)
    return b"\n".join(_DIRECTIVE.findall(joined))


def _within(name: str) -> str | None:
    """A member's name without the top folder, None where it leads outside."""
    if name.startswith(("/", "\\")) or "\0" in name or re.match(r"[A-Za-z]:[\\/]", name):
        return None
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if ".." in parts:
        return None
    return "/".join(parts[1:])


def _leads_outside(name: str, target: str, hard: bool) -> bool:
    """Whether a link leads out of the archive: a symbolic one counts from its folder, a hard one from the top."""
    if target.startswith(("/", "\\")):
        return True
    depth = 0 if hard else len([part for part in name.split("/")[:-1] if part not in ("", ".")])
    for part in target.split("/"):
        depth += {"..": -1, ".": 0, "": 0}.get(part, 1)
        if depth < 0:
            return True
    return False


# --- tar --------------------------------------------------------------------------------------------------------


def _unpacker(filename: str) -> Callable[[bytes], Iterator[bytes]] | None:
    if filename.endswith((".tar.gz", ".tgz")):
        return _ungzip
    if filename.endswith((".tar.bz2", ".tbz", ".tar.xz", ".txz")):
        return _unbzip2 if "bz" in filename.rpartition(".")[2] else _unxz
    return None


def _ungzip(data: bytes) -> Iterator[bytes]:
    from zlib import MAX_WBITS, decompressobj
    from zlib import error as damaged

    view = memoryview(data)
    try:
        while len(view):
            stream = decompressobj(MAX_WBITS | 16)
            for start in range(0, len(view), _MOST_AT_ONCE):
                piece: bytes | memoryview = view[start : start + _MOST_AT_ONCE]
                while len(piece):
                    yield stream.decompress(piece, _MOST_AT_ONCE)
                    piece = stream.unconsumed_tail
                if stream.eof:
                    break
            if not stream.eof:
                raise Hostile("it ends too early")
            # gzip files may follow one another; what is none of them is padding
            consumed = min(start + _MOST_AT_ONCE, len(view)) - len(stream.unused_data)
            view = view[consumed:]
            if bytes(view[:2]) != b"\x1f\x8b":
                return
    except damaged:
        raise Hostile("it is damaged") from None


def _unbzip2(data: bytes) -> Iterator[bytes]:
    from bz2 import BZ2Decompressor

    stream = BZ2Decompressor()
    try:
        while not stream.eof and (data or not stream.needs_input):
            yield stream.decompress(data, _MOST_AT_ONCE)
            data = b""
    except OSError:
        raise Hostile("it is damaged") from None


def _unxz(data: bytes) -> Iterator[bytes]:
    from lzma import LZMADecompressor, LZMAError

    try:
        stream = LZMADecompressor(memlimit=256 << 20)
        while not stream.eof and (data or not stream.needs_input):
            yield stream.decompress(data, _MOST_AT_ONCE)
            data = b""
    except LZMAError:
        raise Hostile("it is damaged") from None


def _read_tar(pieces: Iterator[bytes], collected: Collector) -> None:
    def take(member: tar.Member) -> int:
        inner = collected.member(member.name)
        if member.kind in ("link", "hard link") and _leads_outside(
            member.name, member.target, member.kind == "hard link"
        ):
            raise Hostile("it has a link that leads outside of its folder")
        if member.kind == "device":
            raise Hostile("it has a device among its members")
        return collected.wants(inner, member.size) if inner and member.kind == "file" else 0

    def keep(member: tar.Member, content: bytes) -> None:
        collected.keep(_within(member.name) or "", content)

    reader = tar.Reader(take, keep, largest=_LARGEST_UNPACKED)
    empty = True
    for piece in pieces:
        collected.in_time()
        reader.feed(piece)
        empty = empty and not piece.strip(b"\0")
    reader.close()
    if empty:
        raise Hostile("it is no tar archive")


# --- zip --------------------------------------------------------------------------------------------------------


def _read_zip(data: bytes, collected: Collector) -> None:
    for member in archives.members(data, len(data), _nothing):
        inner = collected.member(member.name)
        if not inner or member.name.endswith("/"):
            continue
        if collected.wants(inner, member.size) and member.size <= _LARGEST_TEXT:
            collected.keep(inner, archives.member(member, data, len(data), _nothing))


def _nothing(start: int, end: int) -> bytes:
    """Of an archive that is here as a whole nothing else can be read."""
    raise archives.Unreadable("the archive is damaged")
