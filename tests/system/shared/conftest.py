"""ELF files and wheels that are made up."""

import io
import zipfile
from collections.abc import Callable, Mapping

import pytest

from elf_files import library


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """A wheel of the files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
        archive.writestr("demo-1.0.dist-info/METADATA", "Name: demo\n")
    return out.getvalue()


@pytest.fixture
def elf() -> Callable[..., bytes]:
    return library


@pytest.fixture
def wheel() -> Callable[[Mapping[str, bytes | str]], bytes]:
    return zipped
