"""The recommendation for every fixture project that has one, each to be defended line by line.

`expected/` holds the whole text: the numbers, the reasons, what changes. After a change that is meant to change advice
`python tests/advice/test_fixtures.py` writes it anew, to be read in the diff.
"""

import os
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from recorded_index import AS_OF, RecordedIndex
from recorded_index import PROJECTS as RECORDED

from fromlint import run
from fromlint.advice import text
from fromlint.advice.judge import advice
from fromlint.project.comparison import Wishes

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"
EXPECTED = Path(__file__).parent / "expected"
PROJECTS = (
    "alpine-compiled",
    "alpine-science",
    "distro-python",
    "full-flask",
    "heredoc-args",
    "multi-stage-venv",
    "only-binary",
    "private-base",
    "python-ahead",
    "slim-django-postgres",
    "slim-git-requirement",
    "slim-opencv",
)


def rendered(project: str, **settings: object) -> str:
    found = run.compare(Path(project), {"as_of": AS_OF, **settings}, Wishes())
    return text.render(advice(found.project, found.substitutes, found.findings))


@pytest.mark.parametrize("project", PROJECTS)
def test_a_fixture_gets_exactly_its_expected_advice(project, monkeypatch, tmp_path):
    monkeypatch.chdir(FIXTURES)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    assert rendered(project, offline=True) == (EXPECTED / f"{project}.txt").read_text()


@pytest.fixture(scope="module")
def recorded():
    with RecordedIndex() as server:
        yield server


@pytest.mark.parametrize("project", sorted(path.name for path in RECORDED.iterdir()))
def test_a_project_of_its_kind_gets_exactly_its_expected_advice(project, recorded, monkeypatch, tmp_path):
    """With every size, by what the index said of the releases on the day of recording."""
    monkeypatch.chdir(RECORDED)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    assert rendered(project, index_url=recorded.url) == (EXPECTED / f"{project}.txt").read_text()


def test_running_pip_leaves_its_bytecode_unless_that_is_switched_off(recorded, monkeypatch, tmp_path):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    sizes = []
    for line in ("", "ENV PYTHONDONTWRITEBYTECODE=1\n"):
        (tmp_path / "requirements.txt").write_text((RECORDED / "cli" / "requirements.txt").read_text())
        tail = "COPY requirements.txt .\nRUN pip install -r requirements.txt\n"
        (tmp_path / "Dockerfile").write_text(f"FROM python:3.13-slim\n{line}{tail}")
        found = run.compare(tmp_path, {"as_of": AS_OF, "index_url": recorded.url}, Wishes())
        sizes.append(found.project.alternatives[0].by_platform[0].installed)
    assert 7_000_000 < sizes[0] - sizes[1] < 9_000_000


@pytest.mark.parametrize("project", sorted(path.parent.name for path in FIXTURES.glob("*/Dockerfile")))
def test_lint_and_advice_name_the_same_base(project, monkeypatch, tmp_path):
    monkeypatch.chdir(FIXTURES)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    found = run.compare(Path(project), {"offline": True, "as_of": AS_OF}, Wishes())
    checked = run.check([Path(project)], {"offline": True, "as_of": AS_OF, "select": ("FL501", "FL502", "FL507")})
    advised = advice(found.project, found.substitutes, found.findings)
    linted = checked.report.projects[0].alternatives
    assert [other[0] for other in linted] in ([], [other.image for other in found.project.alternatives])
    for finding in checked.report.findings:
        if finding.code == "FL507":
            assert any(finding.message in text for text in advised.what_if)
        else:
            assert finding.help[0].partition(",")[0] == f"FROM {advised.recommended}"
    if advised.recommended == advised.in_use:
        assert not [finding for finding in checked.report.findings if finding.code in ("FL501", "FL502")]


def write() -> None:
    """Writes what is advised today; without a cache, as the test sees it."""
    os.environ["FROMLINT_CACHE_DIR"] = os.devnull
    os.chdir(FIXTURES)
    EXPECTED.mkdir(exist_ok=True)
    for project in PROJECTS:
        (EXPECTED / f"{project}.txt").write_text(rendered(project, offline=True))
    os.chdir(RECORDED)
    with RecordedIndex() as server:
        for path in sorted(RECORDED.iterdir()):
            (EXPECTED / f"{path.name}.txt").write_text(rendered(path.name, index_url=server.url))


if __name__ == "__main__":
    write()
