"""A requirement's Rust code needs a newer compiler than the distribution's.

## Why

`apt-get install cargo` gives the Rust of the release: 1.63 on bookworm. Many sdists ask for a newer one, and cargo
stops: `package requires rustc 1.74 or newer`.

## Example

    FROM python:3.14-rc-slim-bookworm
    RUN apt-get update && apt-get install -y gcc libc6-dev cargo
    RUN pip install orjson              # no wheel yet: compiled

## What to do

Get Rust from rustup instead, or take a version or base for which there is a wheel.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.rules import packages, wording

CODE = "FL204"
NAME = "rust-too-old"
SEVERITY = Severity.ERROR

_RUSTUP = "curl -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that needs a newer Rust than the one that is installed."""
    for case in packages.cases(project, Fate.RUST_TOO_OLD):
        if case.build is None or case.build.rust is None:
            continue
        have, needed = case.build.rust
        release = wording.release_words(case.stage.environment)
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} needs Rust {needed} or newer, and {release} has {have}",
            label=f"rustc {have} is too old",
            why=packages.why_no_wheel(case),
            help=[*packages.ways_out(case), f"or get Rust from rustup instead of the distribution: {_RUSTUP}"],
            notes=packages.how_known(case.build),
        )
