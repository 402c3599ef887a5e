"""Which compose, bake and workflow files say how a Dockerfile is built."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import islice

from fromlint.discovery import repository
from fromlint.discovery.documents import LARGEST, Unreadable
from fromlint.discovery.find import VENDORED
from fromlint.discovery.specs import BuildSpec
from fromlint.model.place import Problem, Span
from fromlint.named_tuple import NamedTuple
from fromlint.witness import looked_at

_MOST_FOLDERS = 200
_WORKFLOWS = os.path.join(".github", "workflows")


class Declared(NamedTuple):
    """``builds`` of one Dockerfile: of compose files first, then bake files, then workflows, nearest files first.

    ``problems`` are files that seem to name it and cannot be read. ``gpu``: a compose file gives a service that runs it
    a GPU, be it one that only adds to what another declares.
    """

    builds: tuple[BuildSpec, ...]
    problems: tuple[Problem, ...]
    gpu: bool = False


class _File(NamedTuple):
    """A file that declares builds, and how to read it; ``sign`` is in every such file that has any."""

    path: str
    builds: Callable[[bytes], Iterator[BuildSpec]]
    sign: bytes


class Declarations:
    """The builds that the files of one repository (or folder) declare. Each file is read once, and only when asked.

    ``root`` is the folder that all of it lies in.
    """

    def __init__(self, root: str) -> None:
        self._root = os.path.abspath(root)
        self._read: dict[str, bytes] = {}
        self._builds: dict[str, tuple[tuple[BuildSpec, ...], Problem | None]] = {}
        self._listed: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {}
        self._by_name: dict[tuple[str, str], BuildSpec | None] = {}
        self._dockerfiles: tuple[str, ...] | None = None

    def of(self, dockerfile: str) -> Declared:
        """The builds of a Dockerfile."""
        wanted = os.path.abspath(dockerfile)
        name = os.path.basename(wanted)
        start = os.path.dirname(wanted)
        builds: list[BuildSpec] = []
        problems: list[Problem] = []
        for file in self._files(start):
            # YAML is slow to read, and most of it is about something else.
            text = self._text(file.path)
            if file.sign not in text or (name != "Dockerfile" and name.encode() not in text):
                continue
            found, problem = self._parsed(file, text)
            builds += [spec for spec in found if spec.dockerfile == wanted]
            if problem is not None:
                problems.append(problem)
        builds.sort(key=lambda spec: ("compose", "bake", "app", "workflow").index(spec.kind))
        services = {spec.name for spec in builds if spec.kind == "compose"}
        return Declared(tuple(builds), tuple(problems), bool(services) and self._with_gpu(start, services))

    def tagged(self, image: str, start: str) -> BuildSpec | None:
        """The build that gives its image this name (``corp/base``, ``corp/base:1``), seen from a folder.

        Where no build is known to give that very tag: the only Dockerfile that builds an image of the name, with a tag
        that is not known.
        """
        key = _full(image), start
        if key not in self._by_name:
            self._by_name[key] = self._tagged(*key)
        return self._by_name[key]

    def _tagged(self, wanted: str, start: str) -> BuildSpec | None:
        name = wanted.rpartition(":")[0]
        possible: dict[tuple[str, str | None], BuildSpec] = {}
        for file in self._files(start):
            text = self._text(file.path)
            if file.sign in text and name.rpartition("/")[2].encode() in text:
                for spec in self._parsed(file, text)[0]:
                    if wanted in map(_full, spec.tags):
                        return spec
                    if f"{name}:*" in spec.tags:
                        possible.setdefault((spec.dockerfile, spec.target), spec)
        if len(possible) == 1:
            return next(iter(possible.values()))
        return None if possible else self._tagged_by_command(wanted, start)

    def _tagged_by_command(self, wanted: str, start: str) -> BuildSpec | None:
        """The same by ``docker build`` in makefiles, scripts and the comments of Dockerfiles."""
        from fromlint.discovery import commands
        from fromlint.discovery.find import dockerfiles

        name = wanted.removesuffix(":latest").encode()
        for folder in dict.fromkeys(self._around(start)):
            for path in _named(folder, commands.FILES):
                if name in (text := self._text(path)):
                    for spec in commands.builds(text, path, self._root):
                        if wanted in map(_full, spec.tags):
                            return spec
        if self._dockerfiles is None:
            self._dockerfiles = dockerfiles(self._root).dockerfiles
        for path in self._dockerfiles:
            if name in (text := self._text(path)):
                for spec in commands.of_itself(text, path):
                    if wanted in map(_full, spec.tags):
                        return spec
        return None

    def named(self, name: str, origin: BuildSpec) -> BuildSpec | None:
        """The build of that name in the file that declares another one."""
        return next((spec for spec in self.in_file(origin.file) if spec.name == name), None)

    def _with_gpu(self, start: str, services: set[str]) -> bool:
        from fromlint.discovery import compose

        files = (file for file in self._files(start) if compose.FILES.fullmatch(os.path.basename(file.path)))
        return any(services & compose.with_gpu(self._text(file.path)) for file in files)

    def in_file(self, path: str) -> tuple[BuildSpec, ...]:
        """The builds that one file declares, () where it is none of the kind or cannot be read."""
        file = self._file(os.path.dirname(os.path.abspath(path)), os.path.basename(path))
        return self._parsed(file, self._text(file.path))[0] if file is not None else ()

    def _files(self, start: str) -> Iterator[_File]:
        """Compose and bake files in the folders from ``start`` up to the root, those beside these, and workflows."""
        seen: set[str] = set()
        for folder in self._around(start):
            if folder not in seen:
                seen.add(folder)
                yield from (file for name in self._list(folder)[0] if (file := self._file(folder, name)) is not None)
        folder = os.path.join(self._root, _WORKFLOWS)
        yield from (file for name in self._list(folder)[0] if (file := self._file(folder, name)) is not None)

    def _around(self, start: str) -> Iterator[str]:
        """The folders from ``start`` up to the root, then those in them, as far as they are not too many."""
        folders = repository.upwards(start, self._root)
        yield from folders
        beside = (os.path.join(folder, name) for folder in folders for name in self._list(folder)[1])
        yield from islice(beside, _MOST_FOLDERS)

    def _file(self, folder: str, name: str) -> _File | None:
        """How to read a file, None where it is of no kind that declares builds. Readers are imported when needed."""
        path = os.path.join(folder, name)
        plain = name.lower()
        if plain.endswith(".hcl") or ("bake" in plain and plain.endswith(".json")):
            from fromlint.discovery import bake

            if bake.FILES.fullmatch(name):
                return _File(path, lambda data: bake.builds(data, path, self._root), b"target")
            # bake -f takes any name; a target block is nobody else's.
            if bake.OTHER_FILES.fullmatch(name):
                sign = b'target "' if plain.endswith(".hcl") else b'"target"'
                return _File(path, lambda data: bake.builds(data, path, self._root), sign)
        elif plain.startswith(("compose", "docker-compose")):
            from fromlint.discovery import compose

            if compose.FILES.fullmatch(name):
                return _File(path, lambda data: compose.builds(data, path, self._environment(folder)), b"build")
        if plain.endswith((".yml", ".yaml")) and folder == os.path.join(self._root, _WORKFLOWS):
            from fromlint.discovery import workflows

            return _File(path, lambda data: workflows.builds(data, path, self._root), b"docker/build-push-action")
        if plain.startswith("build."):
            from fromlint.discovery import home_assistant

            if name in home_assistant.FILES:
                return _File(path, lambda data: home_assistant.builds(data, path), b"build_from")
        return None

    def _environment(self, folder: str) -> dict[str, str]:
        from fromlint.discovery.interpolation import dotenv

        return dotenv(self._text(os.path.join(folder, ".env")).decode("utf-8", "replace"))

    def _list(self, folder: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The names of the files in a folder and those of its folders, sorted; nothing where it cannot be read."""
        if folder not in self._listed:
            files: list[str] = []
            folders: list[str] = []
            with suppress(OSError), os.scandir(looked_at(folder)) as entries:
                for entry in entries:
                    if entry.is_dir(follow_symlinks=False):
                        folders.append(entry.name)
                    elif entry.name.lower().endswith((".yml", ".yaml", ".hcl", ".json")):
                        files.append(entry.name)
            kept = sorted(name for name in folders if name not in VENDORED)
            self._listed[folder] = (tuple(sorted(files)), tuple(kept))
        return self._listed[folder]

    def _text(self, path: str) -> bytes:
        if path not in self._read:
            self._read[path] = b""
            # What is no file (a pipe, a device) might never end.
            if os.path.isfile(looked_at(path)):
                with suppress(OSError), open(path, "rb") as file:
                    self._read[path] = file.read(LARGEST + 1)
        return self._read[path]

    def _parsed(self, file: _File, text: bytes) -> tuple[tuple[BuildSpec, ...], Problem | None]:
        if file.path not in self._builds:
            try:
                self._builds[file.path] = (tuple(file.builds(text)), None)
            except Unreadable as error:
                problem = Problem(f"this file cannot be read: {error}", Span(file.path, 1, 1, 1, 1))
                self._builds[file.path] = ((), problem)
        return self._builds[file.path]


def _named(folder: str, pattern: re.Pattern[str]) -> list[str]:
    """The files in a folder that are called so, sorted; nothing where it cannot be read."""
    with suppress(OSError):
        return sorted(os.path.join(folder, name) for name in os.listdir(looked_at(folder)) if pattern.fullmatch(name))
    return []


def _full(image: str) -> str:
    """An image's name with its tag."""
    return image if ":" in image.rpartition("/")[2] else f"{image}:latest"


def declared(root: str, dockerfile: str) -> tuple[BuildSpec, ...]:
    """The builds of a Dockerfile that files below ``root`` declare. For many Dockerfiles see Declarations."""
    return Declarations(root).of(dockerfile).builds
