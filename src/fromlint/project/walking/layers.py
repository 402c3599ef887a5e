"""The files of a stage, as far as the Dockerfile tells: which image path holds which file of the build context.

A layer is one event that puts, makes or removes files. The newest layer that knows a path answers for it, as with the
layers of a real image.
"""

from __future__ import annotations

import contextlib
import posixpath
from collections.abc import Callable, Iterable, Mapping

from fromlint.discovery.ignorefiles import DockerIgnore
from fromlint.model.build import Command, FileMade, FilesCopied, FilesRemoved, Mount
from fromlint.model.files import FileMissing, Files, FileUnknown
from fromlint.named_tuple import NamedTuple
from fromlint.project.walking import edits
from fromlint.project.walking.edits import Flow, Written
from fromlint.project.walking.line_editor import Edit
from fromlint.typed import Protocol

_MOST_LAYERS = 50_000
_DEEPEST = 60
_ARCHIVES = (".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz", ".txz", ".tbz2", ".tar.zst")


class Context(Files, Protocol):
    """The build context: paths relative to its root, with ``/``."""

    def expand(self, source: str) -> tuple[str, ...]:
        """The files and folders that a COPY source (with Go's patterns) takes, sorted."""

    def is_folder(self, path: str) -> bool:
        """Whether the path is a folder of the context."""


class Layer(NamedTuple):
    """An event that changes files, on top of what was there before. ``mounts`` are those of its RUN."""

    event: FilesCopied | FileMade | FilesRemoved | Wheels | Opaque
    below: Layer | None
    mounts: tuple[Mount, ...] = ()


class Opaque(NamedTuple):
    """Something happened to the files in a folder that cannot be followed (a clone, a download): ``why`` in words."""

    why: str
    folder: str = "/"


class Wheels(NamedTuple):
    """A folder is filled with wheels: by an install (``pip wheel``), or from a project (``uv build``).

    ``at`` is the install's stage and step, None where a project is built. ``project`` is that project's folder, None
    where the wheels are of all that the install names.
    """

    folder: str
    at: tuple[int, int] | None
    project: str | None


class Made(FileUnknown):
    """The file is made during the build by a command, which is not known to say what it holds.

    ``files`` is what the command saw. ``edits`` are made to what it printed; None where something else happened to it.
    """

    made = True

    def __init__(self, command: Command, files: ImageFiles, edits: tuple[Edit, ...] | None) -> None:
        super().__init__(f"made during the build by {_command_words(command)}")
        self.command = command
        self.files = files
        self.edits = edits


class WheelsMade(FileUnknown):
    """These are wheels that an earlier step of the build made. ``files`` are those of its stage."""

    def __init__(self, wheels: Wheels, files: ImageFiles) -> None:
        super().__init__("wheels that are made during the build")
        self.wheels = wheels
        self.files = files


def _command_words(command: Command) -> str:
    words = " ".join(word.value for word in command.words[:3])
    return f"{words!r}"


class _Search:
    """What one search may still do, so that files which are copied to and fro take bounded time."""

    def __init__(self) -> None:
        self._layers = _MOST_LAYERS
        self.depth = 0

    def look(self) -> None:
        """Count one more layer. Raises FileUnknown where that is one too many."""
        self._layers -= 1
        if self._layers < 0 or self.depth > _DEEPEST:
            raise FileUnknown("copied to and fro too often to be followed")


# Finds the files of a stage or named context by what COPY --from says; None where that is not known.
Origins = Callable[[str], "ImageFiles | Context | None"]


