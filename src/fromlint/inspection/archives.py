"""An image on this machine: an OCI layout (a folder or an archive of one) or what ``docker save`` wrote.

Named as skopeo names them: ``oci:FOLDER[:TAG]``, ``oci-archive:FILE[:TAG]``, ``docker-archive:FILE[:TAG]``
(containers-transports(5)).
"""

from __future__ import annotations

import json
import os
import tarfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

from fromlint.index.refusal import Refused
from fromlint.inspection import manifests
from fromlint.inspection.manifests import Descriptor
from fromlint.typed import Any, Protocol

_PIECE = 1 << 16
_MOST_MEMBERS = 10_000


def image(text: str, folder: str) -> LocalImage:
    """The image that a text of the setting *images* names, relative to a folder. Raises Refused."""
    transport, _, rest = text.partition(":")
    path, colon, tag = rest.rpartition(":")
    if not colon or "/" in tag:
        path, tag = rest, ""
    path = os.path.join(folder, path)
    if not os.path.exists(path):
        raise Refused(f"{rest} is not there")
    files = _Folder(path) if transport == "oci" else _Archive(path)
    return LocalImage(files, tag)


class File(Protocol):
    """An open file, as far as it is needed."""

    def read(self, length: int, /) -> bytes: ...


class Files(Protocol):
    """Files by name, wherever they lie."""

    def open(self, name: str) -> AbstractContextManager[tuple[File, int]]:
        """A file and its length. Raises Refused for what is not there or cannot be read."""


class LocalImage:
    """One image among files (a Store)."""

    def __init__(self, files: Files, tag: str) -> None:
        self._files = files
        self._tag = tag
        # Of what docker save wrote before it wrote layouts: where the parts lie that the digests stand for.
        self._places: dict[str, str] = {}

    def top(self) -> bytes:
        try:
            index = self._whole("index.json")
        except Refused:
            return self._saved()
        if not self._tag:
            return index
        for descriptor, said in manifests.named(index):
            names = {said.get("org.opencontainers.image.ref.name"), said.get("io.containerd.image.name")}
            if self._tag in names or any(name and name.endswith(f":{self._tag}") for name in names):
                return self.manifest(descriptor)
        raise Refused(f"it has no tag {self._tag}")

    def manifest(self, wanted: Descriptor) -> bytes:
        return manifests.verified(self._whole(self._place(wanted)), wanted.digest)

    def configuration(self, wanted: Descriptor) -> bytes:
        return self.manifest(wanted)

    def stream(self, wanted: Descriptor, begin: Callable[[], None], take: Callable[[bytes], None]) -> None:
        with self._files.open(self._place(wanted)) as (opened, size):
            if size != wanted.size:
                raise Refused(f"what lies under {wanted.digest[:19]}… is something else")
            begin()
            while piece := opened.read(_PIECE):
                take(piece)

    def _place(self, wanted: Descriptor) -> str:
        return self._places.get(wanted.digest) or f"blobs/{wanted.digest.replace(':', '/')}"

    def _whole(self, name: str) -> bytes:
        with self._files.open(name) as (opened, size):
            if size > manifests.LARGEST:
                raise Refused(f"{name} is too large")
            return opened.read(manifests.LARGEST)

    def _saved(self) -> bytes:
        """The manifest that stands for ``manifest.json`` of ``docker save``: layers go by their diff_ids there."""
        entries = _json(self._whole("manifest.json"))
        for entry in entries if isinstance(entries, list) else ():
            tags = entry.get("RepoTags") if isinstance(entry, dict) else None
            if not isinstance(entry, dict) or (self._tag and not _bears(tags, self._tag)):
                continue
            written, listed = entry.get("Config"), entry.get("Layers")
            if not isinstance(written, str) or not isinstance(listed, list):
                break
            config = self._whole(written)
            system = _json(config)
            layers = system.get("rootfs", {}).get("diff_ids") if isinstance(system, dict) else None
            if not isinstance(layers, list) or len(layers) != len(listed):
                break
            self._places[manifests.digest(config)] = written
            found = []
            for digest, name in zip(layers, listed, strict=True):
                self._places[str(digest)] = str(name)
                with self._files.open(str(name)) as (_, size):
                    found.append({"digest": digest, "size": size})
            about = {"digest": manifests.digest(config), "size": len(config)}
            return json.dumps({"schemaVersion": 2, "config": about, "layers": found}).encode()
        raise Refused(f"it has no tag {self._tag}" if self._tag else "it is neither an OCI layout nor of docker save")


def _bears(tags: object, tag: str) -> bool:
    return isinstance(tags, list) and any(isinstance(each, str) and each.rpartition(":")[2] == tag for each in tags)


def _json(data: bytes) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        raise Refused("its manifest or configuration is no JSON") from None


class _Folder:
    def __init__(self, path: str) -> None:
        self._path = os.path.realpath(path)

    @contextmanager
    def open(self, name: str) -> Iterator[tuple[File, int]]:
        path = os.path.realpath(os.path.join(self._path, name))
        if not path.startswith(self._path + os.sep) or not os.path.isfile(path):
            raise Refused(f"it has no {name}")
        try:
            with open(path, "rb") as opened:
                yield opened, os.fstat(opened.fileno()).st_size
        except OSError as problem:
            raise Refused(f"{name} cannot be read: {problem.strerror}") from None


class _Archive:
    """Members of a tar archive. They are found once, and read where they lie."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._places: dict[str, tuple[int, int]] = {}
        links: dict[str, str] = {}
        try:
            with tarfile.open(path, "r:") as archive:
                for number, member in enumerate(archive):
                    if number > _MOST_MEMBERS:
                        raise Refused("it has too many files")
                    name = os.path.normpath(member.name)
                    if member.isreg():
                        self._places[name] = member.offset_data, member.size
                    elif member.issym() or member.islnk():
                        start = os.path.dirname(name) if member.issym() else ""
                        links[name] = os.path.normpath(os.path.join(start, member.linkname))
        except (tarfile.TarError, OSError, EOFError, ValueError):
            raise Refused("it is no plain tar archive") from None
        # docker save links layers that are the same.
        self._places |= {name: self._places[target] for name, target in links.items() if target in self._places}

    @contextmanager
    def open(self, name: str) -> Iterator[tuple[File, int]]:
        place = self._places.get(os.path.normpath(name))
        if place is None:
            raise Refused(f"it has no {name}")
        start, size = place
        try:
            with open(self._path, "rb") as opened:
                opened.seek(start)
                yield _Part(opened, size), size
        except OSError as problem:
            raise Refused(f"{name} cannot be read: {problem.strerror}") from None


class _Part:
    """The next bytes of an open file, as a file."""

    def __init__(self, opened: File, length: int) -> None:
        self._opened = opened
        self._left = length

    def read(self, length: int, /) -> bytes:
        piece = self._opened.read(min(length, self._left))
        self._left -= len(piece)
        return piece
