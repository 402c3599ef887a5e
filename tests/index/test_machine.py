import pytest

from fromlint.index.machine import Machine, machine, proxy_for


@pytest.fixture
def environ(tmp_path):
    return {"HOME": str(tmp_path), "XDG_CONFIG_DIRS": str(tmp_path / "xdg"), "PIP_CONFIG_FILE": "/dev/null"}


@pytest.mark.parametrize(
    ("variables", "url"),
    [
        ({}, None),
        ({"PIP_INDEX_URL": "https://a/simple"}, "https://a/simple"),
        ({"UV_INDEX_URL": "https://u/simple"}, "https://u/simple"),
        ({"UV_DEFAULT_INDEX": "corp=https://u/simple"}, "https://u/simple"),
        ({"UV_DEFAULT_INDEX": "https://d", "UV_INDEX_URL": "https://u"}, "https://d"),
        ({"PIP_INDEX_URL": "file:///opt/simple"}, None),
        ({"PIP_EXTRA_INDEX_URL": "https://a/simple", "PIP_FIND_LINKS": "/x"}, None),
    ],
)
def test_what_replaces_the_default_index(environ, variables, url):
    assert machine({**environ, **variables}).index_url == url


def test_pip_conf(environ, tmp_path):
    (tmp_path / ".config" / "pip").mkdir(parents=True)
    (tmp_path / ".config" / "pip" / "pip.conf").write_text(
        "[global]\nindex_url = https://a/simple\nproxy = p.example:3128\ncert = /c.pem\nextra-index-url = https://no\n"
        "[install]\nindex-url = https://b/simple\n"
    )
    found = machine({"HOME": str(tmp_path), "XDG_CONFIG_DIRS": "/nowhere"})
    assert found.index_url == "https://b/simple"
    assert found.proxies == {"http": "http://p.example:3128", "https": "http://p.example:3128"}
    assert found.certificates == "/c.pem"
    assert machine({**environ, "HOME": str(tmp_path)}).index_url is None


@pytest.mark.parametrize("text", ["[global\nx", "\udcff", "[global]\nindex-url\n", "a = b"])
def test_a_broken_pip_conf_says_nothing(tmp_path, text):
    path = tmp_path / "pip.conf"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    assert machine({"HOME": "/nowhere", "XDG_CONFIG_DIRS": "/nowhere", "PIP_CONFIG_FILE": str(path)}) == Machine(
        netrc="/nowhere/.netrc"
    ) or "cert" in str(machine({"PIP_CONFIG_FILE": str(path)}))


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ('index-url = "https://u/simple"', "https://u/simple"),
        ('[[index]]\nurl = "https://no"\n[[index]]\nurl = "https://d"\ndefault = true', "https://d"),
        ("index = 3", None),
        ("= broken", None),
    ],
)
def test_uv_toml(environ, tmp_path, text, url):
    path = tmp_path / "uv.toml"
    path.write_text(text)
    assert machine({**environ, "UV_CONFIG_FILE": str(path)}).index_url == url


@pytest.mark.parametrize("text", ["index-url = 'x", "x = " + "9" * 5_000, "x = " + "[" * 5_000, "\xff"])
def test_a_broken_uv_toml_says_nothing(environ, tmp_path, text):
    path = tmp_path / "uv.toml"
    path.write_text(text, encoding="latin-1")
    assert machine({**environ, "UV_CONFIG_FILE": str(path)}).index_url is None


def test_proxies(environ):
    found = machine(
        {**environ, "https_proxy": "http://p:1", "HTTP_PROXY": "http://q:2", "no_proxy": "a.b, .c.d,*.e,f:8080"}
    )
    assert proxy_for(found, "https", "x.y", 443) == "http://p:1"
    assert proxy_for(found, "http", "x.y", 80) == "http://q:2"
    for host, port in (("a.b", 443), ("x.a.b", 443), ("x.c.d", 443), ("x.e", 443), ("f", 8080), ("A.B", 443)):
        assert proxy_for(found, "https", host, port) is None
    for host, port in (("xa.b", 443), ("f", 443)):
        assert proxy_for(found, "https", host, port) == "http://p:1"
    assert proxy_for(found._replace(unproxied=("*",)), "https", "x.y", 443) is None


def test_a_cgi_program_takes_no_proxy_from_the_client(environ):
    assert machine({**environ, "HTTP_PROXY": "http://evil", "REQUEST_METHOD": "GET"}).proxies == {}


def test_certificates(environ):
    assert machine({**environ, "REQUESTS_CA_BUNDLE": "/r"}).certificates == "/r"
    assert machine({**environ, "REQUESTS_CA_BUNDLE": "/r", "PIP_CERT": "/p"}).certificates == "/p"
    assert machine({**environ, "PIP_CLIENT_CERT": "/k"}).client_certificate == "/k"
