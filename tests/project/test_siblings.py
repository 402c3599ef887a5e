"""Bases that the project's own Dockerfiles build, as compose, bake and workflows name them."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fromlint import run
from fromlint.model.project import Project

Check = Callable[..., Project]

BASE = """\
FROM python:3.12-slim-bookworm
ENV APP=1
WORKDIR /srv
RUN apt-get update && apt-get install -y --no-install-recommends git libpq5 && rm -rf /var/lib/apt/lists/*
"""
CHILD = "FROM corp/base\nRUN pip install six\n"
COMPOSE = """\
services:
  base:
    image: corp/base
    build: ./base
  app:
    build: ./app
"""


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Check:
    """The facts of ``app/Dockerfile`` in a project of these files."""
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    (tmp_path / ".git").mkdir()

    def checked(files: Mapping[str, str], **settings: object) -> Project:
        for name, text in files.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        return run.check([tmp_path / "app" / "Dockerfile"], {"offline": True, **settings}).report.projects[0]

    return checked


@pytest.mark.parametrize(
    "declared",
    [
        {"compose.yaml": COMPOSE},
        {"compose.yaml": COMPOSE.replace("corp/base\n", "${REGISTRY:-corp}/base:latest\n")},
        {"compose.yaml": "services:\n  b:\n    build:\n      context: base\n      tags: [corp/base]\n"},
        {"docker-bake.hcl": 'target "base" {\n  context = "base"\n  tags = ["corp/base:latest"]\n}\n'},
        {
            ".github/workflows/build.yml": "jobs:\n  b:\n    steps:\n    - uses: docker/build-push-action@v6\n"
            "      with:\n        context: base\n        tags: |\n          other/name:1\n          corp/base:latest\n"
        },
        {
            ".github/workflows/build.yml": "jobs:\n  b:\n    steps:\n    - uses: docker/build-push-action@v6\n"
            "      with:\n        context: base\n        tags: corp/base:${{ env.TAG }}, corp/base:${{ env.TAG }}-arm64\n"
        },
        {"compose.yaml": COMPOSE.replace("corp/base\n", "corp/base:${TAG}\n")},
        {"Makefile": "base:\n\tdocker build --pull \\\n\t  -t corp/base base\n"},
        {"scripts/build.sh": "docker buildx build --load --tag=corp/base:latest -f base/Dockerfile .\n"},
    ],
)
def test_the_base_is_what_its_own_dockerfile_leaves_behind(check: Check, declared: Mapping[str, str]) -> None:
    project = check({"base/Dockerfile": BASE, "app/Dockerfile": CHILD, **declared})
    found = project.stages[0].environment
    assert (found.known, found.image, found.distro, found.codename) == (True, "corp/base", "debian", "bookworm")
    assert (found.variables["APP"], found.directory) == ("1", "/srv")
    assert found.packages is not None
    assert {"git", "libpq5", "bash"} <= found.packages
    assert found.python is not None
    assert found.python.version.startswith("3.12")


@pytest.mark.parametrize(
    "declared",
    [
        {
            "compose.yaml": "services:\n  b:\n    build: base\n  app:\n    build:\n      context: app\n"
            "      additional_contexts:\n        made-here: service:b\n"
        },
        {
            "docker-bake.hcl": 'target "b" {\n  context = "base"\n}\ntarget "app" {\n  context = "app"\n'
            '  contexts = {\n    made-here = "target:b"\n  }\n}\n'
        },
    ],
)
def test_a_named_context_that_is_another_build(check: Check, declared: Mapping[str, str]) -> None:
    project = check({"base/Dockerfile": BASE, "app/Dockerfile": CHILD.replace("corp/base", "made-here"), **declared})
    assert project.stages[0].environment.codename == "bookworm"


def test_a_named_context_that_is_an_image(check: Check) -> None:
    compose = (
        "services:\n  app:\n    build:\n      context: app\n      additional_contexts:\n"
        "        corp/base: docker-image://python:3.13-alpine3.22\n"
    )
    project = check({"app/Dockerfile": CHILD, "compose.yaml": compose})
    assert project.stages[0].environment.release == "3.22"


def test_the_target_and_the_arguments_of_the_other_build(check: Check) -> None:
    base = "ARG V=3.11\nFROM python:${V}-slim-bookworm AS wanted\nFROM alpine:3.20 AS last\n"
    compose = COMPOSE.replace("./base", "{context: ./base, target: wanted, args: {V: '3.13'}}")
    project = check({"base/Dockerfile": base, "app/Dockerfile": CHILD, "compose.yaml": compose})
    found = project.stages[0].environment
    assert found.python is not None
    assert (found.distro, found.python.version[:4]) == ("debian", "3.13")


def test_what_the_other_build_copies_may_be_there(check: Check) -> None:
    base = BASE + "COPY . /srv\n"
    child = "FROM corp/base\nRUN pip install -r requirements.txt\n"
    files = {
        "base/Dockerfile": base,
        "base/requirements.txt": "six\n",
        "app/Dockerfile": child,
        "compose.yaml": COMPOSE,
    }
    (install,) = check(files).stages[0].installs
    assert install.needs.missing == ()
    (unknown,) = install.needs.unknown
    assert unknown.why.endswith("base/Dockerfile, which builds the base image, may have put it there")


def test_what_the_other_build_installs_is_not_guessed(check: Check) -> None:
    base = "FROM python:3.12-slim-bookworm\nRUN curl https://example.org/install.sh | sh\nRUN pip install flask\n"
    files = {"base/Dockerfile": base, "app/Dockerfile": CHILD + "RUN git clone x\n", "compose.yaml": COMPOSE}
    found = check(files).stages[0].environment
    assert found.known
    assert (found.distributions, found.tools) == (None, frozenset())


def test_a_virtual_environment_of_the_other_build(check: Check) -> None:
    base = f"{BASE}RUN python -m venv /opt/venv\nENV PATH=/opt/venv/bin:$PATH\n"
    found = check({"base/Dockerfile": base, "app/Dockerfile": CHILD, "compose.yaml": COMPOSE}).stages[0]
    assert found.environment.virtual_environment == "/opt/venv"
    assert found.installs[0].site == "/opt/venv"


def test_two_bases_one_upon_the_other(check: Check) -> None:
    compose = COMPOSE + "  lowest:\n    image: corp/lowest\n    build: ./lowest\n"
    files = {
        "lowest/Dockerfile": BASE,
        "base/Dockerfile": "FROM corp/lowest\nENV MORE=2\n",
        "app/Dockerfile": CHILD,
        "compose.yaml": compose,
    }
    found = check(files).stages[0].environment
    assert (found.variables["APP"], found.variables["MORE"], found.codename) == ("1", "2", "bookworm")


def test_bases_that_go_round_in_a_circle(check: Check) -> None:
    compose = COMPOSE.replace("  app:\n", "  app:\n    image: corp/app\n")
    for base in ("FROM corp/app\n", "FROM corp/base\n"):
        found = check({"base/Dockerfile": base, "app/Dockerfile": CHILD, "compose.yaml": compose}).stages[0].environment
        assert not found.known
        assert "built on itself" in (found.unknown or "")


def test_an_unknown_base_of_the_other_build(check: Check) -> None:
    files = {"base/Dockerfile": "FROM registry.corp/x:1\n", "app/Dockerfile": CHILD, "compose.yaml": COMPOSE}
    found = check(files).stages[0].environment
    assert (found.known, found.image) == (False, "corp/base")
    assert "built by" in (found.unknown or "")


def test_nothing_builds_it(check: Check) -> None:
    assert not check({"app/Dockerfile": CHILD, "compose.yaml": COMPOSE}).stages[0].environment.known
    other = CHILD.replace("corp/base", "corp/base:2")
    assert (
        not check({"base/Dockerfile": BASE, "app/Dockerfile": other, "compose.yaml": COMPOSE})
        .stages[0]
        .environment.known
    )


def test_the_comment_of_a_dockerfile_that_says_how_to_build_it(check: Check) -> None:
    base = f"# docker build --tag corp/base .\n{BASE}"
    assert check({"base/Dockerfile": base, "app/Dockerfile": CHILD}).stages[0].environment.codename == "bookworm"
    other = check({"base/Dockerfile": base.replace("corp/base", "corp/other"), "app/Dockerfile": CHILD})
    assert not other.stages[0].environment.known


@pytest.mark.parametrize(
    "line",
    ["docker build -t $NAME base", "docker build -t corp/base $WHERE", "docker build base", "docker build -t corp/base x",
     "docker build -t", "echo docker build"],
)  # fmt: skip
def test_commands_that_do_not_say_it(check: Check, line: str) -> None:
    files = {"base/Dockerfile": BASE, "app/Dockerfile": CHILD, "build.sh": f"{line}\n# corp/base\n"}
    assert not check(files).stages[0].environment.known


def test_two_builds_with_tags_that_are_not_known(check: Check) -> None:
    compose = COMPOSE.replace("corp/base\n", "corp/base:${TAG}\n")
    compose += "  other:\n    image: corp/base:${OTHER}\n    build: ./other\n"
    files = {"base/Dockerfile": BASE, "other/Dockerfile": "FROM alpine:3.20\n", "app/Dockerfile": CHILD}
    assert not check({**files, "compose.yaml": compose}).stages[0].environment.known


def test_an_official_image_stays_what_it_is(check: Check) -> None:
    compose = COMPOSE.replace("corp/base", "python:3.12-slim-bookworm")
    files = {"base/Dockerfile": "FROM alpine:3.20\n", "app/Dockerfile": "FROM python:3.12-slim-bookworm\n"}
    assert check({**files, "compose.yaml": compose}).stages[0].environment.distro == "debian"


# --- a GPU ------------------------------------------------------------------------------------------------------------

DEVICES = "deploy: {resources: {reservations: {devices: [{driver: nvidia, count: 1, capabilities: [gpu]}]}}}"


@pytest.mark.parametrize(
    "said",
    [DEVICES, "gpus: all", "runtime: nvidia", "environment: [NVIDIA_VISIBLE_DEVICES=all]",
     "environment: {NVIDIA_VISIBLE_DEVICES: all}"],
)  # fmt: skip
@pytest.mark.parametrize("file", ["compose.yaml", "compose.gpu.yaml"])
def test_compose_gives_it_a_gpu(check: Check, said: str, file: str) -> None:
    service = "services:\n  app:\n    build: ./app\n"
    more = f"{service if file == 'compose.yaml' else 'services:' + chr(10) + '  app:' + chr(10)}    {said}\n"
    assert check({"app/Dockerfile": "FROM python:3.12-slim\n", "compose.yaml": service, file: more}).gpu


def test_another_service_has_the_gpu(check: Check) -> None:
    compose = f"services:\n  app:\n    build: ./app\n  model:\n    image: ollama/ollama\n    {DEVICES}\n"
    assert not check({"app/Dockerfile": "FROM python:3.12-slim\n", "compose.yaml": compose}).gpu


def codes(check: Check, files: Mapping[str, str]) -> list[str]:
    """The codes of the findings on ``app/Dockerfile``."""
    check(files)
    root = Path(os.environ["FROMLINT_CACHE_DIR"]).parent
    report = run.check([root / "app" / "Dockerfile"], {"offline": True}).report
    return [finding.code for finding in report.findings if finding.severity.value != "info"]


@pytest.mark.parametrize(
    ("base", "child", "expected"),
    [
        # What the base left behind: no lists, and no other sources.
        (BASE, "RUN apt-get install -y curl\n", ["FL208"]),
        (BASE, "RUN apt-get update && apt-get install -y libgl1-mesa-glx2\n", ["FL205"]),
        (BASE, "RUN apt-get update && apt-get install -y curl\n", []),
        (BASE.replace(" && rm -rf /var/lib/apt/lists/*", ""), "RUN apt-get install -y curl\n", []),
        (BASE + "RUN add-apt-repository ppa:x/y\n", "RUN apt-get update && apt-get install -y no-such-one\n", []),
        (BASE + "COPY rootfs /\n", "RUN apt-get update && apt-get install -y no-such-one\n", []),
        ("FROM unknown/image:1\n", "RUN apt-get install -y curl\n", []),
    ],
)
def test_package_sources_and_lists_are_followed_through_it(
    check: Check, base: str, child: str, expected: list[str]
) -> None:
    files = {
        "compose.yaml": COMPOSE,
        "base/Dockerfile": base,
        "base/rootfs/etc/x": "",
        "app/Dockerfile": "FROM corp/base\n" + child,
    }
    assert codes(check, files) == expected
