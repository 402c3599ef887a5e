import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from fromlint.index import DEFAULT_INDEX_URL, Times, describing, key
from fromlint.index import cache as caching
from fromlint.index.packing import pack
from fromlint.index.snapshot import Entry, write
from fromlint.model.index import File, Metadata
from index_server import HTML, JSON, Fault, IndexServer, sdist, wheel
from patience import within_a_minute

DEMO = wheel("demo", "1.0", requires=["other>=2", 'thing; extra == "x"'], extras=["x"], requires_python=">=3.9")

ALONE = {"PIP_CONFIG_FILE": os.devnull, "HOME": "/nowhere"}


def only(index, server, name="demo", **options):
    return index.pages([(server.url, name)], **options)[server.url, name]


@pytest.mark.parametrize("serves", ["json", "html"])
def test_a_page_has_all_that_the_index_says(index, serves):
    with IndexServer(serves=serves) as server:
        url = server.add("demo", DEMO, requires_python=">=3.9")
        server.add("demo", sdist("demo", "0.9"), yanked="broken", requires_python="<4,>=3.8")
        page = only(index(), server)
    new, old = page.files
    assert (new.filename, new.url, new.requires_python, new.yanked, new.metadata) == (
        "demo-1.0-py3-none-any.whl",
        url,
        ">=3.9",
        None,
        True,
    )
    assert new.hashes[0].startswith("sha256:")
    assert (old.filename, old.yanked, old.requires_python) == ("demo-0.9.tar.gz", "broken", "<4,>=3.8")
    assert (page.origin, page.exists, page.complete, page.failure) == ("index", True, True, None)
    if serves == "json":
        assert new.size == len(DEMO.content)
        assert new.uploaded == "2026-01-02T03:04:05Z"


def test_releases_are_the_files_by_version(index, server):
    server.add("demo", DEMO)
    server.add("demo", sdist("demo", "1.0"))
    server.add("demo", sdist("demo", "0.9"))
    page = only(index(), server)
    assert {version: [file.filename for file in files] for version, files in page.releases.items()} == {
        "1.0": ["demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz"],
        "0.9": ["demo-0.9.tar.gz"],
    }
    assert page.files == tuple(file for files in page.releases.values() for file in files)


def test_pages_of_a_round_are_asked_at_once(index, server):
    names = [f"demo{number}" for number in range(8)]
    for name in names:
        server.page(name)
    server.answer_only_together(8)
    pages = index(budget=120, times=Times(100, 100, 0.01)).pages([(server.url, name) for name in names])
    assert not any(page.failure for page in pages.values())


def test_connections_are_kept(index, server):
    for number in range(30):
        server.add(f"demo{number}", DEMO)
    asked = index()
    asked.pages([(server.url, f"demo{number}") for number in range(30)])
    assert asked.statistics.requests == 30
    assert asked.statistics.connections <= 8


def test_a_release_is_described_by_a_wheel_if_there_is_one():
    files = [File("demo-1.tar.gz", size=1), File("demo-1-a.whl", size=9), File("demo-1-b.whl", size=3)]
    assert describing(files).filename == "demo-1-b.whl"
    assert describing([*files, File("demo-1-c.whl", size=99, metadata=True)]).filename == "demo-1-c.whl"
    assert describing(files[:1]).filename == "demo-1.tar.gz"
    assert describing([]) is None


def test_the_cache_answers_without_asking(index, server):
    server.add("demo", DEMO)
    first = index()
    fresh = only(first, server)
    first.close()
    second = index()
    cached = only(second, server)
    assert server.count() == 1
    assert cached.origin == "cache"
    assert cached.files == fresh.files
    assert second.statistics.kept == 1


def test_an_old_answer_is_confirmed(index, server):
    server.add("demo", DEMO)
    only(index(), server)
    again = index()
    page = only(again, server, max_age=0)
    assert [seen.status for seen in server.seen] == [200, 304]
    assert page.origin == "index"
    assert page.files[0].filename == DEMO.filename
    assert again.statistics.unchanged == 1


def test_without_etag_the_page_is_fetched_again(index):
    with IndexServer(etags=False) as server:
        server.add("demo", DEMO)
        only(index(), server)
        server.add("demo", wheel("demo", "2.0"))
        assert len(only(index(), server, max_age=0).files) == 2


def test_the_server_says_how_long_its_answer_is_good(index, server, monkeypatch):
    server.cache_control = "max-age=1800, public"
    server.add("demo", DEMO)
    only(index(), server)
    now = time.time()
    monkeypatch.setattr("fromlint.index.asking.time", lambda: now + 1700)
    assert only(index(), server).origin == "cache"
    monkeypatch.setattr("fromlint.index.asking.time", lambda: now + 1900)
    assert only(index(), server).origin == "index"


