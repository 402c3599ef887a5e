"""Neither a wheel nor an sdist of a requirement fits: pip will stop here.

## Why

Some projects publish wheels only (torch, tensorflow, playwright, polars' runtime). Where none of them fits this libc,
Python and CPU, and no sdist is there to compile, pip ends with `No matching distribution found`. The same where those
who ask for a package ask for versions that do not go together: pip ends with `ResolutionImpossible`.

## Example

    FROM python:3.12-alpine
    RUN pip install torch==2.5.1        # wheels for glibc only, no sdist

## What to do

Take the base, Python or version that the finding names.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.model.verdict import Obstacle, Verdict
from fromlint.project import python_range
from fromlint.rules import packages, wording

CODE = "FL105"
NAME = "no-matching-distribution"
SEVERITY = Severity.ERROR

_NO_FILE = "No matching distribution found"
_AT_ODDS = "ResolutionImpossible"


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package of which no file fits, but for those that only such a package pulls in: it names them.

    Where the project itself refuses the Python (FL111), that its dependencies do so as well is no news.
    """
    for case in packages.cases(project, Fate.NOTHING_FITS):
        if case.verdict.obstacle is Obstacle.REQUIRES_PYTHON and _refused_as_a_whole(case):
            continue
        if _failing(case).intersection(case.facts.package.parents):
            continue
        along = _along(case)
        package, verdict, environment = case.facts.package, case.verdict, case.stage.environment
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} cannot be installed{_because(case, verdict)}",
            label=f"stops here: {_AT_ODDS if verdict.obstacle is Obstacle.CONFLICT else _NO_FILE}",
            why=wording.why_nothing_fits(package, verdict, environment, case.install.python),
            help=packages.ways_out(case),
            notes=[f"nor can what it pulls in: {', '.join(along)}"] if along else [],
        )


def _failing(case: packages.Case) -> frozenset[str]:
    """The packages of the same install of which nothing fits on these platforms, either."""
    return frozenset(
        facts.package.name
        for facts in case.install.packages
        if all(facts.fates.get(platform) is Fate.NOTHING_FITS for platform in case.platforms)
    )


def _along(case: packages.Case) -> list[str]:
    """The packages that it pulls in and of which nothing fits (torch's nvidia-…)."""
    failing, name = _failing(case), case.facts.package.name
    return [
        facts.package.name
        for facts in case.install.packages
        if facts.package.name in failing and name in facts.package.parents
    ]


def _refused_as_a_whole(case: packages.Case) -> bool:
    asked, python = case.install.needs.requires_python, case.install.python
    return asked is not None and python is not None and python_range.allows(asked, python.version) is False


def _because(case: packages.Case, verdict: Verdict) -> str:
    if verdict.obstacle is Obstacle.CONFLICT:
        return f": {wording.at_odds(verdict.asked)}"
    if verdict.obstacle is Obstacle.REQUIRES_PYTHON:
        return f" here: it refuses {wording.python_words(case.install.python)}"
    if verdict.obstacle is Obstacle.VERSION:
        return ": there is no such release"
    return " here: no wheel or sdist fits"
