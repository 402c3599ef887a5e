"""What ``--fix`` and ``--unsafe-fixes`` make of Dockerfiles that fail: they build, and what is installed can be used."""

from collections.abc import Callable
from pathlib import Path

import pytest
from cases import Case, laid_out, read
from click.testing import CliRunner
from real_builds import folder, tried

from fromlint.cli import cli

FIXED = [case for case in read() if case.fix is not None]
OPTIONS = {"safe": "--fix", "unsafe": "--unsafe-fixes"}
pytestmark = pytest.mark.builds


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in FIXED])
def test_what_is_fixed_builds_and_runs(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Callable[[str, str, str], None]
):
    assert case.fix is not None
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(folder() / "index"))
    context = laid_out(case, tmp_path)
    monkeypatch.chdir(context)
    option = OPTIONS[case.fix]
    done = CliRunner().invoke(cli, ["check", option, "Dockerfile"], catch_exceptions=False)
    assert "changed" in done.output
    dockerfile = (context / "Dockerfile").read_text()
    result = tried(case.taken(dockerfile), context, case.run)
    note(case.name, "cure", f"{option}: {'builds and runs' if result.ran else 'fails'}")
    assert result.ran, f"{dockerfile}\n{result.output[-3000:]}"
    assert CliRunner().invoke(cli, ["check", option, "--diff", "Dockerfile"]).stdout == ""


def test_there_are_enough_of_both_kinds():
    assert len(FIXED) >= 12
    assert {case.fix for case in FIXED} == {"safe", "unsafe"}
