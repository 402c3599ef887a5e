"""A git revision: which files differ from it, and its tree as files.

git is asked for facts only, with hooks and file system monitors off. It is the one program that fromlint starts here.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# Files of more bytes than this stand there empty: no requirement, lock or script is so large.
_LARGEST = 8_000_000
_PATIENCE = 120.0
_QUIET = ("-c", "core.fsmonitor=", "-c", "core.hooksPath=/dev/null", "-c", "core.quotePath=false")


class RevisionError(Exception):
    """git, or the revision, cannot be used: what it says, in one line."""


def changed(top: Path, revision: str) -> tuple[str, ...]:
    """Absolute paths of the files that differ from a revision in the repository at ``top``, untracked ones included.

    Raises RevisionError.
    """
    commit = _commit(top, revision)
    differing = _git(top, "diff", "--name-only", "-z", "--no-renames", "--no-ext-diff", commit, "--")
    untracked = _git(top, "ls-files", "-z", "--others", "--exclude-standard")
    names = {name for text in (differing, untracked) for name in text.split(b"\0") if name}
    return tuple(sorted(os.path.join(top, os.fsdecode(name)) for name in names))


@contextmanager
def checked_out(top: Path, revision: str, below: str) -> Iterator[Path]:
    """The tree of a revision in a folder of its own in ``below``, which is gone afterwards. Raises RevisionError.

    Symbolic links are left out where they lead out of the tree; a ``.git`` marks it as a repository of its own.
    """
    commit = _commit(top, revision)
    try:
        os.makedirs(below, exist_ok=True)
        folder = Path(tempfile.mkdtemp(prefix="since-", dir=below))
    except OSError as error:
        raise RevisionError(f"no folder for the tree of {revision}: {error.strerror or error}") from error
    try:
        (folder / ".git").mkdir()
        _unpack(top, commit, folder)
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _commit(top: Path, revision: str) -> str:
    if revision.startswith("-"):
        raise RevisionError(f"{revision!r} is no git revision")
    found = _git(top, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}", named=revision)
    return found.decode("ascii", "replace").strip()


def _unpack(top: Path, commit: str, folder: Path) -> None:
    listing = _git(top, "ls-tree", "-r", "-z", "--long", "--full-tree", commit)
    wanted: list[tuple[str, str, Path]] = []
    for line in listing.split(b"\0"):
        about, tab, raw = line.partition(b"\t")
        if not tab:
            continue
        mode, kind, name, size = about.decode("ascii", "replace").split()
        path = os.fsdecode(raw)
        if kind != "blob" or any(part in ("", ".", "..", ".git") for part in path.split("/")):
            continue
        place = folder / path
        place.parent.mkdir(parents=True, exist_ok=True)
        if int(size) > _LARGEST:
            place.touch()
        else:
            wanted.append((mode, name, place))
    for (mode, _, place), content in zip(wanted, _contents(top, [name for _, name, _ in wanted]), strict=True):
        if mode == "120000":
            _link(folder, place, os.fsdecode(content))
        else:
            place.write_bytes(content)


def _link(folder: Path, place: Path, to: str) -> None:
    aim = os.path.normpath(os.path.join(place.parent, to))
    if not os.path.isabs(to) and aim.startswith(f"{folder}{os.sep}"):
        place.symlink_to(to)


def _contents(top: Path, names: list[str]) -> Iterator[bytes]:
    """The contents of objects, in their order, from one ``git cat-file --batch``."""
    if not names:
        return
    answer = _git(top, "cat-file", "--batch", given="".join(f"{name}\n" for name in names).encode())
    at = 0
    for name in names:
        end = answer.index(b"\n", at)
        words = answer[at:end].split()
        if len(words) != 3:
            raise RevisionError(f"git has no object {name}")
        size = int(words[2])
        yield answer[end + 1 : end + 1 + size]
        at = end + 2 + size


def _git(top: Path, *words: str, given: bytes = b"", named: str = "") -> bytes:
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"}
    try:
        done = subprocess.run(
            ["git", *_QUIET, *words],
            cwd=top,
            input=given,
            capture_output=True,
            check=False,
            timeout=_PATIENCE,
            env=environment,
        )
    except FileNotFoundError as error:
        raise RevisionError("--since needs git, which is not installed") from error
    except (OSError, subprocess.TimeoutExpired) as error:
        raise RevisionError(f"git {words[0]} did not answer: {error}") from error
    if done.returncode != 0:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        if named:
            raise RevisionError(f"git knows no revision {named!r}" + (f": {said[-1]}" if said else ""))
        raise RevisionError(f"git {words[0]}: {said[-1] if said else f'exit code {done.returncode}'}")
    return done.stdout
