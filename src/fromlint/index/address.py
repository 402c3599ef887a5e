"""Index and file addresses: taken apart, cleaned, and told apart by where credentials may go."""

from __future__ import annotations

from fromlint.named_tuple import NamedTuple


class BadAddress(Exception):
    """Not an address that can be asked; the text says why."""


class Address(NamedTuple):
    """An http or https address. ``host`` is lower case; ``target`` is path and query; ``login`` and
    ``password`` are those of the URL itself, None where it holds none."""

    scheme: str
    host: str
    port: int
    target: str
    login: str | None = None
    password: str | None = None

    @property
    def origin(self) -> tuple[str, str, int]:
        """What credentials are bound to: scheme, host and port."""
        return self.scheme, self.host, self.port

    @property
    def place(self) -> str:
        """Host and port as they stand in a URL, the scheme's own port left out."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def url(self) -> str:
        """The address without credentials."""
        return f"{self.scheme}://{self.place}{self.target}"


_PORTS = {"http": 80, "https": 443}
_LONGEST = 4_000


def parse(url: str) -> Address:
    """``url`` taken apart. Letters beyond ASCII are encoded as browsers do. Raises BadAddress."""
    from urllib.parse import quote, unquote, urlsplit

    if len(url) > _LONGEST:
        raise BadAddress("its address is too long")
    if not url.isprintable() or " " in url or "\\" in url:
        raise BadAddress("its address holds characters that no address has")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = parts.hostname or ""
        if not host.isascii():
            host = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        raise BadAddress("its address cannot be read") from None
    if parts.scheme not in _PORTS:
        if parts.scheme == "file":
            raise BadAddress("a local folder is no index that can be asked")
        raise BadAddress("its address is not one of http or https")
    if not host or not host.replace("-", "").replace(".", "").replace("_", "").replace(":", "").isalnum():
        raise BadAddress("its address names no host")
    target = quote(parts.path or "/", safe="/%:@!$&'()*+,;=~")
    if parts.query:
        target += "?" + quote(parts.query, safe="/%:@!$&'()*+,;=~?")
    return Address(
        parts.scheme,
        host,
        _PORTS[parts.scheme] if port is None else port,
        target,
        None if parts.username is None else unquote(parts.username),
        None if parts.password is None else unquote(parts.password),
    )


def without_credentials(url: str) -> str:
    """``url`` as it may be shown, kept and compared. Cheap where there is nothing to take away; never raises."""
    if "@" in url:
        scheme, slashes, rest = url.partition("://")
        place, slash, path = rest.partition("/")
        url = f"{scheme}{slashes}{place.rpartition('@')[2]}{slash}{path}" if slashes else url
    return url


def permitted(address: Address, patterns: tuple[str, ...] | None) -> bool:
    """Whether a setting lets an index be asked.

    A pattern is a host (``*.corp.example``), or a URL (``https://pypi.corp.example/team/*``); ``*`` and ``?`` stand
    for any letters, but never carry host letters over into the path. None permits every index.
    """
    if patterns is None:
        return True
    from fnmatch import fnmatchcase

    path = address.target.partition("?")[0].rstrip("/") + "/"
    roundabout = "/../" in path or "/./" in path or "%2e" in path.lower()
    for pattern in patterns:
        scheme, slashes, rest = pattern.rpartition("://")
        host, _, below = rest.partition("/")
        if not fnmatchcase(address.host if ":" not in host else address.place, host.lower()):
            continue
        if slashes and scheme.lower() != address.scheme:
            continue
        below = below.rstrip("/")
        if not below or (not roundabout and (fnmatchcase(path, f"/{below}/") or fnmatchcase(path, f"/{below}/*"))):
            return True
    return False
