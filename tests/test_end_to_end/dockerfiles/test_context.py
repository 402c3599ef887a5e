"""Where a build takes its files from, and what compose, bake and workflows say of it."""

import os

import pytest

from fromlint import run

COPIES = "FROM python:3.12-slim\nWORKDIR /app\nCOPY {} ./\nRUN pip install -r requirements.txt\n"
NEEDS = {"requirements.txt": "flask\n", "needs/dev.txt": "pytest\n"}
SLIM = "FROM python:3.12-slim\n"


@pytest.mark.parametrize(
    ("dockerfile", "names"),
    [
        (COPIES.format("requirements.txt"), ["flask"]),
        (COPIES.format("./requirements.txt"), ["flask"]),
        (COPIES.format("/requirements.txt"), ["flask"]),
        (COPIES.format("req*.txt"), ["flask"]),
        (COPIES.format("r?quirements.[t]xt"), ["flask"]),
        (COPIES.format("."), ["flask"]),
        (COPIES.format("../../requirements.txt"), ["flask"]),
        (COPIES.format('--chown=1000:1000 --link "requirements.txt"'), ["flask"]),
        (SLIM + 'COPY ["requirements.txt", "/x/"]\nRUN pip install -r /x/requirements.txt\n', ["flask"]),
        (SLIM + "ADD needs /needs\nRUN cd /needs && pip install -r dev.txt\n", ["pytest"]),
        (SLIM + "COPY --parents needs/dev.txt /x/\nRUN pip install -r /x/needs/dev.txt\n", ["pytest"]),
        (SLIM + "COPY requirements.txt /tmp\nRUN pip install -r /tmp/requirements.txt\n", ["flask"]),
        (SLIM + "COPY needs/* /n/\nRUN pip install -r /n/dev.txt\n", ["pytest"]),
        (SLIM + "WORKDIR a\nWORKDIR b\nCOPY . .\nRUN pip install -r /a/b/requirements.txt\n", ["flask"]),
        (SLIM + "ARG D=/d\nENV W=$D/w\nWORKDIR $W\nCOPY . .\nRUN pip install -r /d/w/needs/dev.txt\n", ["pytest"]),
        (SLIM + "RUN --mount=type=bind,target=/src pip install -r /src/needs/dev.txt\n", ["pytest"]),
        (SLIM + "WORKDIR /w\nRUN --mount=type=bind,source=needs,target=n pip install -r n/dev.txt\n", ["pytest"]),
        (SLIM + "RUN --mount=target=/src cp /src/requirements.txt /r && pip install -r /r\n", ["flask"]),
    ],
)
def test_the_file_that_an_install_reads_is_found(check, dockerfile, names):
    found = check(dockerfile, NEEDS)
    assert found.names() == names
    assert found.found("FL902") == []


@pytest.mark.parametrize("command", ["npm install -g sass", "tar -xf a.tar -C /opt", "git clone https://x/y /opt/y"])
def test_what_surely_makes_no_requirements_file_leaves_it_missing(check, command):
    found = check(SLIM + f"WORKDIR /app\nRUN {command}\nRUN pip install -r requirements.txt\n")
    assert len(found.found("FL902")) == 1


@pytest.mark.parametrize("command", ["curl https://x | sh", "./make.sh", "tar -xf a.tar", "git clone https://x/y ."])
def test_what_may_make_one_leaves_it_unknown(check, command):
    found = check(SLIM + f"WORKDIR /app\nRUN {command}\nRUN pip install -r requirements.txt\n")
    assert found.found("FL902") == []
    assert len(found.found("FL908")) == 1


@pytest.mark.parametrize(
    ("dockerfile", "message"),
    [
        (COPIES.format("needs"), "nothing copies /app/requirements.txt"),
        (COPIES.format("--exclude=requirements.txt ."), "nothing copies /app/requirements.txt"),
        ("FROM python:3.12-slim\nRUN pip install -r requirements.txt\n", "nothing copies /requirements.txt"),
        (COPIES.format("other.txt requirements.txt").replace("pip", "rm requirements.txt; pip"), "was removed"),
    ],
)
def test_a_file_that_is_not_there_is_missing(check, dockerfile, message):
    (finding,) = check(dockerfile, {**NEEDS, "other.txt": ""}).found("FL902")
    assert message in finding.message


def test_what_is_not_in_the_context_is_said(check):
    (finding,) = check(COPIES.format("requirements.txt"), context=".").found("FL902")
    assert finding.message == "requirements.txt is not in the build context"


def test_the_working_folder_of_the_base_image_counts(check):
    found = check("FROM tiangolo/uvicorn-gunicorn-fastapi:python3.11\nCOPY requirements.txt .\n", NEEDS)
    assert found.project.stages[0].environment.directory == "/app"


@pytest.mark.parametrize(
    ("ignore", "there"),
    [
        ("*.txt\n", False),
        ("*.txt\n!requirements.txt\n", True),
        ("**\n!req*\n", True),
        ("# requirements.txt\n", True),
        ("/requirements.txt\n", False),
        ("needs\n", True),
    ],
)
@pytest.mark.parametrize("name", [".dockerignore", "Dockerfile.dockerignore"])
def test_what_is_ignored_is_not_there(check, ignore, there, name):
    found = check(COPIES.format("."), {**NEEDS, name: ignore}, context=".")
    assert bool(found.found("FL902")) is not there


