"""Debian's ``docker-registry`` on loopback, filled by buildah with images that are made here.

- ``base/debian``: a debootstrapped root, above it a layer in which a package was removed and pip was taken away,
  and one that is the working folder's. In Docker's format.
- ``base/squashed``: the same in a single layer. In OCI's format.
- ``team/private``: the same, in a registry that asks for a password.
- ``base/musl``: a small root on musl with apk's database.
- ``base/many``: a list of manifests.
"""

import contextlib
import json
import os
import platform
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

RELEASE = "bookworm"
MIRROR = "http://deb.debian.org/debian"
LOGIN = ("somebody", "correct horse battery staple")
_PROGRAMS = {
    "buildah": "buildah",
    "debootstrap": "debootstrap",
    "docker-registry": "docker-registry",
    "htpasswd": "apache2-utils",
    "podman": "podman",
}
_PATIENCE = 30.0

DEBIAN = """\
FROM localhost/bare
ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin LANG=C.UTF-8
"""
CHANGED = """\
FROM localhost/debian
RUN dpkg --purge --force-depends python3-wheel && rm -r /usr/lib/python3/dist-packages/pip-*-info
RUN python3 -m venv --without-pip /opt/venv
ENV PATH=/opt/venv/bin:$PATH APP=1
WORKDIR /srv/app
USER nobody
"""
MUSL = """\
FROM scratch
COPY . /
"""
_APK = """\
P:musl
V:1.2.5-r10
A:x86_64

P:busybox
V:1.37.0-r18

P:libffi
V:3.4.7-r0
"""


class Filled(NamedTuple):
    """Where the registries answer (``localhost:PORT``), Docker configurations with and without the login, and the socket
    of a Podman that has what was made for the registries.
    """

    open: str
    private: str
    with_login: Path
    without_login: Path
    root: Path
    engine: Path


def lacking() -> str | None:
    """What this machine lacks, or None."""
    if os.geteuid() != 0:
        return "tests with a registry need root"
    packages = [package for name, package in _PROGRAMS.items() if shutil.which(name) is None]
    if not _musl().exists():
        packages.append("musl")
    return f"apt-get install {' '.join(packages)}" if packages else None


@contextlib.contextmanager
def filled(work: Path) -> Iterator[Filled]:
    """Both registries, as long as the block lasts."""
    users = work / "users"
    made = subprocess.run(["htpasswd", "-nbB", *LOGIN], check=True, capture_output=True)
    users.write_bytes(made.stdout)
    with_login, without_login = work / "with", work / "without"
    without_login.mkdir()
    with _registry(work / "open", None) as open_one, _registry(work / "private", users) as private:
        try:
            _fill(work, open_one, private)
            _configure(with_login, private)
            with _engine(work) as engine:
                yield Filled(open_one, private, with_login, without_login, work / "root", engine)
        finally:
            subprocess.run([*_buildah(work), "rmi", "--all", "--force"], capture_output=True)
            # A gigabyte that pytest would keep for three runs.
            for name in ("storage", "run", "root"):
                shutil.rmtree(work / name, ignore_errors=True)


def _fill(work: Path, open_one: str, private: str) -> None:
    root = work / "root"
    _run("debootstrap", "--variant=minbase", "--include=python3-pip,python3-venv", RELEASE, str(root), MIRROR)
    for place in ("var/cache/apt/archives", "var/lib/apt/lists", "usr/share/doc", "usr/share/man", "usr/share/locale"):
        shutil.rmtree(root / place, ignore_errors=True)
    _build(work, "bare", "FROM scratch\nCOPY . /\n", root)
    _build(work, "debian", DEBIAN, work / "without")
    _build(work, "changed", CHANGED, work / "without")
    _build(work, "squashed", CHANGED, work / "without", "--squash")
    _build(work, "musl", MUSL, _musl_root(work / "musl-root"))
    _push(work, "changed", f"{open_one}/base/debian:1", "--format", "v2s2")
    _push(work, "squashed", f"{open_one}/base/squashed:1", "--format", "oci")
    _push(work, "musl", f"{open_one}/base/musl:latest")
    _push(work, "squashed", f"{private}/team/private:2.0", "--creds", ":".join(LOGIN))
    _run(*_buildah(work), "manifest", "create", "many", "localhost/musl")
    _run(
        *(*_buildah(work), "manifest", "push", "--all", "--tls-verify=false"),
        *("localhost/many", f"docker://{open_one}/base/many:1"),
    )


