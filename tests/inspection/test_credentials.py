"""Logins as Docker and podman keep them."""

import base64
import json
import os
from pathlib import Path

import pytest

from fromlint.inspection.credentials import Login, login


def auth(user: str, password: str) -> dict[str, str]:
    return {"auth": base64.b64encode(f"{user}:{password}".encode()).decode()}


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    (tmp_path / ".docker").mkdir()
    return {"HOME": str(tmp_path), "PATH": f"{tmp_path}:{os.environ['PATH']}"}


def write(tmp_path: Path, settings: object) -> None:
    (tmp_path / ".docker" / "config.json").write_text(json.dumps(settings))


@pytest.mark.parametrize("key", ["r.corp:5000", "https://r.corp:5000", "https://r.corp:5000/v2/"])
def test_the_forms_of_a_registrys_name(tmp_path: Path, environ: dict[str, str], key: str) -> None:
    write(tmp_path, {"auths": {key: auth("me", "a:b")}})
    assert login("r.corp:5000", "team/app", environ) == Login("me", "a:b")
    assert login("other.corp", "team/app", environ) is None


def test_docker_hub(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, {"auths": {"https://index.docker.io/v1/": auth("me", "secret")}})
    assert login("docker.io", "team/app", environ) == Login("me", "secret")


def test_podmans_file_knows_namespaces(tmp_path: Path, environ: dict[str, str]) -> None:
    path = tmp_path / "auth.json"
    path.write_text(json.dumps({"auths": {"q.io": auth("all", "1"), "q.io/team": auth("team", "2")}}))
    environ["REGISTRY_AUTH_FILE"] = str(path)
    assert login("q.io", "team/app", environ) == Login("team", "2")
    assert login("q.io", "others/app", environ) == Login("all", "1")


def helper(tmp_path: Path, name: str, script: str) -> None:
    path = tmp_path / f"docker-credential-{name}"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_a_credential_helper(tmp_path: Path, environ: dict[str, str]) -> None:
    helper(tmp_path, "made-up", 'read server; echo "{\\"Username\\": \\"$1\\", \\"Secret\\": \\"for $server\\"}"')
    for settings in ({"credsStore": "made-up"}, {"credHelpers": {"r.corp": "made-up"}}):
        write(tmp_path, settings)
        assert login("r.corp", "app", environ) == Login("get", "for r.corp")


def test_helpers_that_fail(tmp_path: Path, environ: dict[str, str]) -> None:
    helper(tmp_path, "fails", "exit 1")
    helper(tmp_path, "babbles", "echo '[1'")
    helper(tmp_path, "token", 'echo \'{"Username": "<token>", "Secret": "x"}\'')
    for name in ("fails", "babbles", "token", "not-there", "../../bin/sh", ""):
        write(tmp_path, {"credsStore": name, "auths": {"r.corp": auth("me", "secret")}})
        assert login("r.corp", "app", environ) == Login("me", "secret")


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"auths": 3}', '{"auths": {"r.corp": {"auth": "%%%"}}}', "[" * 100_000]
)
def test_files_that_are_none(tmp_path: Path, environ: dict[str, str], text: str) -> None:
    (tmp_path / ".docker" / "config.json").write_text(text)
    assert login("r.corp", "app", environ) is None


def test_an_identity_token_is_no_password(tmp_path: Path, environ: dict[str, str]) -> None:
    write(tmp_path, {"auths": {"r.corp": {**auth("me", ""), "identitytoken": "abc"}}})
    assert login("r.corp", "app", environ) is None
