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

from collections.abc import Iterator, Mapping

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Fate, Project
from fromlint.model.verdict import Obstacle, Verdict
from fromlint.project.walking import python_range
from fromlint.rules import packages, wording

CODE = "FL105"
NAME = "no-matching-distribution"
SEVERITY = Severity.ERROR

_NO_FILE = "No matching distribution found"
_AT_ODDS = "ResolutionImpossible"
_OLDER_PIP = ("a newer release of it, or pip install 'pip<24.1' before",)


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package of which no file fits, but for those that come with such a package: it names them.

    They come with it where it pulls them in, and where a list names them for its sake alone, as pip freeze does for
    torch: that shows on another base, where it can be installed. Where the project itself refuses the Python (FL111),
    that its dependencies do so as well is no news.
    """
    known: dict[tuple[int, tuple[str, ...]], dict[str, str]] = {}
    for case in packages.cases(project, Fate.NOTHING_FITS):
        if case.verdict.obstacle is Obstacle.REQUIRES_PYTHON and _refused_as_a_whole(case):
            continue
        key = id(case.install), case.platforms
        leaders = known[key] = known[key] if key in known else _leaders(case)
        if case.facts.package.name in leaders:
            continue
        along = [name for name, leader in leaders.items() if leader == case.facts.package.name]
        package, verdict, environment = case.facts.package, case.verdict, case.stage.environment
        yield packages.finding(
            case,
            code=CODE,
            rule=NAME,
            severity=packages.capped(SEVERITY, case),
            message=f"{packages.title(case)} cannot be installed{_because(case, verdict)}",
            label=f"stops here: {_AT_ODDS if verdict.obstacle is Obstacle.CONFLICT else _NO_FILE}",
            why=wording.why_nothing_fits(package, verdict, environment, case.install.python),
            help=_OLDER_PIP if verdict.obstacle is Obstacle.METADATA else packages.ways_out(case),
            notes=[f"nor can what it asks for: {', '.join(along)}"] if along else [],
        )


def _leaders(case: packages.Case) -> dict[str, str]:
    """By name the packages of the install that fail only along with another one, and which that is.

    (torch for nvidia-…)
    """
    here = {facts.package.name: facts.package for facts in case.install.packages}
    failing = {
        facts.package.name: facts.package.verdicts[case.platforms[0]].obstacle
        for facts in case.install.packages
        if all(facts.fates.get(platform) is Fate.NOTHING_FITS for platform in case.platforms)
    }
    asked = _asked(case.project)
    bringing: dict[str, set[str]] = {}
    for name, obstacle in failing.items():
        askers = asked.get(name, set()) & here.keys()
        # Of what only others pull in one of these is the cause. What the project itself asks for may have its own.
        alone = not here[name].parents and not all(failing.get(asker) is obstacle for asker in askers)
        bringing[name] = set() if alone else failing.keys() & {*askers, *here[name].parents}
    return {name: leader for name in failing if (leader := _leader(name, bringing)) is not None}


def _asked(project: Project) -> dict[str, set[str]]:
    """Who asks for what the project itself asks for, too: of what cannot be installed that shows on other bases."""
    asked: dict[str, set[str]] = {}
    for other in project.alternatives:
        for place in other.by_platform:
            for facts in place.packages:
                asked.setdefault(facts.package.name, set()).update(facts.package.asked_by)
    return asked


def _leader(name: str, bringing: Mapping[str, set[str]]) -> str | None:
    """The first cause above a package; None where it is one itself, as are those that ask for one another."""
    seen: set[str] = set()
    while bringing[name]:
        seen.add(name)
        name = min(bringing[name])
        if name in seen:
            return None
    return name if seen else None


def _refused_as_a_whole(case: packages.Case) -> bool:
    asked, python = case.install.needs.requires_python, case.install.python
    return asked is not None and python is not None and python_range.allows(asked, python.version) is False


def _because(case: packages.Case, verdict: Verdict) -> str:
    if verdict.obstacle is Obstacle.CONFLICT:
        return f": {wording.at_odds(verdict.asked)}"
    if verdict.obstacle is Obstacle.REQUIRES_PYTHON:
        return f" here: it refuses {wording.python_words(case.install.python)}"
    if verdict.obstacle is Obstacle.METADATA:
        return f" here: pip passes it over for its metadata, {verdict.reason}"
    if verdict.obstacle is Obstacle.YANKED:
        return ": what there is of it was yanked"
    if verdict.obstacle is Obstacle.VERSION:
        return ": there is no such release"
    return " here: no wheel or sdist fits"
