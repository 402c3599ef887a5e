"""A package index on the loopback interface, with made-up projects, for tests of every room.

    with IndexServer() as server:
        server.add("demo", wheel("demo", "1.0", requires=["other>=2"]))
        server.add("demo", sdist("demo", "1.0"), requires_python=">=3.11", yanked="broken")
        server.fault("/simple/demo/", Fault.status(503, times=1, retry_after=0))
        ...  # ask server.url
        assert server.count("/simple/demo/") == 2

It is a real HTTP/1.1 server: PEP 691 JSON or PEP 503 HTML as the client prefers and the server is told to give,
files, ``.metadata`` beside them (PEP 658), ranges, ETags, gzip, passwords. A ``Fault`` makes it misbehave at a path.
It listens on 127.0.0.1 only, and everything ends with the ``with`` block, hanging answers included.
"""

from __future__ import annotations

import base64
import contextlib
import gzip
import hashlib
import html
import io
import json
import re
import ssl
import tarfile
import threading
import zipfile
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import unquote, urlsplit

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "application/vnd.pypi.simple.v1+html"


class Built(NamedTuple):
    """A distribution file made for a test: its name, its bytes, and its core metadata if it is a wheel."""

    filename: str
    content: bytes
    metadata: bytes | None = None


class Published(NamedTuple):
    """A file as the index lists it."""

    built: Built
    requires_python: str | None
    yanked: str | None
    announced: bool
    uploaded: str | None
    url: str | None


class Seen(NamedTuple):
    """A request that arrived: its path, its headers by lower-case name, and the status of the answer."""

    path: str
    headers: Mapping[str, str]
    status: int


class Fault(NamedTuple):
    """A misbehaviour. Make one with the class methods; ``times`` None is for ever."""

    kind: str
    times: int | None = None
    status_code: int = 200
    headers: Mapping[str, str] = {}
    body: bytes = b""
    seconds: float = 0.0
    repeat: int = 1

    @classmethod
    def hang(cls, times: int | None = None) -> Fault:
        """Take the request and say nothing."""
        return cls("hang", times)

    @classmethod
    def drip(cls, seconds: float = 0.02, times: int | None = None) -> Fault:
        """Answer for ever, a byte every ``seconds``."""
        return cls("drip", times, seconds=seconds)

    @classmethod
    def drip_head(cls, seconds: float = 0.02, times: int | None = None) -> Fault:
        """Send a header for ever, a byte every ``seconds``."""
        return cls("drip-head", times, seconds=seconds)

    @classmethod
    def truncate(cls, times: int | None = None) -> Fault:
        """Declare the whole length, send half and close."""
        return cls("truncate", times)

    @classmethod
    def cut_chunks(cls, times: int | None = None) -> Fault:
        """Send in chunks without length, and close before the last."""
        return cls("cut-chunks", times)

    @classmethod
    def reset(cls, times: int | None = None) -> Fault:
        """Close the connection without a word."""
        return cls("reset", times)

    @classmethod
    def nonsense(cls, body: bytes = b"\x15\x03\x01 this is not HTTP\r\n\r\n", times: int | None = None) -> Fault:
        """Send bytes that are no HTTP answer."""
        return cls("nonsense", times, body=body)

    @classmethod
    def status(cls, code: int, times: int | None = None, retry_after: float | str | None = None) -> Fault:
        """Answer with a status and a short page."""
        headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
        return cls("answer", times, code, headers, b"<html>no</html>")

    @classmethod
    def redirect(cls, location: str, code: int = 302, times: int | None = None) -> Fault:
        """Send the client elsewhere."""
        return cls("answer", times, code, {"Location": location})

    @classmethod
    def answer(
        cls, body: bytes, content_type: str, headers: Mapping[str, str] | None = None, times: int | None = None
    ) -> Fault:
        """Answer with this instead, with status 200. A ``Content-Length`` in ``headers`` is sent as it is."""
        return cls("answer", times, 200, {"Content-Type": content_type, **(headers or {})}, body)

    @classmethod
    def huge(cls, content_type: str = JSON, block: bytes = b" " * 65536, repeat: int = 16_000) -> Fault:
        """Answer with ``block`` over and over: a gigabyte, if the client takes it all."""
        return cls("huge", None, 200, {"Content-Type": content_type}, block, repeat=repeat)


