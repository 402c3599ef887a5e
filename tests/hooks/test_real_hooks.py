"""The hooks as pre-commit and prek run them: installed with pip from a git repository, then without any network."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.tools

TOP = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
# A port on which nothing listens: what asks the network is refused at once.
NOWHERE = "http://127.0.0.1:9"
WITHOUT_NETWORK = {
    **dict.fromkeys(("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"), NOWHERE),
    **dict.fromkeys(("PIP_INDEX_URL", "UV_DEFAULT_INDEX", "UV_INDEX_URL"), f"{NOWHERE}/simple"),
    "no_proxy": "",
    "NO_PROXY": "",
}
CONFIGURATION = """repos:
  - repo: {url}
    rev: {rev}
    hooks:
      - id: fromlint
      - id: fromlint-fix
        stages: [manual]
"""
# psycopg2 has no Linux wheels at all, and its sdist needs a compiler and libpq: known without an index.
DOCKERFILE = "FROM python:3.12-slim-trixie\nCOPY {file} /tmp/\nRUN pip install {option} /tmp/{file}\n"
PROJECT = "[project]\nname = 'demo'\nversion = '1'\nrequires-python = '>=3.12'\ndependencies = ['psycopg2==2.9.10']\n"
LOCK = """version = 1
requires-python = ">=3.12"

[[package]]
name = "demo"
version = "1"
source = { virtual = "." }
dependencies = [{ name = "psycopg2" }]

