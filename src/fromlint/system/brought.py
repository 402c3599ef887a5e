"""What installing a system package brings along, by distribution."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache

from fromlint.system import archive, stored, versions
from fromlint.system.distribution import Distribution
from fromlint.typed import Any


@lru_cache(2048)
def by(distribution: Distribution, name: str, recommends: bool) -> frozenset[str] | None:
    """The packages of interest that come with a package, itself included; None where it is not known.

    On Debian this is worked out from the archive; on Ubuntu from the archive of the nearest Debian release; on Alpine
    and RHEL it is curated. ``recommends`` matters to apt only.
    """
    name = name.partition(":")[0]
    if distribution.archive is not None:
        return archive.brings(distribution.archive, name, recommends)
    if distribution.table == "alpine":
        return _curated("alpine", distribution.release).get(name)
    if distribution.table == "rhel":
        return _curated("rhel", distribution.release).get(name.lower() if name.startswith("@") else name)
    return None


@cache
def _curated(table: str, release: str | None) -> dict[str, frozenset[str]]:
    """Everything that each package of a curated table brings, through all that it brings in turn."""
    entries = stored.whole("system", f"{table}.json")["packages"]
    alias = {other: name for name, entry in entries.items() for other in entry.get("aliases", ())}
    direct = {name: tuple(entry.get("brings", ())) for name, entry in entries.items()}
    closed: dict[str, frozenset[str]] = {}
    for name in direct:
        found: set[str] = set()
        queue = [name]
        while queue:
            package = queue.pop()
            if package not in found:
                found.add(package)
                if package in alias and package not in direct:
                    queue.append(alias[package])
                queue += direct.get(package, ())
        closed[name] = frozenset(found)
    for other, name in alias.items():
        closed.setdefault(other, closed[name] | {other})
    if release is None:
        return closed
    return {name: packages for name, packages in closed.items() if in_release(entries.get(name), release)}


def in_release(entry: Mapping[str, Any] | None, release: str) -> bool:
    """Whether a curated entry is of a release, by its ``since`` and ``until``; no entry counts as always there."""
    if entry is None or versions.release(release) is None:
        return True
    return versions.within(release, f">={entry.get('since', '0')},<={entry.get('until', '999')}")
