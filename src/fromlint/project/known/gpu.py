"""Which packages come with CUDA from the public index, and what shows that an image is meant for a GPU."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from fromlint.model.build import Event, FileMade, VariableSet
from fromlint.model.environment import Environment
from fromlint.system import stored


def cpu_index(name: str) -> str | None:
    """The index with the CPU build of a package, None where it needs none."""
    entry = stored.whole("rules", "gpu.json")["packages"].get(name)
    return None if entry is None else str(entry["index"])


def meant(environment: Environment, history: Iterable[Event], names: Collection[str]) -> bool:
    """Whether anything shows that the image is to run on a GPU: its base, variables, or packages of no other use."""
    data = stored.whole("rules", "gpu.json")
    prefixes = tuple(data["signs"]["variables"])
    if "cuda" in environment.capabilities or any(word in environment.image for word in data["signs"]["images"]):
        return True
    if any(name.startswith(prefixes) for name in environment.variables):
        return True
    if not set(data["needs_gpu"]["names"]).isdisjoint(names):
        return True
    return any(_sign(event, prefixes) for event in history)


def _sign(event: Event, prefixes: tuple[str, ...]) -> bool:
    if isinstance(event, VariableSet):
        return event.name.startswith(prefixes)
    return isinstance(event, FileMade) and "cuda" in event.path
