"""Version specifiers (PEP 440), as ``packaging`` and so pip read them."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache

from fromlint.named_tuple import NamedTuple
from fromlint.wheels.versions import DEV_ONLY, Key, Version
from fromlint.wheels.versions import parse as parse_version

# Far beyond any real requirement; a hostile one must not buy time with a million clauses.
_LONGEST = 4096


class Clause(NamedTuple):
    """One comparison. ``version`` is None for ``===``, which compares ``text``; ``wildcard`` marks ``==1.2.*``."""

    operator: str
    version: Version | None
    text: str
    wildcard: bool


class Specifiers(NamedTuple):
    """Clauses that must all hold. ``prereleases``: one of them names a pre-release, which lets such in.

    ``pinned``: an exact ``==`` or ``===`` is among them. ``bounded``: an upper bound is.
    """

    text: str
    clauses: tuple[Clause, ...]
    prereleases: bool
    pinned: bool
    bounded: bool


ANY = Specifiers("", (), False, False, False)


@cache
def _pattern() -> re.Pattern[str]:
    return re.compile(r"\s*(===|==|!=|~=|<=|>=|<|>)\s*([^\s;)]*)\s*")


@lru_cache(maxsize=8192)
def parse(text: str) -> Specifiers | None:
    """The specifiers that a text (``>=1.2,<2``) states, None where pip would refuse it."""
    if len(text) > _LONGEST:
        return None
    clauses = []
    for part in text.split(","):
        if not part.strip():
            continue
        clause = _clause(part)
        if clause is None:
            return None
        clauses.append(clause)
    return Specifiers(
        text=text,
        clauses=tuple(clauses),
        prereleases=any(_names_prerelease(clause) for clause in clauses),
        pinned=any(clause.operator in ("==", "===") and not clause.wildcard for clause in clauses),
        bounded=any(clause.operator in ("<", "<=", "~=") or clause.wildcard for clause in clauses),
    )


def both(texts: Iterable[str]) -> Specifiers | None:
    """All of the specifiers together, in an order that does not depend on who asked first."""
    return parse(",".join(sorted({text for text in texts if text})))


def pinned_to(version: Version) -> Specifiers:
    """``==version``."""
    return parse(f"=={version.text}") or ANY


def allows(specifiers: Specifiers, version: Version) -> bool:
    """Whether the version satisfies every clause; pre-releases are judged elsewhere."""
    for clause in specifiers.clauses:  # noqa: SIM110 - a generator takes twice the time, and this is called for each release
        if not _holds(clause, version):
            return False
    return True


def window(specifiers: Specifiers, keys: Sequence[Key]) -> tuple[int, int]:
    """The stretch of ascending version keys, start and end, outside which no version can satisfy the specifiers."""
    start, end = 0, len(keys)
    for operator, wanted, _, wildcard in specifiers.clauses:
        if wanted is None or operator == "!=" or wildcard:
            continue
        if operator in (">=", "~=", "=="):
            start = max(start, bisect_left(keys, wanted.key))
        if operator in ("<=", "=="):
            end = min(end, bisect_right(keys, wanted.key))
        elif operator == "<":
            end = min(end, bisect_left(keys, _below(wanted)))
        elif operator == ">":
            start = max(start, bisect_left(keys, _above(wanted)))
    return start, max(start, end)


def _clause(text: str) -> Clause | None:
    match = _pattern().fullmatch(text)
    if match is None:
        return None
    operator, stated = match.groups()
    if operator == "===":
        return Clause(operator, None, stated.lower(), False)
    wildcard = operator in ("==", "!=") and stated.endswith(".*")
    version = parse_version(stated.removesuffix(".*") if wildcard else stated)
    if version is None:
        return None
    if wildcard and (version.prerelease or version.postrelease or version.local):
        return None
    if version.local and operator not in ("==", "!="):
        return None
    if operator == "~=" and len(version.release) < 2:
        return None
    return Clause(operator, version, stated, wildcard)


def _names_prerelease(clause: Clause) -> bool:
    if clause.operator == "!=" or clause.wildcard:
        return False
    version = clause.version or parse_version(clause.text)
    return version is not None and version.prerelease


def _holds(clause: Clause, version: Version) -> bool:
    operator, wanted = clause.operator, clause.version
    if wanted is None:
        return version.text.lower() == clause.text
    if operator == ">=":
        return version.key >= wanted.key
    if operator == "<=":
        return version.key <= wanted.key
    if operator == "==":
        return _equal(clause, wanted, version)
    if operator == "!=":
        return not _equal(clause, wanted, version)
    if operator == "~=":
        return version.key >= wanted.key and _begins(version, wanted, wanted.release[:-1])
    if operator == "<":
        return version.key < _below(wanted)
    return version.key >= _above(wanted)


def _below(bound: Version) -> Key:
    """What ``<bound`` ends at: a pre-release of the bound itself is not below it (PEP 440, exclusive comparison)."""
    if bound.prerelease:
        return bound.key
    epoch, release, (phase, number, post_rank, post, _, _) = bound.key
    return epoch, release, (phase if post_rank else DEV_ONLY, number, post_rank, post, 0, 0)


def _above(bound: Version) -> Key:
    """What ``>bound`` begins with: a post-release of the bound itself is not above it, unless the bound is one."""
    epoch, release, (phase, number, post_rank, post, dev_rank, dev) = bound.key
    if dev_rank == 0:
        return epoch, release, (phase, number, post_rank, post, 0, dev + 1)
    if post_rank:
        return epoch, release, (phase, number, post_rank, post + 1, 0, 0)
    return epoch, release, (phase, number, 2, 0, 0, 0)


def _equal(clause: Clause, wanted: Version, version: Version) -> bool:
    if clause.wildcard:
        return _begins(version, wanted, wanted.release)
    if version.key != wanted.key:
        return False
    return not wanted.local or version.local == wanted.local


def _begins(version: Version, wanted: Version, prefix: tuple[int, ...]) -> bool:
    if version.key[0] != wanted.key[0]:
        return False
    release = version.release + (0,) * (len(prefix) - len(version.release))
    return release[: len(prefix)] == prefix
