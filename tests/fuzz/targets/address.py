"""The address of an index or a file, and whether the settings let it be asked."""

from contextlib import suppress

from fromlint.index.address import BadAddress, parse, permitted, without_credentials

WORDS = (
    b"https://",
    b"http://",
    b"file://",
    b"user:pass@",
    b"[::1]",
    b"127.0.0.1",
    b":443",
    b"/simple",
    b"/../",
    b"%2e%2e",
    b"?a=b",
    b"#c",
    b"\\",
    b"@",
    b"xn--",
    b"*",
    b"//",
)
SHARE = 3.0


def read(data: bytes) -> None:
    text = data.decode("utf-8", "surrogateescape")
    without_credentials(text)
    with suppress(BadAddress):
        found = parse(text)
        assert "@" not in found.place
        permitted(found, ("*.example", "https://x/simple/*"))
        # What was taken apart is the same address when it is put together.
        assert parse(found.url) == found._replace(login=None, password=None)
