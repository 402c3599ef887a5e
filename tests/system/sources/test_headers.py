"""The data on headers, pkg-config names, libraries and commands."""

import zlib
from pathlib import Path

import pytest

from fromlint.system import capabilities
from fromlint.system.sources import headers

DATA = Path(headers.__file__).parents[2] / "data" / "headers" / "debian.bin"


@pytest.mark.parametrize(
    ("kind", "name", "word"),
    [
        ("header", "zlib.h", "zlib"),
        ("header", "openssl/evp.h", "openssl"),
        ("header", "libxml/tree.h", "libxml2"),
        ("header", "sys/acl.h", "debian:libacl1-dev"),
        ("header", "mysql.h", "mysql-client"),
        ("header", "linux/netlink.h", "linux-headers"),
        ("header", "stdio.h", None),
        ("header", "sys/types.h", None),
        ("header", "Python.h", None),
        ("header", "vector", None),
        ("pkg-config", "libxml-2.0", "libxml2"),
        ("pkg-config", "fuse3", "debian:libfuse3-dev"),
        ("library", "ssl", "openssl"),
        ("library", "pthread", None),
        ("library", "asound", "alsa"),
        ("cmake", "zlib", "zlib"),
        ("program", "pg_config", "libpq"),
        ("program", "cmake", "cmake"),
        ("program", "nasm", "debian:nasm"),
        ("program", "unheard-of", None),
    ],
)
def test_what_gives_it(kind: str, name: str, word: str | None) -> None:
    assert headers.gives(kind, name) == word


def test_the_file_is_small_and_agrees_with_the_capabilities() -> None:
    packed = DATA.read_bytes()
    assert len(packed) < 300_000
    lines = [line.split("\t") for line in zlib.decompress(packed).decode().split("\n")]
    assert len(lines) > 3_000
    stated = {line[1] for line in lines if line[1]}
    assert len(stated) > 100
    assert all(capabilities.exists(word) for word in stated)
    assert all(field[0] in "hdplcm" and field[1] == " " for line in lines for field in line[2:])
