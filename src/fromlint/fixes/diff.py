"""What would change, as a unified diff."""

from __future__ import annotations

from collections.abc import Iterator, Mapping


def unified(changes: Mapping[str, tuple[bytes, bytes]]) -> str:
    """The diff of files by the path to show, each with its content before and after."""
    return "".join("".join(_of(path, *changes[path])) for path in sorted(changes))


def _of(path: str, before: bytes, after: bytes) -> Iterator[str]:
    import difflib

    for line in difflib.unified_diff(_lines(before), _lines(after), fromfile=path, tofile=path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(content: bytes) -> list[str]:
    parts = content.decode("utf-8", "replace").split("\n")
    return [f"{part}\n" for part in parts[:-1]] + ([parts[-1]] if parts[-1] else [])
