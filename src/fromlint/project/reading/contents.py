"""What is read in archives for a run, and the index as far as it gives parts of archives."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from fromlint.index import Piece
from fromlint.named_tuple import NamedTuple
from fromlint.typed import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from fromlint.system.shared import WheelLibraries
    from fromlint.system.sources import SdistFacts


class Contents(NamedTuple):
    """By file name: what the sdists say that would be built, and which libraries wheels load and bring.

    Packages that the data describes are not among the sdists; of their wheels no more is known than what they bring.
    """

    sdists: Mapping[str, SdistFacts] = {}
    wheels: Mapping[str, WheelLibraries] = {}


NOTHING_READ = Contents()


class Archives(Protocol):
    """The package index, as far as it gives archives and remembers what was read in them."""

    @property
    def offline(self) -> bool:
        """Whether nothing may be asked for."""

    def read_ranges(self, wanted: Sequence[tuple[str, int, int]]) -> list[Piece]:
        """Parts of archives, all at once."""

    def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        """What earlier runs remembered."""

    def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None:
        """Keep for later runs."""
