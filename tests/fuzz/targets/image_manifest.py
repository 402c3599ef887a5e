"""What a registry says of an image: lists, manifests, configurations; what was kept of one."""

from contextlib import suppress

from fromlint.index.refusal import Refused
from fromlint.inspection import contents, manifests

WORDS = tuple(
    word.encode()
    for word in (
        '{"manifests": [', '"layers": [', '"config": {', '"digest": "sha256:' + "a" * 64 + '"', '"size": 1', '"size": -1', '"platform": {', '"os": "linux"',
        '"architecture": "amd64"', '"variant": "v7"', '"mediaType": ', '"Env": ["PATH=/x"', '"WorkingDir": "/"', '"User": ""', "null", "[]", "{}", "1e999",
        '"\\ud800"', "true", "[", "]", "{", "}", ",", ":",
    )
)  # fmt: skip
SHARE = 1.5


def read(data: bytes) -> None:
    with suppress(Refused):
        listed = manifests.platforms(data)
        if listed is not None:
            manifests.chosen(listed, "linux/amd64")
    with suppress(Refused):
        manifests.manifest(data)
    with suppress(Refused):
        manifests.configuration(data)
    kept = contents.from_bytes(data)
    assert kept is None or contents.from_bytes(contents.to_bytes(kept)) == kept
