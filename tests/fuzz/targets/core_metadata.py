"""The METADATA of a wheel and the PKG-INFO of an sdist, and the kept form of both."""

from fromlint.index import core_metadata, sdist_metadata

WORDS = tuple(
    word.encode()
    for word in (
        "Metadata-Version: 2.2\n", "Name: a\n", "Version: 1\n", "Requires-Dist: ", "Provides-Extra: ", "Requires-Python: >=3\n", "Dynamic: ",
        "Requires-Dist: a>=1; extra == 'x'\n", "Requires-Dist: a @ https://x\n", "\n ", "\n\t", "\n\n", ":", ";", "[a,b]", "(>=1)", "Requires: b\n",
        "Requires-External: libpq\n", "Description: ", "\r\n", "1\n\n\n\n",
    )
)  # fmt: skip
SHARE = 3.0


def read(data: bytes) -> None:
    found = core_metadata.fields(data)
    if found is not None:
        core_metadata.metadata(found)
    core_metadata.of_project(data)
    sdist_metadata.metadata({"PKG-INFO": data}, whole=True)
    sdist_metadata.metadata({"PKG-INFO": data, "pyproject.toml": data}, whole=False)
    kept = core_metadata.from_bytes(data)
    assert kept is None or core_metadata.from_bytes(core_metadata.to_bytes(kept)) is not None
