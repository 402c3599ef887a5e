"""Refresh the bundled snapshot of the package index, for a few named projects.

    python scripts/refresh_snapshot.py psycopg2==2.9.10 numpy pandas

The snapshot is what ``fromlint check --offline`` (and the demo) knows of projects that are in no lock file and no
cache: the file names of their releases of the last years with ``Requires-Python``, and what the newest releases
and those named with ``==`` depend on. Name what fixtures and the demo really use, and what that pulls in: the
script tells which names are missing for that. It asks one question at a time, with a pause in between, and
takes at most 60 names: the snapshot is no mirror, and an index is no catalogue to walk through.

What is already in the snapshot and not named stays as it is, with its date; ``--drop NAME`` takes it out.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Mapping

from packaging.requirements import InvalidRequirement, Requirement
from packaging.version import InvalidVersion, Version

from fromlint.index import DEFAULT_INDEX_URL, Index, describing, key
from fromlint.index.names import normalise
from fromlint.index.packing import pack
from fromlint.index.snapshot import PATH, Entry, Snapshot, write
from fromlint.model.index import File, Metadata, Page

MOST = 60


def main() -> int:
    parser = argparse.ArgumentParser(description="Refresh the bundled snapshot of the package index.")
    parser.add_argument("names", nargs="*", metavar="NAME[==VERSION]", help="projects to ask the index for")
    parser.add_argument("--drop", action="append", default=[], metavar="NAME", help="take a project out")
    parser.add_argument("--years", type=int, default=4, help="keep releases of that many years (default 4)")
    parser.add_argument("--described", type=int, default=2, help="releases to keep dependencies of (default 2)")
    parser.add_argument("--pause", type=float, default=0.5, help="seconds between two questions (default 0.5)")
    parser.add_argument("--index-url", default=DEFAULT_INDEX_URL)
    parser.add_argument("--output", default=PATH)
    arguments = parser.parse_args()
    wanted: dict[str, list[str]] = {}
    for argument in arguments.names:
        name, _, version = argument.partition("==")
        wanted.setdefault(normalise(name), []).extend([version] if version else [])
    if len(wanted) > MOST:
        parser.error(f"{len(wanted)} names: at most {MOST} at a time")
    present = Snapshot(arguments.output)
    entries = {name: entry for name in present.names() if (entry := present.get(name)) is not None}
    for name in arguments.drop:
        entries.pop(normalise(name), None)
    with Index(use_cache=False, snapshot=None, budget=len(wanted) * 60.0) as index:
        for name, versions in wanted.items():
            page = index.pages([(arguments.index_url, name)])[arguments.index_url, name]
            time.sleep(arguments.pause)
            if page.failure or not page.exists:
                print(f"{name}: {page.failure or 'no such project'}; left as it was", file=sys.stderr)
                continue
            releases = recent(page, arguments.years, versions)
            described = metadata(index, releases, versions, arguments.described, arguments.pause)
            files = [file for release in releases.values() for file in release]
            entries[name] = Entry(
                page.date, len(releases) == len(page.releases), frozenset(), pack(files, name, details=False), described
            )
            print(f"{name}: {len(releases)} of {len(page.releases)} releases, {len(described)} described")
    write(arguments.output, entries)
    missing = sorted(dependencies(entries) - entries.keys())
    if missing:
        print("not in the snapshot, though others depend on it on Linux:", *missing)
    return 0


def recent(page: Page, years: int, pinned: Iterable[str]) -> Mapping[str, tuple[File, ...]]:
    """The releases of the last years, those that are named, and always the newest."""
    first = time.strftime("%Y-%m-%d", time.gmtime(time.time() - years * 365.25 * 86_400))
    kept = {
        version: files
        for version, files in page.releases.items()
        if version in set(pinned) or any(file.uploaded is None or file.uploaded >= first for file in files)
    }
    for version in newest(page.releases, 1):
        kept[version] = page.releases[version]
    return kept


def newest(releases: Iterable[str], count: int) -> list[str]:
    """The newest final releases."""
    known = []
    for text in releases:
        try:
            version = Version(text)
        except InvalidVersion:
            continue
        if not version.is_prerelease:
            known.append((version, text))
    return [text for _, text in sorted(known, reverse=True)[:count]]


def metadata(
    index: Index, releases: Mapping[str, tuple[File, ...]], pinned: Iterable[str], count: int, pause: float
) -> dict[str, Metadata]:
    """What the newest and the named releases depend on, as far as it can be known."""
    found: dict[str, Metadata] = {}
    for version in dict.fromkeys((*pinned, *newest(releases, count))):
        file = describing(releases.get(version, ()))
        if file is None:
            continue
        answer = index.metadata([file])[key(file)]
        time.sleep(pause)
        if answer.known:
            found[version] = answer
        else:
            print(f"  {file.filename}: {answer.failure}", file=sys.stderr)
    return found


def dependencies(entries: Mapping[str, Entry]) -> set[str]:
    """The projects that those in the snapshot pull in on Linux without any extra."""
    names = set()
    for entry in entries.values():
        for described in entry.metadata.values():
            for text in described.requires_dist:
                try:
                    requirement = Requirement(text)
                except InvalidRequirement:
                    continue
                machine = {"extra": "", "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix"}
                if requirement.marker is None or requirement.marker.evaluate({**machine, "python_version": "3.12"}):
                    names.add(normalise(requirement.name))
    return names


if __name__ == "__main__":
    sys.exit(main())
