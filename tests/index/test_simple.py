import contextlib
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fromlint.index import simple
from fromlint.index.simple import NotAPage, read_html, read_json
from patience import within_a_minute

URL = "https://x.example/simple/demo/"


def test_addresses_are_made_absolute():
    page = b"""<a href="../../files/demo-1.tar.gz#sha256=%s">x</a> <a href="/demo-2.tar.gz">x</a>
    <a href="demo-3.tar.gz">x</a> <a href="//y.example/demo-4.tar.gz">x</a> <a href="?a=/demo-5.tar.gz">x</a>
    <a href="http://z.example/a%%2Fdemo-6.tar.gz">""" % (b"a" * 64)
    assert [(file.filename, file.url, file.hashes) for file in read_html(page, URL)] == [
        ("demo-1.tar.gz", "https://x.example/files/demo-1.tar.gz", ("sha256:" + "a" * 64,)),
        ("demo-2.tar.gz", "https://x.example/demo-2.tar.gz", ()),
        ("demo-3.tar.gz", "https://x.example/simple/demo/demo-3.tar.gz", ()),
        ("demo-4.tar.gz", "https://y.example/demo-4.tar.gz", ()),
    ]


def test_the_base_of_a_page():
    page = b'<html><head><base href="https://b.example/c/"></head><a href="demo-1.tar.gz">x</a>'
    assert read_html(page, URL)[0].url == "https://b.example/c/demo-1.tar.gz"


@pytest.mark.parametrize("url", ["javascript:/demo-1.tar.gz", "file:///x/demo-1.tar.gz", "ftp://x/demo-1.tar.gz"])
def test_other_addresses_are_none(url):
    assert read_html(f'<a href="{url}">x</a>'.encode(), URL)[0].url is None
    assert read_json(json.dumps({"files": [{"filename": "demo-1.tar.gz", "url": url}]}).encode(), URL)[0].url is None


PLAIN = """<a href="https://x/demo-1.tar.gz#sha256=%s" data-requires-python="&gt;=3.8,&lt;4" data-yanked="bad &amp; old"
 data-dist-info-metadata="sha256=00">demo</a>""" % ("b" * 64)


@pytest.mark.parametrize(
    "page",
    [
        PLAIN.replace("\n", ""),
        PLAIN,
        PLAIN.replace("<a ", "<A ").replace("href", "HREF"),
        PLAIN.replace("&gt;", ">").replace("&lt;", "<"),
        PLAIN.replace('"', "'"),
        PLAIN.replace("\n", "").replace("<a ", '<a class="x" id=y hidden '),
        "<!-- <a href='demo-9.tar.gz'> -->" + PLAIN,
        "\ufeff" + PLAIN,
        PLAIN.replace("dist-info", "core"),
    ],
)
def test_every_way_to_write_an_anchor(page):
    (file,) = read_html(page.encode(), URL)
    assert file.filename == "demo-1.tar.gz"
    assert file.hashes == ("sha256:" + "b" * 64,)
    assert (file.requires_python, file.yanked, file.metadata) == (">=3.8,<4", "bad & old", True)


def test_yanked_without_a_reason():
    assert [file.yanked for file in read_html(b'<a href="demo-1.whl" data-yanked>x</a><a href="demo-2.whl">', URL)] == [
        "",
        None,
    ]
    page = {"files": [{"filename": "demo-1.whl", "yanked": yanked} for yanked in (True, False, "", "why", 3, None)]}
    assert [file.yanked for file in read_json(json.dumps(page).encode(), URL)] == ["", None, "", "why", "", None]


def test_a_page_in_another_encoding():
    page = '<a href="demo-1.tar.gz" data-yanked="für">x</a>'
    assert read_html(page.encode("latin-1"), URL, "iso-8859-1")[0].yanked == "für"
    assert read_html(page.encode("utf-16"), URL)[0].yanked == "für"
    assert read_html(page.encode("latin-1"), URL)[0].yanked == "f\ufffdr"
    assert read_html(page.encode(), URL, "no-such-charset")[0].yanked == "für"


