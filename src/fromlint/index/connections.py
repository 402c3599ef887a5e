"""Connections that are kept between requests, and can be broken off from another thread at any moment."""

from __future__ import annotations

from collections.abc import Callable
from threading import Lock, get_ident
from time import monotonic

from fromlint.index.address import Address, BadAddress, parse
from fromlint.index.machine import Machine, proxy_for
from fromlint.index.wording import shown
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import http.client
    import socket
    import ssl

    Place = tuple[str, int] | tuple[str, int, int, int] | tuple[int, bytes]

_NEVER = ("169.254.", "::ffff:169.254.", "fe8", "fe9", "fea", "feb", "fd00:ec2::254")
"""Link-local addresses, and the one that stands for them in Amazon's IPv6 networks: where clouds give credentials to
whoever asks. No package index is there."""
_LONGEST_HEAD = 16_000


class NoWay(Exception):
    """There is no way to the address, now or later in this run; the text says why."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Connections:
    """The open connections of a run, by origin. Safe for several threads."""

    def __init__(self, settings: Callable[[], Machine], patience: float) -> None:
        """``settings`` gives the machine's transport settings; ``patience`` is how many seconds to wait to connect."""
        self._settings = settings
        self._patience = patience
        self._lock = Lock()
        self._context_lock = Lock()
        self._context: ssl.SSLContext | None = None
        self._lookups: dict[tuple[str, int], Lock] = {}
        self._found: dict[tuple[str, int], list[tuple[int, Place]]] = {}
        self._idle: dict[tuple[str, str, int], list[http.client.HTTPConnection]] = {}
        self._busy: dict[int, tuple[float, http.client.HTTPConnection]] = {}
        self.opened = 0
        self.closed = False

    def take(self, address: Address, deadline: float) -> tuple[http.client.HTTPConnection, bool]:
        """A connection to ``address`` for this thread until ``deadline`` (monotonic), and whether it was used before.

        Raises NoWay, OSError.
        """
        if address.host.startswith(_NEVER[0]) or (":" in address.host and address.host.startswith(_NEVER)):
            raise NoWay(f"{shown(address.host)} is a link-local address, which is not asked")
        with self._lock:
            idle = self._idle.get(address.origin)
            connection = idle.pop() if idle else None
        if connection is None:
            return self._connect(address, deadline), False
        self._register(connection, deadline)
        connection.sock.settimeout(max(0.01, deadline - monotonic()))
        return connection, True

    def give_back(self, address: Address, connection: http.client.HTTPConnection) -> None:
        """Keep a connection for the next request."""
        with self._lock:
            self._busy.pop(get_ident(), None)
            if not self.closed:
                self._idle.setdefault(address.origin, []).append(connection)
                return
        _close(connection)

    def drop(self) -> None:
        """Close this thread's connection, if it has one."""
        with self._lock:
            _, connection = self._busy.pop(get_ident(), (0.0, None))
        if connection is not None:
            _close(connection)

    def proxy(self, address: Address) -> str | None:
        """The URL of the proxy that leads to ``address``, None where it is reached directly."""
        return proxy_for(self._settings(), address.scheme, address.host, address.port)

    def cut_overdue(self) -> float:
        """Break off what is past its deadline, however slowly it still drips; seconds until the next may be."""
        now = monotonic()
        with self._lock:
            busy = [*self._busy.values()]
        for deadline, connection in busy:
            if deadline <= now:
                _cut(connection)
        return max(0.05, min((deadline - now for deadline, _ in busy if deadline > now), default=1.0))

    def close(self) -> None:
        """Break everything off."""
        self.closed = True
        with self._lock:
            busy = [connection for _, connection in self._busy.values()]
            idle = [connection for kept in self._idle.values() for connection in kept]
            self._idle.clear()
        for connection in busy:
            _cut(connection)
        for connection in idle:
            _close(connection)

    def _register(self, connection: http.client.HTTPConnection, deadline: float) -> None:
        with self._lock:
            self._busy[get_ident()] = (deadline, connection)

    def _connect(self, address: Address, deadline: float) -> http.client.HTTPConnection:
        import http.client

        proxy = self.proxy(address)
        way = address
        if proxy is not None:
            try:
                way = parse(proxy)
            except BadAddress:
                raise NoWay("the proxy that this machine names is not one of http or https") from None
        with self._lock:
            self.opened += 1
        patience = max(0.01, min(self._patience, deadline - monotonic()))
        connection = http.client.HTTPConnection(way.host, way.port, timeout=patience)
        self._register(connection, deadline)
        connection.sock = self._dial(way.host, way.port, patience)
        connection.sock.settimeout(max(0.01, deadline - monotonic()))
        if way.scheme == "https":
            self._secure(connection, way.host)
        if proxy is not None and address.scheme == "https":
            _tunnel(connection.sock, address, way)
            self._secure(connection, address.host)
        return connection

    def _dial(self, host: str, port: int, patience: float) -> socket.socket:
        """A connected socket. A host is looked up once, and the address that worked is tried first afterwards."""
        import socket

        with self._lock:
            lookup = self._lookups.setdefault((host, port), Lock())
        with lookup:
            found = self._found.get((host, port))
            if found is None:
                found = [
                    (family, place)
                    for family, _, _, _, place in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
                ]
                self._found[host, port] = found
        problem = OSError("no address")
        for family, place in found:
            if str(place[0]).lower().startswith(_NEVER):
                raise NoWay(f"{shown(host)} is a link-local address, which is not asked")
            connected = socket.socket(family, socket.SOCK_STREAM)
            try:
                connected.settimeout(patience)
                connected.connect(place)
                connected.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            except OSError as failure:
                connected.close()
                problem = failure
                continue
            if found[0] != (family, place):
                self._found[host, port] = sorted(found, key=lambda other: other != (family, place))
            return connected
        raise problem

    def _secure(self, connection: http.client.HTTPConnection, host: str) -> None:
        """TLS over the connection's socket. The handshake is made apart, so that it can be cut off too."""
        with self._context_lock:
            if self._context is None:
                self._context = _context(self._settings())
        connection.sock = self._context.wrap_socket(
            connection.sock, server_hostname=host, do_handshake_on_connect=False
        )
        connection.sock.do_handshake()


