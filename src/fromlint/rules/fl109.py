"""A missing wheel, `--only-binary` or an old Python makes the installer take an older release, or a pure wheel instead.

## Why

Nothing fails, and that is the trouble: with `--only-binary` on Alpine pip goes back to the last release that had a
musllinux wheel; on an old Python to the last one that supported it; and a package with native wheels may leave you its
pure one, which then looks for a library that is not there.

## Example

    FROM python:3.9-slim
    RUN pip install streamlit           # the last release for 3.9, not today's

## What to do

Pin the version you mean, or move to the Python or base that today's release has a wheel for.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.model.verdict import Verdict
from fromlint.project.known import base_tags
from fromlint.rules import packages
from fromlint.rules.packages import Case

CODE = "FL109"
NAME = "older-release-chosen"
SEVERITY = Severity.WARNING


# What an installer is upgraded with as a matter of course: nobody minds which release an old Python gets.
_TOOLS = frozenset({"pip", "setuptools", "wheel", "uv", "poetry", "pipenv", "pdm"})


def check(project: Project) -> Iterator[Finding]:
    """A finding for each package where a newer or more native file was passed over.

    That an old Python holds back what others pull in, or a pure wheel serves as well, is no news to anybody: of those
    only what the project itself asks for is said.
    """
    for stage in project.stages:
        for install in stage.installs:
            for facts in install.packages:
                if facts.package.name in _TOOLS:
                    continue
                platforms = tuple(
                    platform
                    for platform in project.asked
                    if (verdict := facts.package.verdicts.get(platform)) is not None
                    and verdict.instead_of is not None
                    and (not facts.package.parents or not _everyday(verdict))
                    and not _for_older_pythons(verdict, project)
                )
                if platforms:
                    verdict = facts.package.verdicts[platforms[0]]
                    yield _finding(Case(project, stage, install, facts, platforms, verdict, None))


def _everyday(verdict: Verdict) -> bool:
    """Whether it comes of an old Python, or of a pure wheel that does without the native part."""
    instead, why = verdict.instead_of or ("", "")
    return instead.endswith(".whl") or "Python" in why


def _for_older_pythons(verdict: Verdict, project: Project) -> bool:
    """Whether the newer release is a backport to Pythons that have ended (dataclasses, typing): nobody misses it."""
    _, said, wanted = (verdict.instead_of or ("", ""))[1].partition("needs Python ")
    return bool(said) and not base_tags.for_maintained_pythons(wanted, project.as_of)


def _held_back_by_a_living_python(case: Case, why: str) -> bool:
    """Whether only the Python holds the release back, and one that is still looked after: that is its price.

    The distribution's own is looked after as long as its release is.
    """
    python, environment = case.install.python, case.stage.environment
    if "needs Python" not in why or python is None:
        return False
    if python.prefix == "/usr" and environment.end_of_life is not None:
        return not base_tags.ended(environment.end_of_life, case.project.as_of)
    return not base_tags.python_ended(python.version, case.project.as_of)


def _finding(case: Case) -> Finding:
    instead, why = case.verdict.instead_of or ("", "")
    package = case.facts.package
    pure = instead.endswith(".whl")
    # A pure wheel is only slower, unless it looks for a library that is not there (soundfile on musl).
    lacks = any(platform in case.facts.libraries for platform in case.platforms)
    mild = (pure and not lacks) or _held_back_by_a_living_python(case, why)
    severity = Severity.INFO if mild else SEVERITY
    return packages.finding(
        case,
        code=CODE,
        rule=NAME,
        severity=packages.capped(severity, case),
        message=f"{packages.title(case)} is taken {'as its pure wheel' if pure else f'instead of {instead}'}: {why}",
        label=f"{package.name} {package.version}, not {instead}",
        why=why,
    )
