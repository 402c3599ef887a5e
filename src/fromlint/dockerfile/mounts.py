"""``RUN --mount=…``: what is there while a RUN lasts.

After BuildKit's frontend/dockerfile/instructions/commands_runmount.go.
"""

from collections.abc import Callable

from fromlint.dockerfile.shell import absolute
from fromlint.dockerfile.words import fields
from fromlint.model.build import Mount
from fromlint.model.dockerfile import Instruction

_NAMES = {"src": "source", "dst": "target", "destination": "target"}


def mounts(instruction: Instruction, expanded: Callable[[str], str | None], directory: str | None) -> tuple[Mount, ...]:
    """The mounts of a RUN. ``expanded`` gives the text with variables filled in, None where that is not known."""
    found = (flag.value for flag in instruction.flags if flag.name == "mount")
    return tuple(_mount(value, expanded, directory) for value in found if value)


def _mount(value: str, expanded: Callable[[str], str | None], directory: str | None) -> Mount:
    said: dict[str, str | None] = {}
    for field in fields(value):
        name, _, text = field.partition("=")
        name = name.lower()
        name = _NAMES.get(name, name)
        said[name] = text if name == "from" or "$" not in text else expanded(text)
    kind = (said.get("type") or "bind").lower()
    identifier = said.get("id")
    target = said.get("target")
    if "target" not in said and kind == "secret" and "env" not in said:
        # The id is by default the file's name, and that the target's.
        target = f"/run/secrets/{identifier or 'secret'}"
    elif target is not None:
        target = absolute(target, directory) or target
    stage = said.get("from") or None
    source = said.get("source")
    if source is not None and stage is not None:
        source = absolute(source, "/")
    return Mount(kind, source, target, stage, identifier, said.get("env"))
