"""Every tag of the official ``python`` image: which variant, release and Python it stands for at a date.

The data is the image's own history (docker-library/official-images ``library/python`` since 2014). A tag is a
*prefix* (``3.12.4``, ``3.12``, ``3.13-rc``, ``3``, ``rc`` or none, which is ``latest``) and a *suffix* (``slim``,
``alpine3.20``, ``slim-bookworm``, … or none). By minor there are

- ``patches``: ``[stamp, version, pip, setuptools, wheel]`` that the minor stood on, pins "" where the image has none;
- ``lines``: the variants by their full name, with the platforms that each was built for;
- ``names``: when a full name was a tag, where that is not while its line was built;
- ``floats``: the line that a shorter suffix means (``slim``: ``slim-trixie``);
- ``lang``: whether the image sets LANG.

What is not listed any more stays as it was pushed: ``3.9-slim`` is what it was on its last day.
"""

from __future__ import annotations

import re

from fromlint.images import store
from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import Any

NAME = "python"

_TAG = regex(
    r"(?:(?P<prefix>latest|rc|\d+(?:\.\d+(?:\.\d+(?:(?:a|b|rc)\d+)?)?)?(?:-rc)?)(?:-(?=.)|$))?(?P<suffix>[\w.-]*)"
)
_PATCH = regex(r"(\d+\.\d+)\.(\d+)(?:(a|b|rc)(\d+))?")
_MINOR = regex(r"(\d+)\.(\d+)(-rc)?")

# Oldest first. A release that is not here is newer than the data.
_DEBIAN = ("squeeze", "wheezy", "jessie", "stretch", "buster", "bullseye", "bookworm", "trixie")
_WORDS_OF_OTHERS = frozenset(
    {"ubuntu", "debian", "focal", "jammy", "noble", "bionic", "xenial", "full", "latest", "linux", "minimal", "base"}
)
_KIND_OF = {"": "full", "slim": "slim", "alpine": "alpine"}


class Line(NamedTuple):
    """What a tag stands for.

    ``name`` is the variant's full name (``slim-bookworm``), ``minor`` as the data has it (``3.12``, ``3.15-rc``).
    ``pip``, ``setuptools`` and ``wheel`` are versions, "" where the image pins none. ``status`` is real, or inferred
    where the tag is newer than the data. ``floating``: it moves between releases.
    """

    name: str
    minor: str
    version: str
    pip: str
    setuptools: str
    wheel: str
    platforms: tuple[str, ...]
    lang: bool
    status: str
    floating: bool


class Missing(NamedTuple):
    """There is no such tag: ``status`` is never, or unknown where it may be newer than the data."""

    status: str
    nearest: str | None
    why: str


def resolve(tag: str, day: str) -> Line | Missing:
    """What ``tag`` stands for as of the ISO day ``day``. Any text is accepted."""
    match = _TAG.fullmatch(tag)
    if match is None:
        return Missing("unknown", None, f"python:{tag} is not in the data")
    prefix, suffix = match["prefix"] or "", match["suffix"]
    if prefix == "latest":
        if suffix:
            return Missing("never", _nearest("", suffix, day), f"python never had a tag {tag}")
        prefix = ""
    end = store.bound(day)
    line = _find(prefix, suffix, end) or _find(prefix, suffix, store.END_OF_TIME, first=True)
    if line is not None:
        return line
    return _newer(prefix, suffix, end) or _missing(tag, prefix, suffix, day)


def last_day(minor: str | None = None) -> str:
    """The ISO day of the newest fact: on the image as a whole, or on one minor of it."""
    index = _index()
    return str(index["later"] if minor is None or minor in index["partial"] else index["as_of"])


def end_of_life(version: str) -> str | None:
    """The last day (ISO) on which this Python gets fixes, None where it is not known."""
    minor = ".".join(version.split(".")[:2])
    found = _index()["end_of_life"].get(minor)
    return None if found is None else str(found)


def maintained(day: str) -> tuple[str, ...]:
    """The minors (``3.12``) that still get fixes on a day (ISO)."""
    return tuple(minor for minor, last in _index()["end_of_life"].items() if str(last) >= day)


def lines(minor: str, day: str) -> tuple[Line, ...]:
    """The variants of a minor (``3.12``) that its tags without a release stand for, and the Debian before.

    Slim and full on the newest Debian, the same on the one before, then Alpine; only what there is.
    """
    if minor not in _index()["minors"]:
        return ()
    wanted: list[str] = []
    full = resolve(minor, day)
    if isinstance(full, Line) and full.name in _DEBIAN:
        wanted += [f"slim-{full.name}", full.name]
        before = _DEBIAN[_DEBIAN.index(full.name) - 1]
        wanted += [f"slim-{before}", before]
    alpine = resolve(f"{minor}-alpine", day)
    if isinstance(alpine, Line):
        wanted.append(alpine.name)
    found = (resolve(f"{minor}-{name}", day) for name in wanted)
    return tuple(line for line in found if isinstance(line, Line) and line.status == "real")