def _musl() -> Path:
    return Path(f"/lib/ld-musl-{platform.machine()}.so.1")


def _musl_root(root: Path) -> Path:
    """As Alpine's: the loader, apk's database, a Python by name."""
    for name, text in {
        "etc/os-release": 'NAME="Alpine Linux"\nID=alpine\nVERSION_ID=3.22.1\nPRETTY_NAME="Alpine Linux v3.22"\n',
        "lib/apk/db/installed": _APK,
        "usr/local/bin/python3.12": "",
        "usr/local/include/python3.12/patchlevel.h": '#define PY_VERSION "3.12.11"\n',
        "usr/local/lib/python3.12/site-packages/pip-25.0.1.dist-info/METADATA": "Name: pip\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    shutil.copy(_musl(), root / "lib")
    (root / "usr/local/bin/python3").symlink_to("python3.12")
    return root


def _build(work: Path, name: str, dockerfile: str, context: Path, *options: str) -> None:
    written = work / f"{name}.Dockerfile"
    written.write_text(dockerfile)
    _run(
        *(*_buildah(work), "build", "--isolation", "chroot", "--pull=never", *(options or ("--layers",))),
        *("--tag", f"localhost/{name}", "--file", str(written), str(context)),
    )


def _push(work: Path, name: str, target: str, *options: str) -> None:
    _run(*_buildah(work), "push", "--tls-verify=false", *options, f"localhost/{name}", f"docker://{target}")


def _buildah(work: Path) -> list[str]:
    return ["buildah", "--storage-driver", "vfs", "--root", str(work / "storage"), "--runroot", str(work / "run")]


def _run(*command: str) -> None:
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, stdin=subprocess.DEVNULL
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}:\n{done.stdout[-3000:]}")


def _configure(folder: Path, registry: str) -> None:
    from base64 import b64encode

    folder.mkdir()
    auth = b64encode(":".join(LOGIN).encode()).decode()
    (folder / "config.json").write_text(json.dumps({"auths": {registry: {"auth": auth}}}))


@contextlib.contextmanager
def _engine(work: Path) -> Iterator[Path]:
    """The socket of ``podman system service`` over Buildah's storage."""
    path = work / "podman.sock"
    command = ["podman", *_buildah(work)[1:], "system", "service", "--time=0", f"unix://{path}"]
    with (work / "podman.log").open("wb") as log:
        service = subprocess.Popen(command, stdout=log, stderr=log)
        try:
            until = time.monotonic() + _PATIENCE
            while not path.exists():
                if service.poll() is not None or time.monotonic() > until:
                    raise RuntimeError((work / "podman.log").read_text())
                time.sleep(0.05)
            yield path
        finally:
            service.terminate()
            service.wait()


@contextlib.contextmanager
def _registry(folder: Path, users: Path | None) -> Iterator[str]:
    """``localhost:PORT`` of a registry that keeps its blobs in a folder."""
    folder.mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings: dict[str, object] = {
        "version": "0.1",
        "log": {"level": "error"},
        "storage": {"filesystem": {"rootdirectory": str(folder / "blobs")}},
        "http": {"addr": f"127.0.0.1:{port}"},
    }
    if users is not None:
        settings["auth"] = {"htpasswd": {"realm": "team", "path": str(users)}}
    (folder / "config.yml").write_text(json.dumps(settings))
    log = (folder / "log").open("wb")
    server = subprocess.Popen(["docker-registry", "serve", str(folder / "config.yml")], stdout=log, stderr=log)
    try:
        until = time.monotonic() + _PATIENCE
        while True:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            if server.poll() is not None or time.monotonic() > until:
                raise RuntimeError((folder / "log").read_text())
            time.sleep(0.05)
        yield f"localhost:{port}"
    finally:
        server.terminate()
        server.wait()
        log.close()
