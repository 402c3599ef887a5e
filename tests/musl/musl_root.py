"""A real CPython on musl in a bare root folder, to install and import in: what scripts/make_musl_root.sh makes.

``FROMLINT_MUSL_ROOT`` names a root that is ready; by default it is ``~/.cache/fromlint-musl/root``.
"""

import json
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

IMAGE = "python:3.13-alpine3.22"
"""What the root is like: the same Python, the same musl."""

_LONGEST = 600
_OUTAGE = re.compile(r"WARNING: Retrying|Temporary failure|Connection (?:timed out|reset)|Read timed out")
# How this machine reaches the index: settings of transport, none of which changes what pip chooses.
_VARIABLES = ("PIP_INDEX_URL", "PIP_PROXY", "PIP_DEFAULT_TIMEOUT", "HTTPS_PROXY", "https_proxy", "NO_PROXY", "no_proxy")
# /proc and /dev are bound in a mount namespace of the command's own, so nothing stays mounted.
_ENTER = 'mount --bind /proc "$0/proc" && mount --bind /dev "$0/dev" && exec chroot "$0" /bin/env -i "$@"'


class Installed(NamedTuple):
    """What pip did: the ``file`` that it chose for the requirement, whether it was ``installed``, and all that it said."""

    file: str | None
    installed: bool
    output: str


class Imported(NamedTuple):
    ran: bool
    output: str


def root() -> Path:
    named = os.environ.get("FROMLINT_MUSL_ROOT")
    return Path(named) if named else Path.home() / ".cache" / "fromlint-musl" / "root"


def ready() -> bool:
    return (root() / "usr/local/bin/python3").exists()


def lacking() -> str | None:
    """What this machine lacks, or None."""
    if os.geteuid() != 0:
        return "a musl root is entered as root"
    if shutil.which("unshare") is None:
        return "apt-get install util-linux"
    if not ready():
        return f"no Python in {root()}: make test-musl makes one"
    return None


def tried(name: str, requirements: Sequence[str], module: str) -> tuple[Installed, Imported | None]:
    """Install requirements in the root, the first being of interest, and import a module; None where not installed."""
    with tempfile.TemporaryDirectory(dir=root() / "tmp") as folder:
        inside = f"/tmp/{Path(folder).name}"
        done = _installed(inside, requirements)
        chosen = _reported(Path(folder, "report.json"), name) or _downloaded(done.stdout, name)
        installed = Installed(chosen, done.returncode == 0, done.stdout)
        if not installed.installed:
            return installed, None
        run = _enter("/bin/env", f"PYTHONPATH={inside}/site", "python", "-c", f"import {module}")
        return installed, Imported(run.returncode == 0, run.stdout)


def _installed(inside: str, requirements: Sequence[str]) -> subprocess.CompletedProcess[str]:
    words = ["-m", "pip", "install", "--no-cache-dir", "--target", f"{inside}/site"]
    words += ["--report", f"{inside}/report.json", *requirements]
    for _ in range(3):
        done = _enter("python", *words)
        if done.returncode == 0 or _OUTAGE.search(done.stdout) is None:
            break
    return done


def _reported(report: Path, name: str) -> str | None:
    """The file of a distribution by pip's own report; it writes none where it fails."""
    if not report.exists():
        return None
    for entry in json.loads(report.read_text())["install"]:
        if _normal(entry["metadata"]["name"]) == name:
            return str(entry["download_info"]["url"]).rpartition("/")[2]
    return None


def _downloaded(output: str, name: str) -> str | None:
    for file in re.findall(r"Downloading (?:\S+/)?([^\s/]+\.(?:whl|tar\.gz|zip))(?=\s|$)", output):
        if _normal(file.partition("-")[0]) == name or _normal(file).startswith(f"{name}-"):
            return str(file)
    return None


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _enter(*command: str) -> subprocess.CompletedProcess[str]:
    variables = {name: os.environ[name] for name in _VARIABLES if os.environ.get(name)}
    variables |= {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "HOME": "/root",
        "LANG": "C.UTF-8",
        "SSL_CERT_FILE": "/etc/ssl/cert.pem",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PIP_ROOT_USER_ACTION": "ignore",
    }
    words = [f"{name}={value}" for name, value in variables.items()]
    return subprocess.run(
        ["nice", "unshare", "-m", "sh", "-c", _ENTER, str(root()), *words, *command],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        timeout=_LONGEST,
    )
