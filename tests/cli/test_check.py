"""The command line as a user sees it: exit codes and one clear line for bad input."""

import json
import os

import pytest
from click.testing import CliRunner

from fromlint.cli import cli

GOOD = "FROM python:3.12-slim-trixie\nCMD python\n"
GIT = "FROM python:3.12-slim-trixie\nRUN pip install 'flask @ git+https://example.com/flask'\n"


@pytest.fixture
def fromlint(tmp_path, monkeypatch):
    folder = tmp_path / "project"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))

    def call(*arguments, stdin=None, **files):
        for name, text in files.items():
            path = folder / name.replace("__", "/").replace("_txt", ".txt")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return CliRunner().invoke(cli, ["check", "--offline", *arguments], input=stdin, catch_exceptions=False)

    return call


def test_a_clean_dockerfile_is_exit_code_0(fromlint):
    result = fromlint(Dockerfile=GOOD)
    assert result.exit_code == 0
    assert "Found 0 errors, 0 warnings" in result.stdout


def test_an_error_is_exit_code_1_and_exit_zero_forgives_it(fromlint):
    assert fromlint(Dockerfile=GIT).exit_code == 1
    assert fromlint("--exit-zero").exit_code == 0
    assert fromlint("--fail-on", "never").exit_code == 0


def test_fail_on_sets_the_least_severity(fromlint):
    files = {"Dockerfile": "FROM registry.example.com/base\nRUN pip install flask\n"}
    assert fromlint(**files).exit_code == 0
    assert fromlint("--fail-on", "info").exit_code == 1
    assert fromlint("--strict").exit_code == 1


def test_a_missing_path_is_exit_code_2_and_the_rest_is_checked(fromlint):
    result = fromlint("Dockerfile", "nowhere/Dockerfile", Dockerfile=GIT)
    assert result.exit_code == 2
    assert "FL202" in result.stdout
    assert "fromlint: nowhere/Dockerfile: no such file or folder" in result.stderr


def test_a_folder_without_dockerfiles_is_exit_code_3(fromlint):
    result = fromlint(".", README="x")
    assert result.exit_code == 3
    assert "no Dockerfile found" in result.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--select", "FL999"], "no rule is called 'FL999'"),
        (["--platform", "amd64"], "platform 'amd64' is not of the form"),
        (["--as-of", "yesterday"], "is no day of the form"),
        (["--build-arg", "X"], "'X' is not of the form K=V"),
        (["--format", "yaml"], "'yaml' is not one of"),
        (["--format", "json", "--format", "text", "--output", "x"], "serves a single format"),
        (["--config", "nowhere.toml"], "nowhere.toml: cannot be read"),
    ],
)
def test_wrong_usage_is_exit_code_2_and_one_line(fromlint, arguments, message):
    result = fromlint(*arguments, Dockerfile=GOOD)
    assert result.exit_code == 2
    assert message in result.stderr


def test_an_unknown_setting_is_refused(fromlint):
    result = fromlint(Dockerfile=GOOD, **{"fromlint.toml": 'fail_on = "error"\n'})
    assert result.exit_code == 2
    assert "did you mean 'fail-on'" in result.stderr


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "FROM"),
        (b"RUN true\n", "FROM"),
        (b"FROM python:3.12\nFORM x\n", "FORM"),
        (b"FROM python:3.12\nRUN <<EOF\ntrue\n", "EOF"),
    ],
)
def test_what_the_builder_refuses_is_fl901(fromlint, text, message):
    result = fromlint("--format", "concise", Dockerfile=text)
    assert result.exit_code == 1
    assert "FL901 error" in result.stdout
    assert message in result.stdout


@pytest.mark.parametrize(
    "data", [b"\x00\xff\xfe" * 50, b"FROM python:3.12\nRUN \xff\xfe\n", b"\xef\xbb\xbfFROM python:3.12\r\n"]
)
def test_bytes_that_are_not_text_make_no_traceback(fromlint, data):
    assert fromlint(Dockerfile=data).exit_code in (0, 1)


def test_a_missing_requirements_file_is_fl902_and_binary_ones_are_fl903(fromlint):
    text = "FROM python:3.12-slim\nCOPY a_.txt .\nRUN pip install -r a_.txt -r b.txt\n"
    result = fromlint("--format", "concise", Dockerfile=text, **{"a_.txt": b"\x00\x01\x02"})
    assert result.exit_code == 1
    assert "FL902 error" in result.stdout


def test_stdin_has_the_settings_of_the_path_that_it_stands_for(fromlint):
    files = {"fromlint.toml": "", "docker__fromlint.toml": 'ignore = ["FL202"]'}
    result = fromlint("-", "--stdin-filename", "docker/Dockerfile", "--format", "concise", stdin=GIT, **files)
    assert (result.exit_code, result.stdout) == (0, "")


def test_stdin_stands_for_a_path(fromlint):
    result = fromlint("-", "--stdin-filename", "docker/Dockerfile", "--format", "concise", stdin=GIT)
    assert result.stdout.startswith("docker/Dockerfile:2:1: FL202 error")


def test_several_formats_from_one_run(fromlint):
    result = fromlint("--format", "json=report.json", "--format", "concise", Dockerfile=GIT)
    assert "FL202" in result.stdout
    with open("report.json", encoding="utf-8") as file:
        assert json.load(file)["summary"]["error"] == 1
    assert os.path.exists("report.json")


def test_a_hook_checks_the_dockerfiles_that_a_file_belongs_to(fromlint):
    files = {"requirements_txt": "flask @ git+https://example.com/flask\n"}
    text = "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    result = fromlint("--hook", "requirements.txt", "--format", "concise", Dockerfile=text, **files)
    assert result.exit_code == 1
    assert "FL202" in result.stdout
    elsewhere = fromlint("--hook", "other.txt", **{"other_txt": "x", ".dockerignore": "other.txt\n"})
    assert elsewhere.exit_code == 0
