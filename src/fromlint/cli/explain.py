"""``fromlint explain CODE|NAME``."""

from __future__ import annotations

import click

from fromlint.rules import CODES, named, rule


@click.command()
@click.argument("code")
def explain(code: str) -> None:
    """Show the page of a rule, by its code or name."""
    codes = named(code)
    if not codes:
        from difflib import get_close_matches

        known = [*CODES, *(rule(entry).NAME for entry in CODES)]
        close = get_close_matches(code.upper(), known, n=1) or get_close_matches(code.lower(), known, n=1)
        hint = f"; did you mean {close[0]}?" if close else "; fromlint rules lists them"
        raise click.UsageError(f"no rule is called {code!r}{hint}")
    for number, entry in enumerate(codes):
        module = rule(entry)
        if number:
            click.echo()
        click.echo(f"# {module.CODE} {module.NAME} ({module.SEVERITY.word})\n")
        click.echo((module.__doc__ or "").strip())
