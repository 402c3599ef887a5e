"""A pull request that names indexes: who is asked, with what, and who decides."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest
from click.testing import CliRunner

from fromlint.cli import cli
from hostile.conftest import SLIM, rendered
from index_server import Fault, IndexServer, wheel

PROJECT_SETTINGS = 'index-allow = ["*"]\n'


@pytest.fixture
def theirs():
    """An index that the pull request names."""
    with IndexServer() as running:
        running.add("demo", wheel("demo", "9.9"))
        yield running


def files(index: str) -> dict[str, str]:
    return {
        "Dockerfile": SLIM + "WORKDIR /app\nCOPY . .\nRUN pip install -r r.txt\n",
        "r.txt": f"--extra-index-url {index}\ndemo\n",
        "fromlint.toml": PROJECT_SETTINGS,
    }


def test_the_command_line_says_which_indexes_may_be_asked(checked, server, theirs):
    server.add("demo", wheel("demo", "1.0"))
    report = checked(files(theirs.url), index_url=server.url, index_allow=(f"127.0.0.1:{server.port}",))
    assert theirs.seen == []
    assert server.seen
    assert "do not allow" in rendered(report)["text"]


def test_it_is_an_option(checked, repository, server, theirs):
    server.add("demo", wheel("demo", "1.0"))
    checked(files(theirs.url))
    for command in ("check", "advise"):
        words = [command, "--index-url", server.url, "--index-allow", f"127.0.0.1:{server.port}", str(repository)]
        done = CliRunner().invoke(cli, words, catch_exceptions=False)
        assert done.exit_code in (0, 1)
        assert theirs.seen == []


@pytest.mark.parametrize(
    "line",
    [
        "-r {}/r.txt",
        "-c {}/c.txt",
        "-e git+{}/demo.git",
        "demo @ git+{}/demo.git",
        "-e {}/demo.zip",
    ],
)
def test_what_is_no_index_is_not_fetched(checked, server, theirs, line):
    theirs.fault("*", Fault.answer(b"flask\n", "text/plain"))
    checked(
        {
            "Dockerfile": SLIM
            + f"WORKDIR /app\nCOPY . .\nRUN pip install -r r.txt\nRUN pip install {line.format(theirs.url)}\n",
            "r.txt": line.format(theirs.url) + "\n",
        },
        index_url=server.url,
    )
    assert theirs.seen == []


@pytest.mark.parametrize(
    "index",
    [
        "file:///etc/",
        "ftp://x.example/simple",
        "http://169.254.169.254/latest/meta-data",
        "http://2852039166/latest",
        "http://[::ffff:169.254.169.254]/latest",
        "http://[fe80::1]/simple",
        "http://[fd00:ec2::254]/latest",
        "https://x.example/\x1b[2J",
        "gopher://127.0.0.1:6379/_x",
        "http://127.0.0.1:1\\@x.example/",
    ],
)
def test_addresses_that_are_never_asked(checked, server, monkeypatch, index):
    tried: list[object] = []
    real = socket.socket.connect

    def connect(self: socket.socket, place: object) -> None:
        tried.append(place)
        real(self, ("127.0.0.1", server.port))

    server.add("demo", wheel("demo", "1.0"))
    monkeypatch.setattr(socket.socket, "connect", connect)
    report = checked(files(index), index_url=server.url)
    assert set(tried) <= {("127.0.0.1", server.port)}
    assert all(character.isprintable() or character == "\n" for character in rendered(report)["text"])


@pytest.fixture
def elsewhere(monkeypatch):
    """Names under which the loopback interface is reached as if it were another machine."""
    real = socket.getaddrinfo

    def look_up(host: str, *rest: object, **more: object) -> list[tuple[object, ...]]:
        return real("127.0.0.1" if str(host).endswith(".example") else host, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)


@pytest.mark.usefixtures("elsewhere")
@pytest.mark.parametrize("how", ["a link", "a redirect", "a redirect of a file"])
def test_an_index_does_not_send_us_to_this_machine(checked, server, theirs, how):
    """What listens on the loopback interface often trusts whoever comes from there."""
    there = theirs.url.replace("127.0.0.1", "index.example")
    inside = f"http://127.0.0.1:{server.port}/admin"
    if how == "a link":
        theirs.add("other", wheel("other", "1.0"), url=f"{inside}/other-1.0-py3-none-any.whl")
    elif how == "a redirect":
        theirs.fault("/simple/other/", Fault.redirect(inside))
    else:
        path = theirs.add("other", wheel("other", "1.0")).partition(str(theirs.port))[2]
        theirs.fault(path, Fault.redirect(inside))
        theirs.fault(f"{path}.metadata", Fault.redirect(inside))
    checked({"Dockerfile": SLIM + "RUN pip install other\n"}, index_url=there)
    assert theirs.seen
    assert not [seen for seen in server.seen if "admin" in seen.path]


@pytest.mark.usefixtures("elsewhere")
def test_credentials_stay_with_their_host(checked, server, theirs, monkeypatch, repository):
    netrc = Path(repository.parent / "home" / ".netrc")
    netrc.parent.mkdir()
    netrc.write_text("machine corp.example login user password s3cret\ndefault login other password s3cret2\n")
    netrc.chmod(0o600)
    own = server.url.replace("http://127.0.0.1", "http://me:s3cret3@corp.example")
    path = server.add("demo", wheel("demo", "1.0")).partition(str(server.port))[2]
    server.fault(f"{path}.metadata", Fault.redirect(f"http://evil.example:{theirs.port}/x"))
    server.fault(path, Fault.redirect(f"http://evil.example:{theirs.port}/y"))
    report = checked(
        files(f"http://evil.example:{theirs.port}/simple")
        | {"Dockerfile": SLIM + f"WORKDIR /app\nCOPY . .\nRUN pip install -i {own} -r r.txt\n"},
        index_url=own,
    )
    assert theirs.seen
    assert not any("authorization" in seen.headers for seen in theirs.seen)
    assert any("authorization" in seen.headers for seen in server.seen)
    for name, content in rendered(report).items():
        assert not any(f"me:{word}" in content for word in ("s3cret", "s3cret2", "s3cret3")) or name == "text", name
