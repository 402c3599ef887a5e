"""What an sdist says of its dependencies, without being built.

PKG-INFO says it for good since Metadata 2.2 (PEP 643), pyproject.toml where it does not leave it to the backend
(PEP 621). Of older ones setuptools' ``requires.txt`` holds what ``setup.py`` gave on the machine that made the sdist
(setuptools, command/egg_info.py), which is what it gives everywhere else, too, unless ``setup.py`` asks where it runs.
"""

from collections.abc import Iterator, Mapping
from re import compile as pattern

from fromlint.index import archives, core_metadata
from fromlint.model.index import Metadata

PKG_INFO, PYPROJECT, SETUP, REQUIRES, SOURCES = "PKG-INFO", "pyproject.toml", "setup.py", "requires.txt", "SOURCES.txt"
"""The members that matter: three at the top, and two that setuptools puts into an ``.egg-info`` folder."""

LONGEST = 60_000_000
"""Bytes of an unpacked sdist that are looked through."""

_MOST_REQUIREMENTS = 5_000
_LONGEST_LINE = 4_000
_LONGEST_SETUP = 500_000
# ``requires.append(…)``, ``install_requires += …`` …
_added_to = pattern(rb"(?i)\b\w*(?:requires?|requirements|deps|dependencies)\w*\s*(?:\+=|\.(?:append|extend|insert)\()")
# … by what is found where it runs.
_asks = pattern(
    rb"\bsys\.(?:version_info|version|hexversion|platform)|\bplatform\.|\bos\.(?:name|environ|getenv)\b|\bPY[23]\b"
)


def member(path: str) -> str | None:
    """By which of the names above a member of an sdist counts, None where it does not matter."""
    folder, _, inner = path.removeprefix("./").partition("/")
    if not folder:
        return None
    if inner in (PKG_INFO, PYPROJECT, SETUP):
        return inner
    where, _, name = inner.removeprefix("src/").removeprefix("lib/").partition("/")
    return name if where.endswith(".egg-info") and name in (REQUIRES, SOURCES) else None


def settled(found: Mapping[str, bytes]) -> bool:
    """Whether these members say all that the others could."""
    info = core_metadata.fields(found.get(PKG_INFO, b""))
    return info is not None and info.static


def metadata(found: Mapping[str, bytes], *, whole: bool) -> Metadata:
    """What the members found say; not known where only a build would tell.

    ``whole``: all members of the sdist were looked at, so that what was not found is not there.
    """
    info = core_metadata.fields(found.get(PKG_INFO, b""))
    if info is not None and info.static:
        return core_metadata.metadata(info)
    project = core_metadata.of_project(found[PYPROJECT]) if PYPROJECT in found else None
    if project is not None:
        return project
    python = info.one("requires-python") if info is not None else None
    setup = found.get(SETUP, b"")[:_LONGEST_SETUP]
    if info is None or (_added_to.search(setup) and _asks.search(setup)):
        return core_metadata.unknown("its dependencies come out only when it is built", python)
    if REQUIRES in found:
        lines = tuple(_requirements(found[REQUIRES].decode("utf-8", "replace")))[:_MOST_REQUIREMENTS]
        return Metadata(lines, info.values.get("provides-extra", ()), python)
    # setuptools writes no requires.txt where there is nothing to write
    nothing_to_write = SOURCES in found or (setup and b"install_requires" not in setup)
    if info.values.get("requires-dist") or (whole and nothing_to_write):
        return core_metadata.metadata(info)
    return core_metadata.unknown("its dependencies come out only when it is built", python)


def of_archive(data: bytes, filename: str) -> Metadata:
    """What an sdist says as a whole. Raises archives.Unreadable."""
    if filename.endswith(".zip"):
        return of_zip(data, len(data), lambda start, end: data[start:end])
    unpack = archives.unpacker(filename)
    if unpack is None:
        raise archives.Unreadable("an sdist of a kind that is not read")
    scan = archives.TarScan(member, LONGEST)
    any(scan.feed(part) for part in unpack(data))
    return metadata(scan.found, whole=scan.ended)


def of_zip(tail: bytes, total: int, read: archives.Read) -> Metadata:
    """What a zipped sdist says, by the end of the file and what ``read`` gives of the rest. Raises Unreadable."""
    found: dict[str, bytes] = {}
    for entry in archives.members(tail, total, read):
        name = member(entry.name)
        if name is not None and name not in found:
            found[name] = archives.member(entry, tail, total, read)
            if settled(found):
                break
    return metadata(found, whole=True)


def _requirements(text: str) -> Iterator[str]:
    """The lines of ``requires.txt`` as core metadata writes them: under ``[extra:marker]`` each has that condition."""
    condition = ""
    for line in text.splitlines():
        line = line.strip()
        if not line or line.startswith("#") or len(line) > _LONGEST_LINE or not line.isprintable():
            continue
        if line.startswith("[") and line.endswith("]"):
            extra, _, marker = line[1:-1].partition(":")
            asked = f'extra == "{extra.strip()}"' if extra.strip() else ""
            plain = f"({marker.strip()})" if marker.strip() and asked else marker.strip()
            condition = " and ".join(part for part in (plain, asked) if part)
        else:
            yield f"{line} ; {condition}" if condition else line
