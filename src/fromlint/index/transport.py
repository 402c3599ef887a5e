"""HTTP requests: bounded in time and size, repeated where that helps, with credentials only for whom they are meant.

Nothing of http, ssl or socket is imported before the first request.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from threading import Lock
from time import monotonic, sleep

from fromlint.index.address import Address, BadAddress, parse
from fromlint.index.budget import Budget, Times
from fromlint.index.connections import Connections, NoWay, basic
from fromlint.index.machine import Machine, credentials_in_keyring, credentials_in_netrc, machine
from fromlint.index.refusal import Refused
from fromlint.index.wording import shown
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    import http.client
    import zlib

    Origin = tuple[str, str, int]

_CHUNK = 1 << 16
_MOST_REDIRECTS = 5
_MOST_TRIES = 3
_LONGEST_PAUSE = 5.0
_TRY_AGAIN = frozenset({429, 500, 502, 503, 504})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class Answer(NamedTuple):
    """What a server answered: header names are lower case, ``url`` is the last one asked, without credentials.

    ``whole`` is false where the reading was stopped on purpose.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    whole: bool


class _Again(Exception):
    """The try failed in a way that a further one, after ``pause`` seconds, may not."""

    def __init__(self, reason: str, pause: float = 0.0, status: int | None = None) -> None:
        super().__init__(reason)
        self.reason = reason
        self.pause = pause
        self.status = status


class Wanted(NamedTuple):
    """What to ask for and how much of it.

    At most ``limit`` bytes, after decompression. ``accept``: the statuses that count as an answer. ``enough`` is
    given every piece of the body and ends the reading when it says so; the pieces are then not kept; ``begin`` is
    called before the first of them, again where a try is repeated. ``authorization`` is the header's value for the
    address that is asked and what it redirects to on the same host, "" for none; None: the machine's stores have a say.
    """

    limit: int
    headers: Mapping[str, str] = {}
    accept: frozenset[int] = frozenset({200})
    enough: Callable[[bytes], bool] | None = None
    begin: Callable[[], None] | None = None
    authorization: str | None = None


