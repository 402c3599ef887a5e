"""What plain commands print, where their words alone tell: for ``$(…)``."""

import posixpath

from fromlint.dockerfile.shell.platforms import answer

_ECHO_OPTIONS = ("-n", "-e", "-ne", "-en")
_CANONICAL = ((), ("-f",), ("-m",), ("-e",))


def printed(words: tuple[str, ...], directory: str | None, platform: str | None) -> str | None:
    """The output of a command in a working folder, less the line end; None for other commands or where not known.

    Links of the file system are not followed: scripts find their own folder so, and that is none.
    """
    name, operands = words[0], words[1:]
    if name == "echo" and operands[:1] != ("-e",):
        return " ".join(operands[1:] if operands and operands[0] in _ECHO_OPTIONS else operands)
    if name == "pwd":
        return directory if operands in ((), ("-P",)) else None
    if name in ("dirname", "basename") and len(operands) == 1 and operands[0][:1] not in ("", "-"):
        path = operands[0].rstrip("/") or "/"
        return (posixpath.dirname(path) or ".") if name == "dirname" else posixpath.basename(path) or "/"
    if name in ("readlink", "realpath") and operands and operands[:-1] in _CANONICAL and directory is not None:
        return posixpath.normpath(posixpath.join(directory, operands[-1]))
    return answer(words, platform)
