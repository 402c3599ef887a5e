"""What a place that keeps images must be able to do."""

from __future__ import annotations

from collections.abc import Callable

from fromlint.inspection.manifests import Descriptor
from fromlint.typed import Protocol


class Store(Protocol):
    """One image, wherever it lies. All methods raise Refused."""

    def top(self) -> bytes:
        """The manifest, or the list of manifests, that the image's name stands for."""

    def manifest(self, wanted: Descriptor) -> bytes:
        """The manifest that a list names, with the digest that it should have."""

    def configuration(self, wanted: Descriptor) -> bytes:
        """The configuration that a manifest names, with the digest that it should have."""

    def stream(self, wanted: Descriptor, begin: Callable[[], None], take: Callable[[bytes], None]) -> None:
        """Give a layer's bytes piece by piece; ``begin`` is called before the first, and again for a further try."""
