"""``fromlint cache dir|clean|warm``."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from fromlint.cli.common import complain


@click.group()
def cache() -> None:
    """The cache of index answers: where it is, empty it, fill it for a project."""


@cache.command("dir")
def show_folder() -> None:
    """Print the cache's folder."""
    click.echo(_folder())


@cache.command()
def clean() -> None:
    """Empty the cache."""
    from fromlint import recall
    from fromlint.editor import pages
    from fromlint.index.cache import remove

    freed = sum(empty(_folder()) for empty in (remove, recall.forget, pages.remove))
    click.echo(f"freed {freed / 1_000_000:.1f} MB")


def _folder() -> str:
    import os

    from fromlint.cachefolder import folder

    found = folder(os.environ)
    if found is None:
        complain("there is no folder for a cache: set FROMLINT_CACHE_DIR")
        sys.exit(2)
    return found


@cache.command()
@click.argument("paths", nargs=-1, metavar="[PATH]...")
@click.option("--index-url", metavar="URL", help="The package index, in place of the public one.")
@click.option("--platform", multiple=True, metavar="OS/ARCH")
def warm(paths: tuple[str, ...], index_url: str | None, platform: tuple[str, ...]) -> None:
    """Ask the index for everything that a check of PATH needs, so that later checks need no network."""
    from fromlint import run

    given: dict[str, object] = {}
    if index_url:
        given["index_url"] = index_url
    if platform:
        given["platform"] = platform
    try:
        outcome = run.check([Path(path) for path in paths] or [Path()], given)
    except run.UsageError as error:
        complain(str(error))
        sys.exit(2)
    for note in (*outcome.report.notes, *outcome.complaints):
        complain(note)
    packages = {
        facts.package.name
        for project in outcome.report.projects
        for stage in project.stages
        for install in stage.installs
        for facts in install.packages
    }
    click.echo(f"{len(packages)} packages in {len(outcome.report.projects)} Dockerfiles are in the cache")