def test_an_empty_page_that_says_what_it_is():
    assert read_html(b"<h1>Links for demo</h1>", URL) == []
    assert read_html(b'<meta name="pypi:repository-version" content="1.0">', URL) == []
    with pytest.raises(NotAPage):
        read_html(b"<h1>Welcome to Hotel Wifi</h1><a href='/login'>", URL)


def test_names_of_keys_that_changed():
    entries = [
        {"filename": "a-1.whl", "core-metadata": {"sha256": "0"}},
        {"filename": "a-2.whl", "dist-info-metadata": True},
        {"filename": "a-3.whl", "data-dist-info-metadata": {"sha256": "0"}},
        {"filename": "a-4.whl", "core-metadata": False, "dist-info-metadata": True},
        {"filename": "a-5.whl"},
    ]
    assert [file.metadata for file in read_json(json.dumps({"files": entries}).encode(), URL)] == [
        True,
        True,
        True,
        False,
        False,
    ]


@pytest.mark.parametrize("python", [">=3.8\x1b[31m", "x" * 1000, "\n", 3, None, [], "\u202e>=3"])
def test_a_requires_python_that_cannot_be(python):
    page = {"files": [{"filename": "a-1.whl", "requires-python": python}]}
    assert read_json(json.dumps(page).encode(), URL)[0].requires_python is None


JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just("a-1.whl"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["files", "filename", "url", "hashes", "sha256", "meta", "api-version", "yanked", "size"]),
            inner,
            max_size=5,
        )
    ),
    max_leaves=15,
)


@given(JUNK)
@settings(max_examples=80, deadline=None)
def test_any_json_is_a_page_or_none(value):
    for body in (json.dumps(value), json.dumps({"files": value}), json.dumps({"files": [value]})):
        try:
            files = read_json(body.encode(), URL)
        except NotAPage:
            continue
        assert all(isinstance(file.filename, str) for file in files)


@given(
    st.binary(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                b"<a",
                b" href=",
                b'"',
                b"'",
                b">",
                b"a-1.whl",
                b"<!--",
                b"-->",
                b"#sha256=",
                b" data-yanked",
                b"=",
                b"&#1;",
                b"</a>",
                b"\n",
                b"<base href=",
            ]
        ),
        max_size=30,
    ).map(b"".join)
)
@settings(max_examples=80, deadline=None)
def test_any_bytes_are_a_page_or_none(body):
    for reader in (read_json, read_html):
        try:
            files = reader(body, URL)
        except NotAPage:
            continue
        assert all(file.url is None or (file.url.isprintable() and file.url.startswith("http")) for file in files)


@pytest.mark.parametrize(
    "body",
    [
        b"<a " * 700_000,
        b'<a "' * 500_000,
        b"<a '" * 500_000,
        b'<a href="' * 200_000,
        b'<a "<a">' * 60_000,
        b'<a ">" ' * 90_000,
        b"<!--" * 500_000,
        b"<!" * 1_000_000,
        b"<a" + b" " * 2_000_000,
        b"<a href=" + b"a" * 2_000_000,
        b'<a href="x"' + b" b" * 1_000_000,
        b"<A HREF='x'" + b" b='c'" * 300_000 + b">",
        b'<a href="' + b"&amp;" * 400_000 + b'a-1.whl">',
        b"<base" * 400_000,
        b"&" * 2_000_000,
    ],
    ids=lambda body: body[:12].decode(),
)
def test_hostile_html_takes_linear_time(body):
    with within_a_minute(), contextlib.suppress(NotAPage):
        read_html(body, URL)


@pytest.mark.parametrize(
    "body",
    [b"[" * 4_000_000, b'{"a":' * 1_000_000, b"[" + b"[]," * 2_000_000, b"[" + b"1," * 4_000_000, b"9" * 4_000_000],
    ids=lambda body: body[:6].decode(),
)
def test_hostile_json_is_refused_soon(body):
    with within_a_minute(), pytest.raises(NotAPage):
        read_json(body, URL)


def test_unknown_kinds_of_answer():
    with pytest.raises(NotAPage, match="text/plain"):
        simple.read(b"", "text/plain", URL)
    assert simple.read_links(b"nothing", "text/html", URL) == []
    with pytest.raises(NotAPage):
        simple.read_links(b"{}", simple.JSON_TYPE, URL)
