"""The only file that fits is not among the hashes or files that the lock lists.

## Why

A lock made on one platform may list the files of that platform only. In the image the installer finds the right file,
and refuses it: `THESE PACKAGES DO NOT MATCH THE HASHES`, or `Unable to find installation candidates`.

## Example

    # made on macOS, with the hash of the macOS wheel alone
    numpy==2.2.0 --hash=sha256:…

## What to do

Lock again for all platforms: `uv lock`, `poetry lock`, `uv pip compile --universal --generate-hashes`, or
`pip-compile --generate-hashes`, which all list every file of a release.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages

CODE = "FL110"
NAME = "hash-not-listed"
SEVERITY = Severity.ERROR

_LOCK_AGAIN = {
    "pdm": "pdm lock",
    "pipenv": "pipenv lock",
    "poetry": "poetry lock",
    "uv-run": "uv lock",
    "uv-sync": "uv lock",
}


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package of which no listed file or hash fits."""
    for case in packages.cases(project, Fate.HASH_NOT_LISTED):
        again = _LOCK_AGAIN.get(case.install.install.tool, "pip-compile --generate-hashes")
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)}: no file that fits here is among the listed hashes",
            label="the installer refuses it",
            why=case.verdict.reason or "lists other files only",
            help=[f"lock again for all platforms: {again}"],
        )