@pytest.mark.parametrize(
    ("uploaded", "version", "origin"),
    [
        ("2020-01-01T00:00:00Z", "1.0", "cache"),
        (None, "1.0", "index"),
        ("2020-01-01T00:00:00Z", "1.1", "index"),
        ("now", "1.0", "index"),
    ],
)
def test_a_pinned_version_that_is_listed_needs_no_asking(index, server, monkeypatch, uploaded, version, origin):
    if uploaded == "now":
        uploaded = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    server.add("demo", DEMO, uploaded=uploaded)
    only(index(), server)
    later = time.time() + 7 * 86_400
    monkeypatch.setattr("fromlint.index.asking.time", lambda: later)
    assert only(index(), server, pinned={(server.url, "demo"): version}).origin == origin


def test_a_clock_set_back_makes_an_answer_old(index, server, monkeypatch):
    server.add("demo", DEMO)
    only(index(), server)
    earlier = time.time() - 86_400
    monkeypatch.setattr("fromlint.index.asking.time", lambda: earlier)
    assert only(index(), server).origin == "index"


def test_a_missing_project(index, server):
    page = only(index(), server)
    assert (page.exists, page.failure, page.files) == (False, None, ())
    assert only(index(), server).origin == "cache"
    assert server.count() == 1


@pytest.mark.parametrize("name", ["../../etc", "a b", "-x", "x/y", "ä", "", "a\x1b[31m"])
def test_what_is_no_name_is_not_asked(index, server, name):
    page = only(index(), server, name)
    assert page.failure
    assert page.failure.isprintable()
    assert server.count() == 0


def test_names_are_asked_as_indexes_spell_them(index, server):
    server.add("a-b-c", wheel("a-b-c", "1"))
    assert only(index(), server, "A_b.-C").files
    assert server.seen[0].path == "/simple/a-b-c/"


# --- faults ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        (Fault.hang(), "does not answer in time"),
        (Fault.drip(), "does not answer in time"),
        (Fault.drip_head(), "does not answer in time"),
        (Fault.truncate(), "breaks off"),
        (Fault.cut_chunks(), "breaks off"),
        (Fault.reset(), "breaks the connection off"),
        (Fault.nonsense(), "not HTTP"),
        (Fault.nonsense(b"HTTP/1.1 abc\r\n\r\n"), "not HTTP"),
        (Fault.nonsense(b"HTTP/1.1 200 OK\r\n" + b"A: b\r\n" * 1000 + b"\r\n"), "not HTTP"),
        (Fault.nonsense(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: zz\r\n\r\n"), "no index page"),
        (Fault.status(401), "asks for credentials (401)"),
        (Fault.status(403), "forbids it (403)"),
        (Fault.status(429), "asks for fewer requests (429)"),
        (Fault.status(429, retry_after=3600), "asks for fewer requests (429)"),
        (Fault.status(500), "status 500"),
        (Fault.status(418), "status 418"),
        (Fault.redirect("/simple/demo/"), "redirects again and again"),
        (Fault.redirect("file:///etc/passwd"), "no address"),
        (Fault.redirect("http://[::1"), "no address"),
        (Fault.redirect("gopher://x"), "no address"),
        (Fault.answer(b"{}", JSON), "no index page"),
        (Fault.answer(b'{"files": 1}', JSON), "no index page"),
        (Fault.answer(b'{"files": []', JSON), "cannot be read"),
        (Fault.answer(b"[" * 100_000, JSON), "cannot be read"),
        (Fault.answer(b"\xff\xfe\xff", JSON), "cannot be read"),
        (Fault.answer(b'{"meta":{"api-version":"2.0"},"files":[]}', JSON), "version 2"),
        (Fault.answer(b"<html><form>Please sign in</form></html>", "text/html"), "no index page"),
        (Fault.answer(b"<html><form>Please sign in</form></html>", JSON), "cannot be read"),
        (Fault.answer(b"hello", "text/plain"), "text/plain instead of an index page"),
        (Fault.answer(b"hello", "te\x1b[31mxt"), "instead of an index page"),
        (Fault.answer(b"", "image/png"), "image/png"),
        (Fault.answer(b"not gzip", JSON, {"Content-Encoding": "gzip"}), "cannot be decompressed"),
        (Fault.answer(b"x", JSON, {"Content-Encoding": "br"}), "was not asked for"),
    ],
)
def test_a_server_that_misbehaves(index, server, fault, words):
    server.add("demo", DEMO)
    server.fault("/simple/demo/", fault)
    silent = fault.kind in ("hang", "drip", "drip-head")
    page = only(index(times=Times(3, 0.3 if silent else 5, 0.01)), server)
    assert words in (page.failure or "")
    assert page.failure.isprintable()
    assert page.files == ()


@pytest.mark.parametrize(
    "fault", [Fault.status(503, 2), Fault.status(429, 1, retry_after=0), Fault.reset(2), Fault.truncate(1)]
)
def test_what_may_pass_is_tried_again(index, server, fault):
    server.add("demo", DEMO)
    server.fault("/simple/demo/", fault)
    assert only(index(), server).failure is None
    assert server.count("/simple/demo/") == 1 + fault.times


