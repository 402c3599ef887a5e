"""When two findings of different days are one and the same."""

from __future__ import annotations

from collections.abc import Iterable

from fromlint.model.finding import Finding, Severity
from fromlint.named_tuple import NamedTuple


class Identity(NamedTuple):
    """What stays of a finding when lines move, versions go up and options change.

    ``about`` is the requirement's name, or the message where the finding is about none.
    """

    code: str
    file: str
    about: str


def identity(finding: Finding) -> Identity:
    """The identity of a finding."""
    about = finding.subject.name if finding.subject is not None else finding.message
    return Identity(finding.code, finding.span.file, about)


def worst(findings: Iterable[Finding]) -> dict[Identity, list[Severity]]:
    """The severities of all findings by identity, the worst first."""
    found: dict[Identity, list[Severity]] = {}
    for finding in findings:
        found.setdefault(identity(finding), []).append(finding.severity)
    return {name: sorted(severities, reverse=True) for name, severities in found.items()}


def new(findings: Iterable[Finding], before: dict[Identity, list[Severity]]) -> tuple[Finding, ...]:
    """The findings that were not there before, or less severe. Of equal ones as many as are more than before."""
    left = {name: list(severities) for name, severities in before.items()}
    fresh = []
    for finding in sorted(findings, key=lambda each: -each.severity):
        known = left.get(identity(finding))
        if known and known[0] >= finding.severity:
            known.pop(0)
        else:
            fresh.append(finding)
    kept = set(map(id, fresh))
    return tuple(finding for finding in findings if id(finding) in kept)
