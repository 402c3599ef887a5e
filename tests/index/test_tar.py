"""Tar archives in pieces of any size."""

import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.index.tar import Damaged, Member, Reader

FILES = {"a": b"x" * 10, "folder/" + "long" * 40: b"y" * 1500, "empty": b"", "b": b"z"}


def archive(form: int = tarfile.PAX_FORMAT) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as written:
        for name, content in FILES.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            written.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "t" * 150
        written.addfile(link)
    return out.getvalue()


def read(data: bytes, size: int, largest: int = 10_000_000) -> tuple[list[Member], dict[str, bytes]]:
    members: list[Member] = []
    kept: dict[str, bytes] = {}

    def take(member: Member) -> int:
        members.append(member)
        return min(member.size, 1000)

    reader = Reader(take, lambda member, content: kept.update({member.name: content}), largest=largest)
    for start in range(0, len(data), size):
        reader.feed(data[start : start + size])
    reader.close()
    return members, kept


@pytest.mark.parametrize("form", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("size", [1, 511, 512, 513, 1 << 20])
def test_members_and_contents(form: int, size: int) -> None:
    members, kept = read(archive(form), size)
    assert [(member.name, member.size) for member in members[:-1]] == [(name, len(FILES[name])) for name in FILES]
    assert members[-1] == Member("link", "link", 0, "t" * 150)
    assert kept == {name: content[:1000] for name, content in FILES.items() if content}


@pytest.mark.parametrize("cut", [700, 3100])
def test_an_archive_that_ends_too_early(cut: int) -> None:
    with pytest.raises(Damaged, match="too early"):
        read(archive()[: cut // 512 * 512 + 3], 100)


def test_what_is_too_large() -> None:
    with pytest.raises(Damaged, match="unpacks to more"):
        read(archive(), 512, largest=1000)


def test_nothing_but_zeros_is_an_empty_archive() -> None:
    assert read(bytes(10240), 512) == ([], {})


@given(st.binary(max_size=3000), st.integers(1, 600))
@settings(max_examples=60, deadline=None)
def test_any_bytes(data: bytes, size: int) -> None:
    try:
        read(data, size)
    except Damaged:
        return


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_archives(data: st.DataObject) -> None:
    good = bytearray(archive())
    good[data.draw(st.integers(0, len(good) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        read(bytes(good), 4096)
    except Damaged:
        return