def test_the_dockerfiles_own_ignore_file_comes_first(check):
    ignores = {".dockerignore": "requirements.txt\n", "Dockerfile.dockerignore": "needs\n"}
    assert check(COPIES.format("."), {**NEEDS, **ignores}).names() == ["flask"]


FROM_ROOT = """
ARG TAG=nosuch
FROM python:$TAG AS base
COPY service/requirements.txt .
RUN pip install -r requirements.txt
FROM base AS dev
"""
COMPOSE = """
services:
  web:
    build:
      context: .
      dockerfile: docker/Dockerfile
      target: base
      args: {TAG: 3.12-slim}
      platforms: [linux/arm64]
"""
COMPOSE_BESIDE = """
services:
  web:
    platform: linux/arm64
    build:
      context: ..
      dockerfile: docker/Dockerfile
      target: base
      args: [TAG=3.12-slim]
"""
BAKE = """
variable "PYTHON" { default = "3.12" }
target "web" {
  dockerfile = "docker/Dockerfile"
  target = "base"
  args = { TAG = "${PYTHON}-slim" }
  platforms = ["linux/arm64"]
}
"""
BAKE_JSON = """
{"target": {"web": {"dockerfile": "docker/Dockerfile", "target": "base", "args": {"TAG": "3.12-slim"},
                    "platforms": ["linux/arm64"]}}}
"""
WORKFLOW = """
jobs:
  build:
    steps:
      - uses: docker/build-push-action@v6
        with:
          context: .
          file: docker/Dockerfile
          target: base
          build-args: |
            TAG=3.12-slim
          platforms: linux/arm64
"""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("compose.yaml", COMPOSE),
        ("docker/docker-compose.yml", COMPOSE_BESIDE),
        ("docker-bake.hcl", BAKE),
        ("docker-bake.json", BAKE_JSON),
        (".github/workflows/build.yml", WORKFLOW),
    ],
)
def test_what_names_the_dockerfile_says_how_it_is_built(check, name, text):
    found = check(FROM_ROOT, {"service/requirements.txt": "flask\n", name: text}, path="docker/Dockerfile")
    assert found.stages == ["python:3.12-slim", "base"]
    assert found.names() == ["flask"]
    assert [facts.stage.name for facts in found.project.stages if facts.stage.target] == ["base"]
    assert found.project.asked == ("linux/arm64",)


def test_platforms_are_judged_by_what_their_images_are(check):
    platforms = "[linux/arm64/v8, linux/arm64, linux/arm/v8, windows/amd64]"
    compose = f"services:\n  web:\n    build:\n      context: .\n      platforms: {platforms}\n"
    assert check(SLIM, {"compose.yaml": compose}).project.asked == ("linux/arm64", "linux/arm/v7")


def test_a_named_context(check):
    compose = (
        "services:\n  web:\n    build:\n      context: app\n      additional_contexts:\n        shared: ./shared\n"
    )
    found = check(
        "FROM python:3.12-slim\nCOPY --from=shared needs/base.txt /r.txt\nRUN pip install -r /r.txt\n",
        {"shared/needs/base.txt": "flask\n", "compose.yaml": compose},
        path="app/Dockerfile",
    )
    assert found.names() == ["flask"]
    assert found.install().needs.read == ("shared/needs/base.txt",)


def test_the_nearest_folder_that_has_all_sources(check):
    found = check(COPIES.format("requirements.txt needs/dev.txt"), NEEDS, path="deploy/docker/Dockerfile")
    assert found.names() == ["flask"]


def test_no_folder_has_all_sources(check):
    found = check(COPIES.format("nowhere.txt"), NEEDS)
    assert any("the build context" in finding.message for finding in found.found("FL908"))
    assert found.found("FL902") == []


def test_nothing_outside_the_context_is_read(check, folder):
    (folder.parent / "secret.txt").write_text("flask\n")
    os.symlink("../secret.txt", folder / "requirements.txt")
    found = check(COPIES.format("requirements.txt"))
    assert found.names() == []
    assert found.found("FL902") == []
    assert "link that leads out of the build context" in found.found("FL908")[0].message


def test_a_loop_of_links_in_the_context(check, folder):
    os.symlink("b", folder / "a")
    os.symlink("a", folder / "b")
    os.symlink(".", folder / "self")
    found = check(COPIES.format("a self ."), NEEDS, context=".")
    assert found.names() == ["flask"]


NAMES = [
    "Dockerfile",
    "dockerfile",
    "Dockerfile.dev",
    "web.Dockerfile",
    "Dockerfile-alpine",
    "Containerfile",
    "CONTAINERFILE.x",
]


def test_a_folder_is_searched(write, folder):
    others = [
        "vendor/Dockerfile",
        "node_modules/x/Dockerfile",
        "ignored/Dockerfile",
        "venv/Dockerfile",
        "Dockerfile.md",
    ]
    write({f"{n}/{name}": "FROM scratch\n" for n, name in enumerate(NAMES)})
    write(dict.fromkeys(others, "FROM scratch\n"))
    write({"venv/pyvenv.cfg": "", ".gitignore": "/ignored/\n", "Dockerfile.j2": "FROM {{ base }}\n"})
    os.symlink(folder, folder / "again")
    report = run.check([folder], {"offline": True}).report
    assert [project.dockerfile.path for project in report.projects] == [f"{n}/{name}" for n, name in enumerate(NAMES)]
