"""Resolutions as text, to be kept from run to run.

Spans are written as their number in a list that the reader has, too: where requirements move within their file but
nothing else changes, what was kept is still good. A file that serves several platforms is written once. The text comes
back from a file that others may have changed, so every value is looked at before it is believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache

from fromlint.model.index import File
from fromlint.model.place import Unknown
from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Conflict, Resolution
from fromlint.model.verdict import Nearest, Obstacle, Outcome, Package, Verdict
from fromlint.project.resolving.kept_text import (
    FAULTS,
    Unreadable,
    looked_at,
    pair,
    pairs,
    requirement,
    rows,
    span,
    text,
)
from fromlint.typed import Any

Requirements = tuple[Requirement, ...]
"""What an install was asked for; a package's requirement, and a span, is written as a number where it is one of it."""

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_OBSTACLES = {obstacle.value: obstacle for obstacle in Obstacle}
# A verdict that says no more than its file, as most do, is written without the rest.
_PLAIN = Verdict(Outcome.WHEEL)[2:]


def written(resolutions: Sequence[tuple[Resolution, Requirements]]) -> bytes:
    """The resolutions, each with what was asked for."""
    from json import dumps

    found = [_resolution_out(resolution, asked) for resolution, asked in resolutions]
    return dumps(found, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


# An editor asks for the same with every save.
@lru_cache(16)
def read(data: bytes, asked: tuple[Requirements, ...]) -> tuple[Resolution, ...]:
    """The resolutions that were written. Raises Unreadable."""
    from json import loads

    try:
        found = loads(data.decode("utf-8", "surrogatepass"))
        return tuple(_resolution_in(each, wanted) for each, wanted in zip(found, asked, strict=True))
    except FAULTS as problem:
        raise Unreadable(str(problem)) from None


# --- writing --------------------------------------------------------------------------------------------------


def _resolution_out(resolution: Resolution, asked: Requirements) -> list[Any]:
    numbers = {requirement: number for number, requirement in enumerate(asked)}
    spans = {requirement.span: number for number, requirement in enumerate(asked)}
    files: dict[File, int] = {}
    packages = [_package_out(package, numbers, files) for package in resolution.packages]
    return [
        list(files),
        packages,
        [[conflict.name, conflict.asked] for conflict in resolution.conflicts],
        [[unknown.what, unknown.why, spans.get(unknown.span, unknown.span)] for unknown in resolution.unknown],
    ]


def _package_out(package: Package, numbers: Mapping[Requirement, int], files: dict[File, int]) -> list[Any]:
    return [
        package.name,
        package.version,
        numbers.get(package.requirement, package.requirement),
        package.parents,
        {platform: _verdict_out(verdict, files) for platform, verdict in package.verdicts.items()},
        package.extras,
        package.kept,
        package.asked_by,
    ]


def _verdict_out(verdict: Verdict, files: dict[File, int]) -> list[Any]:
    outcome, file, obstacle, *rest = verdict
    number = files.setdefault(file, len(files)) if file is not None else None
    if verdict[2:] == _PLAIN:
        return [outcome.value, number]
    return [outcome.value, number, obstacle.value if obstacle is not None else None, *rest]


# --- reading --------------------------------------------------------------------------------------------------


def _resolution_in(value: Any, asked: Requirements) -> Resolution:
    listed, packages, conflicts, unknown = value
    files = [_file(*looked_at(each, "sSSSlIbS")) for each in rows(listed)]
    return Resolution(
        tuple([_package_in(package, asked, files) for package in packages]),
        conflicts=tuple(Conflict(text(name), pairs(each)) for name, each in conflicts),
        unknown=tuple(
            Unknown(text(what), text(why), asked[where].span if type(where) is int else span(where))
            for what, why, where in unknown
        ),
    )


def _package_in(value: Any, asked: Requirements, files: Sequence[File]) -> Package:
    name, version, wanted, parents, verdicts, extras, kept, asked_by = value
    stated = asked[wanted] if type(wanted) is int else requirement(wanted)
    name, version, parents, extras, kept, asked_by = looked_at(
        (name, version, parents, extras, kept, asked_by), "sSllbl"
    )
    if type(verdicts) is not dict:
        raise TypeError(verdicts)
    found = {platform: _verdict_in(verdict, files) for platform, verdict in verdicts.items()}
    return Package(name, version, stated, parents, found, extras, kept, asked_by)


def _verdict_in(value: Any, files: Sequence[File]) -> Verdict:
    outcome, number, *rest = value
    file = files[number] if number is not None else None
    if not rest:
        return _verdict(_OUTCOMES[outcome], file)
    obstacle, reason, nearest, instead_of, age, partial, glibc, exists, unasked, asked = rest
    reason, age, partial, glibc, exists, unasked = looked_at((reason, age, partial, glibc, exists, unasked), "SSbSbb")
    return _verdict(
        _OUTCOMES[outcome],
        file,
        _OBSTACLES[obstacle] if obstacle is not None else None,
        reason,
        tuple(Nearest(*looked_at(each, "sss")) for each in nearest),
        pair(instead_of) if instead_of is not None else None,
        age,
        partial,
        glibc,
        exists,
        unasked,
        pairs(asked),
    )


# One wheel may serve a thousand Dockerfiles, whose resolutions are held all at once: it is held once.
_file = lru_cache(4096)(File)
_verdict = lru_cache(4096)(Verdict)
