"""What is inside: packages, commands, capabilities and size, from one small file an image."""

from fromlint.images import store
from fromlint.model.environment import Environment


def fill(environment: Environment, names: tuple[str, ...]) -> Environment:
    """``environment`` with what the first known list of ``names`` says is inside; unchanged where none is known."""
    data = store.load_first(tuple(f"contents/{name}.json" for name in names))
    if data is None:
        return environment
    return environment._replace(
        packages=None if data["packages"] is None else frozenset(data["packages"].split()),
        tools=frozenset(data["tools"].split()),
        capabilities=frozenset(data["capabilities"].split()),
        size_bytes=data["sizes"].get(environment.platform),
        unpacked_bytes=data.get("unpacked", {}).get(environment.platform),
    )
