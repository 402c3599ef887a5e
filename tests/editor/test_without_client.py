"""Editors without a language client: the settings that docs/editors.md gives them read what we print."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from fromlint.model.finding import Finding, Severity
from fromlint.model.place import Span
from fromlint.model.project import Report
from fromlint.reports import concise

DOCS = Path(__file__).parents[2] / "docs" / "editors.md"
LUA = Path(__file__).with_name("without_client.lua")
FINDINGS = [
    ("FL201", Severity.ERROR, "psycopg2 2.9.10 has no musllinux wheel: and cannot be compiled here", 4),
    ("FL501", Severity.WARNING, "better", 1),
    ("FL107", Severity.INFO, "a: b:1:2: c", 12),
]


@pytest.fixture
def lines() -> str:
    findings = [
        Finding(code, "rule", severity, message, Span("docker/Dockerfile", line, 3, line, 9))
        for code, severity, message, line in FINDINGS
    ]
    return concise.render(Report((), tuple(findings), (), {}))


@pytest.mark.tools
def test_ale_nvim_lint_and_vim_read_what_is_printed(tmp_path, lines):
    neovim = shutil.which("nvim")
    assert neovim is not None, "scripts/install_editors.sh installs it"
    stand_in = tmp_path / "stand-in" / "autoload" / "ale"
    stand_in.mkdir(parents=True)
    (stand_in / "linter.vim").write_text(
        "function! ale#linter#Define(type, linter)\n  let g:defined = a:linter\nendf\n"
    )
    (stand_in / "util.vim").write_text(
        "function! ale#util#GetMatches(lines, pattern)\n"
        "  return filter(map(copy(a:lines), {_, line -> matchlist(line, a:pattern)}), {_, found -> !empty(found)})\nendf\n"
    )
    (tmp_path / "lines").write_text(lines)
    environ = {
        "DOCS": str(DOCS),
        "LINES": str(tmp_path / "lines"),
        "FOUND": str(tmp_path / "found.json"),
        "STAND_IN": str(tmp_path / "stand-in"),
        "HOME": str(tmp_path),
    }
    done = subprocess.run(
        [neovim, "--headless", "--clean", "-S", str(LUA), "Dockerfile"],
        env={**os.environ, **environ},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert (tmp_path / "found.json").exists(), done.stdout + done.stderr
    found = json.loads((tmp_path / "found.json").read_text())
    assert "fault" not in found
    assert [(each["code"], each["lnum"], each["col"], each["type"], each["text"]) for each in found["ale"]] == [
        (code, line, 3, severity.name[0], message) for code, severity, message, line in FINDINGS
    ]
    levels = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.INFO: 3}
    assert [
        (each["code"], int(each["lnum"]), int(each["col"]), each["severity"], each["message"], each["source"])
        for each in found["nvim_lint"]
    ] == [(code, line, 3, levels[severity], message, "fromlint") for code, severity, message, line in FINDINGS]
    assert found["vim"] == [
        [line, 3, severity.name[0], int(code[2:]), message] for code, severity, message, line in FINDINGS
    ]
    assert found["ale_command"] == "%e check - --stdin-filename %s --format concise --exit-zero"
    assert found["nvim_lint_args"][-1].endswith("/Dockerfile")


def test_the_command_that_the_settings_call_is_in_order(tmp_path, monkeypatch):
    from click.testing import CliRunner

    from fromlint.cli import cli

    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docker").mkdir()
    (command,) = re.findall(r"'%e (check - .*)',", DOCS.read_text())
    words = command.replace("%s", "docker/Dockerfile").split()
    text = "FROM python:3.12-slim-trixie\nRUN git clone x\n"
    result = CliRunner().invoke(cli, [*words, "--offline"], input=text, catch_exceptions=False)
    assert (result.exit_code, result.stdout.split(": ")[:2]) == (0, ["docker/Dockerfile:2:1", "FL206 error"])
