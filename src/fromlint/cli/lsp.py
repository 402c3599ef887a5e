"""``fromlint lsp``: the language server, where its parts are installed."""

from __future__ import annotations

import sys
from importlib.util import find_spec

import click


@click.command()
@click.option("--stdio", is_flag=True, help="Speak on stdin and stdout, as it does anyway: some editors pass it.")
@click.option("--clientProcessId", "client", hidden=True, help="Accepted for editors that pass it.")
def lsp(stdio: bool, client: str | None) -> None:
    """Start the language server for an editor, on stdin and stdout."""
    if find_spec("pygls") is None or find_spec("lsprotocol") is None:
        click.echo("fromlint: the language server needs further parts: pip install 'fromlint[lsp]'", err=True)
        sys.exit(2)
    if sys.stdin.isatty():
        click.echo("fromlint: this is for editors, which speak the language server protocol on stdin", err=True)
    from fromlint.editor import stdio as streams
    from fromlint.editor.server import serve

    sys.exit(serve(*streams.taken()))
