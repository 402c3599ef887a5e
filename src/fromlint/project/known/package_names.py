"""Whether a release has a system package of a name, as far as the image's own package sources decide that."""

from __future__ import annotations

from fromlint.images import catalogue, official_python
from fromlint.images.reference import parse
from fromlint.model.environment import Environment
from fromlint.system import archive, names, stored
from fromlint.system.distribution import distribution
from fromlint.system.names import Answer

# Their packages change from day to day.
_MOVING = frozenset({"forky", "sid", "testing", "unstable", "experimental", "edge"})
_BEFORE = {"trixie": "bookworm", "bookworm": "bullseye"}


def answer(environment: Environment, name: str) -> Answer:
    """Whether the image's release has the name; *unknown* where its names are not known completely."""
    release = environment.codename or environment.release
    if not environment.known or environment.distro is None or release in _MOVING:
        return Answer("unknown")
    if environment.distro == "alpine" and name in stored.whole("rules", "alpine_provided.json")["names"]:
        return Answer("virtual")
    return names.package_exists(environment.distro, release, name)


def release_before(environment: Environment, name: str) -> str | None:
    """The release before the image's own, where that one still had the package; None where it had not."""
    earlier = _BEFORE.get(environment.codename or "") if environment.distro == "debian" else None
    if earlier is None or names.package_exists("debian", earlier, name).kind not in ("there", "virtual"):
        return None
    return earlier


def followed(environment: Environment, name: str) -> bool:
    """Whether it is known of every other package whether it brings this one."""
    where = distribution(environment)
    return where is not None and where.indexed and name in archive.interest_index()


def plain(environment: Environment) -> bool:
    """Whether the image holds no package source but its distribution's own.

    Not where the release is only inferred: but a later patch of Python stands on what the one before stood on.
    """
    if environment.own_sources is not None:
        return environment.known and environment.own_sources
    reference = parse(environment.image)
    if not environment.known or reference is None:
        return False
    repository = catalogue.canonical(reference)[0]
    if environment.tag_status != "real" and repository != official_python.NAME:
        return False
    return repository in stored.whole("rules", "plain_images.json")["images"]
