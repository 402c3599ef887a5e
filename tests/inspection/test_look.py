"""What the look at an image does for a check: asked for, of unknown images only, kept by digest."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from fromlint import run
from fromlint.model.environment import Environment
from fromlint.model.project import Report
from registry_server import RegistryServer, layer

Check = Callable[..., Report]

INSTALLED = "P:musl\nV:1.2.5-r10\n\nP:apk-tools\nV:2.14.9-r2\n\nP:busybox\nV:1.37.0-r18\n"
ALPINE = layer(
    {
        "etc/os-release": "ID=alpine\nVERSION_ID=3.22.1\n",
        "lib/apk/db/installed": INSTALLED,
        "usr/local/bin/python3.12": "",
        "usr/local/bin/sh": "",
        "usr/local/lib/python3.12/site-packages/pip-25.0.1.dist-info/METADATA": "",
        "usr/local/lib/python3.12/site-packages/six-1.17.0.dist-info/METADATA": "",
    },
    {"usr/local/bin/python3": "python3.12", "usr/local/bin/pip": "pip3"},
)


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The report on a Dockerfile of these lines."""
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("HOME", str(tmp_path))

    def checked(dockerfile: str, **settings: object) -> Report:
        (tmp_path / "Dockerfile").write_text(dockerfile)
        given = {"inspect": True, "index_url": "http://localhost:1/simple", **settings}
        return run.check([tmp_path], given).report

    return checked


def first(report: Report) -> Environment:
    return report.projects[0].stages[0].environment


def test_an_unknown_image_is_known_by_a_look(server: RegistryServer, check: Check) -> None:
    server.image("team/base", "1", [ALPINE], {"Env": ["PATH=/usr/local/bin:/usr/bin", "A=b"], "WorkingDir": "/app"})
    report = check(f"FROM {server.host}/team/base:1\nRUN pip install six\nHEALTHCHECK CMD curl -f http://localhost\n")
    found = first(report)
    assert (found.known, found.distro, found.release, found.libc, found.libc_version) == (
        True, "alpine", "3.22", "musl", "1.2",
    )  # fmt: skip
    assert (found.family, found.package_manager, found.directory) == ("alpine", "apk", "/app")
    assert found.distributions == {"pip": "25.0.1", "six": "1.17.0"}
    assert found.variables["A"] == "b"
    # What is inside is used: curl is not.
    assert "FL206" in {finding.code for finding in report.findings}
    assert "FL907" not in {finding.code for finding in report.findings}


def test_of_the_platforms_that_were_asked_for(server: RegistryServer, check: Check) -> None:
    other = server.image("base", "arm", [layer({"etc/os-release": "ID=debian\n"})], platform="linux/arm64")
    server.list("base", "1", {"linux/amd64": server.image("base", "amd", [ALPINE]), "linux/arm64": other})
    environments = check(f"FROM {server.host}/base:1\nRUN pip install six\n").projects[0].stages[0].environments
    assert [(name, each.known) for name, each in environments.items()] == [
        ("linux/amd64", True),
        ("linux/arm64", False),
    ]
    report = check(f"FROM {server.host}/base:1\nRUN pip install six\n", platform=("linux/arm64",))
    assert first(report).distro == "debian"


def test_only_where_it_is_asked_for(server: RegistryServer, check: Check) -> None:
    server.image("team/base", "1", [ALPINE])
    report = check(f"FROM {server.host}/team/base:1\nRUN pip install six\n", inspect=False)
    assert not first(report).known
    assert "FL907" in {finding.code for finding in report.findings}
    check("FROM python:3.12-slim-bookworm\nRUN pip install six\n")
    assert not server.seen


def test_what_is_configured_is_not_asked(server: RegistryServer, check: Check) -> None:
    report = check(f"FROM {server.host}/base:1\n", images={f"{server.host}/base": "python:3.12-slim-bookworm"})
    assert first(report).distro == "debian"
    assert not server.seen


def test_layers_are_read_once_for_a_digest(server: RegistryServer, check: Check) -> None:
    named = server.image("base", "1", [ALPINE])
    for _ in range(2):
        assert first(check(f"FROM {server.host}/base:1\nRUN pip install six\n")).known
    assert server.asked("/v2/base/blobs/") == 2  # the configuration and the layer
    # The tag is asked again, because it may have moved.
    server.image("base", "1", [layer({"etc/os-release": "ID=debian\nVERSION_ID=12\n"})])
    assert first(check(f"FROM {server.host}/base:1\nRUN pip install six\n")).distro == "debian"
    assert first(check(f"FROM {server.host}/base@{named}\nRUN pip install six\n")).distro == "alpine"


def test_offline_what_was_seen_before_counts(server: RegistryServer, check: Check) -> None:
    server.image("base", "1", [ALPINE])
    dockerfile = f"FROM {server.host}/base:1\nRUN pip install six\n"
    refused = first(check(dockerfile, offline=True))
    assert not refused.known
    assert "not looked at before" in (refused.unknown or "")
    check(dockerfile)
    server.seen.clear()
    assert first(check(dockerfile, offline=True)).known
    assert not server.seen


def test_why_a_look_did_not_help(server: RegistryServer, check: Check) -> None:
    report = check(f"FROM {server.host}/not/there:1\nRUN pip install six\n")
    message = next(finding.message for finding in report.findings if finding.code == "FL907")
    assert f"{server.host} has no {server.host}/not/there:1" in message


def test_a_damaged_cache_is_read_anew(server: RegistryServer, check: Check, tmp_path: Path) -> None:
    import sqlite3

    server.image("base", "1", [ALPINE])
    dockerfile = f"FROM {server.host}/base:1\nRUN pip install six\n"
    check(dockerfile)
    for path in (tmp_path / "cache").glob("*.sqlite3"):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE blob SET value = ? WHERE kind = 'image'", (json.dumps({"edition": 2}).encode(),))
    assert first(check(dockerfile)).known


def test_settings_may_ask_for_it(server: RegistryServer, check: Check, tmp_path: Path) -> None:
    server.image("base", "1", [ALPINE])
    (tmp_path / "Dockerfile").write_text(f"FROM {server.host}/base:1\nRUN pip install six\n")
    (tmp_path / "fromlint.toml").write_text("inspect = true\n")
    report = run.check([tmp_path], {"index_url": "http://localhost:1/simple"}).report
    assert first(report).known
