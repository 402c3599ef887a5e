"""Every console example of the README and the documentation is run, and prints what stands there.

A ``console`` block has a comment above it:

    <!-- run in FOLDER -->                                    in a copy of it, without an index, as of AS_OF
    <!-- run in FOLDER, output left out -->                   only that it runs is tested
    <!-- run in FOLDER, after a change: FILE OLD NEW -->      the copy is a git repository in which OLD was committed
    <!-- not run: REASON -->

A line of … stands for any lines. After a change that is meant to change output
`python tests/offered/test_console.py` writes it anew where it stands in full, to be read in the diff.
"""

import os
import re
import shlex
import shutil
import subprocess
import tempfile
from contextlib import chdir
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner

from fromlint.cli import cli

TOP = Path(__file__).parent.parent.parent
PAGES = [TOP / "README.md", *sorted((TOP / "docs").glob("*.md"))]
AS_OF = "2026-11-22"
_BLOCK = re.compile(r"(?:^<!-- (?P<said>[^\n]*) -->\n)?^```console\n(?P<text>.*?)^```$", re.M | re.S)
_RUN = re.compile(
    r"run in (?P<folder>[\w./-]+)(?:, (?P<left>output left out)|, after a change: (?P<change>\S+ \S+ \S+))?"
)
_ANY = "…"


class Block(NamedTuple):
    """A console block: where it starts, what is said of it, and what stands in it."""

    page: Path
    line: int
    said: str
    text: str


def blocks(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(page, text.count("\n", 0, match.start("text")), match["said"] or "", match["text"])
        for match in _BLOCK.finditer(text)
    ]


BLOCKS = [block for page in PAGES for block in blocks(page)]


def commands(text: str) -> list[tuple[str, str]]:
    """The commands of a block, each with the output under it."""
    pieces = re.split(r"^\$ (.*)\n", text, flags=re.M)
    assert pieces[0] == "", "a console block starts with a command"
    return list(zip(pieces[1::2], pieces[2::2], strict=True))


def prepared(said: re.Match[str], folder: Path) -> Path:
    """A copy of the folder in which the example runs, changed and committed as is said."""
    copy = folder / Path(said["folder"]).name
    shutil.copytree(TOP / said["folder"], copy)
    (copy / "expected.json").unlink(missing_ok=True)
    if said["change"] is None:
        (copy / ".git").mkdir()
        return copy
    file, old, new = said["change"].split()
    path = copy / file
    now = path.read_text()
    path.write_text(now.replace(new, old))
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "before"]):
        subprocess.run([*git, *words], cwd=copy, check=True)
    path.write_text(now)
    return copy


def output(command: str) -> str:
    """What a command prints; those that would ask an index ask none, and today is AS_OF."""
    words = shlex.split(command, comments=True)
    assert words[0] == "fromlint", f"only fromlint is run here: {command}"
    if words[1] in ("check", "advise"):
        words += ["--offline", "--as-of", AS_OF]
    result = CliRunner().invoke(cli, words[1:], prog_name="fromlint")
    assert result.exit_code in (0, 1), result.output
    return result.stdout


def matches(expected: str, printed: str) -> bool:
    pattern = "".join(r"(?:.*\n)*?" if line == _ANY else re.escape(line) + r"\n" for line in expected.splitlines())
    return re.fullmatch(pattern, printed) is not None


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page.name}:{block.line}")
def test_it_prints_what_stands_there(block: Block, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if block.said.startswith("not run: "):
        return
    said = _RUN.fullmatch(block.said)
    assert said is not None, f"say above the block where it runs, or why not: {block.said!r}"
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.chdir(prepared(said, tmp_path))
    for command, expected in commands(block.text):
        printed = output(command)
        if not said["left"]:
            assert matches(expected, printed), f"run tests/offered/test_console.py, if this is right:\n{printed}"


def test_there_are_examples_and_most_are_run() -> None:
    assert len([block for block in BLOCKS if block.said.startswith("run in ")]) >= 6


@pytest.mark.parametrize(
    ("expected", "printed", "same"),
    [
        ("a\n", "a\n", True),
        ("a\n", "a\nb\n", False),
        ("…\nb\n", "a\nb\n", True),
        ("a\n…\n", "a\n", True),
        ("", "a\n", False),
    ],
)
def test_how_output_is_compared(expected: str, printed: str, same: bool) -> None:
    assert matches(expected, printed) is same


def write() -> None:
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        for block in blocks(page):
            said = _RUN.fullmatch(block.said)
            if said is None or said["left"] or _ANY in block.text.splitlines():
                continue
            with tempfile.TemporaryDirectory() as folder, chdir(prepared(said, Path(folder))):
                os.environ["FROMLINT_CACHE_DIR"] = f"{folder}/cache"
                now = "".join(f"$ {command}\n{output(command)}" for command, _ in commands(block.text))
            text = text.replace(f"-->\n```console\n{block.text}```", f"-->\n```console\n{now}```")
        page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    write()