class IndexServer:
    """The server; use it as a context manager.

    ``serves``: "both" (the client chooses), "json" or "html". ``etags``: pages have an ETag and answer 304.
    ``compress``: gzip where the client takes it. ``ranges``: "all", "no-suffix" (refuses ``bytes=-5``)
    or "none". ``login``: (name, password) that every request needs. ``certificate``: paths of certificate
    and key, to serve https. ``digest_paths``: files lie at paths with a digest in them, as on the public index.
    """

    def __init__(
        self,
        *,
        serves: str = "both",
        etags: bool = True,
        compress: bool = True,
        ranges: str = "all",
        login: tuple[str, str] | None = None,
        certificate: tuple[str, str] | None = None,
        digest_paths: bool = True,
        cache_control: str = "",
    ) -> None:
        self.serves = serves
        self.etags = etags
        self.compress = compress
        self.ranges = ranges
        self.login = login
        self.digest_paths = digest_paths
        self.cache_control = cache_control
        self.seen: list[Seen] = []
        self.stopping = threading.Event()
        self._projects: dict[str, list[Published]] = {}
        self._files: dict[str, bytes] = {}
        self._faults: dict[str, list[Fault]] = {}
        self._bodies: dict[tuple[str, str], bytes] = {}
        self._lock = threading.Lock()
        self._meeting: threading.Barrier | None = None
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.scheme = "http"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self._server.socket = context.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
            self.scheme = "https"

    def __enter__(self) -> IndexServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()

    # --- what it offers ---------------------------------------------------------------------------------------

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    @property
    def url(self) -> str:
        """The index's URL, without a slash at its end."""
        return f"{self.scheme}://127.0.0.1:{self.port}/simple"

    def with_login(self, name: str, password: str) -> str:
        """The index's URL with credentials."""
        return self.url.replace("://", f"://{name}:{password}@")

    def add(
        self,
        project: str,
        built: Built,
        *,
        requires_python: str | None = None,
        yanked: str | None = None,
        announced: bool = True,
        beside: bool = True,
        uploaded: str | None = "2026-01-02T03:04:05.678901Z",
        url: str | None = None,
    ) -> str:
        """Publish a file; its URL. ``beside``: there is a ``.metadata`` file if it is a wheel; ``announced``: and the
        page says so. ``url``: list this address in place of its own."""
        path = self._path(built)
        self._files[path] = built.content
        if beside and built.metadata is not None:
            self._files[path + ".metadata"] = built.metadata
        told = announced and beside and built.metadata is not None
        self._projects.setdefault(project, []).append(Published(built, requires_python, yanked, told, uploaded, url))
        self._bodies.clear()
        return f"{self.scheme}://127.0.0.1:{self.port}{path}"

    def page(self, project: str) -> None:
        """Have a page for a project without files."""
        self._projects.setdefault(project, [])

    def fault(self, path: str, *faults: Fault) -> None:
        """Misbehave at ``path`` ("*" for every path): one fault after the other, as often as each says."""
        with self._lock:
            self._faults.setdefault(path, []).extend(faults)

    def answer_only_together(self, number: int) -> None:
        """Answer requests once that many wait at a time; those that wait for a minute get no answer."""
        self._meeting = threading.Barrier(number, timeout=60)

    def count(self, path: str = "") -> int:
        """How many requests came for ``path``; for all paths without one."""
        return sum(1 for seen in self.seen if not path or seen.path == path)

    def forget(self) -> None:
        """Forget what was seen."""
        self.seen.clear()

    # --- what the handler asks ----------------------------------------------------------------------------------

    def met(self) -> bool:
        """Wait for the other requests, where they are answered together only; whether they came."""
        if self._meeting is not None:
            with contextlib.suppress(threading.BrokenBarrierError):
                self._meeting.wait()
            return not self._meeting.broken
        return True

    def next_fault(self, path: str) -> Fault | None:
        with self._lock:
            for place in (path, "*"):
                waiting = self._faults.get(place)
                if waiting:
                    first = waiting[0]
                    if first.times is not None:
                        if first.times <= 1:
                            waiting.pop(0)
                        else:
                            waiting[0] = first._replace(times=first.times - 1)
                    return first
        return None

    def body(self, project: str, content_type: str) -> bytes | None:
        if project not in self._projects:
            return None
        known = self._bodies.get((project, content_type))
        if known is None:
            write = self._as_json if content_type == JSON else self._as_html
            known = self._bodies[project, content_type] = write(project)
        return known

    def file(self, path: str) -> bytes | None:
        return self._files.get(path)

    def _path(self, built: Built) -> str:
        if not self.digest_paths:
            return f"/files/{built.filename}"
        digest = hashlib.blake2b(built.filename.encode() + built.content, digest_size=32).hexdigest()
        return f"/packages/{digest[:2]}/{digest[2:4]}/{digest[4:]}/{built.filename}"

    def _as_json(self, project: str) -> bytes:
        entries: list[dict[str, Any]] = []
        for published in self._projects[project]:
            built = published.built
            entry: dict[str, Any] = {
                "filename": built.filename,
                "url": published.url or self._path(built),
                "hashes": {"sha256": hashlib.sha256(built.content).hexdigest()},
                "requires-python": published.requires_python,
                "size": len(built.content),
                "yanked": published.yanked if published.yanked else published.yanked is not None,
            }
            if published.uploaded:
                entry["upload-time"] = published.uploaded
            if published.announced and built.metadata is not None:
                entry["core-metadata"] = {"sha256": hashlib.sha256(built.metadata).hexdigest()}
            entries.append(entry)
        return json.dumps({"meta": {"api-version": "1.1"}, "name": project, "files": entries}).encode()

    def _as_html(self, project: str) -> bytes:
        lines = ["<!DOCTYPE html>", f"<html><head><title>Links for {project}</title></head><body>"]
        for published in self._projects[project]:
            built = published.built
            attributes = ""
            if published.requires_python:
                attributes += f' data-requires-python="{html.escape(published.requires_python)}"'
            if published.yanked is not None:
                attributes += f' data-yanked="{html.escape(published.yanked)}"'
            if published.announced:
                attributes += ' data-dist-info-metadata="true"'
            digest = hashlib.sha256(built.content).hexdigest()
            address = html.escape(published.url or f"{self._path(built)}#sha256={digest}")
            lines.append(f'<a href="{address}"{attributes}>{built.filename}</a><br/>')
        return "\n".join((*lines, "</body></html>")).encode()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # With the usual five, a connection of a busy moment is made a second later.
    request_queue_size = 256


