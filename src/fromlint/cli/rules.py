"""``fromlint rules``."""

from __future__ import annotations

import click

from fromlint.rules import OPT_IN, every_rule


@click.command()
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
def rules(form: str) -> None:
    """List all rules: code, name, severity and what each says."""
    entries = [
        (
            module.CODE,
            module.NAME,
            module.SEVERITY.word,
            (module.__doc__ or "").strip().split("\n\n")[0].replace("\n", " "),
        )
        for module in every_rule()
    ]
    if form == "json":
        import json

        keys = ("code", "name", "severity", "summary")
        click.echo(
            json.dumps(
                [{**dict(zip(keys, entry, strict=True)), "opt_in": entry[0] in OPT_IN} for entry in entries], indent=1
            )
        )
        return
    for code, name, severity, summary in entries:
        off = " (off unless selected)" if code in OPT_IN else ""
        click.echo(f"{code} {name:<26} {severity:<8} {summary}{off}")
