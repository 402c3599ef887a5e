"""What ``--fix``, ``--unsafe-fixes`` and ``--diff`` do with files: write or print them, or show the difference."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from fromlint import fixing, judging, run
from fromlint.cli.common import complain, write
from fromlint.fixes import diff, files
from fromlint.project.place import shown as shown_path
from fromlint.reports.plain import plain


def fixed(
    paths: Sequence[str],
    given: Mapping[str, object],
    config: str | None,
    stdin: run.Stdin,
    *,
    hook: bool,
    unsafe: bool,
) -> fixing.Fixed:
    """What is fixed in memory of what the paths name. Raises run.UsageError."""
    contents: dict[str, bytes] = {}
    if run.STDIN in paths:
        contents[_stands_for(stdin)] = stdin.stream.read(judging.LARGEST_DOCKERFILE + 1)

    def check(buffers: Mapping[str, bytes]) -> run.Outcome:
        # Stdin can be read once; each round gets what became of it.
        again = run.Stdin(io.BytesIO(), stdin.path)
        return run.check(paths, given, config=config, stdin=again, hook=hook, buffers=buffers)

    return fixing.fix(check, contents, unsafe=unsafe)


def _stands_for(stdin: run.Stdin) -> str:
    return os.path.realpath(stdin.path or "Dockerfile")


def shown(fixed: fixing.Fixed) -> int:
    """Print the difference. Returns 1 where there is one, else 0."""
    changes = {shown_path(path): contents for path, contents in fixed.changes.items()}
    text = diff.unified(changes)
    write("".join(f"{plain(line[:-1])}\n" for line in text.splitlines(keepends=True)), None)
    return 1 if changes else 0


def piped(fixed: fixing.Fixed, stdin: run.Stdin) -> int:
    """Print what became of stdin. Returns 0."""
    name = _stands_for(stdin)
    sys.stdout.buffer.write(fixed.contents[name])
    sys.stdout.buffer.flush()
    return 0


def written(fixed: fixing.Fixed, *, quiet: bool) -> bool:
    """Write the files that change, each in one step, and say so. Returns whether one could not be written."""
    failed = False
    for path, (before, after) in fixed.changes.items():
        try:
            files.replace(Path(path), before, after)
        except files.NotWritten as error:
            complain(f"{error}")
            failed = True
    if fixed.changes and not failed and not quiet:
        for title in fixed.done:
            complain(f"fixed: {plain(title)}")
        names = ", ".join(plain(shown_path(path)) for path in fixed.changes)
        complain(f"changed {names}")
    return failed
