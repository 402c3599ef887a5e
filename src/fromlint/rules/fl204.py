"""A requirement's Rust code needs a newer compiler than the distribution's.

## Why

`apt-get install cargo` gives the Rust of the release: 1.63 on bookworm. Many sdists ask for a newer one, and cargo
stops: `package requires rustc 1.74 or newer`.

## Example

    FROM python:3.14-rc-slim-bookworm
    RUN apt-get update && apt-get install -y gcc libc6-dev cargo
    RUN pip install orjson              # no wheel yet: compiled

## What to do

Take the newer Rust that the same release has beside it, where the finding names one (Debian's `rustc-web`); else get
Rust from rustup, or take a version or base for which there is a wheel.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, OldRust, Project
from fromlint.rules import packages, remedies, wording

CODE = "FL204"
NAME = "rust-too-old"
SEVERITY = Severity.ERROR

# rustup writes to the home of whoever runs it, and a RUN does not read the profile that it extends.
_RUSTUP = "curl -sSf https://sh.rustup.rs | sh -s -- -y --profile minimal"
_PATH = "ENV PATH=/root/.cargo/bin:$PATH"


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package that needs a newer Rust than the one that is installed, or that the release has."""
    for case in packages.cases(project, Fate.RUST_TOO_OLD):
        if case.build is None or case.build.rust is None:
            continue
        rust, missing = case.build.rust, case.build.missing
        where = "the one here is" if rust.newer else f"{wording.release_words(case.stage.environment)} has"
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} needs Rust {rust.needed} or newer, and {where} {rust.have}",
            label=f"rustc {rust.have} is too old",
            why=packages.why_no_wheel(case),
            missing=missing,
            help=[*_first(case, rust, missing), *packages.ways_out(case)],
            notes=packages.how_known(case.build),
            # In a line of its own: beside the old packages, which it takes the place of, apt refuses it.
            fixes=remedies.add_before_line(project, case.stage, _instruction(case), missing) if rust.newer else (),
        )


def _instruction(case: packages.Case) -> int:
    return case.stage.steps[case.install.step].instruction


def _first(case: packages.Case, rust: OldRust, missing: Sequence[str]) -> list[str]:
    """How to come by a newer Rust, and by what else is missing."""
    add = [f"add before it: {wording.add_line(case.stage.environment, missing)}"] if missing else []
    return add if rust.newer else [*add, f"get Rust from rustup (it takes curl): {_RUSTUP}, and then {_PATH}"]
