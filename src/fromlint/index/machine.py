"""What this machine's own configuration says about transport: a mirror, proxies, certificates, credentials.

It says nothing about the image: an extra index of the machine, say, is never asked. Read once, and only
when the network is really needed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from fromlint.named_tuple import NamedTuple

# Seconds: a keyring may be a service on another machine, but must not hold up a check.
_LONGEST_KEYRING = 10


class Machine(NamedTuple):
    """Transport settings.

    ``index_url`` replaces the default index (it may hold credentials), None where nothing does. ``proxies`` are by
    scheme (``http``, ``https``). ``unproxied`` are host names or suffixes, ``*`` for all. ``certificates`` is a
    file or folder of authorities to trust instead of the system's, ``client_certificate`` a PEM file with
    key. ``netrc`` is the path of a netrc file, which may not exist. ``keyring`` is how a keyring is asked: auto and
    import by its Python interface, subprocess by the program, disabled not at all.
    """

    index_url: str | None = None
    proxies: Mapping[str, str] = {}
    unproxied: tuple[str, ...] = ()
    certificates: str | None = None
    client_certificate: str | None = None
    netrc: str | None = None
    keyring: str = "auto"


def machine(environ: Mapping[str, str]) -> Machine:
    """This machine's transport settings, as pip and uv would take them. Files that cannot be read say nothing.

    Sources: pip's ``index-url``, ``proxy``, ``cert``, ``client-cert`` (variables, then pip.conf), uv's
    ``UV_DEFAULT_INDEX``, ``UV_INDEX_URL``, uv.toml; the variables of curl and requests. ``SSL_CERT_FILE`` and
    ``SSL_CERT_DIR`` are OpenSSL's own and act without us.
    """
    pip = _pip(environ)

    def first(*names: str) -> str | None:
        return next((environ[name] for name in names if environ.get(name)), None)

    index = first("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL") or pip.get("index-url") or _uv_index(environ)
    if index is not None:
        # uv allows a name in front (name=https://…); a local folder is no transport
        start = index.find("http")
        index = index[start:] if start >= 0 and index.startswith(("http://", "https://"), start) else None
    proxies = {}
    everything = first("PIP_PROXY") or pip.get("proxy")
    for scheme in ("http", "https"):
        # a CGI program must not take HTTP_PROXY, which a client can set (httpoxy)
        upper = () if scheme == "http" and "REQUEST_METHOD" in environ else (f"{scheme.upper()}_PROXY",)
        proxy = everything or first(f"{scheme}_proxy", *upper, "all_proxy", "ALL_PROXY")
        if proxy:
            proxies[scheme] = proxy if "://" in proxy else f"http://{proxy}"
    without = first("no_proxy", "NO_PROXY") or ""
    return Machine(
        index_url=index,
        proxies=proxies,
        unproxied=tuple(part.strip().lower() for part in without.split(",") if part.strip()),
        certificates=first("PIP_CERT") or pip.get("cert") or first("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"),
        client_certificate=first("PIP_CLIENT_CERT") or pip.get("client-cert"),
        netrc=first("NETRC") or _home(environ, ".netrc"),
        keyring=_keyring(environ, pip),
    )


def _keyring(environ: Mapping[str, str], pip: Mapping[str, str]) -> str:
    """pip's ``keyring-provider``, else uv's. Without a keyring that is named pip's ``no-input`` asks none."""
    chosen = environ.get("PIP_KEYRING_PROVIDER") or pip.get("keyring-provider") or environ.get("UV_KEYRING_PROVIDER")
    silent = (environ.get("PIP_NO_INPUT") or pip.get("no-input") or "").lower() in ("1", "true", "yes", "on", "y", "t")
    if chosen in ("import", "subprocess", "disabled"):
        return chosen
    return "disabled" if silent else "auto"


def proxy_for(settings: Machine, scheme: str, host: str, port: int) -> str | None:
    """The proxy's URL for an address, None where it is to be reached directly."""
    proxy = settings.proxies.get(scheme)
    if proxy is None:
        return None
    host = host.lower()
    for part in settings.unproxied:
        if part == "*" or part in (host, f"{host}:{port}"):
            return None
        suffix = part.removeprefix("*").removeprefix(".")
        if suffix and host.endswith("." + suffix):
            return None
    return proxy


