"""The package index could not be asked.

## Why

What is not known cannot be judged. Being offline never fails a run on its own; with `--strict` it does.

## Example

    $ fromlint check                    # behind a proxy that refuses

## What to do

`fromlint cache warm` while there is a network, or a lock file, which needs none.
"""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.finding import Finding, Severity
from fromlint.model.project import Project
from fromlint.model.verdict import Outcome
from fromlint.rules import wording

CODE = "FL906"
NAME = "index-unreachable"
SEVERITY = Severity.INFO


def check(project: Project) -> Iterator[Finding]:
    """A finding for each install and reason, naming the packages that could not be asked for."""
    for stage in project.stages:
        for install in stage.installs:
            unasked: dict[str, list[str]] = {}
            for facts in install.packages:
                reasons = {
                    verdict.reason
                    for platform, verdict in facts.package.verdicts.items()
                    if platform in project.asked
                    and verdict.outcome is Outcome.UNKNOWN
                    and verdict.unasked
                    and verdict.reason
                }
                for reason in sorted(reasons):
                    unasked.setdefault(reason, []).append(facts.package.name)
            for reason, names in unasked.items():
                listed = ", ".join(names[:6]) + (f" and {len(names) - 6} more" if len(names) > 6 else "")
                yield Finding(
                    CODE,
                    NAME,
                    SEVERITY,
                    f"not checked: {listed}: {reason}",
                    wording.install_span(stage, install),
                    label="not checked in full",
                    stage=stage.stage.number,
                )
