"""A build context: the files of a folder as the builder sees them.

Paths are relative to the context's root, with ``/``. As in the builder ``..`` never leads above the root, and what
.dockerignore leaves out is not there. Nothing outside the folder is read, whatever links say.
"""

from __future__ import annotations

import os
import posixpath
import stat
from collections.abc import Iterator, Mapping

from fromlint.discovery.globs import BadPattern, go, is_pattern
from fromlint.discovery.ignorefiles import DockerIgnore
from fromlint.discovery.repository import is_below, leads_out, submodules
from fromlint.discovery.repository import root as repository_root
from fromlint.model.files import FileMissing, FileUnknown, FileUnreadable
from fromlint.model.place import Problem, Span
from fromlint.named_tuple import NamedTuple
from fromlint.witness import looked_at, looked_for

LARGEST_FILE = 16 * 1024 * 1024
"""In bytes. Lock files of large projects have a few megabytes."""

_MOST_LINKS = 40
_MOST_NAMES = 100_000


class _Entry(NamedTuple):
    """Where a path leads: ``path`` is the context path behind all links; ``size`` in bytes."""

    path: str
    folder: bool
    regular: bool
    size: int


class Context:
    """The build context in the folder ``root``, for one Dockerfile. Nothing is read before it is asked for.

    ``dockerfile`` is the Dockerfile's path: ``<Dockerfile>.dockerignore`` beside it comes before the context's own
    .dockerignore. ``shown`` is the root's path to show to people, ``root`` itself where it is None.
    ``buffers`` are contents that stand for those of files, by absolute path: of an editor, or of fixes not written yet.
    """

    def __init__(
        self,
        root: str,
        *,
        dockerfile: str | None = None,
        shown: str | None = None,
        largest: int = LARGEST_FILE,
        buffers: Mapping[str, bytes] = {},
    ) -> None:
        self.root = os.path.realpath(root)
        self._dockerfile = dockerfile
        self._shown = root if shown is None else shown
        self._largest = largest
        self._buffers = buffers
        self._ignore: DockerIgnore | None = None
        self._unfetched: tuple[str, ...] | None = None
        self.problems: tuple[Problem, ...] = ()
        self._entries: dict[str, _Entry | Exception] = {}
        self._contents: dict[str, bytes | Exception] = {}
        self._names: dict[str, tuple[str, ...] | None] = {}

    def read(self, path: str) -> bytes:
        """The bytes of a file. Raises FileMissing, FileUnknown or FileUnreadable, with the reason."""
        path = clean(path)
        if path not in self._contents:
            self._contents[path] = self._load(path)
        content = self._contents[path]
        if isinstance(content, Exception):
            raise content
        return content

    def exists(self, path: str) -> bool | None:
        """Whether there is such a file or folder; None for a link that leads out of the context."""
        try:
            self._entry(clean(path))
        except FileMissing:
            return False
        except (FileUnknown, FileUnreadable):
            return None
        return True

    def is_folder(self, path: str) -> bool:
        """Whether the path is a folder of the context, or a link to one."""
        try:
            return self._entry(clean(path)).folder
        except (FileMissing, FileUnknown, FileUnreadable):
            return False

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names in a folder, sorted, without what is left out; None where that cannot be known, or is none."""
        folder = clean(folder)
        if folder not in self._names:
            self._names[folder] = self._listed(folder)
        return self._names[folder]

    def shown(self, path: str) -> str:
        """The path to show for a context path."""
        path = clean(path)
        return os.path.normpath(os.path.join(self._shown, path))

    def excluded(self, path: str) -> bool:
        """Whether .dockerignore leaves the path out (of a folder: itself; a file in it may be excepted)."""
        path = clean(path)
        return path != "." and self._ignorefile().excludes(path)

    def expand(self, source: str) -> tuple[str, ...]:
        """The files and folders that a COPY source takes, in the builder's order; () where there is none.

        After ``ResolveWildcards`` of fsutil: without a pattern the path itself, else what matches it component by
        component; a folder that matches is taken whole.
        """
        parts = clean(source).split("/")
        plain = next((index for index, part in enumerate(parts) if is_pattern(part)), len(parts))
        start = "/".join(parts[:plain]) or "."
        if plain == len(parts):
            return (start,) if self.exists(start) is not False else ()
        found = [start]
        try:
            matches = [go(part) for part in parts[plain:]]
        except BadPattern:
            return ()
        for match in matches:
            found = [
                name if folder == "." else f"{folder}/{name}"
                for folder in found
                for name in self.names(folder) or ()
                if match(name)
            ]
        return tuple(found)

    def _ignorefile(self) -> DockerIgnore:
        if self._ignore is None:
            self._ignore = self._read_ignorefile()
        return self._ignore

    def _read_ignorefile(self) -> DockerIgnore:
        own = None if self._dockerfile is None else self._dockerfile + ".dockerignore"
        for path in (own, os.path.join(self.root, ".dockerignore")):
            # The one in the context may be a link, but not to something outside; the other is as trusted as the name
            # that the Dockerfile itself was given by.
            if path is None or (path != own and not is_below(os.path.realpath(path), self.root)) or leads_out(path):
                continue
            try:
                if not os.path.isfile(looked_at(path)):
                    continue
                with open(path, "rb") as file:
                    text = file.read(self._largest).decode("utf-8", "replace")
            except (OSError, ValueError):
                continue
            ignore = DockerIgnore(text)
            if ignore.bad:
                line, message = ignore.bad
                shown = path if path == own else self.shown(".dockerignore")
                self.problems = (Problem(message, Span(shown, line, 1, line, 1)),)
            return ignore
        return DockerIgnore("")

    def _entry(self, path: str) -> _Entry:
        if path not in self._entries:
            try:
                self._entries[path] = self._resolve(path)
            except (FileMissing, FileUnknown, FileUnreadable) as error:
                self._entries[path] = error
        entry = self._entries[path]
        if isinstance(entry, Exception):
            raise entry
        return entry

    def _resolve(self, path: str) -> _Entry:
        """Follow a path component by component: no link is left to the operating system."""
        waiting = [part for part in reversed(path.split("/")) if part != "."]
        done: list[str] = []
        links = 0
        information = self._lstat(".", path)
        while waiting:
            part = waiting.pop()
            if part in ("", "."):
                continue
            if part == "..":
                if not done:
                    raise FileUnknown(f"{path} is a link that leads out of the build context")
                done.pop()
                information = self._lstat("/".join(done) or ".", path)
                continue
            here = "/".join([*done, part])
            information = self._lstat(here, path)
            if stat.S_ISLNK(information.st_mode):
                links += 1
                if links > _MOST_LINKS:
                    raise FileUnreadable(f"{path} leads through a loop of links")
                if self._ignorefile().excludes(here):
                    raise FileMissing(f"{path} is left out of the build context by .dockerignore")
                target = self._link(here, path)
                if target.startswith("/"):
                    raise FileUnknown(f"{path} is a link to {target}, which is not in the build context")
                waiting += reversed(target.split("/"))
                continue
            done.append(part)
        final = "/".join(done) or "."
        folder = stat.S_ISDIR(information.st_mode)
        if final != "." and self._ignorefile().excludes(final) and not (folder and self._has_exceptions(final)):
            raise FileMissing(f"{path} is left out of the build context by .dockerignore")
        return _Entry(final, folder, stat.S_ISREG(information.st_mode), information.st_size)

    def _lstat(self, here: str, path: str) -> os.stat_result:
        try:
            return os.lstat(looked_for(os.path.join(self.root, here)))
        except (FileNotFoundError, NotADirectoryError):
            if any(here == folder or here.startswith(folder + "/") for folder in self._submodules()):
                raise FileUnknown(f"{path} is in a git submodule, which is not checked out here") from None
            raise FileMissing(f"{path} is not in the build context {self._shown}") from None
        except (OSError, ValueError) as error:
            raise FileUnreadable(f"{path} cannot be read: {_words(error)}") from None

    def _submodules(self) -> tuple[str, ...]:
        """The folders of the context that are other repositories, and of which nothing was fetched."""
        if self._unfetched is None:
            top = repository_root(self.root) or self.root
            self._unfetched = tuple(
                os.path.relpath(folder, self.root)
                for folder in (os.path.join(top, path) for path in submodules(top))
                if is_below(folder, self.root) and not _holds_something(folder)
            )
        return self._unfetched

    def _link(self, here: str, path: str) -> str:
        try:
            return os.readlink(os.path.join(self.root, here))
        except OSError as error:
            raise FileUnreadable(f"{path} cannot be read: {_words(error)}") from None

    def _has_exceptions(self, folder: str) -> bool:
        """Whether something in a folder that is left out is excepted from that."""
        ignore = self._ignorefile()
        if not ignore.exceptions:
            return False
        return any(not ignore.excludes(path) for path in self._below(folder))

    def _below(self, folder: str) -> Iterator[str]:
        """All paths below a folder, links not followed."""
        left = _MOST_NAMES
        waiting = [folder]
        while waiting:
            here = waiting.pop()
            try:
                entries = sorted(os.scandir(looked_at(os.path.join(self.root, here))), key=lambda entry: entry.name)
            except OSError:
                continue
            for entry in entries:
                left -= 1
                if left < 0:
                    return
                path = f"{here}/{entry.name}"
                yield path
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)

    def _listed(self, folder: str) -> tuple[str, ...] | None:
        try:
            entry = self._entry(folder)
            if not entry.folder:
                return None
            names = sorted(os.listdir(looked_at(os.path.join(self.root, entry.path))))
        except (FileMissing, FileUnknown, FileUnreadable, OSError):
            return None
        if len(names) > _MOST_NAMES or (not names and entry.path in self._submodules()):
            return None
        prefix = "" if entry.path == "." else entry.path + "/"
        return tuple(name for name in names if self._present(prefix + name))

    def _present(self, path: str) -> bool:
        """Whether .dockerignore lets a path that exists be there."""
        if not self._ignorefile().excludes(path):
            return True
        return self._ignorefile().exceptions and self.exists(path) is True

    def _load(self, path: str) -> bytes | Exception:
        try:
            entry = self._entry(path)
        except (FileMissing, FileUnknown, FileUnreadable) as error:
            return error
        if entry.folder:
            return FileUnreadable(f"{path} is a folder")
        if not entry.regular:
            return FileUnreadable(f"{path} is no ordinary file")
        if entry.size > self._largest:
            return FileUnreadable(f"{path} is larger than {self._largest // 1024 // 1024} MiB")
        buffer = self._buffers.get(os.path.join(self.root, entry.path))
        if buffer is not None:
            return buffer
        try:
            descriptor = os.open(os.path.join(self.root, entry.path), os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
            with open(descriptor, "rb") as file:
                return file.read(self._largest + 1)
        except OSError as error:
            return FileUnreadable(f"{path} cannot be read: {_words(error)}")


def clean(path: str) -> str:
    """A path as the builder takes it: from the context's root, and never above that; ``.`` for the root itself."""
    return posixpath.normpath("/" + path).lstrip("/") or "."


def _holds_something(folder: str) -> bool:
    try:
        return bool(os.listdir(looked_at(folder)))
    except OSError:
        return False


def _words(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