def credentials_in_netrc(path: str | None, host: str) -> tuple[str, str] | None:
    """Login and password that a netrc file has for ``host``, None where it has none or cannot be read."""
    if not path:
        return None
    from netrc import NetrcParseError, netrc

    try:
        found = netrc(path).hosts.get(host)
    except (OSError, NetrcParseError, UnicodeDecodeError):
        return None
    return (found[0], found[2] or "") if found else None


def credentials_in_keyring(provider: str, services: Iterable[str], login: str | None) -> tuple[str, str] | None:
    """Login and password that a keyring has for the first of the services, None where it has none or there is none.

    As pip's ``network/auth.py`` asks; but that with auto no program is started, which pip does where it finds one.
    """
    if provider == "disabled":
        return None
    ask = _by_program if provider == "subprocess" else _by_import
    try:
        for service in services:
            found = ask(service, login) if not service.startswith("-") else None
            if found is not None:
                return found
    except Exception:  # whatever a backend of the machine does must not stop a check
        return None
    return None


def _by_import(service: str, login: str | None) -> tuple[str, str] | None:
    import keyring  # type: ignore[import-not-found, unused-ignore]

    found = keyring.get_credential(service, login)
    return (found.username or "", found.password or "") if found is not None else None


def _by_program(service: str, login: str | None) -> tuple[str, str] | None:
    import json
    import subprocess

    words = ["keyring", "--mode=creds", "--output=json", "get", service, *([login] if login is not None else [])]
    done = subprocess.run(words, stdin=subprocess.DEVNULL, capture_output=True, timeout=_LONGEST_KEYRING, check=False)
    if done.returncode:
        return None
    found = json.loads(done.stdout)
    return str(found["username"]), str(found["password"])


def _home(environ: Mapping[str, str], *parts: str) -> str | None:
    import os

    home = environ.get("HOME")
    if not home:
        home = os.path.expanduser("~")
        if home == "~":
            return None
    return os.path.join(home, *parts)


def _existing(paths: Iterable[str | None]) -> list[str]:
    import os

    return [path for path in paths if path and os.path.isfile(path)]


def _pip(environ: Mapping[str, str]) -> dict[str, str]:
    """The options of pip.conf, later files over earlier ones (pip/_internal/configuration.py)."""
    import os

    own = environ.get("PIP_CONFIG_FILE")
    if own == os.devnull:
        return {}
    configured = environ.get("XDG_CONFIG_HOME") or _home(environ, ".config")
    folders = [*reversed((environ.get("XDG_CONFIG_DIRS") or "/etc/xdg").split(":"))]
    environment = environ.get("VIRTUAL_ENV")
    paths = _existing(
        (
            *(os.path.join(folder, "pip", "pip.conf") for folder in folders if folder),
            "/etc/pip.conf",
            _home(environ, ".pip", "pip.conf"),
            os.path.join(configured, "pip", "pip.conf") if configured else None,
            os.path.join(environment, "pip.conf") if environment else None,
            own,
        )
    )
    if not paths:
        return {}
    from configparser import Error, RawConfigParser

    options: dict[str, str] = {}
    for path in paths:
        parser = RawConfigParser()
        try:
            parser.read(path, encoding="utf-8")
            for section in ("global", "install"):
                if parser.has_section(section):
                    options.update((key.replace("_", "-"), value) for key, value in parser.items(section) if value)
        except (Error, OSError, UnicodeDecodeError):
            continue
    return options


def _uv_index(environ: Mapping[str, str]) -> str | None:
    """The default index of uv's user or system configuration."""
    import os

    configured = environ.get("XDG_CONFIG_HOME") or _home(environ, ".config")
    paths = _existing(
        (
            environ.get("UV_CONFIG_FILE"),
            os.path.join(configured, "uv", "uv.toml") if configured else None,
            "/etc/uv/uv.toml",
        )
    )
    if not paths:
        return None
    from fromlint.toml import loads

    for path in paths:
        try:
            with open(path, encoding="utf-8") as file:
                settings = loads(file.read())
        except (OSError, ValueError):  # BadToml and UnicodeDecodeError are
            continue
        for index in settings["index"] if isinstance(settings.get("index"), list) else ():
            if isinstance(index, dict) and index.get("default") and isinstance(index.get("url"), str):
                return str(index["url"])
        if isinstance(settings.get("index-url"), str):
            return str(settings["index-url"])
    return None
