"""An index page in HTML (PEP 503), a page of links, and what the cache keeps of it."""

from contextlib import suppress

from fromlint.index.packed import Releases
from fromlint.index.packing import pack
from fromlint.index.simple import NotAPage, read_html, read_links

WORDS = tuple(
    word.encode()
    for word in (
        "<a href='", "<a href=\"", "</a>", ">", "<", "/>", "<!--", "-->", "<!DOCTYPE html>", "<base href='", "<meta charset=", "<script>",
        "a-1.0-py3-none-any.whl", "a-1.0.tar.gz", "#sha256=", "data-requires-python='&gt;=3'", "data-yanked", "data-dist-info-metadata='true'",
        "&amp;", "&#0;", "&#x110000;", "&#99999999999;", "&", "<![CDATA[", "]]>", "<?", "../..", "//x/", "\n", "<html>", "<title>", "utf-16",
    )
)  # fmt: skip


def read(data: bytes) -> None:
    for charset in ("utf-8", "latin-1"):
        with suppress(NotAPage):
            Releases(pack(read_html(data, "https://index.example/simple/a/", charset), "a"))
    with suppress(NotAPage):
        read_links(data, "text/html", "https://index.example/links/")
