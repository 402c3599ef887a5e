"""How readers get at files without knowing where these come from."""

from __future__ import annotations

from fromlint.typed import Protocol


class FileMissing(Exception):
    """The file is surely not there: the build would fail too."""


class FileUnknown(Exception):
    """Whether the file is there, or what it holds, cannot be known (made during the build, outside the context)."""

    made = False
    """A command surely makes it."""


class FileUnreadable(Exception):
    """The file is there but cannot be taken in: a folder, too large, no permission."""


class Files(Protocol):
    """Files by path. In a stage these are image paths (``/app/requirements.txt``), in a folder ordinary ones."""

    def read(self, path: str) -> bytes:
        """The file's bytes. Raises FileMissing, FileUnknown or FileUnreadable, with a reason in plain words."""

    def exists(self, path: str) -> bool | None:
        """Whether there is such a file or folder; None where that cannot be known."""

    def names(self, folder: str) -> tuple[str, ...] | None:
        """The names in a folder, sorted; None where that cannot be known."""

    def shown(self, path: str) -> str:
        """The path to show to people for it: the file in the build context that it was copied from."""