def shows_files(mount: Mount) -> bool:
    """Whether files that are known lie in a mount: a cache begins with those of the stage that it names."""
    return mount.kind == "bind" or (mount.kind == "cache" and mount.stage is not None)


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
        self._mounts = tuple(filter(shows_files, mounts))
        self._directory = directory
        self._folders: Mapping[str, tuple[ImageFiles, str]] = {}

    def read(self, path: str) -> bytes:
        """The bytes of the file that stands at this image path. Raises FileMissing, FileUnknown, FileUnreadable."""
        files, found = self._locate(path, _Search())
        return files.read(found)

    def exists(self, path: str) -> bool | None:
        """Whether something stands at this path; None where a layer could not be followed."""
        try:
            files, found = self._locate(path, _Search())
        except FileMissing:
            return False
        except FileUnknown:
            return None
        return files.exists(found)

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names in a folder, of the newest layer that has the folder; None where that is not known."""
        try:
            files, found = self._locate(folder, _Search())
        except (FileMissing, FileUnknown):
            return None
        return files.names(found)

    def listing(self, folder: str) -> tuple[str, ...] | None:
        """The names in a folder, of all layers; None where something else may lie there, or where nothing does."""
        try:
            wanted = self._absolute(folder)
        except FileUnknown:
            return None
        found: set[str] = set()
        for mount in self._mounts:
            if mount.target is not None and _inside(wanted, self._absolute(mount.target)) is not None:
                return self.names(folder)
        layer = self._top
        while layer is not None:
            names = self._put_there(layer, wanted)
            if names is None:
                return None
            found.update(names)
            layer = layer.below
        return tuple(sorted(found)) or None

    def brought(self) -> tuple[str, ...] | None:
        """The names that the newest COPY put into its destination; None where that is not known."""
        layer = self._top
        if layer is None or not isinstance(layer.event, FilesCopied) or layer.event.destination is None:
            return None
        copied, context = layer.event, self._context
        if copied.local or copied.origin is not None or context is None:
            return None
        if not all(context.expand(source.value) for source in copied.sources):
            # What is not there yet is made by somebody before the build.
            return None
        names = self._put_there(layer, posixpath.normpath(posixpath.join("/", layer.event.destination)))
        if names is None or any(name.endswith(_ARCHIVES) for name in names):
            return None
        return tuple(names)

    def _put_there(self, layer: Layer, wanted: str) -> Iterable[str] | None:
        """The names that a layer puts into a folder; None where that is not known."""
        event = layer.event
        if isinstance(event, Opaque | Wheels):
            return None if _meet(wanted, posixpath.normpath(event.folder)) else ()
        if isinstance(event, FileMade):
            return None if _inside(posixpath.normpath(event.path), wanted) is not None else ()
        if isinstance(event, FilesRemoved):
            return None if any(_meet(wanted, path.rstrip("/*") or "/") for path in event.paths) else ()
        if event.destination is None or not _meet(wanted, posixpath.normpath(event.destination)):
            return None if event.destination is None else ()
        deeper = _inside(posixpath.normpath(event.destination), wanted)
        if deeper:
            # What it puts there lies in a folder of this one, or is one file in it.
            return (deeper.partition("/")[0],)
        inside = _inside(wanted, posixpath.normpath(event.destination))
        files = self._files_of(event, layer)
        if inside is None or files is None or event.unknown or event.contents or event.excludes or event.parents:
            return None
        names: list[str] = []
        for source in event.sources:
            if isinstance(files, ImageFiles):
                below = None if "*" in source.value else files.listing(posixpath.join(source.value, inside))
                if below is None:
                    return None
                names += below
                continue
            for taken in files.expand(source.value):
                if files.is_folder(taken):
                    names += files.names(posixpath.normpath(posixpath.join(taken, inside))) or ()
                elif not inside:
                    names.append(posixpath.basename(taken))
        return names

    def shown(self, path: str) -> str:
        """The path of the context file behind this image path, or the image path itself."""
        try:
            files, found = self._locate(path, _Search())
        except (FileMissing, FileUnknown):
            return path
        return files.shown(found)

    def seen_from(self, directory: str | None) -> ImageFiles:
        """The same, as a command sees them whose working folder is another one."""
        seen = ImageFiles(self._top, self._context, self._origins, mounts=self._mounts, directory=directory)
        seen._folders = self._folders
        return seen

    def with_folder(self, target: str, files: ImageFiles, source: str) -> ImageFiles:
        """The same, with a folder of other files at ``target``."""
        made = ImageFiles(self._top, self._context, self._origins, mounts=self._mounts, directory=self._directory)
        made._folders = {**self._folders, target: (files, source)}
        return made

    def with_made(self, made: FileMade) -> ImageFiles:
        """The same, with one more file that a command makes."""
        top = Layer(made, self._top, self._mounts)
        after = ImageFiles(top, self._context, self._origins, mounts=self._mounts, directory=self._directory)
        after._folders = self._folders
        return after

    def _absolute(self, path: str) -> str:
        if path.startswith("/"):
            return posixpath.normpath("/" + path.lstrip("/"))
        if self._directory is None:
            raise FileUnknown(f"{path}: the working folder is not known")
        return posixpath.normpath(posixpath.join("/", self._directory, path))

    def _locate(self, path: str, search: _Search) -> tuple[Files, str]:
        """Where the file behind an image path lies in the end: what holds it (no stage), and its path there."""
        wanted = self._absolute(path)
        for target, (files, source) in self._folders.items():
            if (inside := _inside(wanted, target)) is not None:
                return files._locate(posixpath.join(source, inside) if inside else source, search)
        for mount in self._mounts:
            if (found := self._in_mount(mount, wanted, search)) is not None:
                return found
        search.depth += 1
        try:
            return self._in_layers(self._top, wanted, search)
        finally:
            search.depth -= 1

    def _in_mount(self, mount: Mount, wanted: str, search: _Search) -> tuple[Files, str] | None:
        if mount.target is None:
            return None
        inside = _inside(wanted, self._absolute(mount.target))
        if inside is None:
            return None
        files = self._origins(mount.stage) if mount.stage else self._context
        if files is None:
            raise FileUnknown(f"mounted from {mount.stage or 'the build context'}, which is not known")
        source = posixpath.join(mount.source or ".", inside) if inside else (mount.source or ".")
        if isinstance(files, ImageFiles):
            return files._locate(source if source.startswith("/") else "/" + source, search)
        return files, _relative(source)

    def _in_layers(self, layer: Layer | None, wanted: str, search: _Search) -> tuple[Files, str]:
        opaque: str | None = None
        while layer is not None:
            search.look()
            event = layer.event
            if isinstance(event, Opaque):
                if opaque is None and _inside(wanted, event.folder) is not None:
                    opaque = event.why
            elif isinstance(event, FileMade):
                if posixpath.normpath(event.path) == wanted:
                    return self._made(event, layer, search)
            elif isinstance(event, FilesRemoved):
                if any(_inside(wanted, removed.rstrip("/*") or "/") is not None for removed in event.paths):
                    if opaque is not None:
                        break  # something that is not known came after it
                    raise FileMissing(f"{wanted} was removed")
            elif isinstance(event, Wheels):
                inside = _inside(wanted, event.folder)
                if inside is not None and _may_be_wheels(inside):
                    before = ImageFiles(layer.below, self._context, self._origins, mounts=layer.mounts)
                    raise WheelsMade(event, before)
            else:
                found = self._in_copy(event, wanted, layer, search)
                if isinstance(found, str):
                    opaque = opaque or found
                elif found is not None:
                    return found
            layer = layer.below
        if opaque is not None:
            raise FileUnknown(opaque)
        raise FileMissing(f"nothing copies {wanted} into the image")

    def _made(self, made: FileMade, layer: Layer, search: _Search) -> tuple[Files, str]:
        """A file that a command makes: its text, where that can be worked out. Raises Made where it cannot."""
        command = made.command
        before = ImageFiles(layer.below, self._context, self._origins, mounts=layer.mounts, directory=command.directory)
        if command.words[0].value.rpartition("/")[2] == "touch":
            return self._touched(made, before, search)
        flow = edits.of_file(made)
        if flow is None:
            raise Made((*made.feeders, command)[0], before, None)
        if flow.command is not None:
            raise Made(flow.command, before, None if made.appended else flow.edits)
        written = before.flowing(flow, command, search)
        if made.appended:
            with contextlib.suppress(FileMissing):
                written = _appended(before._written(made.path, search), written, flow, made, before)
        return Inline(written.content, written.shown), made.path

    def _touched(self, made: FileMade, before: ImageFiles, search: _Search) -> tuple[Files, str]:
        """What is there keeps what it holds."""
        try:
            return before._locate(made.path, search)
        except FileMissing:
            if made.command.conditional:
                raise Made(made.command, before, None) from None
            return Inline(b"", made.command.span.file), made.path

    def flowing(self, flow: Flow, command: Command, search: _Search | None = None) -> Written:
        """What comes out of a pipe that ends with ``command``. Raises Made, and what reading the files raises."""
        if flow.text is not None:
            # Lines above it keep the place right: what is found in it stands in the Dockerfile.
            source = Written(("\n" * (flow.line - 1) + flow.text).encode(), command.span.file)
        else:
            try:
                source = self._written(flow.path or "", search or _Search())
            except Made as inner:
                edited = None if inner.edits is None else (*inner.edits, *flow.edits)
                raise Made(inner.command, inner.files, edited) from None
        content = edits.edited(source.content, flow.edits)
        if content is None:
            raise Made(command, self, None)
        return Written(content, source.shown)

    def _written(self, path: str, search: _Search) -> Written:
        files, found = self._locate(path, search)
        return Written(files.read(found), files.shown(found))

    def _in_copy(
        self, copied: FilesCopied, wanted: str, layer: Layer, search: _Search
    ) -> tuple[Files, str] | str | None:
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
                # Lines above it keep the places right: a finding in it stands in the Dockerfile.
                above = "\n" * (copied.lines.get(name, 1) - 1)
                return Inline((above + content).encode(), copied.span.file), name
        files = self._files_of(copied, layer)
        if files is None:
            return f"copied from {copied.origin or 'the build context'}, which is not known"
        into_folder = destination.endswith("/") or len(copied.sources) > 1
        for source in reversed(copied.sources):
            if "://" in source.value or source.value.startswith("git@"):
                return f"{source.value} is fetched during the build"
            if isinstance(files, ImageFiles):
                found = _from_image(files, source.value, inside, search)
            else:
                found = _from_context(files, copied, source.value, inside, into_folder)
            if found is not None:
                return found
        return None

    def _files_of(self, copied: FilesCopied, layer: Layer) -> ImageFiles | Context | None:
        if copied.local:
            return ImageFiles(layer.below, self._context, self._origins, mounts=layer.mounts, directory=self._directory)
        if copied.origin is not None:
            return self._origins(copied.origin)
        return self._context


def _appended(old: Written, new: Written, flow: Flow, made: FileMade, files: ImageFiles) -> Written:
    """A file with more behind it. Raises Made where lines of another file would stand in places that nobody sees."""
    text: bytes | None = new.content.lstrip(b"\n")
    if flow.path is not None:
        included = edits.included(made.command, (flow.path,)) if not flow.edits else None
        text = included.encode() if included is not None else None
    if text is None:
        raise Made(made.command, files, None)
    gap = b"" if old.content.endswith(b"\n") or not old.content else b"\n"
    return Written(old.content + gap + text, old.shown)


def _from_context(
    context: Context, copied: FilesCopied, source: str, inside: str, into_folder: bool
) -> tuple[Files, str] | str | None:
    """Where a source of a build context has the path ``inside`` its destination; None where it has not."""
    parents = copied.parents
    if copied.excludes and inside and DockerIgnore("\n".join(copied.excludes)).excludes(inside):
        return None
    found = context.expand(source)
    if not found and inside == posixpath.basename(source):
        raise FileMissing(f"{source} is not in the build context")
    for taken in reversed(found):
        name = posixpath.basename(taken)
        if context.is_folder(taken):
            target = taken if not parents else ""
            path = posixpath.normpath(posixpath.join(target, inside))
            if (not inside) or context.exists(path):
                return context, path
        elif parents:
            if inside == taken:
                return context, taken
        elif (inside == name) or (inside == "" and not into_folder):
            return context, taken
        elif taken.endswith(_ARCHIVES) and inside:
            return f"{taken} may be unpacked there"
    return None


def _from_image(files: ImageFiles, source: str, inside: str, search: _Search) -> tuple[Files, str] | str | None:
    """As ``_from_context``, for a COPY from another stage or within this one.

    Raises Made and WheelsMade of the files there.
    """
    name = posixpath.basename(source.rstrip("/"))
    if any(sign in source for sign in "*?["):
        folder = posixpath.dirname(source) or "/"
        candidates = [posixpath.join(folder, inside) if inside else folder]
    else:
        # Whether the source is a file or a folder is not known here: try both readings, the file's first.
        candidates = [source] if inside in ("", name) else []
        if inside:
            candidates.append(posixpath.join(source, inside))
    for candidate in candidates:
        try:
            return files._locate(candidate, search)
        except (Made, WheelsMade):
            raise
        except FileUnknown as error:
            why = f"copied from {source}: {error}"
            if candidate == source:
                # It is surely put there; what a folder holds may not be, and something older shows.
                raise FileUnknown(why) from None
            return why
        except FileMissing:
            continue
    return None


def _may_be_wheels(inside: str) -> bool:
    """Whether a path in a folder of wheels means wheels: the folder itself, a pattern, a file that pip installs."""
    return not inside or "*" in inside or "?" in inside or inside.endswith((".whl", ".tar.gz", ".zip"))


class Inline:
    """A file whose bytes are known from the Dockerfile itself: a heredoc in COPY, what ``sed -i`` leaves of a file."""

    def __init__(self, content: bytes, shown: str) -> None:
        self._content = content
        self._shown = shown

    def read(self, path: str) -> bytes:
        return self._content

    def exists(self, path: str) -> bool | None:
        return True

    def names(self, folder: str) -> tuple[str, ...] | None:
        return None

    def shown(self, path: str) -> str:
        return self._shown


def _inside(path: str, folder: str) -> str | None:
    """The path relative to the folder, "" for the folder itself, None where it is not inside."""
    folder = folder.rstrip("/")
    if path == (folder or "/"):
        return ""
    return path[len(folder) + 1 :] if path.startswith(folder + "/") else None


def _meet(first: str, second: str) -> bool:
    """Whether one of two folders is inside the other."""
    return _inside(first, second) is not None or _inside(second, first) is not None


def _relative(path: str) -> str:
    """A context path: without leading slashes and never above the root, as the builder clamps it."""
    return posixpath.normpath("/" + path).lstrip("/") or "."
