"""A Pipfile.lock, which is JSON."""

from fuzz.project import gathered

WORDS = tuple(
    word.encode()
    for word in (
        "{", "}", "[", "]", ",", ":", "null", "true", "1e999", '"_meta": {', '"default": {', '"develop": {', '"version": "==1.0"', '"hashes": [',
        '"markers": "python_version < \'3\'"', '"extras": ["a"]', '"git": "https://x"', '"path": "."', '"file": "x.whl"', '"index": "pypi"',
        '"sources": [', '"pipfile-spec": 6', '"requires": {"python_version": "3.12"}', '"\\ud800"', '"editable": true', '"ref": "a"',
    )
)  # fmt: skip
SHARE = 1.5


def read(data: bytes) -> None:
    gathered("pipenv", "Pipfile.lock", data)
