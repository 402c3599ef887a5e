"""Wheel and sdist: what is in them, and that they install and work on every Python that is there."""

import os
import subprocess
import sys
import tarfile
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

import pytest

TOP = Path(__file__).parent.parent.parent
FIXTURE = TOP / "fixtures" / "alpine-postgres"
UV = Path(sys.executable).parent / "uv"
# Imports every module, so that one which needs a newer Python or a developer's package is found.
IMPORT_ALL = """
import importlib, pkgutil, fromlint
names = [module.name for module in pkgutil.walk_packages(fromlint.__path__, "fromlint.")]
for name in names:
    if not name.endswith("__main__") and not name.startswith("fromlint.editor"):
        importlib.import_module(name)
print(len(names))
"""
_LARGEST = 6_000_000


def run(*words: object, **more: object) -> str:
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, check=False, **more)  # type: ignore[call-overload]
    assert done.returncode == 0, done.stdout + done.stderr
    return str(done.stdout)


def pythons() -> dict[str, str]:
    """The minor versions from 3.11 on that are installed, pyenv's included."""
    found = {}
    folders = sorted(map(str, Path.home().glob(".pyenv/versions/*/bin")))
    environment = {**os.environ, "PATH": os.pathsep.join([os.environ["PATH"], *folders])}
    for minor in range(11, 16):
        words = [UV, "python", "find", "--no-python-downloads", "--system", f"3.{minor}"]
        done = subprocess.run(words, capture_output=True, text=True, check=False, env=environment)
        if done.returncode == 0:
            found[f"3.{minor}"] = done.stdout.strip()
    return found


PYTHONS = pythons()


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    """A folder with the sdist, and the wheel that is built from it."""
    folder = tmp_path_factory.mktemp("dist")
    run(UV, "build", "--quiet", "--out-dir", folder, TOP)
    return folder


def only(folder: Path, pattern: str) -> Path:
    (found,) = folder.glob(pattern)
    return found


def metadata(wheel: Path) -> Message:
    with zipfile.ZipFile(wheel) as archive:
        (name,) = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


@pytest.mark.tools
def test_the_wheel_is_pure_small_typed_and_holds_the_package_only(built):
    wheel = only(built, "*.whl")
    assert wheel.name.endswith("-py3-none-any.whl")
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        size = sum(entry.file_size for entry in archive.infolist())
    assert size < _LARGEST
    assert "fromlint/py.typed" in names
    assert "fromlint/data/snapshot.bin" in names
    assert {name.split("/")[0] for name in names} == {
        "fromlint",
        only(built, "*.whl").name.rsplit("-", 3)[0] + ".dist-info",
    }
    assert not [name for name in names if name.endswith(".toml")]


@pytest.mark.tools
def test_the_metadata_says_what_it_is(built):
    said = metadata(only(built, "*.whl"))
    assert said["Requires-Python"] == ">=3.11"
    assert said["License-Expression"] == "MIT"
    assert said["Description-Content-Type"] == "text/markdown"
    assert "Typing :: Typed" in said.get_all("Classifier")


@pytest.mark.tools
def test_the_sdist_has_what_its_tests_read(built):
    with tarfile.open(only(built, "*.tar.gz")) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {
        "action.yml",
        "ci/gitlab.yml",
        "Containerfile",
        ".pre-commit-hooks.yaml",
        "docs/conf.py",
        "README.md",
    } <= names
    assert not [name for name in names if name.startswith(("docs/site", "docs/made", ".venv"))]


@pytest.mark.tools
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("form", ["*.whl", "*.tar.gz"])
def test_it_installs_and_works(built, tmp_path, python, form):
    environment = tmp_path / "venv"
    run(UV, "venv", "--quiet", "--no-python-downloads", "--python", PYTHONS[python], environment)
    inside = environment / "bin"
    run(UV, "pip", "install", "--quiet", "--python", inside / "python", only(built, form))
    assert int(run(inside / "python", "-W", "error::SyntaxWarning", "-c", IMPORT_ALL)) > 200
    assert run(inside / "fromlint", "--version").startswith("fromlint, version ")
    words = [inside / "fromlint", "check", "--offline", "--format", "concise", "--exit-zero", "."]
    shown = run(*words, cwd=FIXTURE, env={"FROMLINT_CACHE_DIR": str(tmp_path / "cache")})
    assert "Dockerfile:4:1: FL201 error: psycopg2" in shown
    site = only(environment / "lib", "python*") / "site-packages" / "fromlint"
    installed = [path for path in site.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    assert sum(path.stat().st_size for path in installed) < _LARGEST


def test_this_python_is_among_those_tried():
    assert f"{sys.version_info.major}.{sys.version_info.minor}" in PYTHONS


@pytest.mark.live
@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
def test_all_that_it_needs_has_a_wheel_for_musl(python, tmp_path):
    """On x86-64. On arm64 tree-sitter has none since 0.24, and is compiled."""
    import tomllib

    needs = tomllib.loads((TOP / "pyproject.toml").read_text())["project"]["dependencies"]
    tags = [word for tag in ("musllinux_1_2_x86_64", "musllinux_1_1_x86_64") for word in ("--platform", tag)]
    words = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--dry-run",
        "--only-binary=:all:",
        "--target",
        tmp_path,
    ]
    run(*words, "--python-version", python, *tags, *needs)
