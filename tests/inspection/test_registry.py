"""How registries are asked: platforms, tokens, logins, and what hostile ones try."""

import base64
import gzip
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fromlint.index.refusal import Refused
from fromlint.inspection.contents import Contents
from registry_server import RegistryServer, digest, layer

Look = Callable[..., Contents]
SMALL = layer({"etc/os-release": "ID=alpine\nVERSION_ID=3.22.1\n", "lib/ld-musl-x86_64.so.1": ""})


def login_for(folder: Path, host: str, user: str = "somebody", password: str = "pass:word") -> dict[str, str]:
    auth = base64.b64encode(f"{user}:{password}".encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {host: {"auth": auth}}}))
    return {"DOCKER_CONFIG": str(folder)}


def test_the_image_of_a_platform_is_chosen_from_a_list(server: RegistryServer, look: Look) -> None:
    other = layer({"etc/os-release": "ID=debian\n"})
    images = {
        "linux/amd64": server.image("app", "amd", [SMALL]),
        "linux/arm64/v8": server.image("app", "arm", [other], platform="linux/arm64"),
    }
    server.list("app", "1", images)
    assert look(f"{server.host}/app:1").system == "alpine"
    assert look(f"{server.host}/app:1", "linux/arm64").system == "debian"
    with pytest.raises(Refused, match=r"no image for linux/s390x, only for linux/amd64, linux/arm64"):
        look(f"{server.host}/app:1", "linux/s390x")


def test_an_image_for_another_platform_alone(server: RegistryServer, look: Look) -> None:
    server.image("app", "1", [SMALL], platform="linux/arm64")
    with pytest.raises(Refused, match="an image for linux/arm64"):
        look(f"{server.host}/app:1")


def test_a_digest_in_place_of_a_tag(server: RegistryServer, look: Look) -> None:
    named = server.image("deep/er/app", "1", [SMALL])
    assert look(f"{server.host}/deep/er/app@{named}").system == "alpine"


def test_no_such_image(server: RegistryServer, look: Look) -> None:
    with pytest.raises(Refused, match="has no localhost:"):
        look(f"{server.host}/nothing:1")


@pytest.mark.parametrize("kind", ["Bearer", "Basic"])
def test_a_login_is_shown_where_it_is_asked_for(look: Look, tmp_path: Path, kind: str) -> None:
    with RegistryServer(login=("somebody", "pass:word"), kind=kind) as server:
        server.image("team/app", "1", [SMALL])
        assert look(f"{server.host}/team/app:1", environ=login_for(tmp_path, server.host)).system == "alpine"
        with pytest.raises(Refused, match="docker login"):
            look(f"{server.host}/team/app:1")
        with pytest.raises(Refused, match="docker login"):
            look(f"{server.host}/team/app:1", environ=login_for(tmp_path, server.host, password="other"))


def test_tokens_without_a_login(server: RegistryServer, look: Look) -> None:
    server.secured = True
    server.image("team/app", "1", [SMALL])
    assert look(f"{server.host}/team/app:1").system == "alpine"
    # One token for all of it.
    assert server.asked("/token") == 1