[[package]]
name = "psycopg2"
version = "2.9.10"
source = { registry = "https://example.org/simple" }
sdist = { url = "https://example.org/psycopg2-2.9.10.tar.gz", hash = "sha256:%s", size = 385672 }
""" % ("0" * 64)
FILES = {
    "README.md": "# A service\n",
    "src/dockerfile_parse.py": "print()\n",
    "web/Dockerfile": DOCKERFILE.format(file="requirements.txt", option="-r"),
    "web/requirements.txt": "psycopg2==2.9.10\n",
    "compose.yaml": "services:\n  web:\n    build: web\n",
    "docker-bake.hcl": 'target "web" {\n  context = "web"\n}\n',
    "worker/uv.lock": LOCK,
    "worker/pyproject.toml": PROJECT,
    "worker/worker.Dockerfile": "FROM python:3.12-slim-trixie\nRUN pip install uv\nCOPY pyproject.toml uv.lock ./\n"
    "RUN uv sync --frozen --no-dev\n",
    **{
        f"names/{name}": "FROM python:3.12-slim-trixie\nRUN pip install psycopg2==2.9.10\n"
        for name in ("Dockerfile.prod", "Dockerfile_dev", "api-Dockerfile", "Containerfile", "x.dockerfile")
    },
    "late/Dockerfile": "FROM python:3.12-slim-trixie\nRUN pip install psycopg2==2.9.10\n"
    "RUN apt-get update && apt-get install -y gcc libc6-dev libpq-dev\n",
}


def git(folder: Path, *words: str) -> str:
    who = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    return subprocess.run(["git", *who, *words], cwd=folder, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture(scope="session")
def hooks(tmp_path_factory) -> tuple[str, str]:
    """A git repository with what stands in this one, committed or not: its URL and revision."""
    folder = tmp_path_factory.mktemp("hooks")
    for name in git(TOP, "ls-files", "-z", "--cached", "--others", "--exclude-standard").split("\0"):
        source, copy = TOP / name, folder / name
        # What hooks need, without the tests and their fixtures.
        if name and source.is_file() and not name.startswith(("tests/", "fixtures/", "data-src/", "bench/")):
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(source.read_bytes())
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "as it stands")
    return folder.as_uri(), git(folder, "rev-parse", "HEAD")


class Runner:
    """One of the two tools, its environments installed, in a repository with the files above."""

    def __init__(self, tool: str, folder: Path, home: Path) -> None:
        self.tool, self.folder = tool, folder
        self.environment = {
            **os.environ,
            "PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(home / "pre-commit"),
            "PREK_HOME": str(home / "prek"),
            "FROMLINT_CACHE_DIR": str(home / "cache"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "PRE_COMMIT_COLOR": "never",
            "PREK_COLOR": "never",
        }

    def run(self, *words: str, network: bool = False) -> subprocess.CompletedProcess[str]:
        environment = self.environment if network else {**self.environment, **WITHOUT_NETWORK}
        return subprocess.run(
            [BIN / self.tool, *words], cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )

    def hook(self, *files: str, hook: str = "fromlint", stage: str = "pre-commit") -> tuple[int, str]:
        """The exit code and output of a run for changed files."""
        done = self.run("run", hook, "--hook-stage", stage, "--verbose", "--files", *files)
        return done.returncode, done.stdout + done.stderr


@pytest.fixture(scope="session", params=["pre-commit", "prek"])
def runner(request, hooks, tmp_path_factory) -> Runner:
    folder = tmp_path_factory.mktemp("project")
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    url, revision = hooks
    (folder / ".pre-commit-config.yaml").write_text(CONFIGURATION.format(url=url, rev=revision))
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", "first")
    made = Runner(request.param, folder, tmp_path_factory.mktemp("home"))
    installed = made.run("install-hooks" if made.tool == "pre-commit" else "prepare-hooks", network=True)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    return made


def judged(output: str) -> list[str]:
    """The Dockerfiles in which psycopg2 was found to fail, a line each."""
    lines = (line.strip() for line in output.splitlines())
    return sorted(line.partition(":")[0] for line in lines if " FL201 error: psycopg2 " in line)


def test_a_changed_file_makes_the_dockerfiles_checked_that_it_belongs_to(runner):
    for file, dockerfile in {
        "web/Dockerfile": "web/Dockerfile",
        "web/requirements.txt": "web/Dockerfile",
        "compose.yaml": "web/Dockerfile",
        "docker-bake.hcl": "web/Dockerfile",
        "worker/pyproject.toml": "worker/worker.Dockerfile",
        "worker/uv.lock": "worker/worker.Dockerfile",
    }.items():
        code, output = runner.hook(file)
        assert (code, judged(output)) == (1, [dockerfile]), f"{file}: {output}"


def test_dockerfiles_under_every_usual_name(runner):
    names = sorted(name for name in FILES if name.startswith("names/"))
    code, output = runner.hook(*names)
    assert (code, judged(output)) == (1, names)


def test_it_is_not_even_started_for_other_files(runner):
    code, output = runner.hook("README.md", "src/dockerfile_parse.py")
    assert code == 0
    assert "no files to check" in output


def test_a_commit_of_nothing_relevant_goes_through_and_one_that_breaks_the_build_does_not(runner):
    git(runner.folder, "checkout", "-q", "-b", f"commits-{runner.tool}")
    assert runner.run("install").returncode == 0
    try:
        (runner.folder / "README.md").write_text("# Another\n")
        assert runner.run("run").returncode == 0
        (runner.folder / "web/requirements.txt").write_text("psycopg2==2.9.10\n\n")
        git(runner.folder, "add", "web/requirements.txt")
        done = subprocess.run(
            ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-m", "more"],
            cwd=runner.folder,
            env={**runner.environment, **WITHOUT_NETWORK},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode != 0
        assert "web/Dockerfile:3:1: FL201 error: psycopg2" in done.stdout + done.stderr
    finally:
        runner.run("uninstall")
        git(runner.folder, "checkout", "-q", "-f", "main")


def test_the_fixing_hook_changes_the_file_and_fails_once(runner):
    file = runner.folder / "late/Dockerfile"
    try:
        code, output = runner.hook("late/Dockerfile", hook="fromlint-fix", stage="manual")
        assert code == 1
        assert "files were modified by this hook" in output
        text = file.read_text()
        assert text.index("apt-get install") < text.index("pip install")
        assert runner.hook("late/Dockerfile", hook="fromlint-fix", stage="manual")[0] == 0
    finally:
        git(runner.folder, "checkout", "-q", "--", "late/Dockerfile")
