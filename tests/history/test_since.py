"""--since and --baseline as a user has them, in a real git repository."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from fromlint.cli import cli
from fromlint.history.revision import RevisionError, changed, checked_out

DOCKERFILE = "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
PULLED = "flask @ git+https://example.com/flask\n"
MORE = PULLED + "click @ git+https://example.com/click\n"


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A repository with a Dockerfile and its requirements committed; the working folder."""
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.delenv("GIT_DIR", raising=False)
    git(folder, "init", "-q", "-b", "main")
    write(folder, {"Dockerfile": DOCKERFILE, "requirements.txt": PULLED, "other/Dockerfile": DOCKERFILE})
    write(folder, {"other/requirements.txt": PULLED})
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    return folder


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def check(*words: str):
    return CliRunner().invoke(cli, ["check", "--offline", "--format", "concise", *words], catch_exceptions=False)


def since_head(form: str) -> str:
    words = ["check", "--offline", "--format", form, "--since", "HEAD"]
    return CliRunner().invoke(cli, words, catch_exceptions=False).stdout


def test_only_what_is_worse_than_before_is_reported(project):
    write(project, {"requirements.txt": MORE})
    result = check("--since", "main")
    assert result.exit_code == 1
    assert "click is fetched with git" in result.stdout
    assert "flask" not in result.stdout
    assert "other" not in result.stdout
    assert "1 finding was there at main already" in result.stderr


def test_a_bump_of_the_base_says_how_many_wheels_it_loses(project):
    write(project, {"requirements.txt": "numpy==1.26.4\npandas==2.2.2\nflask==3.0.3\n"})
    git(project, "commit", "-q", "-am", "pinned")
    write(project, {"Dockerfile": DOCKERFILE.replace("3.12", "3.13")})
    sentence = (
        "Dockerfile: python:3.12-slim-trixie → python:3.13-slim-trixie loses 2 wheels on linux/amd64: numpy, pandas"
    )
    assert f"\n{sentence}\n" in since_head("text")
    assert json.loads(since_head("json"))["changes"] == [sentence]


def test_a_bump_of_a_requirement_names_its_versions(project):
    write(project, {"Dockerfile": DOCKERFILE.replace("slim-trixie", "alpine"), "requirements.txt": "numpy==2.1.3\n"})
    git(project, "commit", "-q", "-am", "pinned")
    write(project, {"requirements.txt": "numpy==1.24.4\n"})
    assert json.loads(since_head("json"))["changes"] == [
        "Dockerfile: this change loses one wheel on linux/amd64: numpy 2.1.3 → 1.24.4"
    ]


def test_a_move_to_alpine_says_what_cannot_be_installed_there(project):
    write(project, {"requirements.txt": "torch==2.5.1\nlightgbm==4.5.0\nscikit-learn==1.5.2\n"})
    git(project, "commit", "-q", "-am", "pinned")
    write(project, {"Dockerfile": DOCKERFILE.replace("slim-trixie", "alpine")})
    (sentence,) = json.loads(since_head("json"))["changes"]
    assert sentence.startswith("Dockerfile: python:3.12-slim-trixie → python:3.12-alpine loses ")
    assert "lightgbm" in sentence
    assert sentence.endswith("; 1 of them cannot be installed at all")


def test_a_new_dockerfile_is_reported_in_full(project):
    write(project, {"third/Dockerfile": DOCKERFILE, "third/requirements.txt": PULLED})
    result = check("--since", "HEAD")
    assert "third/Dockerfile:3" in result.stdout
    assert result.exit_code == 1


def test_a_requirements_file_that_is_gone_is_worse(project):
    write(project, {"all/Dockerfile": "FROM python:3.12\nWORKDIR /app\nCOPY . .\nRUN pip install -r needed.txt\n"})
    write(project, {"all/needed.txt": "six\n"})
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "all")
    (project / "all" / "needed.txt").unlink()
    result = check("--since", "HEAD")
    assert "FL902" in result.stdout
    assert result.exit_code == 1


