"""What the commands share: pairs on the command line, where a report goes, and complaints."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from fromlint.cli.options import BadOption


def build_arguments(pairs: Iterable[str]) -> dict[str, str]:
    """``K=V`` words as a mapping. Raises BadOption for a word of another form."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise BadOption(f"{pair!r} is not of the form K=V", "--build-arg")
        found[name] = value
    return found


def write(text: str, file: str | None) -> None:
    """A report to stdout, or to a file; ends with exit code 2 and one line where that cannot be written."""
    if file is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    from pathlib import Path

    from fromlint.fixes import files

    try:
        files.put(Path(file), text.encode("utf-8", "backslashreplace"))
    except files.NotWritten as error:
        complain(str(error))
        sys.exit(2)


def complain(text: str) -> None:
    """A line to stderr, in which a terminal finds nothing to obey."""
    from fromlint.reports.plain import plain

    print(f"fromlint: {plain(text)}", file=sys.stderr)