def _handler(index: IndexServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        timeout = 30

        def log_message(self, *_: object) -> None:
            return

        def handle(self) -> None:
            try:
                super().handle()
            except (OSError, ValueError):
                self.close_connection = True

        def do_GET(self) -> None:
            path = unquote(urlsplit(self.path).path)
            if not index.met():
                self.close_connection = True
                return
            fault = index.next_fault(path)
            if fault is not None:
                self._seen(path, fault.status_code)
                self._misbehave(path, fault)
                return
            if index.login is not None and self.headers.get("Authorization") != _basic(*index.login):
                self._send(path, 401, b"", {"WWW-Authenticate": "Basic"})
                return
            content_type, body = self._content(path)
            if body is None:
                self._send(path, 404, b"<html>not here</html>", {"Content-Type": "text/html"})
            elif content_type == "application/octet-stream":
                self._ranged(path, body)
            else:
                self._page(path, body, content_type)

        def _content(self, path: str) -> tuple[str, bytes | None]:
            found = re.fullmatch(r"/simple/([^/]+)/", path)
            if found is None:
                return "application/octet-stream", index.file(path)
            as_json = index.serves == "json" or (index.serves == "both" and "+json" in self.headers.get("Accept", ""))
            return (JSON if as_json else "text/html"), index.body(found[1], JSON if as_json else "text/html")

        def _page(self, path: str, body: bytes, content_type: str) -> None:
            headers = {"Content-Type": content_type}
            if index.cache_control:
                headers["Cache-Control"] = index.cache_control
            if index.etags:
                headers["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
                if self.headers.get("If-None-Match") == headers["ETag"]:
                    self._send(path, 304, b"", headers)
                    return
            if index.compress and "gzip" in self.headers.get("Accept-Encoding", ""):
                headers["Content-Encoding"] = "gzip"
                body = gzip.compress(body, 1)
            self._send(path, 200, body, headers)

        def _ranged(self, path: str, body: bytes) -> None:
            wanted = re.fullmatch(r"bytes=(\d*)-(\d*)", self.headers.get("Range", ""))
            if wanted is None or index.ranges == "none":
                self._send(path, 200, body, {"Content-Type": "application/octet-stream"})
                return
            if not wanted[1] and index.ranges == "no-suffix":
                self._send(path, 501, b"", {})
                return
            if wanted[1]:
                start = int(wanted[1])
                end = min(len(body), int(wanted[2]) + 1) if wanted[2] else len(body)
            else:
                start, end = max(0, len(body) - int(wanted[2])), len(body)
            if start >= len(body):
                self._send(path, 416, b"", {"Content-Range": f"bytes */{len(body)}"})
                return
            self._send(path, 206, body[start:end], {"Content-Range": f"bytes {start}-{end - 1}/{len(body)}"})

        def _seen(self, path: str, status: int) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            index.seen.append(Seen(path, headers, status))

        def _send(self, path: str, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self._seen(path, status)
            self._answer(status, body, headers)

        def _answer(self, status: int, body: bytes, headers: Mapping[str, str]) -> None:
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            if "Content-Length" not in headers and status != 304:
                self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _misbehave(self, path: str, fault: Fault) -> None:
            if fault.kind == "answer":
                self._answer(fault.status_code, fault.body, fault.headers)
                return
            self.close_connection = True
            content_type, body = self._content(path)
            body = body or b"0123456789" * 100
            if fault.kind == "hang":
                index.stopping.wait(30)
            elif fault.kind == "nonsense":
                self.wfile.write(fault.body)
            elif fault.kind == "drip":
                self.wfile.write(f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode())
                self._drip(fault.seconds)
            elif fault.kind == "drip-head":
                self.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
                self._drip(fault.seconds)
            elif fault.kind == "truncate":
                head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {len(body)}\r\n\r\n"
                self.wfile.write(head.encode() + body[: len(body) // 2])
            elif fault.kind == "cut-chunks":
                head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nTransfer-Encoding: chunked\r\n\r\n"
                half = body[: len(body) // 2]
                self.wfile.write(head.encode() + f"{len(half):x}\r\n".encode() + half + b"\r\n")
            elif fault.kind == "huge":
                lines = "".join(f"{name}: {value}\r\n" for name, value in fault.headers.items())
                self.wfile.write(f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode())
                for _ in range(fault.repeat):
                    if index.stopping.is_set():
                        return
                    self.wfile.write(fault.body)

        def _drip(self, seconds: float) -> None:
            while not index.stopping.wait(seconds):
                self.wfile.write(b"a")

    return Handler


def _basic(name: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{name}:{password}".encode()).decode()


# --- files --------------------------------------------------------------------------------------------------------


def core_metadata(
    name: str,
    version: str,
    requires: Sequence[str] = (),
    extras: Sequence[str] = (),
    requires_python: str | None = None,
    metadata_version: str = "2.2",
    dynamic: Sequence[str] = (),
) -> bytes:
    """The text of a METADATA or PKG-INFO file."""
    lines = [f"Metadata-Version: {metadata_version}", f"Name: {name}", f"Version: {version}"]
    lines += [f"Requires-Dist: {requirement}" for requirement in requires]
    lines += [f"Provides-Extra: {extra}" for extra in extras]
    lines += [f"Dynamic: {field}" for field in dynamic]
    if requires_python:
        lines.append(f"Requires-Python: {requires_python}")
    return "\n".join((*lines, "", "What it is for.", "")).encode()


def wheel(
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    extras: Sequence[str] = (),
    requires_python: str | None = None,
    tag: str = "py3-none-any",
    files: Mapping[str, bytes] | None = None,
    padding: int = 0,
) -> Built:
    """A wheel with METADATA. ``padding``: that many bytes that do not compress, in a file of its own."""
    stem = f"{name.replace('-', '_')}-{version}"
    metadata = core_metadata(name, version, requires, extras, requires_python)
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, data in (files or {f"{name}.py": b"value = 1\n"}).items():
            archive.writestr(path, data)
        if padding:
            archive.writestr(zipfile.ZipInfo("padding.bin"), hashlib.shake_256(stem.encode()).digest(padding))
        archive.writestr(f"{stem}.dist-info/METADATA", metadata)
        archive.writestr(f"{stem}.dist-info/WHEEL", b"Wheel-Version: 1.0\n")
        archive.writestr(f"{stem}.dist-info/RECORD", b"")
    return Built(f"{stem}-{tag}.whl", content.getvalue(), metadata)


def sdist(
    name: str,
    version: str,
    *,
    requires: Sequence[str] = (),
    metadata_version: str = "2.2",
    dynamic: Sequence[str] = (),
    requires_python: str | None = None,
    files: Mapping[str, bytes] | None = None,
    ending: str = ".tar.gz",
) -> Built:
    """An sdist with PKG-INFO and ``files``; ``ending`` .tar.gz, .tar.bz2 or .zip."""
    stem = f"{name}-{version}"
    info = core_metadata(name, version, requires, (), requires_python, metadata_version, dynamic)
    contents = {**(files or {}), "PKG-INFO": info}
    target = io.BytesIO()
    if ending == ".zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for path, data in contents.items():
                archive.writestr(f"{stem}/{path}", data)
    else:
        kind = {".tar.gz": "w:gz", ".tar.bz2": "w:bz2"}[ending]
        with tarfile.open(fileobj=target, mode=kind) as tar:  # type: ignore[call-overload]
            for path, data in contents.items():
                entry = tarfile.TarInfo(f"{stem}/{path}")
                entry.size = len(data)
                tar.addfile(entry, io.BytesIO(data))
    return Built(f"{stem}{ending}", target.getvalue())
