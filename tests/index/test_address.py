import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.index.address import BadAddress, parse, permitted, without_credentials


def test_parse():
    found = parse("https://us%40er:p%3Aw@Host.Example:8443/a b".replace(" ", "%20") + "?q=1#f")
    assert found.origin == ("https", "host.example", 8443)
    assert (found.login, found.password) == ("us@er", "p:w")
    assert found.target == "/a%20b?q=1"
    assert found.url == "https://host.example:8443/a%20b?q=1"


@pytest.mark.parametrize(
    "url",
    ["", "x", "file:///a", "https://", "http://a:b:c/", "http://[::1", "http://a b/", "http://a/\x1b", "http://a\\b/",
     "http://a:99999/", "javascript:1", "https://a\u202eb/\x00", "http://a,b/", "https://" + "a" * 5000],
)  # fmt: skip
def test_bad_addresses(url):
    with pytest.raises(BadAddress) as problem:
        parse(url)
    assert str(problem.value).isprintable()


@given(st.text(max_size=40) | st.text(max_size=30).map("https://".__add__))
def test_any_text(text):
    try:
        found = parse(text)
    except BadAddress:
        return
    assert found.url.isascii()
    assert found.url.isprintable()
    assert " " not in found.target


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        ("https://u:p@h/simple/", "https://h/simple/"),
        ("https://h/a@b", "https://h/a@b"),
        ("https://u:p@w@h/x", "https://h/x"),
        ("https://h", "https://h"),
        ("a@b", "a@b"),
    ],
)
def test_without_credentials(url, clean):
    assert without_credentials(url) == clean


@pytest.mark.parametrize(
    ("url", "patterns", "answer"),
    [
        ("https://pypi.corp.example/simple", None, True),
        ("https://pypi.corp.example/simple", [], False),
        ("https://pypi.corp.example/simple", ["*.corp.example"], True),
        ("https://pypi.corp.example/simple", ["https://pypi.corp.example/*"], True),
        ("https://pypi.corp.example/simple", ["https://pypi.corp.example"], True),
        ("https://pypi.corp.example/simple/", ["https://pypi.corp.example/simple"], True),
        ("https://pypi.corp.example/simple-evil", ["https://pypi.corp.example/simple"], False),
        ("http://pypi.corp.example/simple", ["https://pypi.corp.example/*"], False),
        ("https://evil.example/x.corp.example/simple", ["https://*.corp.example/simple"], False),
        ("https://pypi.corp.example.evil.example/", ["https://pypi.corp.example*/"], True),
        ("https://pypi.corp.example.evil.example/", ["pypi.corp.example"], False),
        ("https://pypi.corp.example@evil.example/", ["pypi.corp.example"], False),
        ("https://pypi.corp.example/team/../secret", ["https://pypi.corp.example/team/*"], False),
        ("https://pypi.corp.example/team/%2e%2e/secret", ["https://pypi.corp.example/team/*"], False),
        ("https://pypi.corp.example:8443/simple", ["pypi.corp.example:8443"], True),
        ("https://pypi.corp.example:8443/simple", ["pypi.corp.example:443"], False),
    ],
)
def test_permitted(url, patterns, answer):
    assert permitted(parse(url), None if patterns is None else tuple(patterns)) is answer
