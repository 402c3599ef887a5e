"""Files that are nobody's business: what a repository points to outside of itself is neither read nor shown."""

from __future__ import annotations

import os
import subprocess

import pytest

from fromlint import run
from hostile.conftest import SLIM, rendered
from index_server import sdist

SECRET = "sup3rs3cret"
# Lines of which each would be an error that shows the line, were it read as a Dockerfile or as requirements.
CONTENT = f"TOKEN {SECRET}: value\nroot:x:0:0:{SECRET}\n-r {SECRET}\n"
INSTALL = SLIM + "COPY secret.txt r.txt\nRUN pip install -r r.txt\n"
COMPOSE = "services:\n  web:\n    build:\n      context: {}\n      dockerfile: {}\n"


@pytest.fixture
def outside(repository):
    """A folder beside the repository with a file that must not be shown."""
    folder = repository.parent / "outside"
    folder.mkdir()
    (folder / "secret.txt").write_text(CONTENT)
    return folder


def silent(report) -> None:
    """Nothing of the secret is in any report. Notes go to stderr."""
    for name, content in rendered(report).items():
        assert SECRET not in content, name
    assert SECRET not in " ".join(report.notes)


@pytest.mark.parametrize(
    "file",
    [
        "/etc/passwd",
        "../../outside/secret.txt",
        "../outside/secret.txt",
        "{outside}/secret.txt",
        "file://{outside}/secret.txt",
    ],
)
@pytest.mark.parametrize("where", ["command", "file", "constraint"])
def test_requirements_of_another_tree(checked, outside, file, where):
    file = file.format(outside=outside)
    if where == "command":
        files = {"Dockerfile": SLIM + f"COPY . .\nRUN pip install -r {file} -c {file} -e {file}\n"}
    else:
        option = "-r" if where == "file" else "-c"
        files = {
            "Dockerfile": SLIM + "WORKDIR /app\nCOPY . .\nRUN pip install -r r.txt\n",
            "r.txt": f"{option} {file}\n{option}{file}\n",
        }
    report = checked(files)
    silent(report)
    assert "root:" not in rendered(report)["text"]


@pytest.mark.parametrize("name", ["secret.txt", "folder/secret.txt"])
def test_a_link_in_the_context(checked, outside, repository, name):
    os.symlink(outside / "secret.txt" if "/" not in name else outside, repository / name.partition("/")[0])
    report = checked({"Dockerfile": SLIM + f"COPY {name} r.txt\nRUN pip install -r r.txt\n"})
    silent(report)
    assert "is a link to" in rendered(report)["text"]


@pytest.mark.parametrize("name", ["Dockerfile", "web/Dockerfile", "web.Dockerfile"])
@pytest.mark.parametrize("how", ["searched", "named", "hook"])
def test_a_dockerfile_that_is_a_link_out_of_the_repository(checked, outside, repository, name, how):
    (repository / "web").mkdir()
    os.symlink(outside / "secret.txt", repository / name)
    paths = [repository] if how == "searched" else [repository / name]
    report = run.check(paths, {"offline": True}, hook=how == "hook").report
    silent(report)
    assert [finding.message for finding in report.findings] == [
        "the Dockerfile cannot be read: it is a link that leads out of the repository"
    ]


def test_a_dockerfile_that_is_a_link_within_the_repository_is_read(checked, repository):
    (repository / "web").mkdir()
    os.symlink("../real", repository / "web/Dockerfile")
    report = checked({"real": SLIM})
    assert [project.dockerfile.path for project in report.projects] == ["web/Dockerfile"]
    assert report.findings == ()


def test_an_ignore_file_that_is_a_link_out_of_the_repository(checked, outside, repository):
    (outside / "secret.txt").write_text(f"[{SECRET}\n!\n*\n")
    os.symlink(outside / "secret.txt", repository / "Dockerfile.dockerignore")
    report = checked({"Dockerfile": SLIM + "COPY r.txt .\nRUN pip install -r r.txt\n", "r.txt": ""}, context=".")
    silent(report)
    assert report.findings == ()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("compose.yaml", COMPOSE.format("../outside", "../repository/Dockerfile")),
        ("compose.yaml", COMPOSE.format("{outside}", "{repository}/Dockerfile")),
        ("compose.yaml", COMPOSE.format("/", "{repository}/Dockerfile")),
        ("compose.yaml", COMPOSE.format("link", "../repository/Dockerfile")),
        ("docker-bake.hcl", 'target "web" {{ context = "../outside"\n dockerfile = "../repository/Dockerfile" }}'),
        (
            ".github/workflows/ci.yml",
            "jobs:\n  a:\n    steps:\n      - uses: docker/build-push-action@v6\n        with:\n"
            "          context: ../outside\n          file: Dockerfile\n",
        ),
    ],
)
def test_a_declared_context_outside_of_the_repository(checked, outside, repository, name, content):
    os.symlink("../outside", repository / "link")
    report = checked({"Dockerfile": INSTALL, name: content.format(outside=outside, repository=repository)})
    silent(report)
    assert "FL908" in [finding.code for finding in report.findings]


