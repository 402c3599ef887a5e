"""Which project of the package index a distribution's Python package is."""

from __future__ import annotations

import re

from fromlint.regex import regex
from fromlint.system import stored

_NAME = regex(r"(?:python3?|py3)-(.+)")


def projects(package: str) -> tuple[str, ...]:
    """The normalised names that ``python3-yaml`` or ``py3-numpy`` may have on the index; () where it is no module."""
    match = _NAME.fullmatch(package)
    if match is None:
        return ()
    data = stored.whole("rules", "distribution_modules.json")
    name = match[1]
    if name in data["no_modules"] or name.endswith(("-dev", "-doc", "-pyc", "-tests")):
        return ()
    return (*data["names"].get(name, ()), re.sub(r"[-_.]+", "-", name).lower())
