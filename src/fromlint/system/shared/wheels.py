"""The shared libraries that a wheel's compiled modules load and that it does not bring.

A wheel is read in parts: its directory, then the members that matter, the smallest first, until a limit of bytes.
What is left unread makes the answer incomplete, never wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import islice
from struct import Struct, error

from fromlint.index import archives
from fromlint.regex import regex
from fromlint.system.shared import elf, imports
from fromlint.system.shared.libraries import Load, ReadMany, Refused, WheelLibraries

_LOCAL = Struct("<4s2B4HL2L2H")
_ROOM = 512
_AT_ONCE = 4_000_000
_LARGEST_UNPACKED = 128_000_000
_LARGEST_SCRIPT = 300_000
# Of a longer one (SWIG writes megabytes) what stands at its top: there it imports its extension module.
_BEGINNING = 20_000
_TOP_LEVEL = regex(r"\n(?=class |def )")
_MOST_SCRIPTS = 40
_MOST_OBJECTS = 400
_MOST_ROUNDS = 8
_MOST_NAMES = 5_000
# Modules that Python itself imports bear its tag; a wheel without any has libraries that are opened by their path.
_EXTENSION = regex(r"\.(cpython-[\w-]+|abi3)\.so$")
_OBJECT = regex(r"\.so(\.[0-9][\w.]*)?$")
# What the C library itself gives, of glibc and of musl, and the interpreter.
_OWN = regex(
    r"lib(c|m|pthread|dl|rt|util|mvec|resolv|nsl|anl|BrokenLocale|thread_db|nss_\w+)\.so\.[0-9.]+"
    r"|ld-linux.*|ld64?\.so\.[0-9]|ld-musl-.*|libc\.musl-.*|lib(c|m|dl|pthread|rt)\.so|libpython[0-9.]+[a-z]*\.so.*"
)
# Frameworks load what lies in such a folder when it is asked for.
_PLUGIN = regex(r"(^|/)plugins/")
# A graphics driver brings these, never a package of the image.
_DRIVERS = regex(r"libcuda\.so.*|libnvidia-.*|libnvcuvid\..*|libnvoptix\..*|libnvidia_.*|libamdocl64\..*")


def libraries(read: ReadMany, tail: bytes, total: int, limit: int) -> WheelLibraries | Refused:
    """What a wheel of ``total`` bytes loads, of which ``tail`` is the end: see `from_ranges` in this package."""
    try:
        members = archives.members(tail, total, lambda start, end: _one(read, start, end))
    except archives.Unreadable as problem:
        return Refused(str(problem))
    objects = [member for member in members if _OBJECT.search(member.name) and not member.name.endswith("/")]
    provided = tuple(sorted({member.name.rpartition("/")[2] for member in objects}))[:_MOST_NAMES]
    if not objects:
        return WheelLibraries((), (), True)
    found, unread = _objects(objects, read, total, limit)
    provided = tuple(sorted({*provided, *(part.soname for part in found.values() if part.soname)}))[:_MOST_NAMES]
    outside = {name: _outside(dynamic, provided) for name, dynamic in found.items()}
    if not any(outside.values()):
        return WheelLibraries((), provided, not unread)
    long = frozenset(member.name for member in members if member.name.endswith(".py") and member.size > _LARGEST_SCRIPT)
    loaded = imports.loaded([member.name for member in members], _scripts(members, read, total), long)
    return WheelLibraries(_loads(found, outside, loaded, not unread), provided, not unread)


def _one(read: ReadMany, start: int, end: int) -> bytes:
    piece = read([(start, end)])[0]
    if piece is None:
        raise archives.Unreadable("a part of the wheel could not be had")
    return piece


def _objects(
    objects: Sequence[archives.Member], read: ReadMany, total: int, limit: int
) -> tuple[dict[str, elf.Dynamic], bool]:
    """The dynamic sections of the compiled members, and whether any was left unread.

    First the modules of the wheel's own, the small before the large; then what those load, in turn; then the rest. Of
    the latter, one of more than half the limit would leave too little for the others.
    """
    found: dict[str, elf.Dynamic] = {}
    half = limit // 2
    left = sorted(objects, key=lambda member: member.packed)[:_MOST_OBJECTS]
    unread = len(left) < len(objects)
    for _ in range(_MOST_ROUNDS):
        asked = {name for dynamic in found.values() for name in dynamic.needed}
        own = [member for member in left if ".libs/" not in member.name]
        batch = own or [member for member in left if member.name.rpartition("/")[2] in asked] or left
        largest = limit if own else min(limit, half)
        if not batch:
            break
        left = [member for member in left if member not in batch]
        wanted = []
        for member in batch:
            if member.packed <= min(largest, limit) and member.size <= _LARGEST_UNPACKED:
                limit -= member.packed
                wanted.append(member)
            else:
                unread = True
        for member, content in zip(wanted, _contents(wanted, read, total, _LARGEST_UNPACKED), strict=True):
            dynamic = None if content is None else elf.dynamic(content)
            unread = unread or content is None
            if dynamic is not None:
                found[member.name] = dynamic
    return found, unread or bool(left)


def _contents(wanted: Sequence[archives.Member], read: ReadMany, total: int, largest: int) -> list[bytes | None]:
    """The members unpacked, None for those that could not be had. A local header may be longer than the directory's."""
    parts: list[tuple[int, int]] = []
    counts = []
    for member in wanted:
        end = min(total, member.offset + _LOCAL.size + len(member.name.encode()) + _ROOM + member.packed)
        starts = range(member.offset, max(end, member.offset + 1), _AT_ONCE)
        parts += [(start, min(end, start + _AT_ONCE)) for start in starts]
        counts.append(len(starts))
    if not parts:
        return []
    pieces = iter(read(parts))
    found: list[bytes | None] = []
    for member, count in zip(wanted, counts, strict=True):
        own = [piece for piece in islice(pieces, count) if piece is not None]
        found.append(_unpacked(member, b"".join(own), largest) if len(own) == count else None)
    return found


