"""Facts in the cache."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.system.sources import EDITION, Refused, Rust, SdistFacts, Use, from_bytes, to_bytes

FACTS = SdistFacts(
    "setuptools.build_meta",
    ("setuptools", "Cython"),
    "yes",
    ("c",),
    (Use("header", "zlib.h", True), Use("module", "imp", False)),
    Rust("1.70", True),
    ("a note",),
)


@pytest.mark.parametrize(
    "facts", [FACTS, FACTS._replace(rust=None), FACTS._replace(rust=Rust(None, False)), Refused("no")]
)
def test_there_and_back(facts: SdistFacts | Refused) -> None:
    assert from_bytes(to_bytes(facts)) == facts


def test_another_edition_is_read_again() -> None:
    value = json.loads(to_bytes(FACTS))
    value["edition"] = EDITION + 1
    assert from_bytes(json.dumps(value).encode()) is None


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("native", "perhaps"),
        ("uses", [["x", "y", True]]),
        ("uses", [["header"]]),
        ("requires", [1]),
        ("backend", None),
        ("rust", 1),
    ],
)
def test_what_was_tampered_with_is_nothing(key: str, value: object) -> None:
    content = json.loads(to_bytes(FACTS))
    content[key] = value
    assert from_bytes(json.dumps(content).encode()) is None
    del content[key]
    assert from_bytes(json.dumps(content).encode()) is None


@given(st.binary(max_size=200))
def test_hostile_bytes(data: bytes) -> None:
    assert from_bytes(data) is None