def basic(login: str, password: str) -> str:
    """The value of an ``Authorization`` header (RFC 7617)."""
    from base64 import b64encode

    return "Basic " + b64encode(f"{login}:{password}".encode()).decode("ascii")


def _tunnel(way: socket.socket, address: Address, proxy: Address) -> None:
    """Have the proxy connect to ``address`` (RFC 9110, CONNECT). Raises NoWay, OSError."""
    host = f"[{address.host}]" if ":" in address.host else address.host
    lines = [f"CONNECT {host}:{address.port} HTTP/1.1", f"Host: {host}:{address.port}"]
    if proxy.login is not None:
        lines.append(f"Proxy-Authorization: {basic(proxy.login, proxy.password or '')}")
    way.sendall("\r\n".join((*lines, "", "")).encode("latin-1"))
    said = b""
    while not said.endswith(b"\r\n\r\n"):
        piece = way.recv(1)  # byte by byte: what follows the head belongs to TLS
        if not piece or len(said) > _LONGEST_HEAD:
            raise NoWay("the proxy answers with something that is not HTTP")
        said += piece
    protocol, _, rest = said.partition(b" ")
    status = rest[:3].decode("latin-1")
    if not protocol.startswith(b"HTTP/1.") or not status.isdecimal():
        raise NoWay("the proxy answers with something that is not HTTP")
    if status != "200":
        raise NoWay(f"the proxy does not let {address.place} be reached ({status})")


def _cut(connection: http.client.HTTPConnection) -> None:
    """Make whoever waits on this connection wake up with an error. The socket stays for its own thread to close."""
    import socket

    waiting = connection.sock
    if waiting is not None:
        try:
            # the plain shutdown: that of a TLS socket takes the state away that the other thread reads with
            socket.socket.shutdown(waiting, socket.SHUT_RDWR)
        except OSError:
            return


def _close(connection: http.client.HTTPConnection) -> None:
    try:
        connection.close()
    except OSError:
        return


def _context(settings: Machine) -> ssl.SSLContext:
    """The TLS context by the machine's settings. Raises NoWay."""
    import os
    import ssl

    context = ssl.create_default_context()
    try:
        if settings.certificates:
            folder = os.path.isdir(settings.certificates)
            context.load_verify_locations(**{"capath" if folder else "cafile": settings.certificates})
        elif not context.get_ca_certs() and not os.path.isdir(ssl.get_default_verify_paths().capath or ""):
            try:
                import certifi  # type: ignore[import-not-found, unused-ignore]
            except ImportError:
                pass
            else:
                context.load_verify_locations(cafile=certifi.where())
        if settings.client_certificate:
            context.load_cert_chain(settings.client_certificate)
    except OSError:  # ssl.SSLError is one
        raise NoWay("the certificates that this machine's configuration names cannot be read") from None
    return context
