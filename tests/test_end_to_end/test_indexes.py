"""Which index is asked for what, with which credentials, and what is said where it does not answer."""

from __future__ import annotations

import sys
import types
from collections.abc import Iterator

import pytest

from index_server import IndexServer, wheel
from test_end_to_end.reading import codes, outcomes, versions

SLIM = "FROM python:3.12-slim-trixie\nWORKDIR /app\nCOPY . .\n"


@pytest.fixture
def private() -> Iterator[IndexServer]:
    """An index beside the main one, with a package that only it has and one that both have."""
    with IndexServer() as running:
        running.add("corp", wheel("corp", "1.0", requires=["shared"]))
        running.add("shared", wheel("shared", "1.0"))
        yield running


@pytest.fixture
def public(server: IndexServer) -> IndexServer:
    server.add("shared", wheel("shared", "2.0"))
    server.add("flask", wheel("flask", "3.0"))
    return server


def asked(server: IndexServer) -> set[str]:
    return {seen.path.split("/")[2] for seen in server.seen if seen.path.startswith("/simple/")}


def test_pip_takes_the_newest_of_all_indexes(checked, public, private):
    command = f"RUN pip install --extra-index-url {private.url} corp shared\n"
    assert versions(checked(SLIM + command, index_url=public.url)) == {"corp": "1.0", "shared": "2.0"}


def test_uv_takes_the_first_index_that_has_the_name(checked, public, private):
    command = f"RUN uv pip install --system --extra-index-url {private.url} corp flask\n"
    report = checked(SLIM + command, index_url=public.url)
    assert versions(report) == {"corp": "1.0", "shared": "1.0", "flask": "3.0"}
    # What the private index has is nobody else's business.
    assert asked(public) == {"flask"}


def test_uv_takes_the_best_of_all_if_told_to(checked, public, private):
    command = f"RUN uv pip install --system --index-strategy unsafe-best-match --extra-index-url {private.url} shared\n"
    assert versions(checked(SLIM + command, index_url=public.url)) == {"shared": "2.0"}


UV_PLAIN = "[project]\nname = 'app'\nversion = '1'\ndependencies = ['corp']\n"
PIPFILE = "[[source]]\nname = 'x'\nurl = '{url}'\n[packages]\ncorp = '*'\n"
UV_PROJECT = """[project]
name = "app"
version = "1"
dependencies = ["corp", "flask"]
[tool.uv.sources]
corp = {{ index = "private" }}
[[tool.uv.index]]
name = "private"
url = "{url}"
explicit = true
"""
POETRY_PROJECT = """[tool.poetry]
name = "app"
version = "1"
[tool.poetry.dependencies]
corp = {{ version = "*", source = "private" }}
flask = "*"
[[tool.poetry.source]]
name = "private"
url = "{url}"
priority = "explicit"
"""


@pytest.mark.parametrize(
    ("content", "command"), [(UV_PROJECT, "uv sync"), (POETRY_PROJECT, "poetry install --no-root")]
)
def test_a_bound_name_is_asked_only_of_its_index(checked, public, private, content, command):
    report = checked(
        SLIM + f"RUN {command}\n", {"pyproject.toml": content.format(url=private.url)}, index_url=public.url
    )
    found = versions(report)
    assert (found["corp"], found["flask"], found["shared"]) == ("1.0", "3.0", "2.0")
    assert "corp" not in asked(public)
    assert asked(private) == {"corp"}


@pytest.mark.parametrize(
    ("lines", "files"),
    [
        ("ENV PIP_INDEX_URL={url}\nRUN pip install corp\n", {}),
        ("ARG PIP_INDEX_URL={url}\nRUN pip install corp\n", {}),
        ("RUN pip config set global.index-url {url}\nRUN pip install corp\n", {}),
        ("RUN PIP_INDEX_URL={url} pip install corp\n", {}),
        ("COPY pip.conf /etc/pip.conf\nRUN pip install corp\n", {"pip.conf": "[global]\nindex-url = {url}\n"}),
        ("COPY pip.conf /root/.pip/pip.conf\nRUN pip install corp\n", {"pip.conf": "[global]\nindex-url = {url}\n"}),
        (
            "RUN python -m venv /v\nENV VIRTUAL_ENV=/v PATH=/v/bin:$PATH\nCOPY pip.conf /v/\nRUN pip install corp\n",
            {"pip.conf": "[install]\nindex-url = {url}\n"},
        ),
        ("ENV PIP_CONFIG_FILE=/app/pip.conf\nRUN pip install corp\n", {"pip.conf": "[global]\nindex-url = {url}\n"}),
        ("RUN pip install -r r.txt\n", {"r.txt": "-i {url}\ncorp\n"}),
        ("ENV UV_DEFAULT_INDEX={url}\nRUN uv pip install --system corp\n", {}),
        ("COPY uv.toml /etc/uv/uv.toml\nRUN uv pip install --system corp\n", {"uv.toml": 'index-url = "{url}"\n'}),
        ("RUN uv pip install --system corp\n", {"uv.toml": '[[index]]\nurl = "{url}"\ndefault = true\n'}),
        ("RUN uv sync\n", {"pyproject.toml": UV_PLAIN, "uv.toml": 'index-url = "{url}"\n'}),
        ("RUN pipenv install --system --skip-lock\n", {"Pipfile": PIPFILE}),
    ],
)  # fmt: skip
def test_where_an_index_may_be_named(checked, public, private, lines, files):
    files = {name: content.replace("{url}", private.url) for name, content in files.items()}
    report = checked(SLIM + lines.replace("{url}", private.url), files, index_url=public.url)
    assert versions(report)["corp"] == "1.0"
    assert public.seen == []