def test_nothing_changed_is_nothing_to_say(project):
    result = check("--since", "HEAD")
    assert (result.exit_code, result.stdout) == (0, "")


def test_paths_limit_what_is_looked_at(project):
    write(project, {"requirements.txt": MORE, "other/requirements.txt": MORE})
    result = check("--since", "HEAD", "other")
    assert "other/Dockerfile" in result.stdout
    assert "\nDockerfile" not in "\n" + result.stdout


def test_the_working_folder_may_be_below_the_top(project, monkeypatch):
    write(project, {"other/requirements.txt": MORE})
    monkeypatch.chdir(project / "other")
    result = check("--since", "HEAD")
    assert "click is fetched with git" in result.stdout
    assert "flask" not in result.stdout


@pytest.mark.parametrize("revision", ["nowhere", "--output=/tmp/x", "HEAD:Dockerfile", ""])
def test_what_is_no_revision_is_wrong_usage(project, revision):
    result = check(f"--since={revision}")
    assert result.exit_code == 2
    assert result.stderr.startswith("fromlint: --since: ")
    assert result.stderr.count("\n") == 1


def test_outside_a_repository_is_wrong_usage(tmp_path, monkeypatch):
    (tmp_path / "plain").mkdir()
    monkeypatch.chdir(tmp_path / "plain")
    result = check("--since", "HEAD")
    assert result.exit_code == 2
    assert "no git repository" in result.stderr


def test_the_tree_of_a_revision_leads_nowhere_else_and_is_gone_afterwards(project, tmp_path):
    (project / "inside").symlink_to("requirements.txt")
    (project / "outside").symlink_to("../../etc/passwd")
    (project / "absolute").symlink_to("/etc/passwd")
    write(project, {"ä ö/new\nline": "x"})
    git(project, "add", "-A")
    git(project, "commit", "-q", "-m", "links")
    with checked_out(project, "HEAD", str(tmp_path / "below")) as tree:
        assert (tree / "Dockerfile").read_text() == DOCKERFILE
        assert (tree / "ä ö" / "new\nline").read_text() == "x"
        assert (tree / "inside").read_text() == PULLED
        assert not os.path.lexists(tree / "outside")
        assert not os.path.lexists(tree / "absolute")
    assert os.listdir(tmp_path / "below") == []


def test_hooks_and_monitors_of_a_repository_do_not_run(project, tmp_path):
    trap = project / ".git" / "monitor"
    trap.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    trap.chmod(0o755)
    git(project, "config", "core.fsmonitor", str(trap))
    git(project, "config", "diff.external", str(trap))
    write(project, {"requirements.txt": MORE})
    assert changed(project, "HEAD") == (str(project / "requirements.txt"),)
    assert not (tmp_path / "ran").exists()


def test_without_git_the_message_says_so(project, monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    with pytest.raises(RevisionError, match="git, which is not installed"):
        changed(project, "HEAD")


def test_a_baseline_is_recorded_and_then_only_new_findings_are_reported(project):
    assert check("Dockerfile", "--baseline", "known.json", "--update-baseline").exit_code == 0
    assert check("Dockerfile", "--baseline", "known.json").exit_code == 0
    write(project, {"requirements.txt": MORE})
    result = check("Dockerfile", "--baseline", "known.json")
    assert result.exit_code == 1
    assert "click" in result.stdout
    assert "flask" not in result.stdout
    write(project, {"requirements.txt": "# nothing\n"})
    result = check("Dockerfile", "--baseline", "known.json")
    assert result.exit_code == 0
    assert "stale" in result.stderr
    assert "FL202 flask in Dockerfile" in result.stderr


def test_a_baseline_may_be_a_setting(project):
    check("Dockerfile", "--baseline", "known.json", "--update-baseline")
    write(project, {"fromlint.toml": 'baseline = "known.json"\n'})
    assert check("Dockerfile").exit_code == 0


def test_updating_without_a_baseline_is_wrong_usage(project):
    result = check("Dockerfile", "--update-baseline")
    assert result.exit_code == 2
    assert "--baseline" in result.stderr
