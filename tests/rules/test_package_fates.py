"""FL106, FL108, FL110 and FL204: each speaks of one fate of a package, and is silent where that does not come."""

import json
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent))

from fromlint.model.finding import Severity
from index_server import IndexServer, sdist, wheel


@pytest.fixture
def index():
    with IndexServer() as server:
        yield server


def synced(image, *more):
    lines = "".join(f"{line}\n" for line in more)
    return (
        f"FROM {image}\n{lines}COPY --from=ghcr.io/astral-sh/uv:0.9 /uv /bin/\n"
        "COPY pyproject.toml uv.lock ./\nRUN uv sync --frozen\n"
    )


def test_an_sdist_older_than_its_python_is_hopeless(check, project):
    tools = "RUN apt-get update && apt-get install -y gcc libc6-dev libyaml-dev"
    (found,) = check("FL108", synced("python:3.12-slim", tools), project("aiohttp-3.8.1.tar.gz"))
    assert found.severity is Severity.ERROR
    assert "cannot be built here with any tools" in found.message
    assert found.subject is not None
    assert found.subject.name == "aiohttp"


@pytest.mark.parametrize(
    ("image", "file"),
    [
        ("python:3.9-slim", "aiohttp-3.8.1.tar.gz"),
        ("python:3.12-slim", "pyyaml-6.0.2-cp312-cp312-manylinux_2_17_x86_64.whl"),
        ("python:3.12-slim", "docopt-0.6.2.tar.gz"),
    ],
)
def test_what_can_be_built_or_need_not_is_left_alone(check, project, image, file):
    assert not check("FL108", synced(image), project(file))


def test_a_way_out_is_respected(check, project):
    files = project("aiohttp-3.8.1.tar.gz")
    assert len(check("FL108", synced("python:3.12-slim"), files)) == 1
    assert not check("FL108", synced("python:3.12-slim", "ENV AIOHTTP_NO_EXTENSIONS=1"), files)
    files = project("shapely-1.8.5.post1.tar.gz")
    assert len(check("FL108", synced("python:3.12-slim"), files)) == 1
    assert not check("FL108", synced("python:3.12-slim", "ENV UV_NO_BUILD_ISOLATION=1"), files)


PIP = "FROM {}\nCOPY requirements.txt ./\nRUN pip install -r requirements.txt\n"


def test_a_hash_of_another_platforms_file_is_refused(check, index):
    index.add("demo", wheel("demo", "1.0", tag="cp312-cp312-manylinux_2_17_x86_64"))
    online = {"offline": False, "index_url": index.url}
    wrong = {"requirements.txt": f"demo==1.0 --hash=sha256:{'0' * 64}\n"}
    (found,) = check("FL110", PIP.format("python:3.12-slim"), wrong, **online)
    assert found.severity is Severity.ERROR
    assert found.message == "demo 1.0: no file that fits here is among the listed hashes"
    assert found.related[-1].span.file == "requirements.txt"
    right = {"requirements.txt": f"demo==1.0 --hash=sha256:{sha256(index)}\n"}
    assert not check("FL110", PIP.format("python:3.12-slim"), right, **online)
    assert not check("FL110", PIP.format("python:3.12-slim"), {"requirements.txt": "demo==1.0\n"}, **online)


def sha256(index):
    page = json.loads(index.body("demo", "application/vnd.pypi.simple.v1+json"))
    return page["files"][0]["hashes"]["sha256"]


def test_an_old_pip_does_not_see_a_new_tag(check, index):
    index.add("demo", wheel("demo", "1.0", tag="cp38-cp38-manylinux_2_17_x86_64"))
    index.add("demo", sdist("demo", "1.0"))
    online = {"offline": False, "index_url": index.url}
    files = {"requirements.txt": "demo==1.0\n"}
    (found,) = check("FL106", PIP.format("python:3.8.1"), files, **online)
    assert "does not know the tag of its wheel" in found.message
    assert any("pip install" in help for help in found.help)
    newer = PIP.format("python:3.8.1").replace("RUN ", "RUN pip install --upgrade pip && ")
    assert not check("FL106", newer, files, **online)
    assert not check("FL106", PIP.format("python:3.8-slim"), files, **online)
    index.add("pip", wheel("pip", "24.0"))
    venv = "RUN python -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install -U pip\nRUN"
    assert not check("FL106", PIP.format("python:3.8.1").replace("RUN", venv), files, **online)


def test_the_distributions_rust_is_too_old(check, project):
    tools = "RUN apt-get update && apt-get install -y gcc libc6-dev cargo"
    files = project("orjson-3.11.4.tar.gz")
    (found,) = check("FL204", synced("python:3.12-slim-bookworm", tools), files)
    assert "needs Rust" in found.message
    assert "1.63" in found.message
    # The same release has a newer one beside it.
    assert found.missing == ("cargo-web",)
    # apt takes no line that asks for both.
    ((edit,),) = (fix.edits for fix in found.fixes)
    assert edit.text.startswith("RUN apt-get update")
    bare = check("FL204", synced("python:3.12-slim-bookworm", "RUN apt-get update && apt-get install -y cargo"), files)
    assert "cargo-web" in bare[0].missing
    rustup = "RUN apt-get update && apt-get install -y gcc libc6-dev curl && curl https://sh.rustup.rs | sh -s -- -y"
    assert not check("FL204", synced("python:3.12-slim-bookworm", rustup), files)
    assert not check("FL204", synced("python:3.12-slim-bookworm"), files)


def test_no_rust_of_the_release_is_new_enough(check, project):
    files = project("bcrypt-5.0.0.tar.gz")
    alpine = synced("python:3.11-alpine3.17")
    (found,) = check("FL204", alpine, files)
    assert "needs Rust 1.74 or newer, and Alpine 3.17 has 1.64.0" in found.message
    assert not {"cargo", "rust"}.intersection(found.missing)
    assert any("rustup" in text for text in found.help)
    assert not check("FL201", alpine, files)
    assert not check("FL204", synced("python:3.12-alpine3.22"), files)
