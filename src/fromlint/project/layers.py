"""The files of a stage, as far as the Dockerfile tells: which image path holds which file of the build context.

A layer is one event that puts, makes or removes files. The newest layer that knows a path answers for it, as with the
layers of a real image.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import NamedTuple, Protocol

from fromlint.model.build import FileMade, FilesCopied, FilesRemoved, Mount
from fromlint.model.files import FileMissing, Files, FileUnknown

_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz", ".tbz2", ".tar.zst")


class Context(Files, Protocol):
    """The build context: paths relative to its root, with ``/``."""

    def expand(self, source: str) -> tuple[str, ...]:
        """The files and folders that a COPY source (with Go's patterns) takes, sorted."""

    def is_folder(self, path: str) -> bool:
        """Whether the path is a folder of the context."""


class Layer(NamedTuple):
    """An event that changes files, on top of what was there before."""

    event: FilesCopied | FileMade | FilesRemoved | Opaque
    below: Layer | None


class Opaque(NamedTuple):
    """Something happened to the files that cannot be followed (a clone, a download): ``why`` in words."""

    why: str


class Made(FileUnknown):
    """The file is made during the build by a command; ``made`` is the event, for whoever can follow it."""

    def __init__(self, made: FileMade) -> None:
        super().__init__(f"made during the build by {_command_words(made)}")
        self.made = made


def _command_words(made: FileMade) -> str:
    words = " ".join(word.value for word in made.command.words[:3])
    return f"{words!r}"


# Finds the files of a stage or named context by what COPY --from says; None where that is not known.
Origins = Callable[[str], "Files | None"]


class ImageFiles:
    """Files by image path, as a stage sees them at one point: ``mounts`` lie on top of the layers."""

    def __init__(
        self,
        top: Layer | None,
        context: Context | None,
        origins: Origins,
        *,
        mounts: Iterable[Mount] = (),
        directory: str | None = "/",
    ) -> None:
        self._top = top
        self._context = context
        self._origins = origins
        self._mounts = tuple(mount for mount in mounts if mount.kind == "bind")
        self._directory = directory

    def read(self, path: str) -> bytes:
        """The bytes of the file that stands at this image path. Raises FileMissing, FileUnknown, FileUnreadable."""
        files, found = self._locate(path)
        return files.read(found)

    def exists(self, path: str) -> bool | None:
        """Whether something stands at this path; None where a layer could not be followed."""
        try:
            files, found = self._locate(path)
        except FileMissing:
            return False
        except FileUnknown:
            return None
        return files.exists(found)

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names in a folder, of the newest layer that has the folder; None where that is not known."""
        try:
            files, found = self._locate(folder)
        except (FileMissing, FileUnknown):
            return None
        return files.names(found)

    def shown(self, path: str) -> str:
        """The path of the context file behind this image path, or the image path itself."""
        try:
            files, found = self._locate(path)
        except (FileMissing, FileUnknown):
            return path
        return files.shown(found)

    def _absolute(self, path: str) -> str:
        if path.startswith("/"):
            return posixpath.normpath("/" + path.lstrip("/"))
        if self._directory is None:
            raise FileUnknown(f"{path}: the working folder is not known")
        return posixpath.normpath(posixpath.join("/", self._directory, path))

    def _locate(self, path: str) -> tuple[Files, str]:
        """Where the file behind an image path lies: the files that hold it, and its path there."""
        wanted = self._absolute(path)
        for mount in self._mounts:
            if (found := self._in_mount(mount, wanted)) is not None:
                return found
        return self._in_layers(self._top, wanted)

    def _in_mount(self, mount: Mount, wanted: str) -> tuple[Files, str] | None:
        if mount.target is None:
            return None
        inside = _inside(wanted, self._absolute(mount.target))
        if inside is None:
            return None
        files: Files | None = self._origins(mount.stage) if mount.stage else self._context
        if files is None:
            raise FileUnknown(f"mounted from {mount.stage or 'the build context'}, which is not known")
        source = posixpath.join(mount.source or ".", inside) if inside else (mount.source or ".")
        if mount.stage:
            return files, source if source.startswith("/") else "/" + source
        return files, _relative(source)

    def _in_layers(self, layer: Layer | None, wanted: str) -> tuple[Files, str]:
        opaque: str | None = None
        while layer is not None:
            event = layer.event
            if isinstance(event, Opaque):
                opaque = opaque or event.why
            elif isinstance(event, FileMade):
                if posixpath.normpath(event.path) == wanted:
                    raise Made(event)
            elif isinstance(event, FilesRemoved):
                if any(_inside(wanted, removed.rstrip("/*") or "/") is not None for removed in event.paths):
                    raise FileMissing(f"{wanted} was removed")
            else:
                found = self._in_copy(event, wanted, layer.below)
                if isinstance(found, str):
                    opaque = opaque or found
                elif found is not None:
                    return found
            layer = layer.below
        if opaque is not None:
            raise FileUnknown(opaque)
        raise FileMissing(f"nothing copies {wanted} into the image")

    def _in_copy(self, copied: FilesCopied, wanted: str, below: Layer | None) -> tuple[Files, str] | str | None:
        """Where a COPY takes the wanted path from; or why that is not known; or None if it does not put it."""
        destination = copied.destination
        if destination is None:
            return f"a COPY to a folder that is not known ({copied.unknown or 'its destination is a variable'})"
        inside = _inside(wanted, posixpath.normpath(destination))
        if inside is None:
            return None
        if copied.unknown is not None:
            return copied.unknown
        for name, content in copied.contents.items():
            if inside == name or (inside == "" and not destination.endswith("/")):
                return Inline(content, copied.span.file), name
        files = self._files_of(copied, below)
        if files is None:
            return f"copied from {copied.origin or 'the build context'}, which is not known"
        into_folder = destination.endswith("/") or len(copied.sources) > 1
        for source in reversed(copied.sources):
            found = self._from_source(files, copied, source.value, inside, into_folder)
            if found is not None:
                return found
        return None

    def _files_of(self, copied: FilesCopied, below: Layer | None) -> Files | None:
        if copied.local:
            return ImageFiles(below, self._context, self._origins, directory=self._directory)
        if copied.origin is not None:
            return self._origins(copied.origin)
        return self._context

    def _from_source(
        self, files: Files, copied: FilesCopied, source: str, inside: str, into_folder: bool
    ) -> tuple[Files, str] | str | None:
        from_context = not copied.local and copied.origin is None
        if "://" in source or source.startswith("git@"):
            return f"{source} is fetched during the build"
        if not from_context:
            return _from_image(files, source, inside, into_folder)
        context = self._context
        if context is None:
            return "the build context is not known"
        for taken in reversed(context.expand(source)):
            name = posixpath.basename(taken)
            if context.is_folder(taken):
                target = taken if not copied.parents else ""
                path = posixpath.normpath(posixpath.join(target, inside))
                if (not inside) or context.exists(path):
                    return context, path
            elif copied.parents:
                if inside == taken:
                    return context, taken
            elif (inside == name) or (inside == "" and not into_folder):
                return context, taken
            elif taken.endswith(_ARCHIVES) and inside:
                return f"{taken} may be unpacked there"
        return None


def _from_image(files: Files, source: str, inside: str, into_folder: bool) -> tuple[Files, str] | str | None:
    """As ``_from_source``, for a COPY from another stage or within this one."""
    pattern = any(sign in source for sign in "*?[")
    if pattern:
        folder = posixpath.dirname(source) or "/"
        path = posixpath.join(folder, inside)
        return (files, path) if inside and files.exists(path) else None
    name = posixpath.basename(source.rstrip("/"))
    # Whether the source is a file or a folder is not known here: try both readings, the file's first.
    candidates = [source] if inside in ("", name) and not (inside == "" and into_folder) else []
    if inside:
        candidates.append(posixpath.join(source, inside))
    for candidate in candidates:
        known = files.exists(candidate)
        if known:
            return files, candidate
        if known is None:
            return f"copied from {source}, whose contents are made during the build"
    return None


class Inline:
    """The files that a heredoc in COPY writes, as Files."""

    def __init__(self, content: str, file: str) -> None:
        self._content = content
        self._file = file

    def read(self, path: str) -> bytes:
        return self._content.encode()

    def exists(self, path: str) -> bool | None:
        return True

    def names(self, folder: str) -> tuple[str, ...] | None:
        return None

    def shown(self, path: str) -> str:
        return self._file


def _inside(path: str, folder: str) -> str | None:
    """The path relative to the folder, "" for the folder itself, None where it is not inside."""
    folder = folder.rstrip("/")
    if path == (folder or "/"):
        return ""
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else None


def _relative(path: str) -> str:
    """A context path: without leading slashes and never above the root, as the builder clamps it."""
    return posixpath.normpath("/" + path).lstrip("/") or "."
