"""The GitHub action and the GitLab job: their shell, run as the runners run it, with a stand-in for their world."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

TOP = Path(__file__).parent.parent.parent
ACTION = yaml.safe_load((TOP / "action.yml").read_text())
STEPS = {step["id"]: step for step in ACTION["runs"]["steps"]}
GITLAB = yaml.safe_load((TOP / "ci" / "gitlab.yml").read_text())["fromlint"]


@pytest.mark.parametrize(("schema", "file"), [("github-actions", "action.yml"), ("gitlab-ci", "ci/gitlab.yml")])
def test_valid(schema: str, file: str) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(TOP / file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


class World:
    """What a runner sets up: folders, variables, and a checkout of a project that fails."""

    def __init__(self, folder: Path) -> None:
        self.checkout, self.temporary = folder / "checkout", folder / "temp"
        self.output, self.summary = folder / "output", folder / "summary"
        (self.checkout / "svc a").mkdir(parents=True)
        self.temporary.mkdir()
        (self.checkout / "svc a" / "Dockerfile").write_text(
            "FROM python:3.12-slim-trixie\nRUN pip install psycopg2==2.9.10\n"
        )
        self.environment = {
            **os.environ,
            "RUNNER_TEMP": str(self.temporary),
            "GITHUB_ACTION_PATH": str(TOP),
            "GITHUB_OUTPUT": str(self.output),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "FROMLINT_CACHE_DIR": str(folder / "cache"),
        }

    def step(self, name: str, outputs: str = "", **inputs: str) -> subprocess.CompletedProcess[str]:
        """A step, its variables from the inputs and their defaults, as ``shell: bash`` runs it."""
        values = {key: str(each.get("default", "")) for key, each in ACTION["inputs"].items()}
        values |= {key.replace("_", "-"): value for key, value in inputs.items()}
        variables = {
            key: re.sub(
                r"\$\{\{ *(?:inputs\.([\w-]+)|steps\.check\.outputs\.exit-code) *\}\}",
                lambda match: values[match[1]] if match[1] else outputs,
                text,
            )
            for key, text in STEPS[name]["env"].items()
        }
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", STEPS[name]["run"]],
            cwd=self.checkout,
            env={**self.environment, **variables},
            capture_output=True,
            text=True,
            check=False,
        )

    def standing_in(self) -> None:
        """This environment's own fromlint, where the install step would have put one."""
        folder = self.temporary / "fromlint" / "bin"
        folder.mkdir(parents=True)
        (folder / "fromlint").symlink_to(Path(sys.executable).parent / "fromlint")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_the_check_annotates_and_writes_sarif_and_summary(world: World) -> None:
    world.standing_in()
    done = world.step("check", options="--offline\n--platform=linux/arm64\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("::error file=svc a/Dockerfile,line=2,")
    assert world.output.read_text() == "exit-code=1\n"
    assert json.loads((world.checkout / "fromlint.sarif").read_text())["runs"][0]["results"]
    assert "FL201" in world.summary.read_text()


def test_paths_are_words_even_with_spaces_and_commands_in_them(world: World) -> None:
    world.standing_in()
    done = world.step("check", paths="svc a/Dockerfile\n$(touch made)\n; touch made", options="--offline")
    assert done.returncode == 0
    assert world.output.read_text() == "exit-code=2\n"
    assert "FL201" in world.summary.read_text()
    assert not (world.checkout / "made").exists()


@pytest.mark.parametrize("code", ["0", "1", "3"])
def test_the_last_step_fails_as_the_check_did(world: World, code: str) -> None:
    assert world.step("verdict", outputs=code).returncode == int(code)


def test_no_script_has_an_input_in_its_text() -> None:
    assert [step["id"] for step in STEPS.values() if "${{" in step.get("run", "")] == []


@pytest.mark.tools
def test_the_action_installs_from_its_own_checkout(world: World) -> None:
    done = world.step("install", python=sys.executable)
    assert done.returncode == 0, done.stderr
    assert world.step("check", options="--offline").returncode == 0
    assert world.output.read_text() == "exit-code=1\n"


@pytest.mark.tools
def test_the_job_for_gitlab(world: World) -> None:
    scripts: list[Any] = [line.replace("/tmp/fromlint", str(world.temporary / "venv")) for line in GITLAB["script"]]
    variables = {key: str(value) for key, value in GITLAB["variables"].items() if "$" not in str(value)}
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-eo", "pipefail", "-c", "\n".join(scripts)],
        cwd=world.checkout,
        env={
            **world.environment,
            **variables,
            "PATH": path,
            "FROMLINT_SOURCE": str(TOP),
            "FROMLINT_OPTIONS": "--offline",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1, done.stderr
    assert "FL201 error: psycopg2" in done.stdout
    for file in GITLAB["artifacts"]["reports"].values():
        assert (world.checkout / file).read_text()
