"""The commands as a click group; each is a module, imported when it is called."""

from __future__ import annotations

import sys
from importlib import import_module

import click

from fromlint import __version__
from fromlint.cli.common import complain
from fromlint.start import INTERRUPTED

# Command to module and function: nothing is imported that the called command does not need.
_COMMANDS = {
    "check": ("fromlint.cli.check", "command"),
    "advise": ("fromlint.cli.advise", "advise"),
    "explain": ("fromlint.cli.explain", "explain"),
    "rules": ("fromlint.cli.rules", "rules"),
    "lsp": ("fromlint.cli.lsp", "lsp"),
    "cache": ("fromlint.cli.cache", "cache"),
}


class _Commands(click.Group):
    """The commands above; ``check`` where none is named."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        module, function = _COMMANDS[cmd_name]
        command = getattr(import_module(module), function)
        assert isinstance(command, click.Command)
        return command

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if not args or (args[0] not in _COMMANDS and args[0] not in ("--help", "-h", "--version", "-V")):
            args = ["check", *args]
        return super().parse_args(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except KeyboardInterrupt:
            # click would end with 1, which is the code for findings.
            complain("interrupted")
            sys.exit(INTERRUPTED)
        except EOFError as error:
            # click would take it for the end of an answer, and say "Aborted!". Nobody is asked anything here.
            raise RuntimeError(f"EOFError: {error}") from error


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, "-V", "--version", prog_name="fromlint")
def cli() -> None:
    """Says before the build what a Dockerfile's base image will do to its Python requirements."""
