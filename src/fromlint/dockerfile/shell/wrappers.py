"""Commands that run other commands: where the inner one begins."""

from __future__ import annotations

from collections.abc import Sequence

from fromlint.dockerfile.shell.words import Field
from fromlint.named_tuple import NamedTuple


class Wrapper(NamedTuple):
    """How a wrapper is called. ``valued``: its options that take the next word; ``operands``: words before the command.

    ``assigns``: ``X=y`` may stand before the command. ``silent``: part of the shell itself.
    """

    valued: frozenset[str] = frozenset()
    operands: int = 0
    assigns: bool = False
    silent: bool = False


def _wrapper(valued: str = "", operands: int = 0, assigns: bool = False, silent: bool = False) -> Wrapper:
    return Wrapper(frozenset(valued.split()), operands, assigns, silent)


# Options after the manual pages: sudo(8), env(1), xargs(1), timeout(1) … of Debian 13, and busybox.
WRAPPERS = {
    "builtin": _wrapper(silent=True),
    "chroot": _wrapper(operands=1),
    "command": _wrapper(silent=True),
    "doas": _wrapper("-u -C"),
    "dumb-init": _wrapper("-r --rewrite"),
    "eatmydata": _wrapper(),
    "env": _wrapper("-u --unset -C --chdir -S", assigns=True),
    "exec": _wrapper("-a", silent=True),
    "fakeroot": _wrapper("-l -s -i -b"),
    "flock": _wrapper("-w --timeout -E", operands=1),
    "gosu": _wrapper(operands=1),
    "ionice": _wrapper("-c -n -p --class --classdata"),
    "linux32": _wrapper(),
    "linux64": _wrapper(),
    "nice": _wrapper("-n --adjustment"),
    "nohup": _wrapper(),
    "runuser": _wrapper("-u --user -g -G --group"),
    "s6-setuidgid": _wrapper(operands=1),
    "setarch": _wrapper(operands=1),
    "stdbuf": _wrapper("-i -o -e"),
    "su-exec": _wrapper(operands=1),
    "sudo": _wrapper("-u -g -h -p -C -r -t -D -R -T -U --user --group --prompt --chdir", assigns=True),
    "time": _wrapper("-f -o --format --output", silent=True),
    "timeout": _wrapper("-s -k --signal --kill-after", operands=1),
    "tini": _wrapper("-p -e"),
    "unbuffer": _wrapper(),
    "xargs": _wrapper("-n -I -L -P -d -E -s -a --max-args --max-procs --max-lines --delimiter --arg-file --replace"),
    "xvfb-run": _wrapper("-e -f -n -p -s -w --server-num --server-args --error-file --auth-file"),
}

SHELLS = frozenset({"sh", "bash", "dash", "ash", "zsh", "ksh"})


class ShellCall(NamedTuple):
    """``sh -exc 'script'``: the index of the script's word (None where it is a file or the input) and the options."""

    script: int | None
    errexit: bool
    pipefail: bool
    operand: int | None


def inner(wrapper: Wrapper, words: Sequence[Field]) -> int:
    """The index of the first word of the wrapped command (or of an assignment before it); ``len(words)``: none."""
    index = 1
    left = wrapper.operands
    while index < len(words):
        value = words[index].value
        if value == "--":
            return index + 1 + left
        if value.startswith("-") and len(value) > 1:
            index += 2 if value in wrapper.valued else 1
        elif left:
            left -= 1
            index += 1
        else:
            break
    return min(index, len(words))


def shell_call(words: Sequence[Field]) -> ShellCall:
    """How a shell is called: words[0] is the shell."""
    errexit = pipefail = script = False
    index = 1
    while index < len(words):
        value = words[index].value
        if value in ("--", "-") or value[:1] not in ("-", "+"):
            index += value in ("--", "-")
            break
        index += 1
        if value.startswith("--"):
            index += value in ("--rcfile", "--init-file")
            continue
        on = value[0] == "-"
        script |= on and "c" in value
        errexit = on if "e" in value else errexit
        if value[-1:] in ("o", "O") and index < len(words):
            errexit = on if words[index].value == "errexit" else errexit
            pipefail = on if words[index].value == "pipefail" else pipefail
            index += 1
    first = index if index < len(words) else None
    return ShellCall(first if script else None, errexit, pipefail, first)


def executed(words: Sequence[Field]) -> list[tuple[int, int]]:
    """The limits of the commands that ``find -exec … ;`` runs."""
    found: list[tuple[int, int]] = []
    index = 1
    while index < len(words):
        if words[index].value in ("-exec", "-execdir", "-ok", "-okdir"):
            end = next((n for n in range(index + 1, len(words)) if words[n].value in (";", "+")), len(words))
            found.append((index + 1, end))
            index = end
        index += 1
    return found
