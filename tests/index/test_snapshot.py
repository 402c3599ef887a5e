import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.index.core_metadata import unknown
from fromlint.index.packed import Releases
from fromlint.index.packing import pack
from fromlint.index.snapshot import Entry, Snapshot, write
from fromlint.model.index import File, Metadata

FILES = [
    File("demo_x-1.0-py3-none-any.whl", requires_python=">=3.9"),
    File("demo-x-1.0.tar.gz"),
    File("demo-x-0.9.zip"),
]
DEPENDS = Metadata(("other>=2",), ("x",), None)
ENTRY = Entry(
    "2026-11-01", True, frozenset({"0.9"}), pack(FILES, "demo-x", details=False), {"1.0": DEPENDS, "0.9": DEPENDS}
)


@pytest.fixture
def path(tmp_path):
    path = str(tmp_path / "snapshot.bin")
    none = Entry("2026-11-02", False, frozenset(), pack([], "none", details=False), {"1": unknown("x")})
    write(path, {"demo-x": ENTRY, "none": none})
    return path


def test_what_is_written_is_found(path):
    snapshot = Snapshot(path)
    assert snapshot.names() == ("demo-x", "none")
    assert snapshot.get("demo-x") == ENTRY
    assert [file.filename for file in Releases(snapshot.get("demo-x").files)["1.0"]] == [
        "demo_x-1.0-py3-none-any.whl",
        "demo-x-1.0.tar.gz",
    ]
    assert snapshot.get("none").metadata["1"].failure == "x"
    assert snapshot.get("other") is None
    assert snapshot.note is None


@pytest.mark.parametrize(
    ("filename", "answer"),
    [
        ("demo_x-1.0-cp312-cp312-win_amd64.whl", DEPENDS),
        ("demo-x-0.9.zip", DEPENDS),
        ("demo.x-0.9.zip", DEPENDS),
        ("demo_x-2.0-py3-none-any.whl", None),
        ("other-1.0-py3-none-any.whl", None),
        ("other-1.0.tar.gz", None),
        ("", None),
    ],
)
def test_metadata_by_file_name(path, filename, answer):
    assert Snapshot(path).metadata(filename) == answer


def test_a_missing_snapshot_has_nothing(tmp_path):
    snapshot = Snapshot(str(tmp_path / "none"))
    assert snapshot.get("demo-x") is None
    assert "cannot be read" in snapshot.note


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damage_never_raises(data):
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "snapshot.bin")
        write(path, {"demo-x": ENTRY})
        with open(path, "rb") as file:
            sound = bytearray(file.read())
        for _ in range(data.draw(st.integers(1, 4))):
            sound[data.draw(st.integers(0, len(sound) - 1))] = data.draw(st.integers(0, 255))
        with open(path, "wb") as file:
            file.write(sound[: data.draw(st.integers(0, len(sound)))])
        snapshot = Snapshot(path)
        snapshot.get("demo-x")
        snapshot.metadata("demo-x-1.0.tar.gz")


def test_the_one_that_is_shipped_serves_the_demo():
    snapshot = Snapshot()
    for name, version in (("numpy", "2.1.3"), ("torch", "2.5.1"), ("psycopg2", "2.9.10"), ("lightgbm", "4.5.0")):
        entry = snapshot.get(name)
        releases = Releases(entry.files)
        assert releases[version]
        assert entry.metadata[version].known
        assert entry.date >= "2026-11-22"
    musl = [file.filename for file in Releases(snapshot.get("numpy").files)["2.1.3"] if "musllinux" in file.filename]
    assert "numpy-2.1.3-cp312-cp312-musllinux_1_1_x86_64.whl" in musl
