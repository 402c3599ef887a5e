"""Logins for registries, as ``docker login`` and ``podman login`` have left them on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping

from fromlint.named_tuple import NamedTuple
from fromlint.regex import regex
from fromlint.typed import Any

_LARGEST = 1_000_000
_PATIENCE = 15.0
_HELPER = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]*")
# Under which names Docker Hub's login is kept.
_DOCKER_HUB = ("https://index.docker.io/v1/", "index.docker.io", "docker.io")


class Login(NamedTuple):
    """A user's name and password for one registry."""

    user: str
    password: str


def login(registry: str, repository: str, environ: Mapping[str, str]) -> Login | None:
    """The login for a repository, None where this machine has none.

    Docker's ``config.json`` (``auths``, ``credHelpers``, ``credsStore``), then podman's ``auth.json``. A credential
    helper is the program that the user's own configuration names, asked as docker/docker-credential-helpers says. An
    identity token, which is no password, is left alone.
    """
    for path in _files(environ):
        settings = _read(path)
        if settings is None:
            continue
        names = _names(registry, repository)
        helpers = _table(settings.get("credHelpers"))
        helper = next((helpers[name] for name in names if name in helpers), settings.get("credsStore"))
        if isinstance(helper, str) and _HELPER.fullmatch(helper):
            server = _DOCKER_HUB[0] if registry == "docker.io" else registry
            found = _asked(helper, server, environ)
            if found is not None:
                return found
        auths = _table(settings.get("auths"))
        for name in names:
            for form in (name, f"https://{name}", f"https://{name}/", f"https://{name}/v1/", f"https://{name}/v2/"):
                found = _stored(auths.get(form))
                if found is not None:
                    return found
    return None


def _files(environ: Mapping[str, str]) -> list[str]:
    home = environ.get("HOME") or ""
    docker = environ.get("DOCKER_CONFIG") or (os.path.join(home, ".docker") if home else "")
    configured = environ.get("XDG_CONFIG_HOME") or (os.path.join(home, ".config") if home else "")
    runtime = environ.get("XDG_RUNTIME_DIR") or ""
    paths = [
        os.path.join(docker, "config.json") if docker else "",
        environ.get("REGISTRY_AUTH_FILE") or "",
        os.path.join(runtime, "containers", "auth.json") if runtime else "",
        os.path.join(configured, "containers", "auth.json") if configured else "",
    ]
    return [path for path in paths if path]


def _names(registry: str, repository: str) -> list[str]:
    """What a login may be kept under: the repository, its namespaces (containers-auth.json(5)), the registry."""
    if registry == "docker.io":
        return [*_DOCKER_HUB]
    parts = repository.split("/")
    return [*("/".join([registry, *parts[:length]]) for length in range(len(parts), 0, -1)), registry]


def _read(path: str) -> dict[str, Any] | None:
    import json

    try:
        if not os.path.isfile(path):
            return None
        with open(path, "rb") as file:
            found = json.loads(file.read(_LARGEST))
    except (OSError, ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _stored(entry: object) -> Login | None:
    """The login of an entry of ``auths``: base64 of ``user:password``."""
    from base64 import b64decode

    held = _table(entry)
    if not isinstance(held.get("auth"), str) or held.get("identitytoken"):
        return None
    try:
        user, colon, password = b64decode(held["auth"], validate=False).decode().partition(":")
    except ValueError:
        return None
    return Login(user, password.rstrip("\0")) if user and colon else None


def _asked(helper: str, server: str, environ: Mapping[str, str]) -> Login | None:
    import json
    import subprocess

    try:
        answer = subprocess.run(
            [f"docker-credential-{helper}", "get"],
            input=server.encode(),
            capture_output=True,
            timeout=_PATIENCE,
            env=dict(environ),
        )
        found = json.loads(answer.stdout[:_LARGEST]) if answer.returncode == 0 else None
    except (OSError, ValueError, RecursionError, subprocess.SubprocessError):
        return None
    user, secret = _table(found).get("Username"), _table(found).get("Secret")
    if not isinstance(user, str) or not isinstance(secret, str) or user == "<token>":
        return None
    return Login(user, secret)
