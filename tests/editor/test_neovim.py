"""A real editor: Neovim, headless, as Debian has it (0.7 or newer)."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

LUA = Path(__file__).with_name("neovim.lua")
NEEDS = ["gcc", "musl-dev", "libpq-dev"]


@pytest.fixture
def found(project, tmp_path):
    """What Neovim found in the project."""
    neovim = shutil.which("nvim")
    assert neovim is not None, "scripts/install_editors.sh installs it"
    found = tmp_path / "found.json"
    environ = {**os.environ, "FOUND": str(found), "FROMLINT": str(Path(sys.executable).with_name("fromlint"))}
    done = subprocess.run(
        [neovim, "--headless", "--clean", "-S", str(LUA)],
        env=environ,
        cwd=project,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert found.exists(), done.stdout + done.stderr
    return json.loads(found.read_text())


def test_neovim_shows_what_is_found_and_makes_the_fix(found, project):
    assert "fault" not in found
    assert found["filetype"] == "dockerfile"
    (opened,) = found["opened"]
    assert (opened["code"], opened["line"], opened["severity"]) == ("FL201", 3, 1)
    assert opened["message"].startswith("psycopg2 2.9.10 has no musllinux wheel and cannot be compiled here")
    assert sorted(each["code"] for each in found["saved"]) == ["FL201", "FL206"]
    assert found["hover"].startswith("**python:3.12-alpine**: Alpine 3.24, musl 1.2")
    assert [lens["command"]["title"] for lens in found["lenses"]] == ["1 wheel, 1 compiled"]
    assert found["actions"][:2] == [
        f"FL201: install {' '.join(NEEDS)} before it (safe fix)",
        "FL201: ask for psycopg2-binary (unsafe fix)",
    ]
    assert "fromlint: ignore FL201 here" in found["actions"]
    assert found["fixed"][3] == f"RUN apk add --no-cache {' '.join(NEEDS)}"
    assert (project / "Dockerfile").read_text().splitlines() == found["fixed"]
    assert [(each["code"], each["line"]) for each in found["requirements"]] == [("FL107", 2)]
