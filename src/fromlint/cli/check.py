"""``fromlint check`` for click: the help, and what is wrong with a command line."""

from __future__ import annotations

import sys

import click

from fromlint.cli.checking import check as checked
from fromlint.cli.options import CHECK, BadOption, Kind, Option
from fromlint.typed import Any


def check(**parameters: object) -> None:
    """Check Dockerfiles: files, folders, or - for stdin. PATH defaults to the current folder."""
    key = click.get_current_context().obj
    try:
        code = checked(key if isinstance(key, str) else None, **parameters)  # type: ignore[arg-type]
    except BadOption as problem:
        if problem.option is None:
            raise click.UsageError(str(problem)) from None
        raise click.BadParameter(str(problem), param_hint=problem.option) from None
    sys.exit(code)


def _type(option: Option) -> click.ParamType[Any] | None:
    if option.choices:
        return click.Choice(option.choices)
    if option.kind is Kind.NUMBER:
        return click.IntRange(1)
    if option.kind in (Kind.FILE, Kind.FOLDER):
        return click.Path(dir_okay=option.kind is Kind.FOLDER, file_okay=option.kind is Kind.FILE)
    return None


def _option(option: Option) -> click.Option:
    made = click.Option(
        (*option.spellings, option.name),
        help=option.help,
        type=_type(option),
        metavar=option.metavar,
        multiple=option.many,
        hidden=option.hidden,
        is_flag=option.kind is Kind.FLAG or None,
    )
    if option.kind is Kind.FLAG:
        made.default = option.absent
    return made


command = click.Command(
    "check",
    callback=check,
    help=check.__doc__,
    params=[click.Argument(("paths",), nargs=-1, metavar="[PATH]..."), *map(_option, CHECK)],
)
