"""What pip itself would install from the loopback index, and what we say: the same words on both sides."""

from __future__ import annotations

import hashlib
import json
import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from index_server import Built, IndexServer, sdist, wheel
from test_end_to_end.reading import codes, versions

BASE = f"FROM python:{sys.version_info[0]}.{sys.version_info[1]}-slim-trixie\nWORKDIR /app\nCOPY . .\n"
OLD, NEW = "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"


def published(server: IndexServer) -> str:
    """The address of a wheel of fl-lib 1.5, one among projects with pre-releases, yanked files, wheels or sdists alone, and days."""
    for version, day in (("1.0", OLD), ("2.0", NEW), ("3.0rc1", NEW)):
        server.add(
            "fl-app", wheel("fl-app", version, requires=["fl-lib", "fl-more; extra == 'x'"], extras=["x"]), uploaded=day
        )
    addresses = {
        version: server.add("fl-lib", wheel("fl-lib", version), uploaded=day)
        for version, day in (("1.0", OLD), ("1.5", OLD), ("2.0", NEW), ("2.1b1", NEW))
    }
    server.add("fl-more", wheel("fl-more", "1.0"), uploaded=OLD)
    server.add("fl-more", wheel("fl-more", "1.1"), yanked="broken", uploaded=OLD)
    server.add("fl-mixed", wheel("fl-mixed", "1.0"), uploaded=OLD)
    server.add("fl-mixed", sdist("fl-mixed", "2.0"), uploaded=OLD)
    server.add("fl-beta", wheel("fl-beta", "1.0a1"), uploaded=OLD)
    return addresses["1.5"]


def digest(built: Built) -> str:
    return hashlib.sha256(built.content).hexdigest()


GROUPS = """[project]
name = "fl-project"
version = "1"
dependencies = ["fl-lib<2"]
[project.optional-dependencies]
more = ["fl-more"]
[dependency-groups]
test = ["fl-mixed==1.0", {include-group = "base"}]
base = ["fl-more"]
"""
SCRIPT = '# /// script\n# dependencies = ["fl-app<2"]\n# ///\nprint()\n'
PYLOCK = """lock-version = "1.0"
created-by = "hand"
[[packages]]
name = "fl-lib"
version = "1.5"
[[packages.wheels]]
name = "fl_lib-1.5-py3-none-any.whl"
url = "{url}"
hashes = {{ sha256 = "{hash}" }}
"""
FILES = {
    "r.txt": "fl-app\n",
    "c.txt": "fl-lib<2\n",
    "pre.txt": "--pre\nfl-lib\n",
    "final.txt": "--all-releases :all:\n--only-final fl-lib\nfl-app\n",
    "binary.txt": "--only-binary fl-mixed\nfl-mixed\n",
    "nested/r.txt": "-r ../r.txt\n-c ../c.txt\nfl-mixed==1.0\n",
    "pyproject.toml": GROUPS,
    "script.py": SCRIPT,
}
LINES = [
    "fl-app",
    "fl-app[x]",
    "'fl-app<2'",
    "fl-more==1.1",
    "'fl-more>=1'",
    "fl-beta",
    "--pre fl-app",
    "--all-releases fl-lib fl-app",
    "--all-releases :all: --only-final fl-lib fl-app",
    "--only-final :all: fl-lib",
    "--only-binary :all: fl-mixed",
    "--only-binary fl-mixed fl-mixed fl-app",
    "--prefer-binary fl-mixed",
    "--uploaded-prior-to 2024-06-01 fl-app",
    "--uploaded-prior-to 2024-06-01T00:00:00Z --pre fl-lib",
    "--no-deps fl-app",
    "--only-deps fl-app",
    "-c c.txt fl-app",
    "-r r.txt -c c.txt",
    "-r nested/r.txt",
    "-r pre.txt",
    "-r final.txt",
    "-r binary.txt",
    "--group test",
    "--group base --group test",
    "--group pyproject.toml:base fl-lib",
    "--requirements-from-script script.py",
    "--build-constraint c.txt fl-lib",
    "-r pylock.toml",
    "--upgrade --upgrade-strategy eager fl-app",
    "--refresh-package fl-lib fl-app",
    "--no-require-hashes -r r.txt",
]  # fmt: skip


@pytest.mark.parametrize("words", LINES)
def test_pip_installs_what_we_say(checked, server, project: Path, words: str) -> None:
    address = published(server)
    lock = PYLOCK.format(url=address, hash=digest(wheel("fl-lib", "1.5")))
    # The image's pip must be one that reads it.
    base = "FROM python:3.14-slim-trixie\nWORKDIR /app\nCOPY . .\n" if "pylock" in words else BASE
    report = checked(base + f"RUN pip install {words}\n", {**FILES, "pylock.toml": lock}, index_url=server.url)
    assert versions(report) == _pip(words, server, project)
    assert not {"FL902", "FL903", "FL904", "FL905", "FL908"} & set(codes(report))


def _pip(words: str, server: IndexServer, folder: Path) -> dict[str, str]:
    """What pip itself would install."""
    command = [sys.executable, "-m", "pip", "install", "--dry-run", "--quiet", "--report", "-"]
    command += [] if "--build-constraint" in words else ["--no-build-isolation"]
    command += ["--index-url", server.url, "--disable-pip-version-check", *shlex.split(words)]
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder, env=environ, check=False)
    assert done.returncode == 0, done.stderr
    report = json.loads(done.stdout)
    return {entry["metadata"]["name"].lower(): entry["metadata"]["version"] for entry in report["install"]}


@pytest.mark.parametrize(
    ("lines", "names"),
    [
        ("pip-compile -o r.txt r.in && pip-sync r.txt", {"fl-app", "fl-lib"}),
        ("uv pip compile r.in -o r.txt && uv pip sync --system r.txt", {"fl-app", "fl-lib"}),
        ("uv pip sync --system r.in", {"fl-app"}),
    ],
)
def test_what_a_compiler_lists_is_all_that_is_synced(checked, server, lines: str, names: set[str]) -> None:
    published(server)
    report = checked(BASE + f"RUN {lines}\n", {"r.in": "fl-app\n"}, index_url=server.url)
    assert set(versions(report)) == names
