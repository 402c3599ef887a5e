"""Layers read as streams: the names that matter, and the texts of a few small files. Nothing is written anywhere.

Layers are laid one upon the other as the OCI image specification (layer.md) says: ``.wh.NAME`` takes away what lower
layers have there, ``.wh..wh..opq`` all that they have in a folder.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from functools import partial
from importlib import import_module

from fromlint.index import tar
from fromlint.index.refusal import Refused
from fromlint.inspection import rpm
from fromlint.inspection.manifests import Descriptor
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import Any

LARGEST_UNPACKED = 8_000_000_000
"""Bytes that all layers of an image may unpack to; what is beyond is not read."""

_LARGEST_TEXT = 64_000_000
_MOST_KEPT = 200_000_000
_MOST_NAMES = 400_000
_MOST_MEMBERS = 5_000_000
_MOST_AT_ONCE = 1 << 20
_WHITEOUT = ".wh."
_OPAQUE = ".wh..wh..opq"

# Files whose texts are read.
_TEXTS = regex(
    r"etc/os-release|usr/lib/os-release"
    r"|var/lib/dpkg/status|var/lib/dpkg/status\.d/[^/]+(?<!\.md5sums)"
    r"|(?:usr/)?lib/apk/db/installed"
    rf"|(?:{'|'.join(rpm.FOLDERS)})/(?:{'|'.join(map(re.escape, rpm.FILES))})"
    r"|(?:.*/)?pyvenv\.cfg"
    r"|.*/include/(?:python|pypy)3[^/]*/patchlevel\.h"
    r"|(?:usr/)?lib(?:64)?/(?:[^/]+-linux-[^/]+/)?libc\.so\.6"
    r"|(?:usr/)?lib/(?:ld-musl-[^/]+\.so\.1|libc\.musl-[^/]+\.so\.1)"
)
# Entries whose being there says something: commands, Pythons and what is installed for them, package databases.
_NAMES = regex(
    r"(?:.*/)?s?bin/[^/]+"
    r"|.*/lib(?:64)?/(?:python|pypy)3[^/]*(?:/EXTERNALLY-MANAGED|/(?:site|dist)-packages/[^/]+\.(?:dist|egg)-info)?"
    r"|(?:.*/)?conda-meta/python-3[^/]*\.json"
    r"|(?:usr/)?lib(?:64)?/(?:[^/]+-linux-[^/]+/)?libc-2\.\d+\.so"
)
_DISTRIBUTION = regex(r"(.*/(?:site|dist)-packages/[^/]+\.(?:dist|egg)-info)/.*")


class Entry(NamedTuple):
    """Something at a path: a link's ``target`` (a hard link's is the path of another entry), "" for anything else."""

    target: str = ""
    hard: bool = False


class Layer(NamedTuple):
    """What one layer has and takes away. Paths have no slash in front."""

    entries: dict[str, Entry]
    texts: dict[str, bytes]
    removed: frozenset[str]
    emptied: frozenset[str]


class Allowance:
    """What all layers of an image may come to."""

    def __init__(self, unpacked: int = LARGEST_UNPACKED) -> None:
        self.unpacked = unpacked
        self.names = _MOST_NAMES
        self.members = _MOST_MEMBERS
        self.kept = _MOST_KEPT


class LayerReader:
    """Takes the packed bytes of one layer in order, and says at the end what was in it."""

    def __init__(self, descriptor: Descriptor | None, allowance: Allowance) -> None:
        """Without a ``descriptor`` it is not known beforehand which layer it is: ``digest`` says it afterwards."""
        self._descriptor = descriptor
        self._allowance = allowance
        self.begin()

    def begin(self) -> None:
        """Forget what was read: the layer comes again from its start."""
        import hashlib

        self._hash = hashlib.new(self._descriptor.digest.partition(":")[0] if self._descriptor else "sha256")
        self._entries: dict[str, Entry] = {}
        self._texts: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._emptied: set[str] = set()
        self._unpack: Callable[[bytes], None] | None = None
        self._head = b""
        self._tar = tar.Reader(self._take, self._keep, largest=max(self._allowance.unpacked, 0))

    def feed(self, piece: bytes) -> None:
        """Raises Refused."""
        if self._descriptor is not None:
            self._hash.update(piece)
        if self._unpack is None:
            self._head += piece
            if len(self._head) < 4:
                return
            self._unpack = _unpacker(self._head[:4], self._unpacked)
            piece, self._head = self._head, b""
        try:
            self._unpack(piece)
        except tar.Damaged as problem:
            raise Refused(f"a layer cannot be read: {problem}") from None

    def finish(self) -> Layer:
        """Raises Refused, also where the bytes are not those that the digest stands for."""
        if self._descriptor is not None and self._hash.hexdigest() != self._descriptor.digest.partition(":")[2]:
            raise Refused(f"what lies under {self._descriptor.digest[:19]}… is something else")
        try:
            self._tar.close()
        except tar.Damaged as problem:
            raise Refused(f"a layer cannot be read: {problem}") from None
        return Layer(self._entries, self._texts, frozenset(self._removed), frozenset(self._emptied))

    @property
    def digest(self) -> str:
        """Of what was fed; without a descriptor, of what that unpacked to (the ``diff_id`` of image configurations)."""
        return f"{self._hash.name}:{self._hash.hexdigest()}"

    def _unpacked(self, piece: bytes) -> None:
        if self._descriptor is None:
            self._hash.update(piece)
        self._allowance.unpacked -= len(piece)
        if self._allowance.unpacked < 0:
            raise Refused(f"it unpacks to more than {LARGEST_UNPACKED // 1_000_000_000} GB")
        self._tar.feed(piece)

    def _take(self, member: tar.Member) -> int:
        self._allowance.members -= 1
        if self._allowance.members < 0:
            raise Refused("it has too many files")
        path = _clean(member.name)
        if path is None:
            return 0
        folder, _, name = path.rpartition("/")
        if name.startswith(_WHITEOUT):
            if name == _OPAQUE:
                self._emptied.add(folder)
            else:
                self._removed.add(posixpath.join(folder, name.removeprefix(_WHITEOUT)))
            return 0
        if member.kind in ("link", "hard link"):
            target = member.target if member.kind == "link" else _clean(member.target) or ""
            if target and (member.kind == "link" or self._matters(path)):
                self._note(path, Entry(target, member.kind == "hard link"))
            return 0
        inside = _DISTRIBUTION.fullmatch(path)
        if inside is not None:
            path = inside[1]
        if self._matters(path):
            self._note(path, Entry())
        if member.kind != "file" or member.size > _LARGEST_TEXT or not _TEXTS.fullmatch(path):
            return 0
        self._allowance.kept -= member.size
        if self._allowance.kept < 0:
            raise Refused("its package databases are too large")
        return member.size

    def _keep(self, member: tar.Member, content: bytes) -> None:
        path = _clean(member.name)
        if path is not None:
            self._texts[path] = content

    @staticmethod
    def _matters(path: str) -> bool:
        return _NAMES.fullmatch(path) is not None or _TEXTS.fullmatch(path) is not None

    def _note(self, path: str, entry: Entry) -> None:
        if path not in self._entries:
            self._allowance.names -= 1
            if self._allowance.names < 0:
                raise Refused("it has too many files")
        self._entries[path] = entry


class Root:
    """The layers of an image laid upon one another, from the topmost down."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.texts: dict[str, bytes] = {}
        self._removed: set[str] = set()
        self._emptied: set[str] = set()

    def put_below(self, layer: Layer) -> None:
        """Add the next lower layer: what upper ones have or take away hides what it has."""
        added = {path: entry for path, entry in layer.entries.items() if not self._hidden(path)}
        texts = {path: text for path, text in layer.texts.items() if path in added}
        self.entries.update(added)
        self.texts.update(texts)
        self._removed |= layer.removed
        self._emptied |= layer.emptied

    def _hidden(self, path: str) -> bool:
        if path in self.entries or path in self._removed:
            return True
        folder = path
        while folder:
            folder = folder.rpartition("/")[0]
            above = self.entries.get(folder)
            if folder in self._removed or folder in self._emptied or (above is not None and above.target):
                return True
        return False

    def real(self, path: str) -> str | None:
        """The path that one leads to by links, None where they go round in a circle or out of what is known."""
        parts = [part for part in path.split("/") if part][::-1]
        found: list[str] = []
        steps = 0
        while parts:
            part = parts.pop()
            if part == "..":
                found = found[:-1]
                continue
            if part == ".":
                continue
            found.append(part)
            entry = self.entries.get("/".join(found))
            if entry is None or not entry.target or entry.hard:
                continue
            steps += 1
            if steps > 40 or len(entry.target) > 4096:
                return None
            if entry.target.startswith("/"):
                found = []
            else:
                found.pop()
            parts += [piece for piece in entry.target.split("/") if piece][::-1]
        return "/".join(found)

    def text(self, path: str) -> bytes | None:
        """A file's content, if it is of those that are kept. Links are followed."""
        real = self.real(path)
        if real is None:
            return None
        entry = self.entries.get(real)
        return self.texts.get(entry.target if entry is not None and entry.hard else real)