def test_a_server_is_not_asked_more_than_three_times(index, server):
    server.fault("/simple/demo/", Fault.status(503))
    only(index(), server)
    assert server.count() == 3


def test_retry_after_is_waited_for(index, server):
    server.add("demo", DEMO)
    server.fault("/simple/demo/", Fault.status(503, 1, retry_after=1))
    started = time.monotonic()
    assert only(index(), server).failure is None
    assert time.monotonic() - started >= 1


def test_the_budget_bounds_the_whole_run(index, server):
    server.fault("*", Fault.drip())
    asked = index(budget=0.6, times=Times(1, 30, 0.01))
    pages = asked.pages([(server.url, f"demo{number}") for number in range(20)])
    more = asked.pages([(server.url, f"more{number}") for number in range(20)])
    assert {page.failure for page in [*pages.values(), *more.values()]} == {"the time budget of 0.6 s is used up"}


def test_a_renewed_index_asks_again(index, server):
    server.add("demo", DEMO)
    server.fault("/simple/demo/", Fault.hang(1))
    asked = index(budget=3, times=Times(100, 100, 0.01))
    assert only(asked, server).failure
    asked.renew()
    assert only(asked, server).failure is None


def test_a_host_that_cannot_be_reached_is_tried_once(index, server):
    with IndexServer() as gone:
        url = gone.url
    asked = index()
    pages = asked.pages([(url, f"demo{number}") for number in range(50)])
    assert all("refuses the connection" in page.failure for page in pages.values())
    assert asked.statistics.connections <= 8


def test_one_bad_page_does_not_spoil_the_others(index, server):
    for name in ("a", "b", "c"):
        server.add(name, wheel(name, "1"))
    server.fault("/simple/b/", Fault.answer(b"nonsense", JSON))
    pages = index().pages([(server.url, name) for name in "abc"])
    assert [bool(page.files) for page in pages.values()] == [True, False, True]


@pytest.mark.parametrize("compressed", [False, True])
def test_an_endless_answer_is_not_taken(index, server, monkeypatch, compressed):
    monkeypatch.setattr("fromlint.index.fetching.LARGEST_PAGE", 5_000_000)
    if compressed:
        import gzip

        bomb = gzip.compress(b" " * 8_000_000)
        server.fault("*", Fault.answer(bomb, JSON, {"Content-Encoding": "gzip"}))
    else:
        server.fault("*", Fault.huge())
    page = only(index(), server)
    assert page.failure == f"the answer of 127.0.0.1:{server.port} is longer than 5 MB"


def test_a_declared_length_beyond_the_limit_is_not_read(index, server):
    server.fault("*", Fault.answer(b"x", JSON, {"Content-Length": "999999999"}))
    asked = index()
    assert "longer than 60 MB" in only(asked, server).failure
    assert asked.statistics.received == 0


def test_an_older_answer_stands_in(index, server):
    server.add("demo", DEMO)
    only(index(), server)
    server.fault("/simple/demo/", Fault.status(500))
    page = only(index(), server, max_age=0)
    assert (page.origin, page.failure) == ("cache", None)
    assert "status 500" in page.unreachable
    assert page.files[0].filename == DEMO.filename


def test_a_name_in_an_answer_cannot_be_a_path_or_an_escape(index, server):
    files = [
        {"filename": name, "url": "https://x/y", "hashes": {}}
        for name in ("../demo-1.0.tar.gz", "demo-1.0\x1b[31m.tar.gz", "demo-1.0.exe", "demo-1.0.tar.gz", 3, None)
    ]
    import json

    server.fault("*", Fault.answer(json.dumps({"files": files}).encode(), JSON))
    assert [file.filename for file in only(index(), server).files] == ["demo-1.0.tar.gz"]


# --- who is told what -------------------------------------------------------------------------------------------------


def test_credentials_of_the_url(index):
    with IndexServer(login=("user", "p:w@rd")) as server:
        url = server.add("demo", DEMO)
        assert "asks for credentials" in only(index(), server).failure
        asked = index()
        private = server.with_login("user", "p%3Aw%40rd")
        page = asked.pages([(private, "demo")])[private, "demo"]
        assert page.failure is None
        assert "p%3Aw" not in repr(page)
        assert asked.metadata(page.files)[url].known


def test_wrong_credentials(index):
    with IndexServer(login=("user", "word")) as server:
        private = server.with_login("user", "guess")
        page = index().pages([(private, "demo")])[private, "demo"]
        assert "does not accept the credentials" in page.failure
        assert "guess" not in page.failure


def test_credentials_of_netrc(index, tmp_path):
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login user password word\n")
    with IndexServer(login=("user", "word")) as server:
        server.add("demo", DEMO)
        assert only(index(), server).failure is None


def test_a_broken_netrc_is_as_none(index, tmp_path, server):
    (tmp_path / ".netrc").write_bytes(b"machine \xff login\n\x00 password")
    server.add("demo", DEMO)
    assert only(index(), server).failure is None