def _index() -> Any:
    return store.load("python/index.json")


def _minor(name: str) -> Any:
    return store.load(f"python/{name}.json")


def _minor_of(patch: str) -> str:
    """The minor that the patch is a tag of: ``3.13-rc`` for pre-releases, but 3.5 and 3.6 had some themselves."""
    match = _PATCH.fullmatch(patch)
    assert match is not None
    usual = match[1] + ("-rc" if match[3] else "")
    for minor in (usual, match[1]):
        if minor in _index()["minors"] and any(version == patch for _, version, *_ in _minor(minor)["patches"]):
            return minor
    return usual


# --- what there was ---------------------------------------------------------------------------------------------------


def _find(prefix: str, suffix: str, end: str, *, first: bool = False) -> Line | None:
    """The line just before ``end``; with ``first``, the first that there ever was (for a day before its time)."""
    status = "inferred" if first else "real"
    for minor, start, until in _times(prefix, end, first=first):
        found = _in_minor(minor, suffix, start, until, first=first)
        if found is not None:
            name, moment = found
            return _line(minor, name, moment, prefix, status, floating=suffix != name)
    return None


def _times(prefix: str, end: str, *, first: bool) -> list[tuple[str, str, str]]:
    """When the prefix stood for which minor: ``(minor, start, end)``, the times to look at first leading."""
    index = _index()
    times: list[tuple[str, str, str]] = []
    if prefix in ("", "2", "3", "rc"):
        changes = index["pointers"]["latest" if prefix == "" else prefix]
        until = store.END_OF_TIME
        for stamp, minor in reversed(changes):
            if minor and stamp < end:
                times.append((minor, stamp, min(end, until)))
            until = stamp
    elif _PATCH.fullmatch(prefix):
        minor = _minor_of(prefix)
        if minor in index["minors"]:
            stamps = [stamp for stamp, version, *_ in _minor(minor)["patches"] if version == prefix]
            if stamps and stamps[0] < end:
                later = [stamp for stamp, version, *_ in _minor(minor)["patches"] if stamp > stamps[-1]]
                times.append((minor, stamps[0], min([end, *later[:1]])))
    elif prefix in index["minors"]:
        times.append((prefix, "", end))
    return times[::-1] if first else times


def _in_minor(minor: str, suffix: str, start: str, end: str, *, first: bool) -> tuple[str, str] | None:
    """The full name of the line that ``suffix`` meant last (or first) in that time, and the end of that moment."""
    data = _minor(minor)
    changes = data["floats"].get(suffix)
    if changes is None and suffix in data["lines"]:
        changes = [
            [stamp, suffix if value else ""] for stamp, value in data["names"].get(suffix, data["lines"][suffix])
        ]
    if not changes:
        return None
    return store.first_alive(changes, start, end) if first else store.last_alive(changes, start, end)


def _line(minor: str, name: str, moment: str, prefix: str, status: str, *, floating: bool) -> Line:
    data = _minor(minor)
    patch = ["", "", "", "", ""]
    for entry in data["patches"]:
        if entry[0] >= moment:
            break
        if entry[1]:
            patch = entry
    if not patch[1] or (_PATCH.fullmatch(prefix) and patch[1] != prefix):
        # Variants are sometimes a commit ahead of or behind their minor: the prefix says which patch it is.
        patch = next((entry for entry in data["patches"] if entry[1] == prefix), data["patches"][0])
    alive = store.last_alive(data["lines"].get(name, []), "", moment)
    return Line(
        name=name,
        minor=minor,
        version=patch[1],
        pip=patch[2],
        setuptools=patch[3],
        wheel=patch[4],
        platforms=tuple(alive[0].split()) if alive else (),
        lang=store.value_before(data["lang"], moment) == "yes",
        status=status,
        floating=floating,
    )


# --- what is newer than the data, and what never was ------------------------------------------------------------------


def _newer(prefix: str, suffix: str, end: str) -> Line | None:
    """The best inference for a tag that may have come after the data: a later patch, or a variant not seen yet."""
    index = _index()
    if _PATCH.fullmatch(prefix):
        minor = _minor_of(prefix)
        if minor not in index["minors"] or not _still_built(minor) or _order(prefix) <= _order(_last_patch(minor)):
            return None
        line = _find(minor, suffix, end) or _unlisted(minor, suffix, end)
        # What pip a later patch brings is not known; it is not older than the last one.
        return line and line._replace(version=prefix, status="inferred")
    if prefix in index["minors"]:
        return _unlisted(prefix, suffix, end)
    if prefix in ("", "3"):
        return _unlisted(store.value_before(index["pointers"]["3"], end), suffix, end)
    return None


