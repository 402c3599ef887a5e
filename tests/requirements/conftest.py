"""Files in memory, and installs and environments with as little said as a test needs."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from fromlint.model.build import Install, InstallOptions
from fromlint.model.environment import Environment, Python
from fromlint.model.files import FileMissing, FileUnknown
from fromlint.model.place import Span, Text
from fromlint.model.requirement import Needs
from fromlint.project.resolving.kept_needs import KeptNeeds
from fromlint.requirements.gather import gather

DATA = Path(__file__).parent / "data"


class MemoryFiles:
    """Files by absolute path; ``unknown`` are paths of which nothing is known."""

    def __init__(self, contents: Mapping[str, bytes | str], unknown: frozenset[str] = frozenset()) -> None:
        self.contents = {
            path: content.encode() if isinstance(content, str) else content for path, content in contents.items()
        }
        self.unknown = unknown

    def read(self, path: str) -> bytes:
        if path in self.unknown:
            raise FileUnknown("made during the build")
        if path not in self.contents:
            raise FileMissing(f"{path} is not in the build context")
        return self.contents[path]

    def exists(self, path: str) -> bool | None:
        if path in self.unknown:
            return None
        return path in self.contents or any(name.startswith(path.rstrip("/") + "/") for name in self.contents)

    def names(self, folder: str) -> tuple[str, ...] | None:
        start = folder.rstrip("/") + "/"
        return tuple(sorted({name[len(start) :].partition("/")[0] for name in self.contents if name.startswith(start)}))

    def shown(self, path: str) -> str:
        return path.removeprefix("/app/")


@pytest.fixture
def in_memory() -> type[MemoryFiles]:
    return MemoryFiles


@pytest.fixture
def recorded() -> Callable[[str], dict[str, bytes | str]]:
    """The files of a project in ``data``, as they are copied to /app."""

    def read(name: str) -> dict[str, bytes | str]:
        folder = DATA / name
        return {
            posixpath.join("/app", path.relative_to(folder).as_posix()): path.read_bytes()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }

    return read


def span(line: int = 4, column: int = 1, end_column: int = 2) -> Span:
    return Span("Dockerfile", line, column, line, end_column)


def _text(value: object) -> tuple[Text, ...]:
    assert isinstance(value, tuple)
    return tuple(Text(item, span()) if isinstance(item, str) else item for item in value)


@pytest.fixture
def environment() -> Callable[..., Environment]:
    def make(
        python: str | None = "3.12.11",
        platform: str = "linux/amd64",
        implementation: str = "cpython",
        pip: str = "25.0",
    ) -> Environment:
        found = Python(python, implementation, "/usr/local", pip, False) if python else None
        return Environment(True, None, "python", libc="glibc", libc_version="2.41", python=found, platform=platform)

    return make


@pytest.fixture
def install() -> Callable[..., Install]:
    def make(tool: str = "pip", **fields: object) -> Install:
        for name in ("requirements", "editable", "files", "constraints", "unknown", "scripts"):
            if name in fields:
                fields[name] = _text(fields[name])
        options = fields.pop("options", InstallOptions())
        plain: dict[str, object] = {
            "action": "install",
            "requirements": (),
            "editable": (),
            "files": (),
            "constraints": (),
            "groups": (),
            "extras": (),
            "without_groups": (),
            "only_groups": (),
            "all_groups": False,
            "all_extras": False,
            "default_groups": True,
            "install_project": True,
            "frozen": False,
            "packages": (),
            "python": None,
            "system": False,
            "environment": {},
            "directory": "/app",
            "mounts": (),
            "secret": False,
            "unknown": (),
            "conditional": False,
            "tolerated": False,
            "span": span(),
        }
        return Install(tool=tool, options=options, **{**plain, **fields})  # type: ignore[arg-type]

    return make


@pytest.fixture
def gathered(install: Callable[..., Install], environment: Callable[..., Environment]) -> Callable[..., Needs]:
    """What an install finds among files: the tool, the files, then the install's fields."""

    def gather_from(
        tool: str,
        contents: Mapping[str, bytes | str],
        *,
        python: str | None = "3.12.11",
        platform: str = "linux/amd64",
        pip: str = "25.0",
        not_known: frozenset[str] = frozenset(),
        extra_files: tuple[str, ...] = (),
        **fields: object,
    ) -> Needs:
        files = MemoryFiles(contents, not_known)
        asked = install(tool, **fields), files, environment(python, platform, pip=pip), extra_files
        found = gather(*asked)
        # Whatever is gathered comes back as it was from what is kept of it.
        memory = Memory()
        for _ in ("anew", "recalled"):
            kept = KeptNeeds(memory)
            again = kept.gather(*asked)
            kept.keep()
            locked = None if again.locked is None else tuple(again.locked)
            assert again._replace(locked=locked) == found
        assert memory.recalled == 1
        return found

    return gather_from


class Memory:
    """A cache; ``recalled`` counts what it answered."""

    def __init__(self) -> None:
        self.values: dict[str, bytes] = {}
        self.recalled = 0

    def recall_all(self, kind: str, keys: Iterable[str]) -> dict[str, bytes]:
        found = {key: self.values[key] for key in keys if key in self.values}
        self.recalled += len(found)
        return found

    def remember_all(self, kind: str, values: Mapping[str, bytes]) -> None:
        self.values.update(values)
