"""Loops over files, and over what files hold: each turn is an install of its own, in order."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from fromlint import run
from fromlint.model.project import InstallFacts

FILES = {
    "requirements.txt": "flask==3.0.3\n\nneeded>=1 ; python_version > '3'\n",
    "commented.txt": "# what we need\nflask==3.0.3\n",
    "requirements/base.txt": "base==1\n",
    "requirements/dev.txt": "dev==1\n",
    "requirements/notes.md": "",
    "plugins/b/pyproject.toml": '[project]\nname = "plug-b"\nversion = "1"\ndependencies = ["needs-b"]\n',
    "plugins/a/pyproject.toml": '[project]\nname = "plug-a"\nversion = "1"\ndependencies = ["needs-a"]\n',
    "plugins/README": "",
}
Installs = Callable[[str], tuple[InstallFacts, ...]]


@pytest.fixture
def installs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installs:
    """The installs of a RUN in a folder with files, without network."""

    def installs(line: str, files: Mapping[str, str] = FILES) -> tuple[InstallFacts, ...]:
        dockerfile = f"FROM python:3.12-slim-trixie\nWORKDIR /app\nCOPY . .\nRUN {line}\n"
        for name, text in {"Dockerfile": dockerfile, **files}.items():
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / name).write_text(text)
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
        (project,) = run.check([Path("Dockerfile")], {"offline": True}).report.projects
        return project.stages[0].installs

    return installs


def asked(found: tuple[InstallFacts, ...]) -> list[list[str]]:
    """The names that each install asks for."""
    return [[each.name for each in install.needs.requirements] for install in found]


@pytest.mark.parametrize(
    "line",
    [
        "while read p; do pip install $p; done < requirements.txt",
        'while IFS= read -r p; do pip install "$p"; done < requirements.txt',
        'while IFS= read -r line || [ -n "$line" ]; do pip install "$line"; done <requirements.txt',
        'cat requirements.txt | while read -r p; do pip install "$p"; done',
        'grep -v "^#" requirements.txt | while read -r p; do pip install "$p"; done',
        'cd /tmp && while read -r p; do pip install "$p"; done < /app/requirements.txt',
    ],
)
def test_a_loop_over_the_lines_of_a_file(installs: Installs, line: str) -> None:
    found = installs(line)
    if line.count('"') >= 2 or "$p;" not in line:
        assert asked(found) == [["flask"], ["needed"]]
    else:
        # Without quotes the shell splits the line.
        assert asked(found)[0] == ["flask"]


@pytest.mark.parametrize(
    "head", ["$(cat words.txt)", "`cat words.txt`", "$(grep -v '#' words.txt)", "flask $(cat one.txt)"]
)
def test_a_loop_over_the_words_of_a_file(installs: Installs, head: str) -> None:
    files = {"words.txt": "flask needed\n", "one.txt": "needed\n"}
    assert asked(installs(f"for p in {head}; do pip install $p; done", files)) == [["flask"], ["needed"]]


def test_a_loop_over_folders(installs: Installs) -> None:
    for line in ("for d in plugins/*/; do pip install $d; done", "cd plugins; for d in */; do pip install ./$d; done"):
        assert asked(installs(line)) == [["plug-a", "needs-a"], ["plug-b", "needs-b"]]


def test_a_loop_over_folders_in_which_something_is_done(installs: Installs) -> None:
    found = installs("for f in plugins/*/pyproject.toml; do (cd $(dirname $f) && pip install .); done")
    assert asked(found) == [["plug-a", "needs-a"], ["plug-b", "needs-b"]]


def test_a_loop_over_requirements_files(installs: Installs) -> None:
    assert asked(installs("for r in requirements/*.txt; do pip install -r $r; done")) == [["base"], ["dev"]]


def test_what_fails_in_an_early_turn_is_missing_all_the_same(installs: Installs) -> None:
    turns = installs("for r in requirements/*.txt; do pip install -r $r; done")
    assert [each.install.tolerated for each in turns] == [False, False]
    provided_for = installs("for r in requirements/*.txt; do pip install -r $r || true; done")
    assert [each.install.tolerated for each in provided_for] == [True, True]


@pytest.mark.parametrize(
    "line",
    [
        "for d in services/*; do pip install $d; done",
        "for p in $(cat commented.txt); do pip install $p; done",
        "for p in $(cat elsewhere.txt); do pip install $p; done",
        "for p in $(curl -s https://x.org/list); do pip install $p; done",
        "while read p; do pip install $p; done < /etc/packages",
        "while read a b; do pip install $a==$b; done < requirements.txt",
        "./list | while read p; do pip install $p; done",
    ],
)
def test_what_is_not_plain_is_not_known(installs: Installs, line: str) -> None:
    (found,) = installs(line)
    assert found.needs.unknown
    assert not found.needs.requirements


def test_lines_that_are_comments_are_left_out(installs: Installs) -> None:
    assert asked(installs("while read -r p; do pip install $p; done < commented.txt")) == [["flask"]]


def test_a_file_longer_than_any_that_is_looped_over_is_not_known(installs: Installs) -> None:
    files = {"long.txt": "".join(f"x{number}\n" for number in range(201))}
    (found,) = installs("while read -r p; do pip install $p; done < long.txt", files)
    assert found.needs.unknown


def test_names_beyond_count_are_not_known(installs: Installs) -> None:
    files = {f"many/{number}/x.txt": "" for number in range(1_001)}
    (found,) = installs("for r in many/*/x.txt; do pip install -r $r; done", files)
    assert found.needs.unknown
