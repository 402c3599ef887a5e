"""Every format of one report, to the byte, beside this file in ``snapshots/``.

After a change that is meant to change a format `python tests/reports/test_snapshots.py` (with ``tests`` on PYTHONPATH)
writes them anew, to be read in the diff.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from fromlint import __version__
from fromlint.model.finding import Page, Severity
from fromlint.reports import checkstyle, concise, github, gitlab, junit, markdown, rdjson, sarif, text
from fromlint.reports import json as json_report
from report_example import NASTY, finding, report, with_fix

FOLDER = Path(__file__).parent / "snapshots"
WHOLE = report(finding(), with_fix(), finding(NASTY, severity=Severity.INFO))._replace(
    changes=("Dockerfile: python:3.12-alpine → python:3.13-alpine loses one wheel on linux/amd64: numpy",)
)
PAGES = (
    Page("FL201", "missing-build-tools", Severity.ERROR, "Tools are missing.\n\n## Why\n\nBecause."),
    Page("FL203", "build-tools-after-install", Severity.ERROR, "Tools come too late."),
)
RENDERED: dict[str, Callable[[], str]] = {
    "text.txt": lambda: text.render(WHOLE),
    "coloured.txt": lambda: text.render(WHOLE, colour=True),
    "verbose.txt": lambda: text.render(WHOLE, verbose=True, files=True),
    "concise.txt": lambda: concise.render(WHOLE),
    "json.json": lambda: json_report.render(WHOLE),
    "sarif.json": lambda: sarif.render(WHOLE, PAGES),
    "github.txt": lambda: github.render(WHOLE),
    "gitlab.json": lambda: gitlab.render(WHOLE),
    "junit.xml": lambda: junit.render(WHOLE),
    "checkstyle.xml": lambda: checkstyle.render(WHOLE),
    "rdjson.json": lambda: rdjson.render(WHOLE),
    "markdown.md": lambda: markdown.render(WHOLE),
}


def rendered(name: str) -> str:
    """A format with its own version left open."""
    return RENDERED[name]().replace(f'"{__version__}"', '"VERSION"')


@pytest.mark.parametrize("name", RENDERED)
def test_a_format_is_as_it_was(name: str) -> None:
    assert rendered(name) == (FOLDER / name).read_text(encoding="utf-8")


def write() -> None:
    FOLDER.mkdir(exist_ok=True)
    for name in RENDERED:
        (FOLDER / name).write_text(rendered(name), encoding="utf-8")


if __name__ == "__main__":
    write()
