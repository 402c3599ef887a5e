"""Images as they are looked up in tests."""

import datetime

from fromlint.images.catalogue import environment
from fromlint.images.reference import parse
from fromlint.model.environment import Environment

TODAY = datetime.date(2026, 11, 22)


def known(
    text: str, day: str | None = None, platform: str = "linux/amd64", configured: dict[str, str] | None = None
) -> Environment:
    reference = parse(text)
    assert reference is not None
    as_of = TODAY if day is None else datetime.date.fromisoformat(day)
    return environment(reference, platform=platform, as_of=as_of, configured=configured or {})


def short(found: Environment) -> tuple[str, ...]:
    """``("debian 13", "glibc 2.41", "3.12 /usr/local")``: what most tests look at."""
    release = f"{found.distro} {found.release}"
    libc = f"{found.libc} {found.libc_version}"
    python = "-"
    if found.python:
        python = f"{'.'.join(found.python.version.split('.')[:2])} {found.python.prefix}"
    return release, libc, python
