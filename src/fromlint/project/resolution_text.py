"""Resolutions as text, to be kept from run to run.

Spans are written as their number in a list that the reader has, too: where requirements move within their file but
nothing else changes, what was kept is still good. The text comes back from a file that others may have changed, so
every value is looked at before it is believed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from fromlint.model.index import File
from fromlint.model.place import Span, Unknown
from fromlint.model.requirement import Requirement
from fromlint.model.resolution import Conflict, Resolution
from fromlint.model.verdict import Nearest, Obstacle, Outcome, Package, Verdict

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

Requirements = Sequence[Requirement]
"""What an install was asked for; a package's requirement, and a span, is written as a number where it is one of it."""

_OUTCOMES = {outcome.value: outcome for outcome in Outcome}
_OBSTACLES = {obstacle.value: obstacle for obstacle in Obstacle}


class Unreadable(Exception):
    """The text is not that of resolutions."""


def written(resolutions: Sequence[tuple[Resolution, Requirements]]) -> bytes:
    """The resolutions, each with what was asked for."""
    from json import dumps

    found = [_resolution_out(resolution, asked) for resolution, asked in resolutions]
    return dumps(found, separators=(",", ":"), ensure_ascii=False).encode("utf-8", "surrogatepass")


def read(data: bytes, asked: Sequence[Requirements]) -> tuple[Resolution, ...]:
    """The resolutions that were written. Raises Unreadable."""
    from json import loads

    try:
        found = loads(data.decode("utf-8", "surrogatepass"))
        return tuple(_resolution_in(each, wanted) for each, wanted in zip(found, asked, strict=True))
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as problem:
        raise Unreadable(str(problem)) from None


# --- writing --------------------------------------------------------------------------------------------------


def _resolution_out(resolution: Resolution, asked: Requirements) -> list[Any]:
    numbers = {requirement: number for number, requirement in enumerate(asked)}
    spans = {requirement.span: number for number, requirement in enumerate(asked)}
    return [
        [_package_out(package, numbers) for package in resolution.packages],
        [[conflict.name, conflict.asked] for conflict in resolution.conflicts],
        [[unknown.what, unknown.why, spans.get(unknown.span, unknown.span)] for unknown in resolution.unknown],
    ]


def _package_out(package: Package, numbers: Mapping[Requirement, int]) -> list[Any]:
    return [
        package.name,
        package.version,
        numbers.get(package.requirement, package.requirement),
        package.parents,
        {platform: _verdict_out(verdict) for platform, verdict in package.verdicts.items()},
        package.extras,
        package.kept,
    ]


def _verdict_out(verdict: Verdict) -> list[Any]:
    obstacle = verdict.obstacle.value if verdict.obstacle is not None else None
    return [verdict.outcome.value, verdict.file, obstacle, *verdict[3:]]


# --- reading --------------------------------------------------------------------------------------------------


def _resolution_in(value: Any, asked: Requirements) -> Resolution:
    packages, conflicts, unknown = value
    return Resolution(
        tuple([_package_in(package, asked) for package in packages]),
        conflicts=tuple(Conflict(_text(name), _pairs(pairs)) for name, pairs in conflicts),
        unknown=tuple(
            Unknown(_text(what), _text(why), asked[span].span if type(span) is int else _span(span))
            for what, why, span in unknown
        ),
    )


def _package_in(value: Any, asked: Requirements) -> Package:
    name, version, requirement, parents, verdicts, extras, kept = value
    return Package(
        _text(name),
        _text_or_none(version),
        asked[requirement] if type(requirement) is int else _requirement(requirement),
        _texts(parents),
        {platform: _verdict_in(verdict) for platform, verdict in verdicts.items()},
        _texts(extras),
        _flag(kept),
    )


def _verdict_in(value: Any) -> Verdict:
    outcome, file, obstacle, reason, nearest, instead_of, age, partial, glibc, exists, unasked, asked = value
    return Verdict(
        _OUTCOMES[outcome],
        _file(file) if file is not None else None,
        _OBSTACLES[obstacle] if obstacle is not None else None,
        _text_or_none(reason),
        tuple(Nearest(*map(_text, _sized(each, 3))) for each in nearest),
        _pair(instead_of) if instead_of is not None else None,
        _text_or_none(age),
        _flag(partial),
        _text_or_none(glibc),
        _flag(exists),
        _flag(unasked),
        _pairs(asked),
    )


def _file(value: Any) -> File:
    filename, url, requires_python, yanked, hashes, size, metadata, uploaded = value
    return File(
        _text(filename),
        _text_or_none(url),
        _text_or_none(requires_python),
        _text_or_none(yanked),
        _texts(hashes),
        _number(size) if size is not None else None,
        _flag(metadata),
        _text_or_none(uploaded),
    )


def _requirement(value: Any) -> Requirement:
    name, written, specifier, extras, marker, kind, reference, hashes, span, parents = value
    return Requirement(
        *(_text(name), _text(written), _text(specifier), _texts(extras), _text(marker), _text(kind)),
        *(_text_or_none(reference), _texts(hashes), _span(span), _texts(parents)),
    )


def _span(value: Any) -> Span:
    file, line, column, end_line, end_column = value
    return Span(_text(file), _number(line), _number(column), _number(end_line), _number(end_column))


def _text(value: Any) -> str:
    if type(value) is not str:
        raise TypeError(value)
    return value


def _text_or_none(value: Any) -> str | None:
    return None if value is None else _text(value)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(map(_text, value)) if value else ()


def _pair(value: Any) -> tuple[str, str]:
    first, second = value
    return _text(first), _text(second)


def _pairs(value: Any) -> tuple[tuple[str, str], ...]:
    return tuple(map(_pair, value))


def _number(value: Any) -> int:
    if type(value) is not int:
        raise TypeError(value)
    return value


def _flag(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(value)
    return value


def _sized(value: Any, size: int) -> Any:
    if len(value) != size:
        raise ValueError(value)
    return value