def test_the_machines_netrc_is_not_for_registries(server: RegistryServer, look: Look, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine localhost login somebody password secret\n")
    server.image("app", "1", [SMALL])
    look(f"{server.host}/app:1", environ={"NETRC": str(tmp_path / "netrc")})
    assert {request.authorization for request in server.seen} == {""}


# --- hostile ones -----------------------------------------------------------------------------------------------------


def test_a_layer_on_another_host_is_fetched_without_credentials(look: Look, tmp_path: Path) -> None:
    login = ("somebody", "pass:word")
    with RegistryServer(login=login) as server, RegistryServer() as store:
        server.image("app", "1", [SMALL])
        store.image("app", "1", [SMALL])
        path = f"/v2/app/blobs/{digest(SMALL)}"
        server.elsewhere[path] = f"http://{store.host}{path}"
        assert look(f"{server.host}/app:1", environ=login_for(tmp_path, server.host)).system == "alpine"
        assert [request.authorization for request in store.seen] == [""]


@pytest.mark.parametrize("part", ["layer", "config", "manifest"])
def test_other_contents_than_the_digest_says(server: RegistryServer, look: Look, part: str) -> None:
    named = server.image("app", "1", [SMALL])
    manifest = json.loads(server.answer("/v2/app/manifests/1", "", "")[2])
    lie = layer({"etc/os-release": "ID=debian\n"})
    if part == "layer":
        # Of the same length, so that nothing else gives it away.
        lie = lie[: len(SMALL)].ljust(len(SMALL), b"\0")
        server.lies[f"/v2/app/blobs/{digest(SMALL)}"] = lie
    elif part == "config":
        server.lies[f"/v2/app/blobs/{manifest['config']['digest']}"] = b"{}"
    else:
        server.lies[f"/v2/app/manifests/{named}"] = b'{"schemaVersion": 2}'
    with pytest.raises(Refused, match=r"something else"):
        look(f"{server.host}/app@{named}")


def test_a_layer_longer_than_its_manifest_says(server: RegistryServer, look: Look) -> None:
    server.image("app", "1", [SMALL])
    server.lies[f"/v2/app/blobs/{digest(SMALL)}"] = SMALL + b"\0" * 2_000_000
    with pytest.raises(Refused, match="longer than"):
        look(f"{server.host}/app:1")


def test_a_layer_of_20_gb_is_not_read(server: RegistryServer, look: Look) -> None:
    huge = {"digest": "sha256:" + "1" * 64, "size": 20_000_000_000}
    small = {"digest": digest(SMALL), "size": len(SMALL)}
    server.image("app", "1", [SMALL], changed={"layers": [small, huge]})
    found = look(f"{server.host}/app:1")
    assert (found.system, found.packages, found.tools) == ("alpine", None, ())
    assert found.lacking == "a layer of 20.0 GB was not read"
    assert not server.asked("/v2/app/blobs/sha256:1111")


def test_a_bomb(server: RegistryServer, look: Look, monkeypatch: pytest.MonkeyPatch) -> None:
    from fromlint.inspection import layers

    monkeypatch.setattr(layers.Allowance.__init__, "__defaults__", (20_000_000,))
    server.image("app", "1", [gzip.compress(layer({"bomb": b"\0" * 30_000_000}, compressed=False))])
    with pytest.raises(Refused, match="unpacks to more than"):
        look(f"{server.host}/app:1")


def test_a_realm_that_is_not_asked(server: RegistryServer, look: Look, tmp_path: Path) -> None:
    server.secured = True
    server.image("app", "1", [SMALL])
    for realm in ("http://tokens.example/token", "http://169.254.169.254/latest", "file:///etc/passwd", "x"):
        server.realm = realm
        with pytest.raises(Refused, match=r"not asked|no address|link-local"):
            look(f"{server.host}/app:1", environ=login_for(tmp_path, server.host))


def test_redirects_without_end(server: RegistryServer, look: Look) -> None:
    server.image("app", "1", [SMALL])
    server.elsewhere["/v2/app/manifests/1"] = "/v2/app/manifests/1"
    with pytest.raises(Refused, match="redirects again and again"):
        look(f"{server.host}/app:1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"[" * 100_000,
        b'{"schemaVersion": 1, "fsLayers": []}',
        b'{"schemaVersion": 2, "config": {}, "layers": [{}]}',
        b'{"schemaVersion": 2, "config": {"digest": "../../etc/passwd", "size": 1}, "layers": []}',
        b'{"schemaVersion": 2, "layers": {"a": 1}}',
        b'{"manifests": []}',
        b'{"manifests": [1, {"platform": 3}, {"platform": {"os": "linux"}}]}',
        b"\xff" * 100,
    ],
)
def test_manifests_that_are_none(server: RegistryServer, look: Look, body: bytes) -> None:
    server.image("app", "1", [SMALL])
    server.lies["/v2/app/manifests/1"] = body
    with pytest.raises(Refused):
        look(f"{server.host}/app:1")


def test_a_registry_that_gives_no_token(server: RegistryServer, look: Look) -> None:
    server.secured = True
    server.image("app", "1", [SMALL])
    server.realm = f"http://{server.host}/v2/app/nothing"
    with pytest.raises(Refused, match="docker login"):
        look(f"{server.host}/app:1")


def test_nobody_there(look: Look) -> None:
    with pytest.raises(Refused, match="refuses the connection"):
        look("localhost:1/app:1")
