"""What an install brings on several platforms, as one."""

from __future__ import annotations

from collections.abc import Mapping

from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Package


def together(resolutions: Mapping[str, Resolution]) -> tuple[Package, ...]:
    """The packages of several platforms as one list, a package with its verdicts by platform.

    Where the platforms take different versions each stands for itself. The order is that of the first platform.
    """
    found: dict[tuple[str, str | None, bool], Package] = {}
    for resolution in resolutions.values():
        for package in resolution.packages:
            key = package.name, package.version, package.kept
            earlier = found.get(key)
            if earlier is None:
                found[key] = package
            else:
                found[key] = earlier._replace(verdicts={**earlier.verdicts, **package.verdicts})
    return tuple(found.values())