class Transport:
    """Makes the requests of one run. Safe for several threads."""

    def __init__(self, budget: Budget, environ: Mapping[str, str], times: Times) -> None:
        self._budget = budget
        self._environ = environ
        self._times = times
        self._lock = Lock()
        self._machine: Machine | None = None
        self._down: dict[Origin, str] = {}
        self._answered: set[Origin] = set()
        self._logins: dict[Origin, tuple[str, str] | None] = {}
        self._names: dict[Origin, str] = {}
        self._indexes: dict[Origin, list[str]] = {}
        self.connections = Connections(self.machine, times.connect)
        self.requests = 0
        self.received = 0

    def machine(self) -> Machine:
        """The machine's transport settings, read on first use."""
        with self._lock:
            if self._machine is None:
                self._machine = machine(self._environ)
            return self._machine

    def close(self) -> None:
        """Break everything off; nothing can be asked afterwards."""
        self.connections.close()

    def introduce(self, url: str) -> None:
        """Use the credentials in ``url``, if any, for its scheme, host and port from now on."""
        try:
            address = parse(url)
        except BadAddress:
            return
        if address.login is not None:
            self._logins[address.origin] = (address.login, address.password or "")
            if address.password is None:
                self._names[address.origin] = address.login

    def index(self, url: str) -> None:
        """Take note of an index: a keyring may have its credentials under its address."""
        try:
            address = parse(url)
        except BadAddress:
            return
        known = self._indexes.setdefault(address.origin, [])
        whole = address.url.rstrip("/") + "/"
        if whole not in known:
            known.append(whole)

    def get(self, url: str, wanted: Wanted) -> Answer:
        """Ask for ``url``. Raises Refused."""
        self.introduce(url)
        try:
            address = parse(url)
        except BadAddress as problem:
            raise Refused(str(problem)) from None
        tries = 0
        while True:
            tries += 1
            try:
                return self._follow(address, wanted)
            except _Again as problem:
                pause = max(problem.pause, self._times.pause * tries)
                if tries >= _MOST_TRIES or self.connections.closed or pause >= self._budget.left:
                    raise Refused(problem.reason, problem.status) from None
                self._wait(pause)

    def _wait(self, seconds: float) -> None:
        until = monotonic() + seconds
        while not self.connections.closed and (left := until - monotonic()) > 0:
            sleep(min(left, 0.05))

    def _follow(self, address: Address, wanted: Wanted) -> Answer:
        """The answer, after redirects and a look into the keyring. Raises Refused and _Again."""
        own = wanted.authorization is None
        authorization = self._from_stores(address) if own else wanted.authorization
        asked_keyring = False
        for _ in range(_MOST_REDIRECTS + 1):
            answer = self._once(address, authorization, wanted)
            if answer.status in wanted.accept:
                return answer
            if answer.status in _REDIRECTS and answer.headers.get("location"):
                onward = _onward(address, answer.headers["location"])
                if not _same_recipient(address, onward):
                    authorization = None
                address = onward
                continue
            if answer.status == 401 and own and not asked_keyring and _confidential(address):
                asked_keyring = True
                login = self._names.get(address.origin)
                found = credentials_in_keyring(self.machine().keyring, self._services(address), login)
                if found is not None and basic(*found) != authorization:
                    self._logins[address.origin] = found
                    authorization = basic(*found)
                    continue
            raise Refused(_status_reason(address, answer.status, bool(authorization)), answer.status)
        raise Refused(f"{address.place} redirects again and again")

    def _services(self, address: Address) -> Iterator[str]:
        """What a keyring may have credentials under: the index that is nearest to an address, and its host (pip)."""
        from posixpath import commonpath

        known = self._indexes.get(address.origin, ())
        nearest = max(known, key=lambda url: len(commonpath([url, address.url])), default="")
        if nearest:
            yield nearest
        yield address.place

    def _from_stores(self, address: Address) -> str | None:
        settings = self.machine()
        with self._lock:
            if address.origin not in self._logins:
                self._logins[address.origin] = (
                    credentials_in_netrc(settings.netrc, address.host) if _confidential(address) else None
                )
            login = self._logins[address.origin]
        return None if login is None else basic(*login)

    def _once(self, address: Address, authorization: str | None, wanted: Wanted) -> Answer:
        """One request and its answer. Raises Refused and _Again."""
        import http.client

        if (down := self._down.get(address.origin)) is not None:
            raise Refused(down)
        if self.connections.closed or self._budget.left <= 0:
            raise Refused(self._used_up())
        deadline = monotonic() + min(self._times.request, self._budget.left)
        kept = heard = reusable = False
        try:
            connection, kept = self.connections.take(address, deadline)
            with self._lock:
                self.requests += 1
            connection.request("GET", *self._head(address, authorization, wanted))
            response = connection.getresponse()
            heard = True
            self._answered.add(address.origin)
            answer, reusable = self._read(response, address, wanted, deadline)
        except NoWay as problem:
            raise self._gives_up(address, problem.reason) from None
        except TimeoutError:
            raise self._silent(address) from None
        except (http.client.HTTPException, OSError, EOFError, ValueError) as problem:
            if self.connections.closed or monotonic() >= deadline:
                raise self._silent(address) from None
            if kept and not heard:
                raise _Again(f"{address.place} closed the connection") from None
            raise self._failure(address, problem) from None
        finally:
            if not reusable:
                self.connections.drop()
        if reusable:
            self.connections.give_back(address, connection)
        if answer.status in _TRY_AGAIN and answer.status not in wanted.accept:
            reason = _status_reason(address, answer.status, False)
            raise _Again(reason, _retry_after(answer.headers), answer.status)
        return answer

    def _head(self, address: Address, authorization: str | None, wanted: Wanted) -> tuple[str, None, dict[str, str]]:
        """Target, body and headers of a request."""
        headers = {
            "Host": address.place,
            "Accept": "*/*",
            "Accept-Encoding": "gzip",
            "User-Agent": "fromlint",
            **wanted.headers,
        }
        if authorization:
            headers["Authorization"] = authorization
        target = address.target
        if address.scheme == "http" and (proxy := self.connections.proxy(address)) is not None:
            target = address.url
            way = parse(proxy)
            if way.login is not None:
                headers["Proxy-Authorization"] = basic(way.login, way.password or "")
        return target, None, headers

    def _read(
        self, response: http.client.HTTPResponse, address: Address, wanted: Wanted, deadline: float
    ) -> tuple[Answer, bool]:
        """The answer, and whether its connection can be used again. Raises Refused, EOFError and what http raises."""
        headers = {name.lower(): value for name, value in response.getheaders()}
        status = response.status
        if status not in wanted.accept:
            # what an error page says is of no use: it is read, if short, to keep the connection
            response.read(_CHUNK)
            done = response.isclosed() or not response.read(1)
            return Answer(status, headers, b"", address.url, done), done and not response.will_close
        encoding = headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "gzip", "x-gzip", ""):
            raise Refused(f"{address.place} answers in an encoding that was not asked for: {shown(encoding, 20)}")
        inflate = None
        if encoding.endswith("gzip"):
            from zlib import MAX_WBITS, decompressobj

            inflate = decompressobj(MAX_WBITS | 16)
        elif wanted.enough is None and (response.length or 0) > wanted.limit:
            raise Refused(_too_long(address, wanted.limit))
        if wanted.begin is not None:
            wanted.begin()
        pieces: list[bytes] = []
        size = 0
        while raw := response.read1(_CHUNK):
            with self._lock:
                self.received += len(raw)
            if monotonic() > deadline:
                raise TimeoutError
            while raw:
                piece, raw = (raw, b"") if inflate is None else _inflated(inflate, raw, address)
                size += len(piece)
                if wanted.enough is None:
                    pieces.append(piece)
                elif wanted.enough(piece):
                    return Answer(status, headers, b"", address.url, False), False
                if size > wanted.limit:
                    raise Refused(_too_long(address, wanted.limit))
        if monotonic() >= deadline:
            raise TimeoutError  # what looks like the end is that it was broken off
        if response.length or (inflate is not None and not inflate.eof and size):
            raise EOFError
        response.close()  # read1 leaves an answer open that it has read to its end
        return Answer(status, headers, b"".join(pieces), address.url, True), not response.will_close

    # --- what went wrong ------------------------------------------------------------------------------------------

    def _used_up(self) -> str:
        return f"the time budget of {self._budget.seconds:g} s is used up"

    def _silent(self, address: Address) -> Refused:
        if self.connections.closed or self._budget.left <= 0.01:
            return Refused(self._used_up())
        reason = f"{address.place} does not answer in time"
        return Refused(reason) if address.origin in self._answered else self._gives_up(address, reason)

    def _gives_up(self, address: Address, reason: str) -> Refused:
        """What cannot be reached now is not asked again in this run."""
        self._down[address.origin] = reason
        return Refused(reason)

    def _failure(self, address: Address, problem: Exception) -> Exception:
        """What to raise for an error of the standard library's."""
        import http.client
        import socket
        import ssl

        place = address.place
        if isinstance(problem, (http.client.IncompleteRead, EOFError)):
            return _Again(f"the answer of {place} breaks off")
        if isinstance(problem, ConnectionRefusedError):
            return self._gives_up(address, f"{place} refuses the connection")
        if isinstance(problem, ConnectionError):  # http.client.RemoteDisconnected is one
            return _Again(f"{place} breaks the connection off")
        if isinstance(problem, socket.gaierror):
            return self._gives_up(address, f"there is no host named {shown(address.host)}, or no network")
        if isinstance(problem, ssl.SSLCertVerificationError):
            return self._gives_up(
                address, f"the certificate of {place} is not trusted: {shown(problem.verify_message)}"
            )
        if isinstance(problem, ssl.SSLError):
            return self._gives_up(address, f"no secure connection to {place}: {shown(problem.reason or 'TLS')}")
        if isinstance(problem, OSError):
            return self._gives_up(address, f"{place} cannot be reached: {shown(problem.strerror or 'no route')}")
        return Refused(f"{place} answers with something that is not HTTP")


