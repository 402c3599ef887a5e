"""The command line: thin. ``cli`` is click's group of all commands, imported when it is asked for: see ``plain``."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from fromlint.cli.group import cli as cli


def __getattr__(name: str) -> object:
    if name != "cli":
        raise AttributeError(name)
    from fromlint.cli.group import cli

    return cli
