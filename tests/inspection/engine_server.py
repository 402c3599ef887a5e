"""An engine on a socket of this machine, which speaks the part of Docker's API that is asked: honest by default.

It sends images as ``docker save`` has written them over the years: a folder a layer, or an OCI layout.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import socketserver
import tarfile
import threading
from collections.abc import Mapping, Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import unquote


def digest(data: bytes) -> str:
    return "sha256:" + hashlib.sha256(data).hexdigest()


class EngineServer:
    """The server; use it as a context manager. ``said`` and ``sent`` are its answers by image name."""

    def __init__(self, folder: Path) -> None:
        self.socket = folder / "engine.sock"
        self.seen: list[str] = []
        self.said: dict[str, bytes] = {}
        self.sent: dict[str, bytes] = {}
        self._server = _Server(str(self.socket), _handler(self))

    def __enter__(self) -> EngineServer:
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def environ(self) -> dict[str, str]:
        return {"DOCKER_HOST": f"unix://{self.socket}"}

    def image(
        self,
        name: str,
        layers: Sequence[bytes],
        config: Mapping[str, object] = {},
        *,
        architecture: str = "amd64",
        layout: bool = False,
    ) -> None:
        """Have an image of these layers, the lowest first, each a plain tar archive."""
        identity = digest(repr((name, layers)).encode())
        said = {
            "Id": identity,
            "Os": "linux",
            "Architecture": architecture,
            "Config": dict(config),
            "RootFS": {"Type": "layers", "Layers": [digest(each) for each in layers]},
        }
        self.said[name] = json.dumps(said).encode()
        padded = json.dumps({"config": {}, "history": ["x" * 2000]}).encode()
        files = {f"{identity[7:]}.json": padded, "manifest.json": b"[" + padded + b"]"}
        for number, each in enumerate(layers):
            if layout:
                packed = gzip.compress(each)
                files[f"blobs/sha256/{digest(packed)[7:]}"] = packed
            else:
                files |= {f"{number}/VERSION": b"1.0", f"{number}/json": padded, f"{number}/layer.tar": each}
        self.sent[name] = archive(files)

    def answer(self, path: str) -> tuple[int, bytes]:
        self.seen.append(path)
        name, _, what = unquote(path).removeprefix("/images/").rpartition("/")
        found = (self.said if what == "json" else self.sent).get(name)
        return (200, found) if found is not None else (404, b'{"message":"No such image: \\u001b[31m"}')


def archive(files: Mapping[str, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as made:
        for name, data in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(data)
            made.addfile(member, io.BytesIO(data))
    return out.getvalue()


class _Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    daemon_threads = True


def _handler(engine: EngineServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def address_string(self) -> str:
            return ""

        def log_message(self, *_: object) -> None:
            return

        def do_GET(self) -> None:
            status, body = engine.answer(self.path)
            self.send_response(status)
            # As engines do, who do not know beforehand how much it will be.
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            try:
                for start in range(0, len(body), 5000):
                    piece = body[start : start + 5000]
                    self.wfile.write(f"{len(piece):x}\r\n".encode() + piece + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                self.close_connection = True

    return Handler
