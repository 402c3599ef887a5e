"""An image that Docker or Podman has on this machine, asked for by the API that both speak (Docker Engine API 1.24).

Only sockets of this machine are asked, and only for what they have: nothing is pulled, made or run. The engine sends
the image as one stream of layers, which is read as it comes.
"""

from __future__ import annotations

import json
import os
import socket
import stat
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection, HTTPException, HTTPResponse
from time import monotonic
from urllib.parse import quote

from fromlint.index import tar
from fromlint.index.refusal import Refused
from fromlint.index.wording import shown
from fromlint.inspection import manifests, reading
from fromlint.inspection.contents import Contents
from fromlint.inspection.layers import LARGEST_UNPACKED, Allowance, Layer, LayerReader, Root

SECONDS = 10.0
"""For an engine to answer, or to send the next piece."""

_PIECE = 1 << 18
_SMALLEST_LAYER = 20  # an empty tar archive, packed
# What docker save writes besides layers is JSON, and a file VERSION.
_NO_LAYER = (b"{", b"[")


def sockets(environ: Mapping[str, str]) -> tuple[str, ...]:
    """The sockets to ask: those that ``DOCKER_HOST`` and ``CONTAINER_HOST`` name, where they name any, else the usual
    ones of Docker and Podman. Only what is there.
    """
    named = [environ[name] for name in ("DOCKER_HOST", "CONTAINER_HOST") if environ.get(name)]
    if named:
        paths = [text.removeprefix("unix://") for text in named if text.startswith("unix://")]
    else:
        paths = ["/var/run/docker.sock", "/run/podman/podman.sock"]
        if folder := environ.get("XDG_RUNTIME_DIR"):
            paths += [f"{folder}/docker.sock", f"{folder}/podman/podman.sock"]
        if home := environ.get("HOME"):
            paths.append(f"{home}/.docker/run/docker.sock")
    return tuple(path for path in dict.fromkeys(map(os.path.realpath, paths)) if _is_socket(path))


def _is_socket(path: str) -> bool:
    try:
        return hasattr(socket, "AF_UNIX") and stat.S_ISSOCK(os.stat(path).st_mode)
    except (OSError, ValueError):
        return False


def look_at(
    path: str, name: str, platform: str, kept: Callable[[str], Contents | None], until: float
) -> tuple[str, Contents]:
    """The id of the engine's image of this name, and what it holds.

    ``kept`` gives what is known already of an image by its id; ``until`` is when to give up (``time.monotonic``).
    Raises Refused, with status 404 where the engine has no such image.
    """
    image = quote(name, safe="/:@")
    with _answer(path, f"/images/{image}/json") as answer:
        data = b"".join(_pieces(answer, until, manifests.LARGEST))
    identity, configuration, order = manifests.described(data)
    if configuration.platform.split("/")[:2] != platform.split("/")[:2]:
        raise Refused(f"the engine has it for {shown(configuration.platform)}", 404)
    known = kept(identity)
    if known is not None:
        return identity, known
    sent = Sent()
    with _answer(path, f"/images/{image}/get") as answer:
        for piece in _pieces(answer, until, LARGEST_UNPACKED):
            sent.feed(piece)
    layers = sent.finish()
    root = Root()
    for digest in dict.fromkeys(reversed(order)):
        if digest not in layers:
            raise Refused("the engine did not send all of its layers")
        root.put_below(layers[digest])
    return identity, reading.read(root, configuration, complete=True)


class Sent:
    """What ``/images/NAME/get`` sends: an archive of the layers and what is said of them, in whatever order."""

    def __init__(self) -> None:
        self._allowance = Allowance()
        self._reader = tar.Reader(
            lambda member: 0, lambda member, content: None, largest=LARGEST_UNPACKED, pour=self._pour
        )
        self._blobs: list[_Blob] = []

    def feed(self, piece: bytes) -> None:
        """Raises Refused."""
        try:
            self._reader.feed(piece)
        except tar.Damaged as problem:
            raise Refused(f"what the engine sends cannot be read: {problem}") from None

    def finish(self) -> dict[str, Layer]:
        """The layers by their digests. Raises Refused."""
        try:
            self._reader.close()
        except tar.Damaged as problem:
            raise Refused(f"what the engine sends cannot be read: {problem}") from None
        readers = [blob.layer for blob in self._blobs if blob.layer is not None]
        return {reader.digest: reader.finish() for reader in readers}

    def _pour(self, member: tar.Member) -> Callable[[bytes], None] | None:
        if member.size < _SMALLEST_LAYER:
            return None
        self._blobs.append(_Blob(self._allowance))
        return self._blobs[-1].feed


class _Blob:
    """A file of what is sent: a layer, or something that is said of one."""

    def __init__(self, allowance: Allowance) -> None:
        self._allowance = allowance
        self._started = False
        self.layer: LayerReader | None = None

    def feed(self, piece: bytes) -> None:
        """Raises Refused."""
        if not self._started:
            self._started = True
            self.layer = None if piece.startswith(_NO_LAYER) else LayerReader(None, self._allowance)
        if self.layer is not None:
            self.layer.feed(piece)


class _Connection(HTTPConnection):
    """HTTP over a socket of this machine."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)


@contextmanager
def _answer(path: str, target: str) -> Iterator[HTTPResponse]:
    """The engine's answer, where it is one. Raises Refused."""
    connection = _Connection(path)
    try:
        connection.request("GET", target, headers={"Accept-Encoding": "identity"})
        answer = connection.getresponse()
        if answer.status != 200:
            said = _message(answer.read(1 << 16))
            raise Refused(f"the engine answers with status {answer.status}{said}", answer.status)
        yield answer
    except (OSError, HTTPException, ValueError) as problem:
        raise Refused(f"the engine at {shown(path)} does not answer ({type(problem).__name__})") from None
    finally:
        connection.close()


def _pieces(answer: HTTPResponse, until: float, limit: int) -> Iterator[bytes]:
    """What is sent, as it comes. Raises Refused."""
    while piece := answer.read1(_PIECE):
        limit -= len(piece)
        if limit < 0:
            raise Refused("the engine sends too much")
        if monotonic() > until:
            raise Refused("the engine takes too long")
        yield piece


def _message(data: bytes) -> str:
    try:
        said = json.loads(data).get("message")
    except (ValueError, AttributeError, RecursionError):
        return ""
    return f": {shown(said)}" if isinstance(said, str) else ""
