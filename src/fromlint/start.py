"""The console script: a result that is still good is printed again; else the command line takes over."""

from __future__ import annotations

import os
import sys


def main() -> None:
    """Run a command, and end quietly when a pipe is closed. A fault of our own is one line and exit code 2.

    ``FROMLINT_TRACEBACK=1`` shows where such a fault lies.
    """
    from fromlint import recall

    try:
        # The environment as it was given: what is imported later may add to it.
        key = None if os.environ.get("FROMLINT_NO_RESULT_CACHE") else recall.key(sys.argv[1:], os.environ)
        code = _again(key) if key is not None else None
        if code is None:
            code = _checked(key)
        if code is None:
            from fromlint.cli.group import cli

            cli(prog_name="fromlint", obj=key)
        sys.exit(code)
    except BrokenPipeError:
        # The reader went away (``| head``): point stdout at nothing, so that Python's own flush at exit is quiet.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        # As a shell puts it for a program that SIGINT ended.
        sys.exit(130)
    except Exception as error:
        if os.environ.get("FROMLINT_TRACEBACK"):
            raise
        print(f"fromlint: internal error, please report it: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)


def _again(key: str) -> int | None:
    """Print the result of an earlier run that would be the same now, and return its exit code; None without one."""
    from time import time

    from fromlint import recall
    from fromlint.cachefolder import folder

    place = folder(os.environ)
    found = recall.recalled(place, key, time()) if place is not None else None
    if found is None:
        return None
    sys.stdout.write(found.printed)
    sys.stdout.flush()
    return found.exit_code


def _checked(key: str | None) -> int | None:
    """The exit code of ``fromlint check``, where the command line is that and in order; None for click to see to it."""
    from fromlint.cli import plain

    parameters = plain.check(sys.argv[1:], os.environ)
    if parameters is None:
        return None
    from fromlint.cli.checking import check
    from fromlint.cli.options import BadOption

    try:
        return check(key, **parameters)  # type: ignore[arg-type]
    except BadOption:
        return None
