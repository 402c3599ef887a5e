"""What the commands share: pairs on the command line, and where a report goes."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click


def build_arguments(pairs: Iterable[str]) -> dict[str, str]:
    """``K=V`` words as a mapping. Raises click.BadParameter for a word of another form."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise click.BadParameter(f"{pair!r} is not of the form K=V", param_hint="--build-arg")
        found[name] = value
    return found


def write(text: str, file: str | None) -> None:
    """A report to stdout, or to a file; ends with exit code 2 and one line where that cannot be written."""
    if file is None:
        click.echo(text, nl=False)
        return
    try:
        Path(file).write_text(text, encoding="utf-8")
    except OSError as error:
        click.echo(f"fromlint: {file}: cannot be written: {error.strerror or error}", err=True)
        sys.exit(2)