def test_credentials_of_the_keyring(index, monkeypatch):
    import types

    asked = []

    def get_credential(service, name):
        asked.append(service)
        return types.SimpleNamespace(username="user", password="word")

    monkeypatch.setitem(sys.modules, "keyring", types.SimpleNamespace(get_credential=get_credential))
    with IndexServer(login=("user", "word")) as server:
        server.add("demo", DEMO)
        assert only(index(), server).failure is None
    assert len(asked) == 1


def test_a_keyring_that_fails(index, monkeypatch):
    import types

    def get_credential(service, name):
        raise RuntimeError("no backend")

    monkeypatch.setitem(sys.modules, "keyring", types.SimpleNamespace(get_credential=get_credential))
    with IndexServer(login=("user", "word")) as server:
        assert "asks for credentials" in only(index(), server).failure


def test_credentials_are_never_sent_to_another_host(index):
    with IndexServer() as other, IndexServer(login=("user", "word")) as server:
        other.add("demo", DEMO)
        server.add("linked", DEMO, url=f"http://127.0.0.1:{other.port}{other._path(DEMO)}")
        server.fault("/simple/demo/", Fault.redirect(f"{other.url}/demo/"))
        private = server.with_login("user", "word")
        asked = index()
        pages = asked.pages([(private, "demo"), (private, "linked")])
        assert pages[private, "demo"].failure is None
        assert asked.metadata(pages[private, "linked"].files)
        assert other.count() >= 2
        assert not [seen for seen in other.seen if "authorization" in seen.headers]
        assert [seen for seen in server.seen if "authorization" in seen.headers]


def test_a_private_name_is_asked_only_where_it_belongs(index, server):
    with IndexServer() as other:
        other.add("demo", DEMO)
        page = index(environ={**ALONE, "PIP_INDEX_URL": other.url, "PIP_EXTRA_INDEX_URL": other.url}).pages(
            [(server.url, "demo")]
        )[server.url, "demo"]
        assert not page.exists
        assert other.count() == 0


def test_the_machine_replaces_the_default_index(index, server):
    server.add("demo", DEMO)
    page = index(environ={**ALONE, "PIP_INDEX_URL": server.url + "/"}).pages([(DEFAULT_INDEX_URL, "demo")])[
        DEFAULT_INDEX_URL, "demo"
    ]
    assert page.index_url == DEFAULT_INDEX_URL
    assert page.files[0].filename == DEMO.filename


def test_pip_conf_replaces_the_default_index(index, server, tmp_path):
    server.add("demo", DEMO)
    (tmp_path / "pip.conf").write_text(f"[global]\nindex-url = {server.url}\n")
    page = index(environ={"PIP_CONFIG_FILE": str(tmp_path / "pip.conf")}).pages([(DEFAULT_INDEX_URL, "demo")])
    assert page[DEFAULT_INDEX_URL, "demo"].files


def test_only_allowed_indexes_are_asked(index, server):
    with IndexServer() as other:
        server.add("demo", DEMO)
        server.add("linked", DEMO, url=other.add("demo", DEMO))
        asked = index(allowed=[f"http://127.0.0.1:{server.port}/simple"])
        pages = asked.pages([(server.url, "demo"), (other.url, "demo"), (server.url, "linked")])
        assert pages[server.url, "demo"].failure is None
        assert "do not allow" in pages[other.url, "demo"].failure
        # where an allowed index says that its files are, they may be read
        assert asked.metadata(pages[server.url, "linked"].files)[other.add("demo", DEMO)].known
        before = other.count()
        stranger = File("x-1-py3-none-any.whl", "http://127.0.0.2:9/x-1-py3-none-any.whl")
        assert "do not allow" in asked.metadata([stranger])[key(stranger)].failure
        assert "do not allow" in asked.read_range(stranger.url, 0, 10).failure
        assert other.count() == before


@pytest.mark.parametrize("url", ["file:///etc", "ftp://x/simple", "", "https://", "http://[", "http://x y/", "/simple"])
def test_what_is_no_index_is_not_asked(index, url):
    page = index().pages([(url, "demo")])[url, "demo"]
    assert page.failure
    assert page.failure.isprintable()


@pytest.mark.parametrize("host", ["169.254.169.254", "[fe80::1]", "[::ffff:169.254.169.254]", "2852039166"])
def test_link_local_addresses_are_not_asked(index, host):
    url = f"http://{host}/latest"
    assert "link-local" in index().pages([(url, "demo")])[url, "demo"].failure


def test_a_proxy(index, server):
    # the server answers whole URLs as a proxy would
    server.add("demo", DEMO)
    environ = {**ALONE, "http_proxy": f"http://me:pw@127.0.0.1:{server.port}", "no_proxy": "elsewhere.example"}
    url = "http://nowhere.example/simple"
    page = index(environ=environ).pages([(url, "demo")])[url, "demo"]
    assert page.files
    assert server.seen[0].headers["host"] == "nowhere.example"
    assert server.seen[0].headers["proxy-authorization"].startswith("Basic ")
    assert "authorization" not in server.seen[0].headers