def test_a_named_context_outside_of_the_repository(checked, outside):
    compose = COMPOSE.format(".", "Dockerfile") + "      additional_contexts:\n        other: ../outside\n"
    dockerfile = SLIM + "COPY --from=other secret.txt r.txt\nRUN pip install -r r.txt\n"
    silent(checked({"Dockerfile": dockerfile, "compose.yaml": compose}))


@pytest.mark.parametrize("name", ["context", "baseline"])
@pytest.mark.parametrize("path", ["../outside", "/", "/etc", "link"])
def test_a_settings_file_that_leads_out_of_the_repository(checked, outside, repository, name, path):
    os.symlink("../outside", repository / "link")
    with pytest.raises(run.UsageError, match=f"{name} .* is outside of the repository; --{name} may say so"):
        checked({"Dockerfile": INSTALL, "fromlint.toml": f'{name} = "{path}"\n'})
    # The command line is the user's own.
    if name == "context" and path == "../outside":
        report = checked({}, context=path)
        assert report.projects[0].stages[0].installs[0].needs.read


def test_settings_that_are_a_link_show_no_content(checked, outside, repository):
    os.symlink("../outside/secret.txt", repository / "fromlint.toml")
    with pytest.raises(run.UsageError) as caught:
        checked({"Dockerfile": SLIM})
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize("name", ["requirements", "target", "images"])
def test_other_settings_read_no_further_files(checked, outside, name):
    value = {
        "requirements": '["../outside/secret.txt", "/etc/passwd"]',
        "target": '"../outside"',
        "images": '{ "a" = "../outside" }',
    }[name]
    silent(checked({"Dockerfile": SLIM + "COPY . .\n", "fromlint.toml": f"{name} = {value}\n"}))


def test_variables_of_this_machine_are_no_variables_of_the_image(checked, monkeypatch, server):
    monkeypatch.setenv("SECRET", SECRET)
    dockerfile = (
        "ARG SECRET\n"
        + SLIM
        + (
            "ARG SECRET\nCOPY r.txt .\n"
            f"RUN pip install --index-url {server.url}/${{SECRET}} a==$SECRET -r r.txt\nRUN echo $SECRET ${{SECRET}}\n"
        )
    )
    requirements = f"--extra-index-url {server.url}/${{SECRET}}/\n${{SECRET}}\nflask==${{SECRET}}\n"
    compose = COMPOSE.format(".", "Dockerfile") + "      args:\n        SECRET:\n        OTHER: ${SECRET}\n"
    report = checked({"Dockerfile": dockerfile, "r.txt": requirements, "compose.yaml": compose}, index_url=server.url)
    silent(report)
    assert not any(SECRET in seen.path for seen in server.seen)


def test_nothing_is_written_but_the_cache(checked, repository):
    before = sorted(path.relative_to(repository.parent) for path in repository.parent.rglob("*"))
    checked({"Dockerfile": SLIM + "RUN pip install '../../x' 'a @ file:///../../y' && echo > /tmp/z\n"})
    after = sorted(path.relative_to(repository.parent) for path in repository.parent.rglob("*"))
    assert {str(path).split("/")[0] for path in after if path not in before} <= {"cache", "repository"}
    assert [path.name for path in repository.iterdir() if path.name != ".git"] == ["Dockerfile"]


def test_nothing_is_run(checked, repository, server, monkeypatch):
    ran = repository.parent / "ran"
    program = f"open({str(ran)!r}, 'w').write('x')\n"
    setup = f"{program}from setuptools import setup\nsetup(name='app', install_requires=['demo'])\n".encode()
    server.add(
        "demo",
        sdist("demo", "1.0", dynamic=("Requires-Dist",), files={"setup.py": setup, "a.c": b"#include <zlib.h>\n"}),
    )

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a program was started")

    for name in ("Popen", "run"):
        monkeypatch.setattr(subprocess, name, refuse)
    for name in ("system", "execv", "execve", "posix_spawn", "fork"):
        monkeypatch.setattr(os, name, refuse)
    report = checked(
        {
            "Dockerfile": SLIM
            + f"WORKDIR /app\nCOPY . .\nRUN touch {ran} && python setup.py && ./x.sh\nRUN pip install . demo\n",
            "setup.py": setup,
            "conftest.py": program,
            "x.sh": f"#!/bin/sh\ntouch {ran}\n",
            "pyproject.toml": "[build-system]\nrequires = ['setuptools']\nbackend-path = ['.']\nbuild-backend = 'conftest'\n",
        },
        index_url=server.url,
    )
    assert "demo" in rendered(report)["json"]
    assert not ran.exists()
