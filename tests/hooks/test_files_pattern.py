"""Which files make the hooks run: the pattern of .pre-commit-hooks.yaml, as pre-commit searches with it."""

import re
from pathlib import Path

import pytest
import yaml

from fromlint.discovery import bake, compose, home_assistant
from fromlint.discovery.find import is_dockerfile_name

MANIFEST = Path(__file__).parent.parent.parent / ".pre-commit-hooks.yaml"
HOOKS = yaml.safe_load(MANIFEST.read_text())
PATTERN = re.compile(HOOKS[0]["files"])

DOCKERFILES = [
    "Dockerfile",
    "dockerfile",
    "DOCKERFILE",
    "Dockerfile.prod",
    "Dockerfile-dev",
    "Dockerfile_dev",
    "Dockerfile.3.12-alpine",
    "api.Dockerfile",
    "web-dockerfile",
    "Containerfile",
    "Containerfile.x",
    "ContainerfileDev",
]
NEEDS = [
    "requirements.txt",
    "requirements.in",
    "requirements-dev.txt",
    "dev-requirements.txt",
    "requirements_test.pip",
    "requirements.lock",
    "requirements/base.txt",
    "requirements/prod/web.in",
    "reqs/base.txt",
    "reqs.txt",
    "constraints.txt",
    "constraints-3.12.txt",
    "pyproject.toml",
    "setup.py",
    "setup.cfg",
    ".python-version",
    "uv.lock",
    "uv.toml",
    "poetry.lock",
    "pdm.lock",
    "pylock.toml",
    "pylock.prod.toml",
    "Pipfile",
    "Pipfile.lock",
    "pip.conf",
    "fromlint.toml",
    ".dockerignore",
    "Dockerfile.dockerignore",
]
BUILDS = [
    "compose.yaml",
    "compose.override.yml",
    "docker-compose.yml",
    "docker-compose.prod.yaml",
    "docker-bake.hcl",
    "docker-bake.json",
    "docker-bake.override.hcl",
    "bake.hcl",
    "app.bake.json",
    "build.yaml",
]
OTHERS = [
    "README.md",
    "app.py",
    "dockerfile_parse.py",
    "test_dockerfile.py",
    "dockerfiles",
    "Dockerfile.md",
    "Dockerfile.orig",
    "Dockerfile~",
    "my-dockerfile-notes",
    "requirements.md",
    "requirements.txt.bak",
    "txt/requirements",
    "package-lock.json",
    "Cargo.lock",
    "Cargo.toml",
    "requests.txt",
    "composer.json",
    "decompose.yml",
    "notes.txt",
]


@pytest.mark.parametrize("folder", ["", "docker/", "a.b/c d/"])
@pytest.mark.parametrize("name", [*DOCKERFILES, *NEEDS, *BUILDS])
def test_fires(folder: str, name: str) -> None:
    assert PATTERN.search(folder + name)


@pytest.mark.parametrize("folder", ["", "docker/", "dockerfile/", "my-dockerfile.d/"])
@pytest.mark.parametrize("name", OTHERS)
def test_stays_silent(folder: str, name: str) -> None:
    assert not PATTERN.search(folder + name)


@pytest.mark.parametrize("name", DOCKERFILES)
def test_what_the_hook_takes_for_a_dockerfile_the_search_takes_for_one(name: str) -> None:
    assert is_dockerfile_name(name)


@pytest.mark.parametrize("name", BUILDS)
def test_what_the_hook_takes_for_a_build_file_is_read_as_one(name: str) -> None:
    if ".override." not in name:
        patterns = (bake.FILES, bake.OTHER_FILES, compose.FILES)
        assert any(pattern.fullmatch(name) for pattern in patterns) or name in home_assistant.FILES


def test_both_hooks_run_for_the_same_files_and_in_one_process() -> None:
    assert [hook["id"] for hook in HOOKS] == ["fromlint", "fromlint-fix"]
    assert HOOKS[0]["files"] == HOOKS[1]["files"]
    assert all(hook["require_serial"] for hook in HOOKS)