def test_no_proxy(index, server):
    server.add("demo", DEMO)
    environ = {**ALONE, "http_proxy": "http://127.0.0.1:1", "no_proxy": "127.0.0.1"}
    assert index(environ=environ).pages([(server.url, "demo")])[server.url, "demo"].files


def test_a_proxy_that_does_not_let_through(index, server):
    environ = {**ALONE, "https_proxy": f"http://127.0.0.1:{server.port}"}
    url = "https://nowhere.example/simple"
    assert "the proxy does not let" in index(environ=environ).pages([(url, "demo")])[url, "demo"].failure


def test_a_certificate_that_is_not_trusted(index):
    certificate = str(Path(__file__).parent / "loopback.pem")
    with IndexServer(certificate=(certificate, certificate)) as server:
        server.add("demo", DEMO)
        assert "is not trusted" in only(index(), server).failure
        trusting = index(environ={**ALONE, "PIP_CERT": certificate}, cache_folder=None, use_cache=False)
        assert only(trusting, server).files


def test_no_certificates_where_they_should_be(index):
    certificate = str(Path(__file__).parent / "loopback.pem")
    with IndexServer(certificate=(certificate, certificate)) as server:
        page = only(index(environ={**ALONE, "REQUESTS_CA_BUNDLE": "/nowhere.pem"}), server)
        assert "certificates that this machine's configuration names" in page.failure


def test_plain_http_where_tls_is_spoken(index, server):
    url = server.url.replace("http:", "https:")
    assert "no secure connection" in index().pages([(url, "demo")])[url, "demo"].failure


def test_https_is_not_left(index, server):
    certificate = str(Path(__file__).parent / "loopback.pem")
    with IndexServer(certificate=(certificate, certificate)) as secure:
        secure.fault("*", Fault.redirect(f"{server.url}/demo/"))
        page = only(index(environ={**ALONE, "PIP_CERT": certificate}), secure)
    assert "from https to http" in page.failure
    assert server.count() == 0


# --- metadata ---------------------------------------------------------------------------------------------------------

WANTED = Metadata(("other>=2", 'thing; extra == "x"'), ("x",), ">=3.9")


def demo_metadata(asked, server, name="demo"):
    page = only(asked, server, name)
    return asked.metadata(page.files)[key(page.files[0])]


def test_metadata_beside_the_wheel(index, server):
    server.add("demo", DEMO)
    asked = index()
    assert demo_metadata(asked, server) == WANTED
    assert asked.statistics.archives == 0


def test_metadata_that_is_not_announced_is_tried(index, server):
    server.add("demo", DEMO, announced=False)
    asked = index()
    assert demo_metadata(asked, server) == WANTED
    assert asked.statistics.archives == 0


@pytest.mark.parametrize("ranges", ["all", "no-suffix", "none"])
@pytest.mark.parametrize("padding", [0, 300_000])
def test_metadata_out_of_the_wheel(index, ranges, padding):
    built = wheel("demo", "1.0", requires=WANTED.requires_dist, extras=["x"], requires_python=">=3.9", padding=padding)
    with IndexServer(ranges=ranges) as server:
        server.add("demo", built, beside=False)
        asked = index()
        assert demo_metadata(asked, server) == WANTED
        assert asked.statistics.archives == 1
        if padding and ranges == "all":
            assert asked.statistics.received < 60_000


def test_metadata_far_from_the_end_of_the_wheel(index, server):
    many = {f"demo/{number}.py": b"" for number in range(2000)}
    built = wheel("demo", "1.0", requires=["other"], files=many)
    server.add("demo", built, beside=False)
    assert demo_metadata(index(), server).requires_dist == ("other",)


def test_metadata_is_kept_for_ever(index, server):
    server.add("demo", DEMO)
    demo_metadata(index(), server)
    before = server.count()
    assert demo_metadata(index(), server) == WANTED
    assert server.count() == before


def test_a_large_wheel_without_ranges_is_not_fetched(index):
    with IndexServer(ranges="none") as server:
        server.add("demo", wheel("demo", "1.0", padding=6_000_000), beside=False)
        found = demo_metadata(index(), server)
    assert not found.known
    assert "longer than 5 MB" in found.failure


@pytest.mark.parametrize("ending", [".tar.gz", ".tar.bz2", ".zip"])
def test_static_dependencies_of_an_sdist(index, server, ending):
    server.add("demo", sdist("demo", "1.0", requires=["other>1"], requires_python=">=3.8", ending=ending))
    assert demo_metadata(index(), server) == Metadata(("other>1",), (), ">=3.8")


SETUP = b"from setuptools import setup\nsetup(name='demo', install_requires=['other'])\n"
ASKING = b"import sys\nrequires = ['other']\nif sys.version_info < (3,):\n    requires.append('enum34')\n"


