"""Which part of the data speaks for an image: its distribution and release in the data's own words."""

from __future__ import annotations

from fromlint.model.environment import Environment
from fromlint.named_tuple import NamedTuple

_DEBIAN = {"11": "bullseye", "12": "bookworm", "13": "trixie", "14": "forky"}
_UBUNTU = {"20.04": "focal", "22.04": "jammy", "24.04": "noble", "26.04": "resolute"}
# Ubuntu's packages bring what those of the Debian release nearest to it bring, but for few: curated, not looked up.
_NEAREST = {"focal": "bullseye", "jammy": "bookworm", "noble": "trixie", "resolute": "forky"}
_RHEL = ("rhel", "fedora", "centos", "rocky", "almalinux", "alma", "amazon", "oracle", "oraclelinux", "ubi", "azure")


class Distribution(NamedTuple):
    """``table`` names the part of a capability's entry: debian, ubuntu, alpine, rhel.

    ``release`` is the codename for the first two, else the number (``3.24``, ``9``), None where unknown.
    ``archive`` is the Debian release whose archive tells what packages bring, None where none does; ``indexed``
    says that this is the distribution's own archive, so that its names are known completely.
    """

    table: str
    release: str | None
    archive: str | None
    indexed: bool


def distribution(environment: Environment) -> Distribution | None:
    """The distribution of an image, None where it is unknown or the data says nothing of its like."""
    if not environment.known or environment.distro is None:
        return None
    return named(environment.distro, environment.codename or environment.release, environment.family)


def named(distro: str, release: str | None, family: str | None = None) -> Distribution | None:
    """The same by name: ``release`` is a number or a codename."""
    distro = distro.lower()
    if distro == "debian":
        codename = _DEBIAN.get((release or "").split(".")[0], release)
        held = codename if codename in _DEBIAN.values() else None
        return Distribution("debian", codename, held, held is not None)
    if distro == "ubuntu":
        codename = _UBUNTU.get(".".join((release or "").split(".")[:2]), release)
        return Distribution("ubuntu", codename, _NEAREST.get(codename or ""), False)
    if distro == "alpine":
        return Distribution("alpine", ".".join(release.lstrip("v").split(".")[:2]) if release else None, None, False)
    if distro in _RHEL or family == "rhel":
        return Distribution("rhel", release.split(".")[0] if release else None, None, False)
    return None
