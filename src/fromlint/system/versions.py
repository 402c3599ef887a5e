"""Version ranges as the data files write them: ``>=2.2,<3``. Only release numbers count.

`packaging` would do it, too, at 19 ms for its import; the ranges are ours and never hold more than this.
"""

from __future__ import annotations

from fromlint.regex import regex

_RELEASE = regex(r"(?:\d+!)?v?(\d+(?:\.\d+)*)")
_CLAUSE = regex(r"\s*(>=|<=|==|!=|<|>)\s*([\d.]+)\s*")


def release(version: str) -> tuple[int, ...] | None:
    """The release numbers without trailing zeros: ``1.8.5.post1`` gives (1, 8, 5); None where there are none."""
    match = _RELEASE.match(version)
    if match is None:
        return None
    numbers = [int(number[:9]) for number in match[1].split(".")[:8]]
    while numbers and not numbers[-1]:
        numbers.pop()
    return tuple(numbers)


def within(version: str | None, span: str) -> bool:
    """Whether a version lies in a range. No version (or one without numbers) counts as newer than all."""
    numbers = release(version) if version else None
    for clause in filter(None, span.split(",")):
        match = _CLAUSE.fullmatch(clause)
        if match is None:
            raise ValueError(f"not a range of the data files: {span!r}")
        operator, bound = match[1], release(match[2]) or ()
        if numbers is None:
            if operator in ("<", "<=", "=="):
                return False
            continue
        fits = {
            ">=": numbers >= bound,
            "<=": numbers <= bound,
            ">": numbers > bound,
            "<": numbers < bound,
            "==": numbers == bound,
            "!=": numbers != bound,
        }[operator]
        if not fits:
            return False
    return True


def minor(version: str) -> str:
    """``3.12.13`` is ``3.12``."""
    return ".".join(version.split(".")[:2])