@pytest.mark.parametrize(
    "options",
    [
        {"metadata_version": "1.1"},
        {"metadata_version": "1.1", "files": {"pyproject.toml": b"[project]\nname='demo'\ndynamic=['dependencies']"}},
        {"metadata_version": "1.1", "files": {"pyproject.toml": b"[build-system]\nrequires=[]"}},
        {"metadata_version": "1.1", "files": {"pyproject.toml": b"\xff = ["}},
        {"metadata_version": "1.1", "files": {"setup.py": SETUP}},
        {"metadata_version": "1.1", "files": {"setup.py": ASKING, "demo.egg-info/requires.txt": b"other"}},
        {"metadata_version": "1.1", "files": {"tests/data/demo.egg-info/requires.txt": b"other"}},
    ],
)
def test_dependencies_that_a_build_would_have_to_make(index, server, options):
    server.add("demo", sdist("demo", "1.0", requires_python=">=3.8", **options))
    found = demo_metadata(index(), server)
    assert not found.known
    assert "built" in found.failure
    assert found.requires_python == ">=3.8"


REQUIRES = b"""other>1

[:python_version < "3.8"]
typing-extensions

[x]
near>=2

[y:os_name == "nt"]
far
"""


@pytest.mark.parametrize("ending", [".tar.gz", ".zip"])
@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({"metadata_version": "2.1", "requires": ["other>1"]}, ("other>1",)),
        ({"metadata_version": "2.4", "requires": ["other>1"], "dynamic": ["Requires-Dist"]}, ("other>1",)),
        (
            {"files": {"setup.py": SETUP, "src/demo.egg-info/requires.txt": REQUIRES}},
            (
                "other>1",
                'typing-extensions ; python_version < "3.8"',
                'near>=2 ; extra == "x"',
                'far ; (os_name == "nt") and extra == "y"',
            ),
        ),
        ({"files": {"setup.py": SETUP, "demo.egg-info/SOURCES.txt": b"setup.py"}}, ()),
        ({"files": {"setup.py": b"from distutils.core import setup\nsetup(name='demo')\n"}}, ()),
    ],
)
def test_dependencies_that_were_worked_out_when_the_sdist_was_made(index, server, options, expected, ending):
    server.add("demo", sdist("demo", "1.0", ending=ending, **{"metadata_version": "1.1", **options}))
    assert demo_metadata(index(), server) == Metadata(expected, (), None)


def test_static_dependencies_in_pyproject(index, server):
    project = b"""
[project]
name = "demo"
dynamic = ["version"]
requires-python = ">=3.9"
dependencies = ["other>=2"]
[project.optional-dependencies]
x = ["thing; python_version < '3.12'", "far @ https://x/far-1.zip ; os_name == 'nt'", "near"]
"""
    server.add("demo", sdist("demo", "1.0", metadata_version="2.1", files={"pyproject.toml": project}))
    assert demo_metadata(index(), server) == Metadata(
        (
            "other>=2",
            "thing ; (python_version < '3.12') and extra == \"x\"",
            "far @ https://x/far-1.zip ; (os_name == 'nt') and extra == \"x\"",
            'near ; extra == "x"',
        ),
        ("x",),
        ">=3.9",
    )


def test_a_large_sdist_is_read_only_as_far_as_need_be(index, server):
    import hashlib

    noise = hashlib.shake_256(b"x").digest(3_000_000)
    server.add("demo", sdist("demo", "1.0", files={}))
    server.add("late", sdist("late", "1.0", files={"a": noise, "b": noise, "c": noise}))
    asked = index()
    assert demo_metadata(asked, server).known
    assert not demo_metadata(asked, server, "late").known
    assert asked.statistics.received < 6_000_000


@pytest.mark.parametrize(
    ("filename", "content"),
    [
        ("demo-1.0-py3-none-any.whl", b""),
        ("demo-1.0-py3-none-any.whl", b"PK\x05\x06" + b"\xff" * 18),
        ("demo-1.0-py3-none-any.whl", b"PK\x05\x06" + b"\x00" * 18),
        ("demo-1.0-py3-none-any.whl", DEMO.content[:-40] + b"\x00" * 40),
        ("demo-1.0-py3-none-any.whl", DEMO.content.replace(b"PK\x01\x02", b"PK\x01\x03")),
        ("demo-1.0-py3-none-any.whl", DEMO.content.replace(b"PK\x03\x04", b"PK\x03\x05")),
        ("demo-1.0.tar.gz", b"not gzip"),
        ("demo-1.0.tar.gz", sdist("demo", "1.0").content[:60]),
        ("demo-1.0.tar.bz2", b"BZh9nonsense"),
        ("demo-1.0.tar.xz", b"\xfd7zXZ"),
        ("demo-1.0.zip", b"PK"),
    ],
    # Archives bear the time they were made: as ids they would differ between the processes of one test run.
    ids=range(11),
)
def test_a_file_that_is_not_what_it_says(index, server, filename, content):
    from index_server import Built

    server.add("demo", Built(filename, content))
    found = demo_metadata(index(), server)
    assert not found.known
    assert found.failure.isprintable()


