"""Which Pythons a project's ``requires-python`` takes."""

from __future__ import annotations

import datetime

from fromlint.images import catalogue
from fromlint.images.reference import parse
from fromlint.wheels import specifiers, versions


def allows(asked: str, version: str) -> bool | None:
    """Whether a specifier set takes a Python; None where the version is not known fully enough, or asked is no set.

    Of ``3.12`` alone it is known only that it is some 3.12: both ends of the minor must agree.
    """
    wanted = specifiers.parse(asked)
    if wanted is None:
        return None
    ends = (version,) if version.count(".") >= 2 else (f"{version}.0", f"{version}.99")
    answers = set()
    for end in ends:
        number = versions.parse(end)
        if number is None:
            return None
        answers.add(specifiers.allows(wanted, number))
    return answers.pop() if len(answers) == 1 else None


def official_minors(asked: str, as_of: str) -> tuple[str, ...]:
    """The minors with an official image, newest first (at most two), that a specifier set takes."""
    found = []
    for minor in range(20, 5, -1):
        reference = parse(f"python:3.{minor}-slim")
        assert reference is not None
        environment = catalogue.environment(reference, platform="linux/amd64", as_of=datetime.date.fromisoformat(as_of))
        python = environment.python
        if environment.known and environment.tag_status == "real" and python and allows(asked, python.version):
            found.append(f"3.{minor}")
    return tuple(found[:2])
