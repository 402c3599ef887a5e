"""Comparing versions with little: releases of plain numbers here, everything else by ``packaging``."""

from collections.abc import Callable, Iterable
from functools import lru_cache

from fromlint.regex import regex
from fromlint.typed import TypeVar

_Item = TypeVar("_Item")

_RELEASE = regex(r"\s*(\d{1,9}(?:\.\d{1,9})*)(\.\*)?\s*")


def release(text: str) -> tuple[int, ...] | None:
    """``3.12.1`` as numbers; None where the text is anything but a plain release."""
    found = _RELEASE.fullmatch(text)
    return None if found is None or found[2] else tuple(map(int, found[1].split(".")))


@lru_cache(maxsize=8192)
def holds(version: str, operator: str, wanted: str) -> bool | None:
    """Whether ``version`` stands in the relation to ``wanted`` (PEP 440), pre-releases admitted.

    None where that is no version comparison: a text that is no version, or an operator PEP 440 does not have.
    """
    found = _RELEASE.fullmatch(wanted)
    have = release(version)
    if found is None or have is None or operator == "===":
        return _by_packaging(version, operator, wanted)
    want = tuple(map(int, found[1].split(".")))
    if found[2]:
        if operator not in ("==", "!="):
            return None
        same = (have + (0,) * len(want))[: len(want)] == want
        return same if operator == "==" else not same
    return _compared(have, operator, want)


def _compared(have: tuple[int, ...], operator: str, want: tuple[int, ...]) -> bool | None:
    if operator == "~=":
        if len(want) < 2:
            return None
        prefix = want[:-1]
        return _compared(have, ">=", want) is True and (have + (0,) * len(prefix))[: len(prefix)] == prefix
    width = max(len(have), len(want))
    left = have + (0,) * (width - len(have))
    right = want + (0,) * (width - len(want))
    match operator:
        case "==":
            return left == right
        case "!=":
            return left != right
        case "<":
            return left < right
        case "<=":
            return left <= right
        case ">":
            return left > right
        case ">=":
            return left >= right
    return None


def _by_packaging(version: str, operator: str, wanted: str) -> bool | None:
    from packaging.specifiers import InvalidSpecifier, Specifier
    from packaging.version import InvalidVersion

    try:
        return Specifier(f"{operator}{wanted}").contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return None


def satisfies(version: str, specifier: str) -> bool | None:
    """Whether ``version`` is in a specifier set such as ``>=1,<2``, pre-releases admitted; None where one is no
    PEP 440 text.
    """
    from packaging.specifiers import InvalidSpecifier, SpecifierSet
    from packaging.version import InvalidVersion

    try:
        return SpecifierSet(specifier).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return None


def newest(items: Iterable[_Item], version_of: Callable[[_Item], str]) -> list[_Item]:
    """Those of the items that have the highest version; all of them where a version is none."""
    from packaging.version import InvalidVersion, Version

    given = list(items)
    try:
        order = [Version(version_of(item)) for item in given]
    except InvalidVersion:
        return given
    highest = max(order, default=None)
    return [item for item, version in zip(given, order, strict=True) if version == highest]
