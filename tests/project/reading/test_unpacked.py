"""Wheels are looked into where they lie: a few kilobytes of each, once."""

import pytest

from fromlint.index import Index
from fromlint.model.index import File
from fromlint.model.resolution import Resolution
from fromlint.model.verdict import Outcome, Package, Verdict
from fromlint.project.reading import unpacked
from index_server import IndexServer, wheel

MODULES = {"demo/__init__.py": b"x = 1\n" * 1000, "demo/data.bin": b"\0" * 50_000}


@pytest.fixture
def server():
    with IndexServer() as found:
        yield found


@pytest.fixture
def ask(tmp_path):
    """``ask(file)``: the sizes of a wheel, by an index whose cache stays."""

    def asked(file, **options):
        with Index(cache_folder=str(tmp_path / "cache"), environ={}, **options) as index:
            return unpacked.read([[resolution_of(file)]], index)

    return asked


def resolution_of(file):
    verdict = Verdict(Outcome.WHEEL, file)
    package = Package._make([None] * len(Package._fields))._replace(name="demo", verdicts={"linux/amd64": verdict})
    empty = Resolution._make([()] * len(Resolution._fields))
    return empty._replace(packages=(package._replace(kept=False),))


def published(server, **options):
    built = wheel("demo", "1.0", files=MODULES, **options)
    url = server.add("demo", built)
    return File(built.filename, url, hashes=("sha256:00",), size=len(built.content))


def test_the_directory_says_how_large_it_is(server, ask):
    whole, modules = ask(published(server))["demo-1.0-py3-none-any.whl"]
    assert modules == 6000
    assert 56_000 < whole < 58_000


def test_of_a_large_wheel_only_the_end_is_fetched(server, ask):
    file = published(server, padding=1_000_000)
    assert ask(file)[file.filename][0] > 1_000_000
    (seen,) = [seen for seen in server.seen if seen.path.endswith(".whl")]
    assert seen.headers["range"] == "bytes=-64000"


def test_what_was_read_once_is_not_asked_for_again(server, ask):
    file = published(server)
    first = ask(file)
    server.forget()
    assert ask(file) == first
    assert ask(file, offline=True) == first
    assert not server.seen


def test_without_network_or_with_a_broken_file_nothing_is_known(server, ask):
    file = published(server)
    assert ask(file, offline=True) == {}
    broken = server.url.replace("/simple", "/nowhere/demo-1.0-py3-none-any.whl")
    assert ask(file._replace(url=broken)) == {}


@pytest.mark.parametrize("data", [b"", b"1", b"a b", b"1 2 3", b"-1 2", b"9" * 40 + b" 1"])
def test_a_cache_that_lies_is_not_believed(data):
    assert unpacked._from_bytes(data) is None