def _unlisted(minor: str, suffix: str, end: str) -> Line | None:
    """A variant that a minor of which little was seen probably has, because the minor before has it."""
    index = _index()
    if minor not in index["partial"]:
        return None
    minors = [name for name in index["minors"] if name not in index["partial"] and not name.endswith("-rc")]
    older = _find(minors[-1], suffix, end)
    newest = _find(minor, "", end) or _find(minor, "", store.END_OF_TIME, first=True)
    if older is None or newest is None:
        return None
    return newest._replace(
        name=older.name, platforms=older.platforms, status="inferred", floating=older.floating, minor=minor
    )


def _missing(tag: str, prefix: str, suffix: str, day: str) -> Missing:
    """Whether a tag that is not in the data can be said never to have been."""
    newer = Missing("unknown", None, f"python:{tag} is not in the data, which ends in {last_day()[:7]}")
    if not _prefix_is_of_the_past(prefix):
        return newer
    words = [word for word in suffix.split("-") if word]
    for word in words:
        release = re.fullmatch(r"alpine(\d+)\.(\d+)", word)
        if release is not None and (int(release[1]), int(release[2])) > _newest_alpine():
            return newer
        if release is None and word not in _DEBIAN and word not in _WORDS_OF_OTHERS and word not in _KIND_OF:
            if word == "onbuild" or word.startswith(("windowsservercore", "nanoserver", "alpine")):
                continue
            return newer
    if prefix in _index()["partial"] and _find(prefix, "", store.END_OF_TIME) and _well_formed(words):
        return newer
    return Missing("never", _nearest(prefix, suffix, day), f"python never had a tag {tag}")


def _prefix_is_of_the_past(prefix: str) -> bool:
    """Whether everything that this prefix ever meant is in the data."""
    if prefix in ("", "2", "3", "rc"):
        return True
    index = _index()
    if _PATCH.fullmatch(prefix):
        minor = _minor_of(prefix)
        if minor in index["minors"]:
            return not _still_built(minor) or _order(prefix) <= _order(_last_patch(minor))
        prefix = minor
    match = _MINOR.fullmatch(prefix)
    if match is None:
        return prefix.isdigit() and int(prefix) < 3
    newest = _MINOR.fullmatch(index["minors"][-1])
    assert newest is not None
    return (int(match[1]), int(match[2])) < (int(newest[1]), int(newest[2])) or prefix in index["minors"]


def _well_formed(words: list[str]) -> bool:
    return len(words) == 1 or (len(words) == 2 and words[0] == "slim" and words[1] in _DEBIAN)


def _still_built(minor: str) -> bool:
    return bool(_minor(minor)["patches"][-1][1])


def _last_patch(minor: str) -> str:
    return str(next(version for _, version, *_ in reversed(_minor(minor)["patches"]) if version))


def _newest_alpine() -> tuple[int, int]:
    numbers = [name[6:].split(".") for name in _minor(_index()["minors"][-1])["lines"] if name.startswith("alpine")]
    return max((int(major), int(minor)) for major, minor in numbers)


def _order(patch: str) -> tuple[int, ...]:
    match = _PATCH.fullmatch(patch)
    assert match is not None
    return int(match[2]), {"a": 0, "b": 1, "rc": 2, None: 3}[match[3]], int(match[4] or 0)


# --- the nearest real tag ---------------------------------------------------------------------------------------------


def _nearest(prefix: str, suffix: str, day: str) -> str | None:
    """The real tag that was probably meant, None where none is near."""
    words = set(suffix.split("-"))
    kind = "alpine" if any(word.startswith("alpine") for word in words) else "slim" if "slim" in words else ""
    codename = next((word for word in suffix.split("-") if word in _DEBIAN), None)
    suffixes = []
    if codename and kind != "alpine":
        suffixes.append("-".join(part for part in (kind, codename) if part))
    suffixes += [kind, ""]
    for candidate in (prefix, _nearest_prefix(prefix)):
        if candidate is None:
            continue
        for part in suffixes:
            tag = "-".join(piece for piece in (candidate, part) if piece) or "latest"
            if _find(candidate, part, store.bound(day)) is not None:
                return tag
    return None


def _nearest_prefix(prefix: str) -> str | None:
    """The nearest version that there is: the nearest patch of the minor, else the minor, else the nearest minor."""
    index = _index()
    if _PATCH.fullmatch(prefix):
        minor = _minor_of(prefix)
        if minor in index["minors"]:
            wanted = _order(prefix)
            patches = [version for _, version, *_ in _minor(minor)["patches"] if version]
            return min(patches, key=lambda version: (abs(_order(version)[0] - wanted[0]), version), default=None)
        prefix = minor.removesuffix("-rc")
    if prefix.removesuffix("-rc") in index["minors"]:
        return prefix.removesuffix("-rc")
    match = _MINOR.fullmatch(prefix)
    if match is None:
        return None
    same = [name for name in index["minors"] if name.startswith(f"{match[1]}.") and not name.endswith("-rc")]
    return min(same, key=lambda name: abs(int(name.split(".")[1]) - int(match[2])), default=None)