def _inflated(inflate: zlib._Decompress, raw: bytes, address: Address) -> tuple[bytes, bytes]:
    """A piece of at most 1 MB, and what is left of ``raw``. Raises Refused."""
    from zlib import error

    try:
        return inflate.decompress(raw, 1 << 20), inflate.unconsumed_tail
    except error:
        raise Refused(f"the answer of {address.place} cannot be decompressed") from None


def _onward(address: Address, location: str) -> Address:
    """Where a redirect leads. Raises Refused where it is not followed."""
    from urllib.parse import urljoin

    try:
        onward = parse(urljoin(address.url, location[:_CHUNK]))
    except (BadAddress, ValueError):
        raise Refused(f"{address.place} redirects to something that is no address") from None
    if address.scheme == "https" and onward.scheme != "https":
        raise Refused(f"{address.place} redirects from https to http, which is not followed")
    if is_loopback(onward.host) and not is_loopback(address.host):
        raise Refused(f"{address.place} redirects to this machine, which is not followed")
    return onward


def is_loopback(host: str) -> bool:
    """Whether a host is this machine itself."""
    return host in ("localhost", "::1") or (host.startswith("127.") and host.replace(".", "").isdecimal())


def _confidential(address: Address) -> bool:
    """Whether credentials of the machine's stores may go there: never in clear text over a network."""
    return address.scheme == "https" or is_loopback(address.host)


def _same_recipient(before: Address, after: Address) -> bool:
    """Whether credentials stay good after a redirect: same origin, or the same host's step up to https."""
    if before.host != after.host:
        return False
    return before.origin == after.origin or (before.port, after.port, after.scheme) == (80, 443, "https")


def _retry_after(headers: Mapping[str, str]) -> float:
    """The seconds that a server asks to wait; infinite where that is too long. A date counts as the longest pause."""
    text = headers.get("retry-after", "").strip()
    if not text:
        return 0.0
    if not text.isdecimal():
        return _LONGEST_PAUSE
    return float(text) if len(text) < 6 and float(text) <= _LONGEST_PAUSE else float("inf")


def _too_long(address: Address, limit: int) -> str:
    return f"the answer of {address.place} is longer than {limit / 1_000_000:g} MB"


def _status_reason(address: Address, status: int, known: bool) -> str:
    place = address.place
    if status == 401:
        return f"{place} does not accept the credentials (401)" if known else f"{place} asks for credentials (401)"
    if status == 403:
        return f"{place} forbids it (403)"
    if status == 429:
        return f"{place} asks for fewer requests (429)"
    return f"{place} answers with status {status}"