def test_an_index_in_a_secret_is_unknown_and_the_public_one_is_not_asked(checked, public):
    secret = "RUN --mount=type=secret,id=pip,target=/etc/pip.conf pip install corp\n"
    lines = secret + "ARG PIP_INDEX_URL\nRUN pip install corp\n"
    report = checked(SLIM + lines, index_url=public.url)
    assert set(outcomes(report).values()) == {"unknown"}
    assert public.seen == []
    assert len(report.skipped) == 2


def test_a_configuration_that_the_build_makes_leaves_the_index_unknown(checked, public):
    lines = 'ARG URL\nRUN echo "index-url = $URL" > /etc/pip.conf\nRUN pip install corp\n'
    report = checked(SLIM + lines, index_url=public.url)
    assert outcomes(report) == {"corp": "unknown"}
    assert public.seen == []


def test_a_configuration_that_lets_system_packages_be_broken(checked, public):
    lines = "RUN apt-get update && apt-get install -y python3-pip\nCOPY pip.conf /etc/pip.conf\nRUN pip install flask\n"
    files = {"pip.conf": "[global]\nbreak-system-packages = true\n"}
    assert "FL506" not in codes(checked("FROM debian:trixie\n" + lines, files, index_url=public.url))


# --- credentials ----------------------------------------------------------------------------------------------------


@pytest.fixture
def closed() -> Iterator[IndexServer]:
    with IndexServer(login=("me", "s3cret")) as running:
        running.add("corp", wheel("corp", "1.0"))
        yield running


def test_credentials_in_the_url_are_used_and_never_shown(checked, closed):
    report = checked(SLIM + "RUN pip install corp\n", index_url=closed.with_login("me", "s3cret"))
    assert versions(report) == {"corp": "1.0"}
    wrong = checked(SLIM + "RUN pip install other\n", index_url=closed.with_login("me", "hidden"))
    assert codes(wrong) == ["FL906"]
    assert "hidden" not in repr((wrong.findings, wrong.skipped, wrong.notes))


def test_credentials_in_netrc(checked, closed, tmp_path, monkeypatch):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / ".netrc").write_text("machine 127.0.0.1 login me password s3cret\n")
    assert versions(checked(SLIM + "RUN pip install corp\n", index_url=closed.url)) == {"corp": "1.0"}


def test_credentials_in_a_keyring(checked, closed, monkeypatch):
    keyring = types.ModuleType("keyring")
    found = types.SimpleNamespace(username="me", password="s3cret")
    monkeypatch.setattr(keyring, "get_credential", lambda service, _: found, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", keyring)
    assert versions(checked(SLIM + "RUN pip install corp\n", index_url=closed.url)) == {"corp": "1.0"}


def test_of_the_machines_configuration_only_the_transport_counts(checked, public, private, monkeypatch):
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", private.url)
    monkeypatch.setenv("PIP_ONLY_BINARY", ":all:")
    report = checked(SLIM + "RUN pip install corp\n", index_url=public.url)
    assert codes(report) == ["FL905"]
    assert private.seen == []


# --- the cache ------------------------------------------------------------------------------------------------------


def test_warm_then_offline(project, public, monkeypatch):
    from click.testing import CliRunner

    from fromlint.cli import cli

    (project / "Dockerfile").write_text("FROM python:3.12-slim-trixie\nRUN pip install flask==3.0\n")
    runner = CliRunner()
    warmed = runner.invoke(cli, ["cache", "warm", "--index-url", public.url, "."], catch_exceptions=False)
    assert (warmed.exit_code, "1 packages" in warmed.stdout) == (0, True)
    public.forget()
    arguments = ["check", "--offline", "--index-url", public.url, "--as-of", "2026-11-22", "-v", "."]
    offline = runner.invoke(cli, arguments, catch_exceptions=False)
    assert offline.exit_code == 0
    assert "flask-3.0-py3-none-any.whl" in offline.stdout
    assert public.seen == []
    folder = runner.invoke(cli, ["cache", "dir"]).stdout.strip()
    assert folder.endswith("cache")
    assert runner.invoke(cli, ["cache", "clean"]).exit_code == 0
    emptied = runner.invoke(cli, arguments, catch_exceptions=False)
    assert "FL906" in emptied.stdout


@pytest.mark.parametrize(
    "kept", ["flask\n-py3-none-any.whl\n\n3.0\n\n0;1;0", "flask\n-py3-none-any.whl\n\n\n3.0\n\n0;1;0"]
)
def test_what_another_version_kept_is_asked_again_and_never_read_as_empty(checked, public, project, kept):
    import sqlite3
    import zlib

    from fromlint.index.cache import NAME

    dockerfile = SLIM + "RUN pip install flask\n"
    assert outcomes(checked(dockerfile, index_url=public.url)) == {"flask": "wheel"}
    with sqlite3.connect(project.parent / "cache" / NAME) as database:
        table = zlib.compress(kept.encode())
        assert database.execute("UPDATE page SET files = ?, details = ?", (table, b"")).rowcount == 1
        # What was resolved with it would answer before the page is looked at.
        database.execute("DELETE FROM blob WHERE kind = 'resolution'")
    public.forget()
    report = checked(dockerfile, index_url=public.url)
    assert outcomes(report) == {"flask": "wheel"}
    assert codes(report) == []
    assert public.count("/simple/flask/") == 1
