"""Other tags of a base image: the one that names its release, and one on a release that is still looked after."""

from __future__ import annotations

import datetime

from fromlint.images import catalogue, official_python
from fromlint.images.reference import parse
from fromlint.model.environment import Environment


def with_release(environment: Environment, as_of: str) -> str | None:
    """The tag of an official Python image that names the release it stands on (``3.12-slim-trixie``); None if unknown.

    ``as_of`` is an ISO day.
    """
    reference = parse(environment.image)
    if reference is None or reference.tag is None or catalogue.canonical(reference)[0] != "python":
        return None
    suffix = environment.release if environment.distro == "alpine" else f"-{environment.codename}"
    image = f"{environment.image.partition('@')[0]}{suffix}"
    found = _known(image, environment, as_of)
    return image if found is not None and found.release == environment.release and not found.floating else None


def on_release_of(environment: Environment, other: Environment, as_of: str) -> str | None:
    """An official image of the same Python and variant on the release that another image stands on; None without one.

    ``as_of`` is an ISO day.
    """
    for image in catalogue.alternatives(environment, datetime.date.fromisoformat(as_of)):
        found = _known(image, environment, as_of)
        like = (environment.variant, other.distro, other.release)
        if found is not None and (found.variant, found.distro, found.release) == like:
            return image
    return None


def still_supported(environment: Environment, as_of: str) -> str | None:
    """An official image of the same Python and variant on a release that still gets fixes; None where there is none."""
    for image in catalogue.alternatives(environment, datetime.date.fromisoformat(as_of)):
        found = _known(image, environment, as_of)
        if found is not None and found.variant == environment.variant and not ended(found.end_of_life, as_of):
            return image
    return None


def fixes_until(environment: Environment) -> str | None:
    """The last day (ISO) on which both the release and its Python get fixes; None where neither is known."""
    return min((day for day in (environment.end_of_life, environment.python_end_of_life) if day), default=None)


def ended(day: str | None, as_of: str) -> bool:
    """Whether the last day of support (ISO) lies before the day."""
    return day is not None and day < as_of


def python_ended(version: str, as_of: str) -> bool:
    """Whether a CPython (``3.9.18``) gets no fixes of its makers' any more on the day, whoever packages it."""
    return ended(official_python.end_of_life(version), as_of)


def for_maintained_pythons(requires_python: str, as_of: str) -> bool:
    """Whether a Requires-Python lets in a CPython that still gets fixes on the day: no backport to those before."""
    from fromlint.wheels.choice import requires

    return any(requires(requires_python, f"{minor}.99") for minor in official_python.maintained(as_of))


def _known(image: str, like: Environment, as_of: str) -> Environment | None:
    reference = parse(image)
    if reference is None:
        return None
    day = datetime.date.fromisoformat(as_of)
    found = catalogue.environment(reference, platform=like.platform, as_of=day)
    return found if found.known and found.tag_status == "real" else None