def test_a_file_without_address(index):
    file = File("demo-1.0-py3-none-any.whl")
    found = index().metadata([file])[key(file)]
    assert (found.known, found.failure) == (False, "its address is not known")


def test_a_bomb_of_an_sdist(index, server):
    import gzip

    from index_server import Built

    server.add("demo", Built("demo-1.0.tar.gz", gzip.compress(b"\x00" * 512 + b"x" * 62_000_000, 1)))
    server.add("more", Built("more-1.0.tar.gz", gzip.compress(sdist_of_many(), 1)))
    asked = index(budget=120)
    with within_a_minute():
        assert not demo_metadata(asked, server).known
        assert not demo_metadata(asked, server, "more").known


def sdist_of_many():
    import io
    import tarfile

    target = io.BytesIO()
    with tarfile.open(fileobj=target, mode="w") as tar:
        entry = tarfile.TarInfo("demo-1.0/a")
        tar.addfile(entry)
    return target.getvalue()[:512] * 125_000


# --- parts of archives ------------------------------------------------------------------------------------------------


def test_ranges(index, server):
    url = server.add("demo", DEMO)
    asked = index()
    size = len(DEMO.content)
    first, last, beyond = asked.read_ranges([(url, 0, 10), (url, -10, 0), (url, size + 5, size + 9)])
    assert (first.data, first.total) == (DEMO.content[:10], size)
    assert (last.data, last.total) == (DEMO.content[-10:], size)
    assert beyond.failure
    assert asked.fetch_archive(url).data == DEMO.content
    assert "longer than" in asked.fetch_archive(url, limit=10).failure
    assert asked.read_range(url, 0, 10**12).failure


def test_a_server_that_gives_another_range(index, server):
    url = server.add("demo", DEMO)
    path = url.partition(str(server.port))[2]
    server.fault(path, Fault("answer", None, 206, {"Content-Range": "bytes 5-9/100"}, b"123"))
    assert "another part" in index().read_range(url, 0, 5).failure


# --- find-links -------------------------------------------------------------------------------------------------------


def test_find_links(index, server):
    page = b'<a href="x/demo-1.0.tar.gz">a</a><A HREF=other-2.0-py3-none-any.whl>b</A><a href="readme.txt">c</a>'
    server.fault("/wheels/", Fault.answer(page, "text/html"))
    url = f"http://127.0.0.1:{server.port}/wheels/"
    files = index().find_links([url])[url].files
    assert [file.url for file in files] == [f"{url}x/demo-1.0.tar.gz", f"{url}other-2.0-py3-none-any.whl"]


def test_a_local_find_links_is_not_read(index, tmp_path):
    url = f"file://{tmp_path}"
    assert "local folder" in index().find_links([url])[url].failure


# --- offline ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def snapshot(tmp_path):
    path = str(tmp_path / "snapshot.bin")
    files = [File("demo-1.0-py3-none-any.whl", requires_python=">=3.9"), File("demo-1.0.tar.gz")]
    entry = Entry("2026-11-01", False, frozenset({"0.9"}), pack(files, "demo", details=False), {"1.0": WANTED})
    write(path, {"demo": entry})
    return path


def test_offline_the_snapshot_answers(index, snapshot):
    asked = index(offline=True, snapshot=snapshot)
    page = asked.pages([(DEFAULT_INDEX_URL, "demo")])[DEFAULT_INDEX_URL, "demo"]
    assert (page.origin, page.date, page.complete, page.unreachable) == ("snapshot", "2026-11-01", False, None)
    assert [file.filename for file in page.releases["1.0"]] == ["demo-1.0-py3-none-any.whl", "demo-1.0.tar.gz"]
    assert page.partial == {"0.9"}
    assert asked.metadata(page.files[:1]) == {"demo-1.0-py3-none-any.whl": WANTED}
    assert asked.statistics.requests == 0


def test_offline_the_cache_goes_first(index, server, snapshot):
    server.add("demo", DEMO)
    environ = {**ALONE, "PIP_INDEX_URL": server.url}
    index(environ=environ).pages([(DEFAULT_INDEX_URL, "demo")])
    page = index(offline=True, snapshot=snapshot).pages([(DEFAULT_INDEX_URL, "demo")])[DEFAULT_INDEX_URL, "demo"]
    assert (page.origin, page.complete) == ("cache", True)


def test_offline_what_is_not_known_is_said(index, server, snapshot):
    pages = index(offline=True, snapshot=snapshot).pages([(DEFAULT_INDEX_URL, "none"), (server.url, "demo")])
    assert all("offline" in page.failure for page in pages.values())
    assert server.count() == 0


def test_offline_what_would_have_been_asked_is_known(index, server, snapshot):
    url = server.add("demo", DEMO)
    fresh = index(environ={**ALONE, "PIP_INDEX_URL": server.url})
    page = fresh.pages([(DEFAULT_INDEX_URL, "demo")])[DEFAULT_INDEX_URL, "demo"]
    assert fresh.unasked == set()
    offline = index(offline=True, snapshot=snapshot)
    offline.pages([(DEFAULT_INDEX_URL, "demo")])
    assert offline.unasked == set()  # the cache's page is as good as a new one
    offline.pages([(DEFAULT_INDEX_URL, "none")])
    offline.metadata(page.files)
    assert offline.unasked == {f"{DEFAULT_INDEX_URL}/none", url}