def _clean(name: str) -> str | None:
    """A member's path without what says nothing; None for the top itself and what would lie outside."""
    parts = [part for part in name.split("/") if part not in ("", ".")]
    return None if not parts or ".." in parts or "\0" in name else "/".join(parts)


def _unpacker(head: bytes, out: Callable[[bytes], None]) -> Callable[[bytes], None]:
    """What unpacks a layer, by its first bytes. Raises Refused."""
    if head.startswith(b"\x1f\x8b"):
        return _Gunzip(out).feed
    if head == b"\x28\xb5\x2f\xfd":
        return _Zstd(_zstd(), out).feed
    return out


def _zstd() -> Any:
    """Python's own module, or the one that brings it to Pythons before 3.14. Raises Refused."""
    for name in ("compression.zstd", "backports.zstd"):
        try:
            return import_module(name)
        except ImportError:
            continue
    raise Refused("its layers are packed with zstd, which Python reads from 3.14: pip install backports.zstd")


class _Gunzip:
    """Unpacks gzip members, one behind the other, a megabyte at a time."""

    def __init__(self, out: Callable[[bytes], None]) -> None:
        from zlib import MAX_WBITS, decompressobj

        self._new = partial(decompressobj, MAX_WBITS | 16)
        self._stream = self._new()
        self._out = out

    def feed(self, piece: bytes) -> None:
        """Raises Refused."""
        from zlib import error

        try:
            while piece:
                if self._stream.eof:
                    if not piece.strip(b"\0"):
                        return
                    self._stream = self._new()
                self._out(self._stream.decompress(piece, _MOST_AT_ONCE))
                piece = self._stream.unconsumed_tail or self._stream.unused_data
        except error:
            raise Refused("a layer cannot be unpacked") from None


class _Zstd:
    """Unpacks zstd frames, a megabyte at a time."""

    def __init__(self, zstd: Any, out: Callable[[bytes], None]) -> None:
        self._zstd = zstd
        self._stream = zstd.ZstdDecompressor()
        self._out = out

    def feed(self, piece: bytes) -> None:
        """Raises Refused."""
        try:
            while True:
                if self._stream.eof:
                    piece = self._stream.unused_data or piece
                    self._stream = self._zstd.ZstdDecompressor()
                self._out(self._stream.decompress(piece, _MOST_AT_ONCE))
                piece = b""
                if self._stream.eof:
                    piece = self._stream.unused_data
                    if not piece:
                        return
                elif self._stream.needs_input:
                    return
        except self._zstd.ZstdError:
            raise Refused("a layer cannot be unpacked") from None
