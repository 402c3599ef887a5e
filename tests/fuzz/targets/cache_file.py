"""The cache's file as SQLite finds it, through the index that asks it."""

from fromlint.index import Index
from fromlint.index.cache import NAME
from fromlint.model.index import File
from fuzz.scratch import scratch

WORDS = (
    b"\x00\x00\x00\x01",
    b"FRLT",
    b"SQLite format 3\x00",
    b"CREATE TABLE page",
    b"\xff" * 8,
    b"\x0d\x00\x00",
    b"\x0a",
)
SHARE = 0.3


def read(data: bytes) -> None:
    folder = scratch()
    (folder / NAME).write_bytes(data)
    with Index(offline=True, cache_folder=str(folder), snapshot=None, environ={}) as index:
        pages = index.pages([("https://index.example/simple", "demo")])
        for page in pages.values():
            for version in list(page.releases):
                assert isinstance(page.releases[version], tuple)
        index.metadata([File("demo-1.0.tar.gz", "https://index.example/demo-1.0.tar.gz")])
        index.recall("kind", "key")
        index.remember("kind", "key", b"value")
