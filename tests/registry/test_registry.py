"""What fromlint sees in a real registry: against the roots that the images were made of."""

import json
import os
import subprocess
import sys
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from real_registry import Filled

from fromlint.images.reference import parse
from fromlint.inspection import engine
from fromlint.inspection.contents import Contents
from fromlint.inspection.look import look_at
from fromlint.inspection.registry import Registries, RegistryImage
from fromlint.model.environment import Python

pytestmark = pytest.mark.tools


def inspected(tmp_path: Path, image: str, login: Path, *options: str) -> Any:
    """The report on a Dockerfile that installs something on an image."""
    (tmp_path / "Dockerfile").write_text(f"FROM {image}\nRUN pip install nothing-at-all==1.0\n")
    done = subprocess.run(
        [sys.executable, "-m", "fromlint", "check", "--inspect", "--format", "json", *options, str(tmp_path)],
        capture_output=True,
        text=True,
        env={**os.environ, "DOCKER_CONFIG": str(login), "FROMLINT_CACHE_DIR": str(tmp_path / "cache")},
    )
    assert done.returncode in (0, 1), done.stderr
    return json.loads(done.stdout)


def environment(report: Any) -> Any:
    return report["files"][0]["stages"][0]["environment"]


def packages(root: Path) -> set[str]:
    """What dpkg itself says is installed."""
    done = subprocess.run(
        ["dpkg-query", f"--root={root}", "--show", "--showformat=${Package} ${db:Status-Status}\n"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    return {line.split()[0] for line in done.stdout.splitlines() if line.endswith(" installed")}


@pytest.mark.parametrize("name", ["base/debian:1", "base/squashed:1"])
def test_distribution_libc_and_python(filled: Filled, tmp_path: Path, name: str) -> None:
    found = environment(inspected(tmp_path, f"{filled.open}/{name}", filled.without_login))
    assert found == {
        **found,
        "known": True,
        "distro": "debian",
        "release": "12",
        "libc": "glibc",
        "libc_version": "2.36",
        "implementation": "cpython",
        "package_manager": "apt",
    }
    version = subprocess.run(
        ["chroot", str(filled.root), "python3", "-c", "import platform; print(platform.python_version())"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    assert found["python"] == version.stdout.strip().rpartition(".")[0]
    python = contents(f"{filled.open}/{name}").python
    assert python is not None
    assert python.version == version.stdout.strip()


def test_packages_commands_and_what_is_installed(filled: Filled) -> None:
    layered, squashed = (contents(f"{filled.open}/base/{name}:1") for name in ("debian", "squashed"))
    assert set(layered.packages or ()) == packages(filled.root) - {"python3-wheel"}
    assert {"apt-get", "python3", "bash", "pip3"} <= set(layered.tools)
    assert layered.virtual_environment == "/opt/venv"
    assert layered.distributions == {}
    assert layered.python is not None
    assert layered.python.externally_managed
    # The layer above took pip's metadata away.
    assert layered.python.pip == ""
    assert (layered.directory, layered.user, layered.variables["APP"]) == ("/srv/app", "nobody", "1")
    assert layered._replace(size=0) == squashed._replace(size=0)


def test_a_private_image_needs_the_password(filled: Filled, tmp_path: Path) -> None:
    image = f"{filled.private}/team/private:2.0"
    refused = inspected(tmp_path, image, filled.without_login)
    assert not environment(refused)["known"]
    assert "docker login" in next(each["message"] for each in refused["findings"] if each["code"] == "FL907")
    found = environment(inspected(tmp_path, image, filled.with_login))
    assert (found["known"], found["distro"], found["libc_version"]) == (True, "debian", "2.36")


def test_musl_and_a_list_of_manifests(filled: Filled) -> None:
    for name in ("base/musl", "base/many:1"):
        found = contents(f"{filled.open}/{name}")
        assert (found.system, found.release, found.libc, found.libc_version) == ("alpine", "3.22.1", "musl", "1.2")
        assert found.packages == ("busybox", "libffi", "musl")
        assert found.python == Python("3.12.11", "cpython", "/usr/local", "25.0.1", False)


def test_what_was_seen_is_kept(filled: Filled, tmp_path: Path) -> None:
    image = f"{filled.open}/base/musl"
    inspected(tmp_path, image, filled.without_login)
    assert environment(inspected(tmp_path, image, filled.without_login, "--offline"))["libc"] == "musl"


def test_without_being_asked_nothing_is_looked_at(filled: Filled, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text(f"FROM {filled.open}/base/musl\nRUN pip install x\n")
    done = subprocess.run(
        [sys.executable, "-m", "fromlint", "check", "--format", "json", "--offline", str(tmp_path)],
        capture_output=True, text=True, env={**os.environ, "FROMLINT_CACHE_DIR": str(tmp_path / "cache")},
    )  # fmt: skip
    assert not environment(json.loads(done.stdout))["known"]


@pytest.mark.parametrize("name", ["changed", "squashed"])
def test_what_podman_has_needs_no_registry(filled: Filled, name: str) -> None:
    found = engine.look_at(str(filled.engine), f"localhost/{name}", "linux/amd64", lambda _: None, monotonic() + 120)[1]
    assert found._replace(size=0) == contents(f"{filled.open}/base/debian:1")._replace(size=0)


def test_podman_is_asked_by_a_check(filled: Filled, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONTAINER_HOST", f"unix://{filled.engine}")
    found = environment(inspected(tmp_path, "localhost/musl", filled.without_login, "--offline"))
    assert (found["known"], found["distro"], found["libc"], found["python"]) == (True, "alpine", "musl", "3.12")


def contents(image: str) -> Contents:
    """What is read of an image, without the cache."""
    reference = parse(image)
    assert reference is not None
    registries = Registries({}, 60.0)
    try:
        return look_at(RegistryImage(reference, registries), "linux/amd64")[1]
    finally:
        registries.close()
