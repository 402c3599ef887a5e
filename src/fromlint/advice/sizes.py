"""How large the image becomes on a base: packed as it is pulled, and on disk; all in one stage, or built in another."""

from __future__ import annotations

from collections.abc import Iterator

from fromlint.model.project import OnPlatform, Weight
from fromlint.named_tuple import NamedTuple

# Of these the packages of each release's images are written down (data-src/images/contents.toml).
_LISTED = ("debian", "alpine")
_NAMES = {"alpine": "Alpine", "ubuntu": "Ubuntu", "fedora": "Fedora"}


class Sizes(NamedTuple):
    """Bytes, None where unknown. ``base_…`` is the bare image, ``wheels_…`` what the installers fetch.

    ``building`` are all system packages to add, ``running`` those that programs load. ``base_by_release``: the list of
    what the base holds is of this very release, and no list that goes for several. ``not_counted`` names the parts
    that are of unknown size, ``estimated`` those that are known only about.
    """

    base_packed: int | None
    base_installed: int | None
    wheels_packed: int | None
    wheels_installed: int | None
    building: Weight | None
    running: Weight | None
    base_packages: int | None
    base_by_release: bool
    not_counted: tuple[str, ...]
    estimated: tuple[str, ...]

    def packed(self, staged: bool) -> int | None:
        """All that is known of the size to pull; ``staged``: what only builds need stays in another stage."""
        if self.base_packed is None:
            return None
        more = self._more(staged)
        return self.base_packed + (self.wheels_packed or 0) + (more.packed if more is not None else 0)

    def installed(self, staged: bool) -> int | None:
        """The same on disk."""
        if self.base_installed is None:
            return None
        more = self._more(staged)
        return self.base_installed + (self.wheels_installed or 0) + (more.installed if more is not None else 0)

    def added(self, staged: bool) -> int | None:
        """What comes on top of the base, on disk; None where a part of it is not known."""
        more = self._more(staged)
        if self.wheels_installed is None or more is None:
            return None
        return self.wheels_installed + more.installed

    def packages(self, staged: bool) -> int | None:
        """How many system packages the image then holds."""
        more = self._more(staged)
        return self.base_packages + more.packages if self.base_packages is not None and more is not None else None

    def _more(self, staged: bool) -> Weight | None:
        return self.running if staged else self.building


def of(there: OnPlatform) -> Sizes:
    """The sizes of an image on a candidate."""
    environment = there.environment
    return Sizes(
        environment.size_bytes,
        environment.unpacked_bytes,
        there.download,
        there.installed,
        there.building,
        there.running,
        len(environment.packages) if environment.packages is not None else None,
        environment.distro in _LISTED,
        tuple(_not_counted(there)),
        tuple(_estimated(there)),
    )


def _not_counted(there: OnPlatform) -> Iterator[str]:
    if there.environment.size_bytes is None:
        yield "the base"
    if there.environment.python is None:
        yield "Python"
    if there.download is None:
        yield "the wheels"
    if there.failing:
        yield "what cannot be installed"
    if there.building is None:
        yield "system packages to add"


def _estimated(there: OnPlatform) -> Iterator[str]:
    distro = there.environment.distro or ""
    if distro not in _LISTED and there.environment.packages is not None:
        yield f"what {there.environment.image} holds, by a list that goes for several releases"
    if there.building is not None and there.building.estimated and there.building.packages:
        how = "the nearest Debian's" if distro == "ubuntu" else "Debian's for the same needs"
        yield f"system packages on {_NAMES.get(distro, distro)}, by {how}"
    if there.installed is not None:
        if any(name in there.compiled for name in there.guessed):
            yield "what is compiled, by its sdist"
        if any(name not in there.compiled for name in there.guessed):
            yield "wheels on disk, where none could be looked into"
