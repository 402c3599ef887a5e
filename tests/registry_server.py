"""An image registry on the loopback interface, with made-up images: honest by default, and lying where it is told to.

    with RegistryServer(login=("somebody", "secret")) as server:
        server.image("team/app", "1.0", [layer({"etc/os-release": "ID=alpine"})])
        ...  # ask server.host

It answers manifests and blobs (OCI distribution specification 1.1) and, where it has a login, gives tokens. ``lies`` has
bodies by path that take the place of the true ones; ``elsewhere`` sends the client from a path to another address.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import io
import json
import tarfile
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

MANIFEST = "application/vnd.oci.image.manifest.v1+json"
INDEX = "application/vnd.oci.image.index.v1+json"


class Asked(NamedTuple):
    """A request that arrived: its path, and what it showed as Authorization ("" for nothing)."""

    path: str
    authorization: str


def layer(files: Mapping[str, str | bytes], links: Mapping[str, str] = {}, *, compressed: bool = True) -> bytes:
    """A layer with files and symbolic links; a name that ends in a slash is a folder."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for name, content in files.items():
            data = content.encode() if isinstance(content, str) else content
            member = tarfile.TarInfo(name.rstrip("/"))
            member.type = tarfile.DIRTYPE if name.endswith("/") else tarfile.REGTYPE
            member.size = len(data)
            archive.addfile(member, io.BytesIO(data))
        for name, target in links.items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, target
            archive.addfile(member)
    return gzip.compress(out.getvalue(), 1) if compressed else out.getvalue()


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class RegistryServer:
    """The server; use it as a context manager. ``kind``: what it asks for where it has a login, Bearer or Basic."""

    def __init__(self, *, login: tuple[str, str] | None = None, kind: str = "Bearer", realm: str | None = None) -> None:
        self.login = login
        self.kind = kind
        self.seen: list[Asked] = []
        self.lies: dict[str, bytes] = {}
        self.elsewhere: dict[str, str] = {}
        self._held: dict[str, tuple[str, bytes]] = {}
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        self.host = f"localhost:{self._server.server_address[1]}"
        self.realm = realm or f"http://{self.host}/token"
        self.secured = login is not None

    def __enter__(self) -> RegistryServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def image(
        self,
        repository: str,
        tag: str,
        layers: Sequence[bytes],
        config: Mapping[str, object] = {},
        *,
        platform: str = "linux/amd64",
        changed: Mapping[str, object] = {},
    ) -> str:
        """Publish an image; the digest of its manifest. ``changed``: keys of the manifest that are to be otherwise."""
        system, architecture = platform.split("/")[:2]
        written = json.dumps({"os": system, "architecture": architecture, "config": dict(config)}).encode()
        manifest = {
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": self._blob(repository, written),
            "layers": [self._blob(repository, each) for each in layers],
            **changed,
        }
        return self._manifest(repository, tag, json.dumps(manifest).encode(), MANIFEST)

    def list(self, repository: str, tag: str, images: Mapping[str, str]) -> str:
        """Publish a list of manifests: the digest of each platform's."""
        entries = []
        for platform, named in images.items():
            system, architecture, *variant = platform.split("/")
            about = {"os": system, "architecture": architecture, **({"variant": variant[0]} if variant else {})}
            size = len(self._held[f"/v2/{repository}/manifests/{named}"][1])
            entries.append({"mediaType": MANIFEST, "digest": named, "size": size, "platform": about})
        # As BuildKit adds it to every image.
        entries.append({**entries[0], "platform": {"os": "unknown", "architecture": "unknown"}})
        return self._manifest(repository, tag, json.dumps({"schemaVersion": 2, "manifests": entries}).encode(), INDEX)

    def asked(self, path: str) -> int:
        """How many requests came for a path that begins so."""
        return sum(1 for request in self.seen if request.path.startswith(path))

    def _blob(self, repository: str, data: bytes) -> dict[str, object]:
        self._held[f"/v2/{repository}/blobs/{digest(data)}"] = "application/octet-stream", data
        return {"mediaType": "application/octet-stream", "digest": digest(data), "size": len(data)}

    def _manifest(self, repository: str, tag: str, data: bytes, kind: str) -> str:
        for name in (tag, digest(data)):
            self._held[f"/v2/{repository}/manifests/{name}"] = kind, data
        return digest(data)

    def answer(self, path: str, query: str, authorization: str) -> tuple[int, dict[str, str], bytes]:
        """Status, headers and body for a request."""
        self.seen.append(Asked(path, authorization))
        basic = "Basic " + base64.b64encode(":".join(self.login or ("", "")).encode()).decode()
        if path == "/token":
            scope = parse_qs(query).get("scope", [""])[0]
            if self.login is not None and authorization != basic:
                return 401, {}, b""
            return 200, {"Content-Type": "application/json"}, json.dumps({"token": f"for-{scope}"}).encode()
        repository = path.removeprefix("/v2/").rpartition("/manifests/")[0] or path[4:].rpartition("/blobs/")[0]
        scope = f"repository:{repository}:pull"
        wanted = basic if self.kind == "Basic" else f"Bearer for-{scope}"
        if self.secured and authorization != wanted:
            challenge = f'{self.kind} realm="{self.realm}",service="made up",scope="{scope}"'
            return 401, {"WWW-Authenticate": challenge if self.kind == "Bearer" else 'Basic realm="x"'}, b"{}"
        if path in self.elsewhere:
            return 307, {"Location": self.elsewhere[path]}, b""
        kind, data = self._held.get(path, ("", b""))
        data = self.lies.get(path, data)
        return (200, {"Content-Type": kind}, data) if kind else (404, {}, b'{"errors":[{"code":"MANIFEST_UNKNOWN"}]}')


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    # With the usual five, a connection of a busy moment is made a second later.
    request_queue_size = 256


def _handler(registry: RegistryServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            status, headers, body = registry.answer(parts.path, parts.query, self.headers.get("Authorization", ""))
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            try:
                self.wfile.write(body)
            except OSError:
                self.close_connection = True

    return Handler
