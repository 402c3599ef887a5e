import contextlib
import io
import tarfile
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.index import archives, sdist_metadata
from fromlint.index.archives import TarScan, Unreadable
from index_server import sdist, wheel
from patience import within_a_minute

WHEEL = wheel("demo", "1.0", requires=["other"]).content


def no_more(start, end):
    raise AssertionError("nothing further is read")


def metadata_of(content, tail_length=None):
    tail = content[-(tail_length or len(content)) :]
    read = (lambda start, end: content[start:end]) if tail_length else no_more
    found = archives.wheel_metadata(archives.members(tail, len(content), read))
    return None if found is None else archives.member(found, tail, len(content), read)


@pytest.mark.parametrize("tail_length", [None, 22, 60, 200, 400])
def test_metadata_from_tails_of_any_length(tail_length):
    assert b"Requires-Dist: other" in metadata_of(WHEEL, tail_length)


def test_a_stored_member_and_a_comment():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("demo-1.0.dist-info/METADATA", b"x")
        archive.comment = b"a comment"
    assert metadata_of(target.getvalue()) == b"x"


def test_a_nested_metadata_is_not_the_wheels():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("demo/vendor/demo-1.0.dist-info/METADATA", b"x")
    assert metadata_of(target.getvalue()) is None


def test_a_member_that_is_a_bomb():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("demo-1.0.dist-info/METADATA", bytes(50_000_000))
    with pytest.raises(Unreadable):
        metadata_of(target.getvalue())


def test_other_ways_of_packing():
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("demo-1.0.dist-info/METADATA", b"x" * 1000)
    with pytest.raises(Unreadable, match="unusual"):
        metadata_of(target.getvalue())


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_archives_are_unreadable_at_worst(data):
    content = bytearray(WHEEL)
    for _ in range(data.draw(st.integers(0, 5))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    content = bytes(content[data.draw(st.integers(0, 300)) :])
    tail_length = data.draw(st.integers(22, len(content)))
    with contextlib.suppress(Unreadable):
        metadata_of(content, tail_length)


@given(st.binary(max_size=3000), st.integers(1, 600))
def test_any_bytes_as_a_tar_stream(content, step):
    scan = TarScan(sdist_metadata.member, 100_000)
    for start in range(0, len(content), step):
        if scan.feed(content[start : start + step]):
            break


def scanned(content, step=1000, most=10_000_000):
    scan = TarScan(sdist_metadata.member, most)
    for start in range(0, len(content), step):
        if scan.feed(content[start : start + step]):
            return scan.found, start
    return scan.found, len(content)


def tar(members, format=tarfile.PAX_FORMAT):
    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w", format=format) as archive:
        for name, data in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return target.getvalue()


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT, tarfile.USTAR_FORMAT])
@pytest.mark.parametrize("step", [1, 100, 512, 5000])
def test_members_of_a_tar(format, step):
    long = "a" * 99 if format == tarfile.USTAR_FORMAT else "ä" * 200
    content = tar(
        {
            f"demo-1/{long}": b"x" * 1500,
            "demo-1/inner/PKG-INFO": b"not this",
            "demo-1/PKG-INFO": b"info",
            "demo-1/pyproject.toml": b"p" * 700,
            "demo-1/more": b"x" * 9000,
        },
        format,
    )
    found, at = scanned(content, step)
    assert found == {"PKG-INFO": b"info", "pyproject.toml": b"p" * 700}
    assert at > len(content) - 9000  # to the end: an .egg-info folder may come last


def test_a_link_is_not_followed():
    entry = tarfile.TarInfo("demo-1/PKG-INFO")
    entry.type = tarfile.SYMTYPE
    entry.linkname = "/etc/passwd"
    assert scanned(entry.tobuf() + tar({"demo-1/x": b""}))[0] == {}


def test_a_member_that_says_it_is_huge():
    entry = tarfile.TarInfo("demo-1/PKG-INFO")
    entry.size = 10**15
    with within_a_minute():
        found, at = scanned(entry.tobuf(tarfile.GNU_FORMAT) + bytes(3_000_000), most=1_000_000)
    assert found == {}
    assert at < 1_100_000


@pytest.mark.parametrize("ending", [".tar.gz", ".tar.bz2"])
def test_unpackers(ending):
    content = sdist("demo", "1.0", ending=ending, files={"big": bytes(3_000_000)}).content
    unpack = archives.unpacker("demo-1.0" + ending)
    scan = TarScan(sdist_metadata.member, 10_000_000)
    sizes = [
        (len(part), scan.feed(part)) for at in range(0, len(content), 99) for part in unpack(content[at : at + 99])
    ]
    assert scan.found["PKG-INFO"].startswith(b"Metadata-Version")
    assert max(size for size, _ in sizes) <= 1 << 20


def test_kinds_that_are_not_read():
    assert archives.unpacker("demo-1.0.tar.xz") is None