def _unpacked(member: archives.Member, piece: bytes, largest: int) -> bytes | None:
    from zlib import MAX_WBITS, decompressobj
    from zlib import error as damaged

    try:
        local = _LOCAL.unpack_from(piece)
    except error:
        return None
    start = _LOCAL.size + local[10] + local[11]
    data = piece[start : start + member.packed]
    if local[0] != b"PK\x03\x04" or len(data) != member.packed:
        return None
    if member.method == 0:
        return data
    if member.method != 8:
        return None
    try:
        return decompressobj(-MAX_WBITS).decompress(data, min(largest, max(member.size, 1)))
    except damaged:
        return None


def _outside(dynamic: elf.Dynamic, provided: Collection[str]) -> tuple[str, ...]:
    """The libraries that neither the wheel, nor the C library, nor a driver brings."""
    inside = frozenset(provided)
    return tuple(
        name
        for name in (needed.rpartition("/")[2] for needed in dynamic.needed)
        if name and name not in inside and not _OWN.fullmatch(name) and not _DRIVERS.fullmatch(name)
    )


# --- what the import loads --------------------------------------------------------------------------------------


def _scripts(members: Sequence[archives.Member], read: ReadMany, total: int) -> Callable[[str], str | None]:
    """Gives the text of Python modules, of very long ones the beginning; those nearest to the top are read at once."""
    scripts = [member for member in members if member.name.endswith(".py")]
    scripts.sort(key=lambda member: (member.name.count("/"), not member.name.endswith("/__init__.py"), member.name))
    wanted = scripts[:_MOST_SCRIPTS]
    whole = [member for member in wanted if member.size <= _LARGEST_SCRIPT]
    long = [member for member in wanted if member.size > _LARGEST_SCRIPT]
    texts = {
        member.name: content.decode("utf-8", "replace")
        for member, content in zip(whole, _contents(whole, read, total, _LARGEST_SCRIPT), strict=True)
        if content is not None
    }
    # Packed it is not longer than it is.
    shortened = [member._replace(packed=min(member.packed, _BEGINNING)) for member in long]
    for member, content in zip(long, _contents(shortened, read, total, _BEGINNING), strict=True):
        if content is not None:
            text = content.decode("utf-8", "replace")
            ends = [match.start() for match in _TOP_LEVEL.finditer(text)]
            texts[member.name] = text[: ends[-1] + 1] if ends else ""
    return texts.get


def _loads(
    found: dict[str, elf.Dynamic], outside: dict[str, tuple[str, ...]], loaded: imports.Loaded, complete: bool
) -> tuple[Load, ...]:
    """Each library once, with the file that asks for it; one that the import loads before others."""
    homes: dict[str, str] = {}
    for name, dynamic in found.items():
        homes.setdefault(dynamic.soname or name.rpartition("/")[2], name)
        homes.setdefault(name.rpartition("/")[2], name)
    reached = {way: _reached(_by(loaded, way), found, homes) for way in imports.Way}
    if loaded.opens and not any(_EXTENSION.search(name) for name in found):
        own = [name for name in found if ".libs/" not in name and not _PLUGIN.search(name)]
        reached[imports.Way.SURE] |= _reached(own, found, homes)
    answers: dict[str, Load] = {}
    for name, sonames in outside.items():
        at_import: bool | None = None
        if name in reached[imports.Way.SURE]:
            at_import = True
        elif name not in reached[imports.Way.MAYBE]:
            others = not (loaded.complete and complete)
            at_import = None if others and name not in reached[imports.Way.BORNE] else False
        if at_import is None and _PLUGIN.search(name):
            at_import = False
        for soname in sonames:
            known = answers.get(soname)
            if known is None or _weight(at_import) > _weight(known.at_import):
                answers[soname] = Load(soname, name, at_import)
    return tuple(sorted(answers.values(), key=lambda load: load.soname))[:_MOST_NAMES]


def _by(loaded: imports.Loaded, way: imports.Way) -> list[str]:
    return [name for name, found in loaded.modules.items() if found is way]


def _weight(at_import: bool | None) -> int:
    return {True: 2, None: 1, False: 0}[at_import]


def _reached(start: Collection[str], found: dict[str, elf.Dynamic], homes: dict[str, str]) -> set[str]:
    """The members that these load in turn, within the wheel."""
    queue, reached = [*start], set[str]()
    while queue:
        name = queue.pop()
        if name in reached or name not in found:
            continue
        reached.add(name)
        queue += [homes[needed] for needed in found[name].needed if needed in homes]
    return reached
