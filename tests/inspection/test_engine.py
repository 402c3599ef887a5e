"""Images that Docker or Podman has on this machine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from time import monotonic

import pytest

from fromlint import run
from fromlint.index.refusal import Refused
from fromlint.inspection import engine
from fromlint.inspection.contents import Contents
from fromlint.inspection.layers import Allowance
from fromlint.model.project import Report
from inspection.engine_server import EngineServer
from registry_server import RegistryServer, layer

DEBIAN = "ID=debian\nVERSION_ID=12\nVERSION_CODENAME=bookworm\n"
STATUS = "Package: {}\nStatus: install ok installed\nVersion: 2.36-9\n"
LOWER = layer(
    {
        "etc/os-release": DEBIAN,
        "var/lib/dpkg/status": STATUS.format("libc6"),
        "usr/local/bin/python3.12": "",
        "usr/local/lib/python3.12/site-packages/six-1.17.0.dist-info/METADATA": "",
    },
    {"usr/local/bin/python3": "python3.12"},
    compressed=False,
)
UPPER = layer(
    {"var/lib/dpkg/status": STATUS.format("libc6") + "\n" + STATUS.format("curl"), "usr/bin/curl": ""}, compressed=False
)


@pytest.fixture
def here(tmp_path: Path) -> Iterator[EngineServer]:
    with EngineServer(tmp_path) as running:
        yield running


def look(here: EngineServer, name: str = "team/base:1", platform: str = "linux/amd64") -> Contents:
    return engine.look_at(str(here.socket), name, platform, lambda identity: None, monotonic() + 30)[1]


@pytest.mark.parametrize("layout", [False, True])
def test_an_image_of_the_engine(here: EngineServer, layout: bool) -> None:
    config = {"Env": ["PATH=/usr/local/bin:/usr/bin", "A=b"], "WorkingDir": "/app", "User": "app"}
    here.image("team/base:1", [LOWER, UPPER], config, layout=layout)
    found = look(here)
    assert (found.system, found.release, found.libc, found.libc_version) == ("debian", "12", "glibc", "2.36")
    assert found.packages == ("curl", "libc6")
    assert found.tools == ("curl", "python3", "python3.12")
    assert (found.directory, found.user, found.variables["A"]) == ("/app", "app", "b")
    assert found.distributions == {"six": "1.17.0"}


def test_layers_that_are_the_same_come_once(here: EngineServer) -> None:
    here.image("team/base:1", [LOWER, UPPER, LOWER])
    assert look(here).packages == ("libc6",)


def test_an_image_that_it_does_not_have(here: EngineServer) -> None:
    with pytest.raises(Refused, match=r"404: No such image: \\x1b\[31m") as refused:
        look(here)
    assert refused.value.status == 404


def test_an_image_for_another_platform_is_none(here: EngineServer) -> None:
    here.image("team/base:1", [LOWER], architecture="arm64")
    with pytest.raises(Refused, match="linux/arm64") as refused:
        look(here)
    assert refused.value.status == 404
    assert look(here, platform="linux/arm64").system == "debian"


@pytest.mark.parametrize(
    ("said", "sent", "why"),
    [
        (b"", b"", "no JSON"),
        (b"[" * 100_000, b"", "no JSON"),
        (b'{"Id": "x", "Os": "linux", "Architecture": "amd64", "RootFS": {"Layers": [1]}}', b"", "cannot be read"),
        (b'{"Id": "x", "Os": "linux", "Architecture": "amd64"}', b"", "cannot be read"),
        (None, b"", "cannot be read"),
        (None, b"no archive" * 1000, "cannot be read"),
        (None, "half", "cannot be read"),
        (None, "other", "did not send all"),
    ],
)
def test_what_an_engine_should_not_say(here: EngineServer, said: bytes | None, sent: object, why: str) -> None:
    here.image("other", [UPPER])
    here.image("team/base:1", [LOWER])
    if said is not None:
        here.said["team/base:1"] = said
    whole = here.sent["team/base:1"]
    here.sent["team/base:1"] = {"half": whole[: len(whole) // 2], "other": here.sent["other"]}.get(str(sent), sent)  # type: ignore[arg-type]
    with pytest.raises(Refused, match=why):
        look(here)


def test_a_bomb_is_given_up(here: EngineServer, monkeypatch: pytest.MonkeyPatch) -> None:
    here.image("team/base:1", [layer({"zeros": b"\0" * 3_000_000}, compressed=False)], layout=True)
    monkeypatch.setattr("fromlint.inspection.engine.Allowance", lambda: Allowance(1_000_000))
    with pytest.raises(Refused, match="unpacks to more"):
        look(here)


def test_an_engine_that_takes_too_long_is_given_up(here: EngineServer) -> None:
    here.image("team/base:1", [LOWER])
    with pytest.raises(Refused, match="too long"):
        engine.look_at(str(here.socket), "team/base:1", "linux/amd64", lambda identity: None, monotonic() - 1)


def test_which_sockets_are_asked(here: EngineServer, tmp_path: Path) -> None:
    (tmp_path / "podman").mkdir()
    with EngineServer(tmp_path / "podman") as podman:
        podman.socket.rename(tmp_path / "podman" / "podman.sock")
        assert engine.sockets({"XDG_RUNTIME_DIR": str(tmp_path)})[-1] == str(tmp_path / "podman" / "podman.sock")
    assert engine.sockets(here.environ) == (str(here.socket),)
    assert engine.sockets({"DOCKER_HOST": "tcp://example.org:2375", "XDG_RUNTIME_DIR": str(tmp_path)}) == ()
    (tmp_path / "plain").touch()
    assert engine.sockets({"DOCKER_HOST": f"unix://{tmp_path / 'plain'}"}) == ()


# --- in a check -------------------------------------------------------------------------------------------------------

Check = Callable[[str], Report]


@pytest.fixture
def check(tmp_path: Path, here: EngineServer, monkeypatch: pytest.MonkeyPatch) -> Check:
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DOCKER_HOST", here.environ["DOCKER_HOST"])

    def checked(image: str, **settings: object) -> Report:
        (tmp_path / "Dockerfile").write_text(f"FROM {image}\nRUN pip install six\n")
        given = {"inspect": True, "index_url": "http://localhost:1/simple", **settings}
        return run.check([tmp_path / "Dockerfile"], given).report

    return checked


def test_the_engine_is_asked_before_the_registry_and_offline_too(here: EngineServer, check: Check) -> None:
    here.image("team/base:1", [LOWER, UPPER])
    for _ in range(2):
        environment = check("team/base:1", offline=True).projects[0].stages[0].environment  # type: ignore[call-arg]
        assert (environment.known, environment.release, environment.libc_version) == (True, "12", "2.36")
    # The second time only whether it is still the same.
    assert here.seen == ["/images/team/base:1/json", "/images/team/base:1/get", "/images/team/base:1/json"]


def test_what_the_engine_does_not_have_the_registry_may(here: EngineServer, check: Check) -> None:
    with RegistryServer() as server:
        server.image("team/base", "1", [LOWER])
        report = check(f"{server.host}/team/base:1")
        assert report.projects[0].stages[0].environment.distro == "debian"
        assert here.seen


def test_why_neither_helped_is_said(here: EngineServer, check: Check) -> None:
    here.image("localhost:1/team/base:1", [LOWER])
    here.sent["localhost:1/team/base:1"] = b"no archive" * 1000
    (found,) = [each for each in check("localhost:1/team/base:1").findings if each.code == "FL907"]
    assert "what the engine sends cannot be read" in found.message


def test_known_images_are_not_asked_for(here: EngineServer, check: Check) -> None:
    here.image("python:3.12-slim", [LOWER])
    assert check("python:3.12-slim").projects[0].stages[0].environment.release == "13"
    assert here.seen == []
