"""An index page in JSON (PEP 691), and what the cache keeps of it."""

from contextlib import suppress

from fromlint.index.packed import Releases
from fromlint.index.packing import pack, pack_entries
from fromlint.index.simple import NotAPage, entries, files

WORDS = tuple(
    word.encode()
    for word in (
        '{"files": [', '"filename": "a-1.0-py3-none-any.whl"', '"filename": "a-1.0.tar.gz"', '"url": "', '"hashes": {"sha256": "', '"yanked": true',
        '"yanked": "x"', '"requires-python": ">=3"', '"core-metadata": {"sha256": ""}', '"size": 1', '"upload-time": "2026-01-01T00:00:00Z"',
        "null", "{}", "[]", "1e999", "-1", "{", "}", "[", "]", ",", ":", '"\\ud800"', '"\\u0000"', "../", "file://", "javascript:", "\\n", "\\t",
    )
)  # fmt: skip
SHARE = 3.0


def read(data: bytes) -> None:
    with suppress(NotAPage):
        found = entries(data)
        listed = files(found, "https://index.example/simple/a/")
        packed = pack_entries(found, "a") or pack(listed, "a")
        releases = Releases(packed)
        for version in list(releases):
            assert releases[version]
