"""What make runs by a plain Makefile: against make itself, and what is left alone."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from fromlint.dockerfile.makefiles import script

PLAIN = """# chores
PYTHON ?= python3
PIP = $(PYTHON) -m pip
FLAGS := --no-cache-dir
FLAGS += --no-input
EMPTY =

.PHONY: all install base clean dev

all: install

base:
\t@echo base
\t$(PIP) install $(FLAGS) -r requirements.txt # why

install: base $(EMPTY)
\tcd sub && ${PIP} install . ; \\
\t  echo "$$HOME"
\t-rm -f x

dev test: | install
\t$(PIP) install -r dev.txt

one: ; echo one

made.txt: made.in
\tcompile made.in

use: made.txt
\tpip install -r made.txt
"""


def ran(text: str, *targets: str, folder: Path, given: dict[str, str] | None = None) -> list[str] | None:
    made = script(text, "Makefile", targets, given or {}, {}, lambda name: (folder / name).exists())
    if made is None:
        return None
    commands = re.findall(r"^\( set \+e\n(.*?)\n\)(?: \|\| true)?$", made.source.text, re.DOTALL | re.MULTILINE)
    return [re.sub(r"\s+", " ", command) for command in commands]


def printed(text: str, *words: str, folder: Path) -> list[str]:
    """What ``make -n`` says."""
    (folder / "Makefile").write_text(text)
    done = subprocess.run(
        ["make", "--dry-run", "--no-print-directory", *words], cwd=folder, capture_output=True, text=True, check=True
    )
    joined = done.stdout.replace("\\\n", "\\ ")
    return [re.sub(r"\s+", " ", line) for line in joined.splitlines()]


@pytest.mark.parametrize("targets", [(), ("base", "dev"), ("test",), ("one",), ("install",), ("use",)])
def test_what_make_runs(tmp_path: Path, targets: tuple[str, ...]) -> None:
    (tmp_path / "made.in").touch()
    (tmp_path / "made.txt").touch()
    assert ran(PLAIN, *targets, folder=tmp_path) == printed(PLAIN, *targets, folder=tmp_path)


def test_what_make_runs_with_variables_of_its_line(tmp_path: Path) -> None:
    given = {"PYTHON": "python3.12", "FLAGS": "-q"}
    words = [f"{name}={value}" for name, value in given.items()]
    assert ran(PLAIN, "base", folder=tmp_path, given=given) == printed(PLAIN, "base", *words, folder=tmp_path)


def test_what_is_not_there_is_made(tmp_path: Path) -> None:
    (tmp_path / "made.in").touch()
    assert ran(PLAIN, "use", folder=tmp_path) == ["compile made.in", "pip install -r made.txt"]


@pytest.mark.parametrize(
    "text",
    [
        "a: b\n\techo\n",  # b is neither a target nor there
        "%.o: %.c\n\tcc\n",
        "a:: \n\techo\n",
        "ifdef X\na:\n\techo\nendif\n",
        ".ONESHELL:\na:\n\techo\n",
        "a: $(wildcard *.py)\n\techo\n",
        "include other.mk\n",
        "",
        "a" * 30_000 + ": b\n",
    ],
)
def test_what_is_not_plain_is_left_alone(tmp_path: Path, text: str) -> None:
    assert ran(text, "a", folder=tmp_path) is None


def test_what_a_function_says_is_an_unknown_variable(tmp_path: Path) -> None:
    text = (
        "V := $(shell cat version)\nifdef X\nW = 1\nendif\nself = $(self)\na:\n\tpip install x==$(V) $(W) $(self) $@\n"
    )
    made = script(text, "Makefile", ["a"], {}, {}, lambda _: None)
    assert made is not None
    assert made.unknown >= {"W", "self"}
    assert "x==${shell}" in made.source.text
    assert made.source.text.rstrip().endswith("a\n)")


def test_targets_that_need_each_other(tmp_path: Path) -> None:
    assert ran("a: b\n\techo a\nb: a\n\techo b\n", "a", folder=tmp_path) == ["echo b", "echo a"]