def test_offline_a_page_that_has_aged_would_have_been_asked(index, server, snapshot, monkeypatch):
    server.add("demo", DEMO)
    index().pages([(server.url, "demo")])
    monkeypatch.setattr("fromlint.index.asking.time", lambda: time.time() + 100_000)
    offline = index(offline=True, snapshot=snapshot)
    assert only(offline, server).origin == "cache"
    assert offline.unasked == {f"{server.url}/demo"}


def test_the_snapshot_stands_in_for_an_index_that_is_down(index, server, snapshot):
    server.fault("*", Fault.status(500))
    asked = index(environ={**ALONE, "PIP_INDEX_URL": server.url}, snapshot=snapshot)
    page = asked.pages([(DEFAULT_INDEX_URL, "demo")])[DEFAULT_INDEX_URL, "demo"]
    assert page.origin == "snapshot"
    assert "status 500" in page.unreachable


def test_offline_opens_no_socket_and_imports_no_network(tmp_path):
    code = (
        "import sys; from fromlint.index import Index, DEFAULT_INDEX_URL\n"
        f"index = Index(offline=True, cache_folder={str(tmp_path)!r})\n"
        "index.pages([(DEFAULT_INDEX_URL, 'numpy'), ('https://x.example/simple', 'y')])\n"
        "print([name for name in ('ssl', 'http', 'socket', 'urllib.request', 'platformdirs') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_warm_run_imports_no_network(index, server, tmp_path):
    server.add("demo", DEMO)
    demo_metadata(index(), server)
    code = (
        "import sys; from fromlint.index import Index\n"
        f"index = Index(cache_folder={str(tmp_path / 'cache')!r})\n"
        f"page = index.pages([({server.url!r}, 'demo')])[{server.url!r}, 'demo']\n"
        "assert page.origin == 'cache' and next(iter(index.metadata(page.files).values())).known\n"
        "print([name for name in ('ssl', 'http', 'socket', 'urllib.parse', 'json') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_an_interrupt_leaves_at_once(server, tmp_path):
    server.fault("*", Fault.hang())
    code = (
        "import signal, sys; from fromlint.index import Index, Times\n"
        # A shell starts what it runs in the background with Ctrl-C switched off.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        f"index = Index(cache_folder={str(tmp_path)!r}, budget=3600, times=Times(3600, 3600, 1))\n"
        "print('go', flush=True)\n"
        f"index.pages([({server.url!r}, f'demo{{n}}') for n in range(20)])"
    )
    started = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    started.stdout.readline()
    until = time.monotonic() + 60
    while not server.count() and time.monotonic() < until:
        time.sleep(0.02)
    started.send_signal(signal.SIGINT)
    _, errors = started.communicate(timeout=20)
    assert b"KeyboardInterrupt" in errors


def test_nothing_is_left_running(index, server):
    server.fault("*", Fault.hang())
    only(index(budget=0.2, times=Times(1, 30, 0.01)), server)
    until = time.monotonic() + 60
    while time.monotonic() < until and any(thread.name == "fromlint-index" for thread in threading.enumerate()):
        time.sleep(0.01)
    assert not [thread for thread in threading.enumerate() if thread.name == "fromlint-index"]


def test_other_rooms_remember(index):
    one = index()
    one.remember("lock", "abc", b"parsed")
    one.remember_all("lock", {"d": b"1", "e": b"2"})
    one.close()
    two = index(offline=True)
    assert two.recall("lock", "abc") == b"parsed"
    assert two.recall("lock", "none") is None
    assert two.recall("sdist", "abc") is None
    assert two.recall_all("lock", ["d", "e", "f"]) == {"d": b"1", "e": b"2"}


def test_without_a_cache(index, server):
    server.add("demo", DEMO)
    asked = index(use_cache=False)
    assert only(asked, server).files
    asked.remember("a", "b", b"c")
    assert asked.recall("a", "b") is None
    assert asked.notes == ()


def test_a_cached_page_that_is_damaged_is_asked_again(index, server, tmp_path):
    import sqlite3

    server.add("demo", DEMO)
    index_one = index()
    only(index_one, server)
    index_one.close()
    with sqlite3.connect(os.path.join(tmp_path, "cache", caching.NAME)) as database:
        database.execute("UPDATE page SET files = x'00ff'")
    database.close()
    page = only(index(), server)
    assert (page.origin, len(page.files)) == ("index", 1)


def test_html_types(index, server):
    server.fault("*", Fault.answer(b'<a href="demo-1.0.tar.gz">x</a>', HTML + "; charset=latin-1"))
    assert only(index(), server).files[0].filename == "demo-1.0.tar.gz"
