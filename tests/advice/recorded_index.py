"""A package index on the loopback interface that knows what the public one said of the projects of this folder.

`recorded.json.gz` holds of each release that matters the files with their sizes, what they depend on, and how large the
wheels are on disk; `python tests/advice/recorded_index.py` asks the public index for it again. There are no files: of a
wheel only the end is served, a directory made of the sizes.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import re
import struct
import sys
import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

HERE = Path(__file__).parent
PROJECTS = HERE / "projects"
FILE = HERE / "recorded.json.gz"
AS_OF = "2026-11-22"


class Recorded(NamedTuple):
    """A file of a release. ``unpacked``: bytes of all files, and of the Python modules, of a wheel that was read."""

    filename: str
    size: int | None
    requires_python: str | None
    yanked: bool
    requires: list[str] | None
    extras: list[str]
    unpacked: tuple[int, int] | None


class RecordedIndex:
    """The server; use it as a context manager."""

    def __init__(self) -> None:
        with gzip.open(FILE) as source:
            self.projects = {
                name: [Recorded(*entry) for entry in entries] for name, entries in json.load(source).items()
            }
        self.files = {file.filename: file for files in self.projects.values() for file in files}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/simple"

    def __enter__(self) -> RecordedIndex:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def page(self, name: str) -> bytes | None:
        if name not in self.projects:
            return None
        files = [_listed(file) for file in self.projects[name]]
        return json.dumps({"meta": {"api-version": "1.1"}, "name": name, "files": files}).encode()


def _listed(file: Recorded) -> dict[str, Any]:
    return {
        "filename": file.filename,
        "url": f"/files/{file.filename}",
        "hashes": {"sha256": hashlib.sha256(file.filename.encode()).hexdigest()},
        "size": file.size,
        "requires-python": file.requires_python,
        "yanked": file.yanked,
        "core-metadata": file.requires is not None,
    }


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # With the usual five, a connection of a busy moment is made a second later.
    request_queue_size = 256


def _handler(index: RecordedIndex) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            page = re.fullmatch(r"/simple/([^/]+)/", self.path)
            name = self.path.removeprefix("/files/")
            file = index.files.get(name.removesuffix(".metadata"))
            if page is not None:
                self._send(index.page(page[1]), "application/vnd.pypi.simple.v1+json")
            elif file is not None and name.endswith(".metadata"):
                self._send(metadata(file), "application/octet-stream")
            elif file is not None and file.unpacked is not None and file.size is not None:
                end = directory(file)
                self._send(end, "application/octet-stream", f"bytes {file.size - len(end)}-{file.size - 1}/{file.size}")
            else:
                self._send(None, "text/plain")

        def _send(self, body: bytes | None, content_type: str, part: str = "") -> None:
            self.send_response(404 if body is None else 206 if part else 200)
            if part:
                self.send_header("Content-Range", part)
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

    return Handler


def metadata(file: Recorded) -> bytes:
    name, version = file.filename.split("-")[:2]
    lines = ["Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in file.requires or ()]
    lines += [f"Provides-Extra: {extra}" for extra in file.extras]
    return "\n".join((*lines, "", "")).encode()


def directory(file: Recorded) -> bytes:
    """The end of a zip archive: 64,000 bytes as asked for, or all of a smaller one, with a directory of two members."""
    assert file.unpacked is not None
    assert file.size is not None
    whole, modules = file.unpacked
    members = b"".join(
        struct.pack("<4s4B4HL2L5H2L", b"PK\x01\x02", 20, 3, 20, 0, 0, 8, 0, 0, 0, 0, size, len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name, size in ((b"a.so", whole - modules), (b"a.py", modules))
    )
    length = min(64_000, file.size)
    start = file.size - len(members) - 22
    end = struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 2, 2, len(members), start, 0)
    return (members + end).rjust(length, b"\0")


# --- recording --------------------------------------------------------------------------------------------------------


def record(projects: Iterable[Path]) -> None:
    """Ask the public index as `fromlint advise` does, and keep what it said of the releases that matter."""
    import fromlint.index
    from fromlint import run
    from fromlint.project.comparison import Wishes
    from fromlint.project.reading import unpacked

    pages: dict[str, Any] = {}
    known: dict[str, Any] = {}
    sizes: dict[str, tuple[int, int]] = {}
    wanted: set[str] = set()
    original = unpacked.read

    class Recording(fromlint.index.Index):
        def pages(self, *words: Any, **more: Any) -> Any:
            answers = super().pages(*words, **more)
            pages.update({name: page for (_, name), page in answers.items()})
            return answers

        def metadata(self, files: Any) -> Any:
            files = list(files)
            answers = super().metadata(files)
            for file in files:
                known[file.filename] = answers.get(fromlint.index.key(file))
                wanted.add(file.filename)
            return answers

    def read(resolutions: Any, index: Any) -> Any:
        resolutions = list(resolutions)
        found = original(resolutions, index)
        sizes.update(found)
        for package in (package for each in resolutions for one in each for package in one.packages):
            for verdict in package.verdicts.values():
                wanted.update(near.filename for near in verdict.nearest)
                if verdict.file is not None:
                    wanted.add(verdict.file.filename)
        return found

    fromlint.index.Index = Recording  # type: ignore[misc]
    unpacked.read = read
    os.environ["FROMLINT_CACHE_DIR"] = os.devnull
    for project in projects:
        print(project.name, file=sys.stderr)
        run.compare(project, {"as_of": AS_OF, "index_timeout": 120.0}, Wishes())
    kept = {name: _kept(page, wanted, known, sizes) for name, page in sorted(pages.items()) if page.exists}
    text = json.dumps(kept, separators=(",", ":"), sort_keys=True)
    FILE.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _kept(page: Any, wanted: set[str], known: dict[str, Any], sizes: dict[str, tuple[int, int]]) -> list[Recorded]:
    found = []
    for files in page.releases.values():
        if wanted.isdisjoint(file.filename for file in files):
            continue
        for file in files:
            said = known.get(file.filename)
            told = said is not None and said.known
            found.append(
                Recorded(
                    file.filename,
                    file.size,
                    file.requires_python,
                    file.yanked is not None,
                    list(said.requires_dist) if told else None,
                    list(said.provides_extra) if told else [],
                    sizes.get(file.filename),
                )
            )
    return found


if __name__ == "__main__":
    record(sorted(PROJECTS.iterdir()))
