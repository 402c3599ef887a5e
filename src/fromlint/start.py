"""The console script: a result that is still good is printed again; else the command line takes over."""

from __future__ import annotations

import os
import sys
from errno import EDQUOT, EFBIG, EIO, ENOSPC

INTERRUPTED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and the signal's number."""

# What a write fails with where nothing more can be written: disk, quota, limit of a file, device.
_FULL = (ENOSPC, EDQUOT, EFBIG, EIO)


def program() -> None:
    """``main``, and then the end at once: to take apart all that was imported would be a tenth of a run."""
    import gc

    # Hardly anything here is a cycle; looking for some after every 700 new objects would be another tenth, and among
    # a thousand Dockerfiles after every 100,000 still a twentieth.
    gc.set_threshold(1_000_000, 20, 20)
    try:
        main()
    except SystemExit as end:
        if not isinstance(end.code, int):
            raise
        try:
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            os._exit(end.code or 1)
        os._exit(end.code)


def main() -> None:
    """Run a command, and end quietly when a pipe is closed. A fault of our own is one line and exit code 2.

    ``FROMLINT_TRACEBACK=1`` shows where such a fault lies.
    """
    try:
        from fromlint import recall

        _open_streams()
        if not _stands_somewhere():
            print("fromlint: the working folder is gone, or cannot be read", file=sys.stderr)
            sys.exit(2)
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
        _drop_output()  # the reader went away (``| head``)
        sys.exit(1)
    except KeyboardInterrupt:
        print("fromlint: interrupted", file=sys.stderr)
        sys.exit(INTERRUPTED)
    except Exception as error:
        if isinstance(error, OSError) and error.filename is None and error.errno in _FULL:
            print(f"fromlint: the output cannot be written: {error.strerror or error}", file=sys.stderr)
            _drop_output()
            sys.exit(2)
        if os.environ.get("FROMLINT_TRACEBACK"):
            raise
        print(f"fromlint: internal error, please report it: {type(error).__name__}: {error}", file=sys.stderr)
        sys.exit(2)


def _open_streams() -> None:
    """Have all three streams, whatever was closed, and an output that takes every character."""
    for number, (name, mode) in enumerate((("stdin", "r"), ("stdout", "w"), ("stderr", "w"))):
        if getattr(sys, name) is None:
            # The lowest free number, which is this one: no other file must get it.
            os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115 (for the whole run)
    reconfigure = getattr(sys.stdout, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


def _stands_somewhere() -> bool:
    try:
        os.getcwd()
    except OSError:
        return False
    return True


def _drop_output() -> None:
    """Point stdout at nothing, so that Python's own flush at exit is quiet."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


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
