"""Archives as trees of texts, and the archives that are refused."""

import gzip
import hashlib
import io
import tarfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.system.sources import unpack as unpacking
from fromlint.system.sources.facts import Refused
from fromlint.system.sources.unpack import Tree, directives, unpack
from patience import within_a_minute

Pack = Callable[..., bytes]


def tar(*members: tuple[tarfile.TarInfo, bytes]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as archive:
        for info, content in members:
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return out.getvalue()


def link(name: str, target: str, kind: bytes = tarfile.SYMTYPE) -> tuple[tarfile.TarInfo, bytes]:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info, b""


def refusal(data: bytes, filename: str = "demo-1.0.tar.gz", **options: object) -> str:
    found = unpack(data, filename, **options)  # type: ignore[arg-type]
    assert isinstance(found, Refused), found
    return found.reason


@pytest.mark.parametrize("kind", [".tar.gz", ".tar.bz2", ".tar.xz", ".zip"])
def test_names_and_texts_without_the_top_folder(pack: Pack, kind: str) -> None:
    tree = unpack(
        pack({"setup.py": "x = 1", "src/a.c": "int a;\n#include <b.h>\n", "README": "hello"}, kind), f"d{kind}"
    )
    assert isinstance(tree, Tree)
    assert tree.names == {"setup.py", "src/a.c", "README"}
    assert tree.texts == {"setup.py": b"x = 1", "src/a.c": b"#include <b.h>"}


def test_long_names_of_pax_and_gnu() -> None:
    name = "demo/" + "/".join(["folder" * 5] * 8) + "/setup.py"
    for form in (tarfile.PAX_FORMAT, tarfile.GNU_FORMAT):
        out = io.BytesIO()
        with tarfile.open(fileobj=out, mode="w:gz", format=form) as archive:
            archive.addfile(tarfile.TarInfo(name))
        tree = unpack(out.getvalue(), "d.tar.gz")
        assert isinstance(tree, Tree)
        assert tree.names == {name.partition("/")[2]}


def test_tests_and_examples_are_named_but_not_kept(pack: Pack) -> None:
    tree = unpack(pack({"tests/setup.py": "x", "examples/a.c": "#include <x.h>"}), "d.tar.gz")
    assert isinstance(tree, Tree)
    assert len(tree.names) == 2
    assert not tree.texts


@pytest.mark.parametrize("name", ["/etc/passwd", "demo/../../x", "..", "C:\\x\\y", "\\x"])
def test_members_outside_of_the_folder(name: str) -> None:
    assert "outside" in refusal(tar((tarfile.TarInfo(name), b"x")))


@pytest.mark.parametrize(
    ("name", "target", "kind"),
    [
        ("demo/a", "/etc/passwd", tarfile.SYMTYPE),
        ("demo/a", "../../etc/passwd", tarfile.SYMTYPE),
        ("demo/a", "../x", tarfile.LNKTYPE),
    ],
)
def test_links_that_lead_outside(name: str, target: str, kind: bytes) -> None:
    assert "link" in refusal(tar(link(name, target, kind)))


def test_links_inside_are_not_followed() -> None:
    tree = unpack(tar(link("demo/src/setup.py", "../setup.py")), "d.tar.gz")
    assert isinstance(tree, Tree)
    assert tree.names == {"src/setup.py"}
    assert not tree.texts


def test_devices() -> None:
    info = tarfile.TarInfo("demo/null")
    info.type = tarfile.CHRTYPE
    assert "device" in refusal(tar((info, b"")))


def test_wrong_hash_comes_first(pack: Pack) -> None:
    data = pack({"setup.py": ""})
    assert isinstance(unpack(data, "d.tar.gz", sha256=hashlib.sha256(data).hexdigest()), Tree)
    assert "hash" in refusal(data, sha256="0" * 64)


def test_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_LARGEST_UNPACKED", 30_000_000)
    info = tarfile.TarInfo("demo/zeros")
    assert "unpacks to more than 30 MB" in refusal(tar((info, bytes(40_000_000))))
    empty = tarfile.TarInfo("demo/x")
    empty.size = 56_000 * 512
    assert "unpacks to more" in refusal(
        gzip.compress(empty.tobuf() + bytes(56_000 * 512) + empty.tobuf() + bytes(10**7), 1)
    )


def test_a_size_that_lies() -> None:
    info = tarfile.TarInfo("demo/x")
    info.size = 10**10
    assert "unpacks to more" in refusal(gzip.compress(info.tobuf()))
    info.size = 10**6
    assert "too early" in refusal(gzip.compress(info.tobuf()))


def test_a_million_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "_MOST_MEMBERS", 200)
    assert "200 members" in refusal(tar(*((tarfile.TarInfo(f"demo/{number}"), b"") for number in range(300))))


def test_too_slow(pack: Pack) -> None:
    assert "too long" in refusal(pack({"setup.py": ""}), seconds=-1.0)


def test_too_large(monkeypatch: pytest.MonkeyPatch, pack: Pack) -> None:
    monkeypatch.setattr(unpacking, "LARGEST", 10)
    assert "larger" in refusal(pack({"setup.py": ""}))


@pytest.mark.parametrize(
    "data", [b"", b"\x1f\x8b", b"PK\x05\x06", gzip.compress(b"no tar at all" * 100)], ids=lambda data: str(len(data))
)
def test_no_archive(data: bytes) -> None:
    refusal(data)
    refusal(data, "d.zip")
    assert "kind" in refusal(data, "d.rar")


def test_preprocessor_lines_without_comments() -> None:
    source = b"/* #include <a.h> */\n#  include <b.h> // x\n#if defined(A) && \\\n  defined(B)\nint x;\n#endif\n"
    assert directives(source) == b"#  include <b.h> // x\n#if defined(A) &&    defined(B)\n#endif"


@settings(max_examples=150, deadline=None)
@given(
    data=st.binary(max_size=3_000), kind=st.sampled_from([".tar.gz", ".tar.bz2", ".tar.xz", ".zip"]), wrap=st.booleans()
)
def test_hostile_bytes(data: bytes, kind: str, wrap: bool) -> None:
    found = unpack(gzip.compress(data) if wrap else data, f"demo{kind}")
    assert isinstance(found, Refused | Tree)


@settings(max_examples=150, deadline=None)
@given(changes=st.lists(st.tuples(st.integers(0, 5_000), st.integers(0, 255)), max_size=12))
def test_damaged_archives(changes: list[tuple[int, int]]) -> None:
    for kind in (".tar.gz", ".zip"):
        data = bytearray(_SAMPLES[kind])
        for place, value in changes:
            data[place % len(data)] = value
        with within_a_minute():
            assert isinstance(unpack(bytes(data), f"demo{kind}"), Refused | Tree)


def _samples() -> dict[str, bytes]:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("demo/setup.py", "from setuptools import setup\n" * 50)
    return {
        ".tar.gz": tar((tarfile.TarInfo("demo/setup.py"), b"x = 1\n" * 100), (tarfile.TarInfo("demo/a.c"), b"int a;")),
        ".zip": out.getvalue(),
    }


_SAMPLES = _samples()
