import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.index.packed import Damaged, Packed, PackedPage, Releases
from fromlint.index.packing import pack
from fromlint.model.index import File, Page

DIGEST = "0123456789abcdef" * 4
HOST = "https://files.example/packages"


def at_digest(filename):
    return f"{HOST}/{DIGEST[:2]}/{DIGEST[2:4]}/{DIGEST[4:]}/{filename}"


FILES = [
    File("demo-1.0-py3-none-any.whl", at_digest("demo-1.0-py3-none-any.whl"), ">=3.9", None, ("sha256:" + DIGEST,), 12,
         True, "2026-01-02T03:04:05Z"),
    File("demo-1.0.tar.gz", "https://x/demo-1.0.tar.gz", None, "", ("sha256:" + DIGEST,), 0),
    File("demo-0.9-cp312-cp312-musllinux_1_2_x86_64.whl", None, ">=3.8", "why\nnot", (), 5_000_000_000),
    File("Demo-0.9.zip", "https://x/Demo-0.9.zip?token=1", None, None, ("md5:0", "sha512:1"), None),
    File("nonsense.whl", "https://x/a/nonsense.whl"),
    File("demo-0.9-py2-none-any.whl", at_digest("other.whl")),
    File("demo-0.8.tar.gz", f"{HOST}/ab/cd/{'XY' * 30}/demo-0.8.tar.gz", hashes=("sha256:" + "AB" * 32,)),
]  # fmt: skip


def by_version(files):
    groups = {}
    for file in files:
        version = (
            file.filename.split("-")[1].removesuffix(".tar.gz").removesuffix(".zip") if "-" in file.filename else ""
        )
        groups.setdefault(version, []).append(file)
    return {version: tuple(group) for version, group in groups.items()}


def test_what_is_packed_comes_back():
    assert dict(Releases(pack(FILES, "demo"))) == by_version(FILES)


def test_without_details_only_names_come_back():
    packed = pack(FILES, "demo", details=False)
    assert packed.details == b""
    bare = [File(file.filename, None, file.requires_python, file.yanked, (), None, file.metadata) for file in FILES]
    assert dict(Releases(packed)) == by_version(bare)


def test_an_empty_page():
    assert dict(Releases(pack([], "demo"))) == {}


def test_parts_of_a_second_are_dropped():
    for uploaded, kept in (
        ("2026-01-02T03:04:05.678901Z", "2026-01-02T03:04:05Z"),
        ("2026-01-02T03:04:05+01:00", "2026-01-02T02:04:05Z"),
        ("2026-01-02", "2026-01-02T00:00:00Z"),
        ("yesterday", None),
        ("0001-01-01T00:00:00+05:00", None),
    ):
        (files,) = Releases(pack([File("demo-1.tar.gz", uploaded=uploaded)], "demo")).values()
        assert files[0].uploaded == kept


TEXT = st.text("ab/:#%\t\n\x1e\u202e é.", max_size=12)
ANY_FILE = st.builds(
    File,
    st.builds("{}-{}{}".format, st.sampled_from(["demo", "De.mo"]), st.text("1.0a+", min_size=1, max_size=4),
              st.sampled_from(["-py3-none-any.whl", ".tar.gz", ".zip", "-1-cp3-abi3-any.whl"])),
    st.none() | TEXT | st.just(at_digest("demo-1.whl")),
    st.none() | st.text("<>=3.,9", min_size=1, max_size=6),
    st.none() | TEXT,
    st.lists(TEXT | st.just("sha256:" + DIGEST), max_size=2).map(tuple),
    st.none() | st.integers(0, 2**62),
    st.booleans(),
    st.none(),
)  # fmt: skip


@given(st.lists(ANY_FILE, max_size=12))
@settings(max_examples=60, deadline=None)
def test_any_files_come_back(files):
    releases = Releases(pack(files, "demo"))
    found = [file for group in releases.values() for file in group]
    assert sorted(map(repr, found)) == sorted(map(repr, files))
    assert not releases.damaged


@given(st.binary(max_size=200), st.binary(max_size=80))
def test_any_bytes_are_damaged_or_empty(table, details):
    with pytest.raises(Damaged):
        Releases(Packed(table, details))


@given(
    st.text('ab;,0123\n\t"{}-', max_size=120)
    | st.lists(st.text(";,0123456789-", max_size=14), max_size=3).map(
        lambda lines: "\n".join(["demo", ".tar.gz", "", "", "\t".join("abc"[: len(lines)]), "", *lines])
    ),
    st.binary(max_size=160),
)
@settings(max_examples=150, deadline=None)
def test_any_table_is_read_or_damaged(text, details):
    try:
        releases = Releases(Packed(zlib.compress(text.encode()), details))
    except Damaged:
        return
    for version in releases:
        assert isinstance(releases[version], tuple)


def table_of(*releases):
    lines = ("demo", ".tar.gz", "", "", "\t".join(map(str, range(1, len(releases) + 1))), "", *releases)
    return Packed(zlib.compress("\n".join(lines).encode()), b"")


def test_a_damaged_release_has_no_files():
    releases = Releases(table_of("0;1;0;0;0;0;0", "1;1;0;7;0;0;0", "2;1;0;0;0;0;0"))
    assert releases["1"] == (File("demo-1.tar.gz"),)
    assert not releases.damaged
    assert releases["2"] == ()
    assert releases.damaged


@pytest.mark.parametrize(
    "lines",
    [
        ["0;1;0;0;0;0"],  # a column less, as another version might have it
        ["0;1;0;0;0;0;0;0"],
        ["0;1;0;0;0;0;0", "1;1;0;0"],
        ["0;1;0;0;0;0;0", "1;1;0;7;0;0;0"],
        ["0;0;0;0;0;0;0"],
        ["a;b;c;d;e;f;g"],
    ],
)
def test_a_page_of_another_form_is_damaged_and_never_empty(lines):
    with pytest.raises(Damaged):
        Releases(table_of(*lines))


@pytest.mark.parametrize("table", [b"demo\n.zip\n\n\n1.0\n", b"demo\n.zip\n\n1.0\n\n0;1;0", b"\n\n\n\n\n{}"])
def test_content_without_releases_is_damage(table):
    with pytest.raises(Damaged):
        Releases(Packed(zlib.compress(table), b""))


@pytest.mark.parametrize(
    "change", [lambda details: details[:100], lambda details: details + b"x", lambda details: b"x"]
)
def test_details_of_another_length_are_damaged(change):
    packed = pack(FILES, "demo")
    with pytest.raises(Damaged):
        Releases(Packed(packed.table, change(packed.details)))


def test_a_bomb_is_damaged():
    with pytest.raises(Damaged):
        Releases(Packed(zlib.compress(b"\n" * 40_000_000), b""))


def test_a_packed_page_is_a_page():
    releases = Releases(pack(FILES, "demo"))
    page = PackedPage("demo", "https://x", (), "cache", "2026-01-01", releases=releases)
    assert isinstance(page, Page)
    assert page.files == tuple(file for group in by_version(FILES).values() for file in group)
    assert page._replace(origin="index").files == page.files
    assert releases.hosts() >= {"https://files.example", "https://x"}
