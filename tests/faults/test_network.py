"""An index that is away, slow, or not what it says: said once, exit code by the rest, and right again the next time."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from index_server import HTML, JSON, Fault, IndexServer

ALPINE = "FROM python:3.12-alpine3.22\nRUN pip install demo\n"
LOGIN = b"<html><head><title>Free Wi-Fi</title></head><body><form action='/login'>Sign in <a href='/help'>help</a></form></body>"
CERTIFICATE = str(Path(__file__).parent.parent / "index" / "loopback.pem")

FAULTS = {
    "says nothing": Fault.hang(),
    "slow": Fault.drip(),
    "slow head": Fault.drip_head(),
    "cut off": Fault.truncate(),
    "cut off in chunks": Fault.cut_chunks(),
    "says it is longer": Fault.answer(b'{"files": []}', JSON, {"Content-Length": "100000"}),
    "says it is shorter": Fault.answer(b'{"files": [], "name": "demo"}', JSON, {"Content-Length": "13"}),
    "says it is of negative length": Fault.answer(b"{}", JSON, {"Content-Length": "-1"}),
    "no HTTP": Fault.nonsense(),
    "closes": Fault.reset(),
    "a captive portal": Fault.answer(LOGIN, "text/html; charset=utf-8"),
    "a captive portal as an index page": Fault.answer(LOGIN, HTML),
    "a captive portal elsewhere": Fault.redirect("http://127.0.0.1:9/login"),
    "out of order": Fault.status(503),
    "no gzip": Fault.answer(b"not gzip", JSON, {"Content-Encoding": "gzip"}),
    "a gigabyte": Fault.huge(),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_an_index_that_fails(fromlint, server, kind):
    fromlint.write("Dockerfile", ALPINE)
    fromlint.write("fromlint.toml", f'index-url = "{server.url}"\nindex-timeout = 4.0\n')
    healthy = server.next_fault
    server.fault("*", FAULTS[kind])
    began = time.monotonic()
    done = fromlint("check")
    # Many times the budget: the machine may be slow, and a hang would be for ever.
    assert time.monotonic() - began < 90
    assert done.code == 0
    assert done.out.count("FL906") == 1
    assert "demo" in done.out
    assert fromlint("check", "--strict").code == 1
    # What failed is not kept as an answer, neither for ten minutes nor as a result.
    server._faults.clear()
    again = fromlint("check")
    assert (again.code, "FL105" in again.out) == (1, True), again.out
    assert healthy("/simple/demo/") is None


def test_an_index_that_is_down(fromlint):
    with IndexServer() as gone:
        url = gone.url
    fromlint.write("Dockerfile", ALPINE)
    done = fromlint("check", "--index-url", url)
    assert (done.code, done.out.count("FL906")) == (0, 1)
    assert "refuses the connection" in done.out


def test_what_was_known_serves_while_the_index_is_down(fromlint, server):
    fromlint.write("Dockerfile", ALPINE)
    assert "FL105" in fromlint("check", "--index-url", server.url).out
    server.fault("*", Fault.status(503))
    # Eleven minutes later: the answer is no longer fresh.
    later = "import time\nnow = time.time\ntime.time = lambda: now() + 700"
    done = fromlint("check", "--index-url", server.url, before=later)
    assert (done.code, "FL105" in done.out) == (1, True)


def test_a_certificate_that_nobody_vouches_for(fromlint):
    with IndexServer(certificate=(CERTIFICATE, CERTIFICATE)) as server:
        fromlint.write("Dockerfile", ALPINE)
        done = fromlint("check", "--index-url", server.url)
        assert (done.code, done.out.count("FL906")) == (0, 1)
        assert "the certificate of 127.0.0.1" in done.out
        assert server.seen == []


def test_plain_http_where_tls_should_be(fromlint, server):
    fromlint.write("Dockerfile", ALPINE)
    done = fromlint("check", "--index-url", server.url.replace("http:", "https:"))
    assert (done.code, done.out.count("FL906")) == (0, 1)
    assert "no secure connection" in done.out
