"""``fromlint advise``: compares base images for one project and recommends one."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path

import click

from fromlint.cli.common import build_arguments, complain, write
from fromlint.cli.options import BadOption
from fromlint.regex import regex

_PYTHON = regex(r"3\.\d{1,3}")


@click.command()
@click.argument("path", default=".", metavar="[PATH]")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown", "html"]),
    default="text",
    show_default=True,
)
@click.option("--output", metavar="FILE", help="Write the advice to a file.")
@click.option(
    "--platform", multiple=True, metavar="OS/ARCH", help="Compare for this platform; repeatable. [default: linux/amd64]"
)
@click.option("--candidate", multiple=True, metavar="IMAGE", help="Compare this image, too; repeatable.")
@click.option("--python", metavar="X.Y", help="Whether one can move to this Python.")
@click.option("--build-arg", multiple=True, metavar="K=V", help="The value of an ARG; repeatable.")
@click.option("--target", metavar="STAGE", help="The stage that is built. [default: the last]")
@click.option("--context", metavar="DIR", type=click.Path(file_okay=False), help="The build context.")
@click.option("--offline", is_flag=True, default=None, help="Ask no index: the cache and the bundled snapshot only.")
@click.option("--index-url", metavar="URL", help="The package index, in place of the public one.")
@click.option("--index-allow", multiple=True, metavar="PATTERN", help="Ask only indexes that fit this; repeatable.")
@click.option(
    "--config", metavar="FILE", type=click.Path(dir_okay=False), help="This settings file instead of the nearest."
)
@click.option("--as-of", metavar="DATE", help="Resolve floating tags as of this day (YYYY-MM-DD).")
def advise(
    path: str,
    form: str,
    output: str | None,
    candidate: tuple[str, ...],
    python: str | None,
    config: str | None,
    build_arg: tuple[str, ...],
    **given: object,
) -> None:
    """Which base image serves a project best. PATH is a Dockerfile or its folder, by default the current one."""
    from fromlint import run
    from fromlint.advice.judge import advice
    from fromlint.cli import progress
    from fromlint.images.reference import parse
    from fromlint.project.comparison import Wishes

    for image in candidate:
        if parse(image) is None:
            raise click.BadParameter(f"{image!r} is no image reference", param_hint="--candidate")
    if python is not None and _PYTHON.fullmatch(python) is None:
        raise click.BadParameter(f"{python!r} is not of the form 3.X", param_hint="--python")
    settings = {key: value for key, value in given.items() if value is not None and value != ()}
    if build_arg:
        try:
            settings["build_arg"] = build_arguments(build_arg)
        except BadOption as problem:
            raise click.BadParameter(str(problem), param_hint=problem.option) from None
    try:
        wishes = Wishes(python, candidate)
        with progress.shown() as told:
            found = run.compare(Path(path), settings, wishes, config=Path(config) if config else None, progress=told)
    except run.UsageError as error:
        complain(f"{error}")
        sys.exit(2)
    advised = advice(found.project, found.substitutes, found.findings, python=python, elsewhere=found.elsewhere)
    if form == "text":
        from fromlint.advice import text

        rendered = text.render(advised, bar=_bar() if output is None else "")
    else:
        rendered = str(import_module(f"fromlint.advice.{form}").render(advised))
    write(rendered, output)
    if found.others:
        complain(f"not looked at: {', '.join(found.others)}")
    for entry in found.skipped:
        complain(f"{entry.file}:{entry.line}: skipped {entry.what}: {entry.why}")
    for note in found.notes:
        complain(f"{note}")


def _bar() -> str:
    """What bars are drawn with: only on a terminal, in blocks where it can show them."""
    if not sys.stdout.isatty():
        return ""
    return "█" if "utf" in (sys.stdout.encoding or "").lower() else "#"
