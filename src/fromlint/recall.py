"""The result of a run that would be the same today: kept with all that it rests on, and printed again.

This is the way of a run in which nothing has changed, so it imports next to nothing: no click, no JSON, no SQLite. A
result is a file of its own, named by a checksum of the key; what is in it is believed only where the whole key agrees,
the file is the user's own, and every file and folder that was looked at is as it was. Nothing in it is ever executed.
"""

from __future__ import annotations

import os
import sys

from fromlint import __version__
from fromlint.cachefolder import deleted
from fromlint.witness import same, settled

# Spelt out, because importing typing takes 8 ms of a run of 30; type checkers know the name.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

_EDITION = "fromlint result 1"
_ENDING = ".result"
_LARGEST = 8_000_000
_MOST_RESULTS = 200
# What of the environment has a say: index, transport, cache, home, and how things are printed.
_VARIABLES = (
    "PIP_", "UV_", "FROMLINT_", "XDG_", "SSL_", "REQUESTS_", "CURL_", "LC_", "PYTHON",
    "HOME", "NETRC", "NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "COLUMNS", "VIRTUAL_ENV",
    "http_proxy", "https_proxy", "all_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY",
)  # fmt: skip


class Result:
    """What a run without complaints printed to stdout, and its exit code."""

    __slots__ = ("exit_code", "printed")

    def __init__(self, exit_code: int, printed: str) -> None:
        self.exit_code = exit_code
        self.printed = printed


def key(arguments: Sequence[str], environ: Mapping[str, str]) -> str:
    """What a result depends on besides files: version, folder, words, variables, terminal and day."""
    from time import strftime

    day = strftime("%Y-%m-%d")
    variables = sorted(f"{name}={value}" for name, value in environ.items() if name.startswith(_VARIABLES))
    stdout = f"{sys.stdout.isatty()} {sys.stdout.encoding}"
    return "\0".join((_EDITION, __version__, sys.version, day, os.getcwd(), stdout, *arguments, "", *variables))


def recalled(folder: str, key: str, now: float) -> Result | None:
    """The result kept under a key, if another run would surely give the same; None where there is none."""
    try:
        path = _path(folder, key)
        with open(path, "rb") as file:
            about = os.fstat(file.fileno())
            if about.st_uid != os.geteuid() or about.st_mode & 0o022:
                return None
            parts = _unpacked(file.read(_LARGEST + 1))
        if next(parts) != key or not float(next(parts)) > now:
            return None
        found = Result(int(next(parts)), next(parts))
        # What changes most, the user's own, stands first.
        for path in parts:
            if not same(path, next(parts)):
                return None
        return found
    except (OSError, ValueError, StopIteration):
        return None


def remember(folder: str, key: str, result: Result, seen: Mapping[str, str], *, started: float, until: float) -> None:
    """Keep a result that is good until ``until`` (seconds since 1970) for what it rests on: ``seen``, by path.

    Not where something that was looked at is so new that it may have changed since without a trace. Failing to keep it
    is no fault.
    """
    if not all(settled(noted, started) for noted in seen.values()):
        return
    parts = [key, repr(until), str(result.exit_code), result.printed]
    parts += [text for pair in seen.items() for text in pair]
    path = _path(folder, key)
    try:
        os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
        beside = f"{path}.{os.getpid()}"
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_packed(parts))
        os.replace(beside, path)
        _make_room(os.path.dirname(path))
    except (OSError, ValueError):
        return


def forget(folder: str) -> int:
    """Delete all results; the bytes that were freed."""
    return deleted(_results(os.path.join(folder, "results")))


def _make_room(folder: str) -> None:
    results = _results(folder)
    if len(results) > _MOST_RESULTS:
        by_age = sorted(results, key=lambda path: os.stat(path).st_mtime_ns)
        for path in by_age[: len(results) - _MOST_RESULTS // 2]:
            os.unlink(path)


def _results(folder: str) -> list[str]:
    try:
        return [os.path.join(folder, name) for name in os.listdir(folder) if _ENDING in name]
    except OSError:
        return []


def _path(folder: str, key: str) -> str:
    from binascii import crc32

    data = key.encode("utf-8", "surrogateescape")
    return os.path.join(folder, "results", f"{crc32(data):08x}{crc32(data[::-1]):08x}{_ENDING}")


# --- texts one behind the other, each with its length in front ------------------------------------------------


def _packed(parts: Iterable[str]) -> bytes:
    found = []
    for part in parts:
        data = part.encode("utf-8", "surrogateescape")
        found.append(b"%d:%s" % (len(data), data))
    return b"".join(found)


def _unpacked(data: bytes) -> Iterator[str]:
    """The texts. Raises ValueError for what was not packed so."""
    at = 0
    while at < len(data):
        colon = data.index(b":", at, at + 12)
        end = colon + 1 + int(data[at:colon])
        if end > len(data) or end <= colon:
            raise ValueError("cut off")
        yield data[colon + 1 : end].decode("utf-8", "surrogateescape")
        at = end
