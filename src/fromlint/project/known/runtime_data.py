"""Which Python packages need the system's time zones or certificates, and whether a stage surely lacks them."""

from __future__ import annotations

from collections.abc import Iterable

from fromlint.model.build import Event, PackagesAdded
from fromlint.model.environment import Environment
from fromlint.model.project import SystemState
from fromlint.named_tuple import NamedTuple
from fromlint.project.known import package_names
from fromlint.system import brought, stored, versions
from fromlint.system.distribution import distribution

KINDS = ("tzdata", "ca-certificates")
# Alpine's own images hold the certificates themselves in a package of another name.
_AS_GOOD = {"ca-certificates": ("ca-certificates-bundle",), "tzdata": ("tzdata-legacy",)}


class Need(NamedTuple):
    """``kind`` of data that a package needs; ``instead`` are distributions that bring the same; ``source`` says how
    that is known. ``variable``: it is needed only where the container has this variable.
    """

    kind: str
    instead: tuple[str, ...]
    source: str
    variable: str | None


def need(kind: str, name: str, version: str | None) -> Need | None:
    """Whether a package (by its normalised name) needs this kind of data from the system."""
    data = stored.whole("rules", "runtime_data.json")[kind]
    entry = data["packages"].get(name)
    if entry is None or not versions.within(version, entry.get("versions", "")):
        return None
    return Need(kind, tuple(data["instead"]), entry["source"], entry.get("variable"))


def lacks(kind: str, environment: Environment, state: SystemState, history: Iterable[Event]) -> bool:
    """Whether a stage surely does not have the data. ``history`` is what happened in it."""
    if not state.packages.isdisjoint((kind, *_AS_GOOD[kind])):
        return False
    answer = state.runs(kind)
    if answer is not None:
        return not answer
    # Of Ubuntu's image the packages are not listed, but that these two are not among them is known.
    return environment.distro == "ubuntu" and package_names.plain(environment) and _all_known(environment, history)


def _all_known(environment: Environment, history: Iterable[Event]) -> bool:
    where = distribution(environment)
    return where is not None and all(
        not event.unknown
        and all(brought.by(where, name.value, event.recommends is not False) is not None for name in event.names)
        for event in history
        if isinstance(event, PackagesAdded)
    )
