"""Dependencies as metadata states them: PEP 508 text taken apart.

``packaging.requirements`` is the oracle in the tests; it takes 50 ms to import and 25 µs a line where this takes two.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache, lru_cache

from fromlint.named_tuple import NamedTuple
from fromlint.wheels import specifiers
from fromlint.wheels.filename import normalised

_LONGEST = 8192


class Dependency(NamedTuple):
    """A dependency. ``name`` and ``extras`` are normalised; ``url`` is that of a direct reference."""

    name: str
    extras: frozenset[str]
    specifier: str
    marker: str
    url: str | None


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(
        r"\s*(?P<name>[a-z0-9][a-z0-9._-]*)"
        r"\s*(?:\[(?P<extras>[^\]]*)\])?"
        r"\s*(?:@\s*(?P<url>\S+)(?=\s|$)|\((?P<bracketed>[^)]*)\)|(?P<plain>[<>=!~][^;]*))?"
        r"\s*(?:;(?P<marker>.*))?",
        re.IGNORECASE | re.ASCII | re.DOTALL,
    )


@cache
def _extra() -> re.Pattern[str]:
    return re.compile(r"\bextra\s*==\s*(?:\"([^\"]*)\"|'([^']*)')")


@cache
def _alternative() -> re.Pattern[str]:
    return re.compile(r"\bor\b")


@lru_cache(maxsize=16384)
def parse(text: str) -> Dependency | None:
    """The dependency that a line of ``Requires-Dist`` states, None where it cannot be read."""
    match = _pattern().fullmatch(text) if len(text) <= _LONGEST else None
    if match is None:
        return None
    specifier = match["plain"] or match["bracketed"] or ""
    extras = match["extras"] or ""
    return Dependency(
        name=normalised(match["name"]),
        extras=frozenset(normalised(extra.strip()) for extra in extras.split(",") if extra.strip()),
        specifier=specifier.strip(),
        marker=(match["marker"] or "").strip(),
        url=match["url"],
    )


def malformed(lines: Iterable[str]) -> str | None:
    """The first line of ``Requires-Dist`` that is not as PEP 508 says (``pytz (>dev)``), None where all are.

    ``packaging`` has the last word, as it has in pip.
    """
    return next((line for line in lines if _odd(line) and not _is_requirement(line)), None)


@lru_cache(maxsize=16384)
def _odd(line: str) -> bool:
    found = parse(line)
    return found is None or specifiers.parse(found.specifier) is None


def _is_requirement(line: str) -> bool:
    from packaging.requirements import InvalidRequirement, Requirement

    try:
        Requirement(line)
    except InvalidRequirement:
        return False
    return True


def surely_not_asked(marker: str, extras: frozenset[str]) -> bool:
    """Whether a marker needs an extra that is not among those asked for, as can be seen without evaluating it.

    Most lines of metadata are of that kind. False says nothing.
    """
    match = _extra().search(marker)
    if match is None or _alternative().search(marker) is not None:
        return False
    return normalised(match[1] or match[2] or "") not in extras
