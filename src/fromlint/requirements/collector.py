"""What an install needs, while it is being gathered; and reading files so that every failure becomes an entry."""

import posixpath

from fromlint.model.files import FileMissing, Files, FileUnknown, FileUnreadable
from fromlint.model.place import Problem, Span, Unknown
from fromlint.model.requirement import FileOptions, Locked, Needs, Requirement
from fromlint.requirements import decoding
from fromlint.typed import TYPE_CHECKING

if TYPE_CHECKING:
    from fromlint.model.environment import Environment
    from fromlint.requirements.lock import LockReading

# No requirements file or lock that people keep comes near this.
LARGEST = 10_000_000
_MOST_FILES = 500


class Collector:
    """Collects the parts of ``Needs`` in the order in which the installer meets them."""

    def __init__(self, files: Files, directory: str | None) -> None:
        self.files = files
        self.directory = directory
        self.requirements: list[Requirement] = []
        self.constraints: list[Requirement] = []
        self.build_requirements: list[Requirement] = []
        self.locked: list[Locked] | None = None
        self.options = FileOptions()
        self.requires_python: str | None = None
        self.index_urls: dict[str, str] = {}
        self.missing: list[Problem] = []
        self.unreadable: list[Problem] = []
        self.bad: list[Problem] = []
        self.unknown: list[Unknown] = []
        self.index_unknown: str | None = None
        self.out_of_scope: list[Unknown] = []
        self.overrides: list[Requirement] = []
        self.configuration: dict[str, str] = {}
        self.constraints_unknown = False
        self.environment: Environment | None = None
        self.by_machine = False
        self._read: dict[str, None] = {}

    def path(self, written: str) -> str | None:
        """``written`` as a path of ``files``, from the working folder; None where that folder is not known."""
        if self.directory is None and not written.startswith("/"):
            return None
        return posixpath.normpath(posixpath.join(self.directory or "/", written))

    def shown(self, path: str) -> str:
        """The path to show to people."""
        return self.files.shown(path)

    def text(self, path: str | None, what: str, span: Span, *, any_encoding: bool = False) -> str | None:
        """The file's text, or None after an entry that says why there is none.

        ``what`` names the file to people; ``span`` is where it is asked for. ``any_encoding``: as requirements
        files may be written, else UTF-8.
        """
        if path is None:
            self.unknown.append(Unknown(what, "the working folder at this point is not known", span))
            return None
        if path not in self._read and len(self._read) >= _MOST_FILES:
            self.unknown.append(Unknown(what, f"more than {_MOST_FILES} files are included", span))
            return None
        try:
            data = self.files.read(path)
        except FileMissing as reason:
            self.missing.append(Problem(str(reason) or f"{what} is not there", span))
            return None
        except FileUnknown as reason:
            self.unknown.append(Unknown(what, str(reason) or "what it holds is not known", span))
            return None
        except FileUnreadable as reason:
            self.unreadable.append(Problem(str(reason) or f"{what} cannot be read", span))
            return None
        self._read[path] = None
        if len(data) > LARGEST:
            self.unreadable.append(Problem(f"larger than {LARGEST // 1_000_000} MB", start_of(self.shown(path))))
            return None
        try:
            return decoding.requirements_text(data) if any_encoding else decoding.utf8_text(data)
        except decoding.NotText as reason:
            self.unreadable.append(Problem(str(reason), start_of(self.shown(path))))
            return None

    def note_read(self, path: str) -> None:
        """Take note that a file was read by other means."""
        self._read[path] = None

    def state(self, stated: Requirement | Problem, *, constraint: bool = False) -> None:
        """Takes in a requirement or constraint, or what is wrong with it."""
        if isinstance(stated, Problem):
            self.bad.append(stated)
        elif constraint:
            self.constraints.append(stated)
        else:
            self.requirements.append(stated)

    def beside(self, folder: str | None = None) -> "Collector":
        """A collector for the same files, working in ``folder``, whose findings ``absorb`` takes over."""
        other = Collector(self.files, self.directory if folder is None else folder)
        other._read = self._read
        other.environment = self.environment
        return other

    def absorb(self, other: "Collector") -> None:
        """Takes over what another collector could not read, and not what it collected."""
        self.missing.extend(other.missing)
        self.unreadable.extend(other.unreadable)
        self.bad.extend(other.bad)
        self.unknown.extend(other.unknown)
        self.constraints_unknown = self.constraints_unknown or other.constraints_unknown

    def find(self, folder: str, name: str, *, levels: int = 50) -> str | None:
        """The path of the file of that name in ``folder`` or the nearest folder above; None where there surely is
        none. One that may be there counts only in ``folder`` itself.
        """
        for level in range(levels):
            path = posixpath.join(folder, name)
            there = self.files.exists(path)
            if there or (there is None and level == 0):
                return path
            above = posixpath.dirname(folder)
            if above == folder:
                break
            folder = above
        return None

    def lock(self, reading: "LockReading") -> None:
        """Takes in what a lock decides. From then on a lock decides, even one that holds nothing."""
        if reading.unreadable is not None:
            self.unreadable.append(reading.unreadable)
            return
        self.locked = [*(self.locked or ()), *reading.locked]
        self.requires_python = self.requires_python or reading.requires_python
        self.bad.extend(reading.bad)
        self.unknown.extend(reading.unknown)

    def needs(self) -> Needs:
        """All that was collected."""
        return Needs(
            tuple(self.requirements),
            tuple(self.constraints),
            None if self.locked is None else tuple(self.locked),
            self.options,
            self.requires_python,
            tuple(self.build_requirements),
            self.index_urls,
            tuple(self._read),
            tuple(self.missing),
            tuple(self.unreadable),
            tuple(self.bad),
            tuple(self.unknown),
            self.index_unknown,
            tuple(self.out_of_scope),
            tuple(self.overrides),
            self.configuration,
            self.constraints_unknown,
            self._folders(),
            self.by_machine,
        )

    def _folders(self) -> tuple[str, ...]:
        stated = [(each.kind, each.reference) for each in self.requirements]
        stated += [(each.source, each.reference) for each in self.locked or ()]
        return tuple(place for kind, place in stated if place and kind in ("path", "editable"))


def start_of(file: str) -> Span:
    """The first character of a file: the place of what concerns all of it."""
    return Span(file, 1, 1, 1, 2)
