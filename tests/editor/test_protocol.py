"""The language server as an editor meets it: over stdin and stdout."""

from __future__ import annotations

import json
import sys
import threading

import pytest
from click.testing import CliRunner

from editor_client import CAPABILITIES, PATIENCE, Client, Failed
from fromlint.cli import cli
from fromlint.editor.kept import check
from index_server import Fault

GIT = "FROM python:3.12-slim-trixie\nRUN pip install 'flask @ git+https://example.com/flask'\n"
CLEAN = "FROM python:3.12-slim-trixie\nCMD python\n"


def line_range(diagnostic: dict) -> tuple[int, int, int, int]:
    place = diagnostic["range"]
    return place["start"]["line"], place["start"]["character"], place["end"]["line"], place["end"]["character"]


# --- beginning and end ------------------------------------------------------------------------------------------------


def test_it_says_what_it_can(client):
    can = client.initialized["capabilities"]
    assert can["positionEncoding"] == "utf-16"
    assert can["textDocumentSync"] == {"openClose": True, "change": 1, "save": True}
    for provider in ("hoverProvider", "codeActionProvider", "codeLensProvider", "documentLinkProvider"):
        assert can[provider]
    assert client.initialized["serverInfo"]["name"] == "fromlint"


def test_it_ends_as_it_should(start):
    client = start(command=(sys.executable, "-m", "fromlint", "lsp", "--stdio", "--clientProcessId=1"))
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    assert client.stop() == 0
    assert client.stderr == []


def test_it_ends_when_the_editor_is_gone(client):
    assert client.leave() == 1


def test_without_its_parts_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr("fromlint.cli.lsp.find_spec", lambda name: None)
    result = CliRunner().invoke(cli, ["lsp"])
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "fromlint: the language server needs further parts: pip install 'fromlint[lsp]'\n"


# --- diagnostics ------------------------------------------------------------------------------------------------------


def test_what_is_found_stands_in_the_dockerfile_and_at_the_requirement(client):
    client.open("Dockerfile")
    (found,) = client.until("Dockerfile", "FL201")
    assert line_range(found) == (3, 0, 3, 50)
    assert found["severity"] == 1
    assert found["source"] == "fromlint"
    assert found["message"].startswith("psycopg2 2.9.10 has no musllinux wheel and cannot be compiled here\nhelp: ")
    assert found["codeDescription"]["href"].endswith("/cache/rules/FL201.md")
    (stated,) = client.until("requirements.txt", "FL201")
    assert line_range(stated) == (2, 0, 2, 16)
    first, second = stated["relatedInformation"]
    assert first["location"]["uri"] == client.uri("Dockerfile")
    assert first["location"]["range"]["start"] == {"line": 0, "character": 5}
    assert first["message"] == "musl 1.2 (Alpine 3.24), CPython 3.12"
    assert second["location"]["range"]["start"] == {"line": 3, "character": 0}


def test_the_code_leads_to_the_rule(client, tmp_path):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    page = tmp_path / "cache" / "rules" / "FL201.md"
    assert page.read_text().startswith("# FL201 missing-build-tools (error)\n")


def test_opening_the_requirements_is_enough(client):
    client.open("requirements.txt")
    client.until("requirements.txt", "FL201")
    client.until("Dockerfile", "FL201")


def test_what_is_known_comes_at_once_and_the_rest_when_the_index_has_answered(start, index, project):
    index.fault("*", Fault.hang())
    (project / "Dockerfile").write_text(
        "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\nRUN git clone x\n"
    )
    client = start()
    client.open("Dockerfile")
    client.until("Dockerfile", "FL206")  # without an index, and no word that it was not asked
    assert "psycopg2" in client.hover("Dockerfile", 0)
    index.fault("*", Fault.hang(times=0))


def test_after_the_index_has_answered_it_is_told_again(client, index):
    client.open("Dockerfile")
    assert client.diagnostics("Dockerfile") == []
    client.until("Dockerfile", "FL201")
    assert index.count() > 0


def test_a_second_server_asks_nothing(start, index):
    first = start()
    first.open("Dockerfile")
    first.until("Dockerfile", "FL201")
    first.stop()
    before = index.count()
    second = start()
    second.open("Dockerfile")
    second.until("Dockerfile", "FL201")
    assert second.published("Dockerfile") == 1
    assert index.count() == before


def test_a_change_is_looked_at_when_typing_rests(client):
    client.open("Dockerfile", CLEAN)
    assert client.diagnostics("Dockerfile") == []
    for end in range(len(CLEAN), len(GIT)):
        client.change("Dockerfile", GIT[:end])
    client.change("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    assert client.published("Dockerfile") == 2


def test_saving_tells_again(client, project):
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    before = client.published("Dockerfile")
    client.save("Dockerfile", GIT)
    assert [each["code"] for each in client.diagnostics("Dockerfile", before)] == ["FL202"]


def test_a_save_that_is_atomic_changes_nothing(client, project):
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    (project / "Dockerfile~").write_text(GIT)
    (project / "Dockerfile~").replace(project / "Dockerfile")
    before = client.published("Dockerfile")
    client.save("Dockerfile")
    assert [each["code"] for each in client.diagnostics("Dockerfile", before)] == ["FL202"]


def test_an_edit_of_the_requirements_judges_the_dockerfile_anew(client):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    client.open("requirements.txt")
    client.change("requirements.txt", "# what it needs\npure==1.0\n")
    client.until("Dockerfile")
    client.until("requirements.txt")
    client.change("requirements.txt", "pure==1.0\n\npsycopg2==2.9.10\n")
    client.until("Dockerfile", "FL201")
    assert line_range(client.until("requirements.txt", "FL201")[0]) == (2, 0, 2, 16)


def test_what_was_not_saved_is_gone_when_it_is_closed(client):
    client.open("Dockerfile")
    client.open("requirements.txt")
    client.until("Dockerfile", "FL201")
    client.change("requirements.txt", "pure==1.0\n")
    client.until("Dockerfile")
    client.close("requirements.txt")
    client.until("Dockerfile", "FL201")


def test_closing_takes_everything_back(client):
    client.open("Dockerfile")
    client.until("requirements.txt", "FL201")
    client.close("Dockerfile")
    client.until("Dockerfile")
    client.until("requirements.txt")


def test_other_dockerfiles_of_the_requirements_are_told_apart(client, project):
    (project / "slim.Dockerfile").write_text((project / "Dockerfile").read_text().replace("alpine", "slim-trixie"))
    client.open("requirements.txt")
    client.until("Dockerfile", "FL201")
    client.until("slim.Dockerfile", "FL201")
    assert [each["message"].split("\n")[0] for each in client.until("requirements.txt", "FL201", "FL201")] == [
        "psycopg2 2.9.10 has no musllinux wheel and cannot be compiled here",
        "psycopg2 2.9.10 has no manylinux wheel and cannot be compiled here",
    ]


def test_a_dockerfile_that_was_never_saved(client):
    client.open("new.Dockerfile", GIT)
    client.until("new.Dockerfile", "FL202")


def test_what_is_no_file_is_let_be(client):
    item = {"uri": "untitled:Untitled-1", "languageId": "dockerfile", "version": 1, "text": GIT}
    client.notify("textDocument/didOpen", {"textDocument": item})
    client.open("Dockerfile", CLEAN)
    assert client.diagnostics("Dockerfile") == []
    assert client.log == []


def test_a_file_that_changes_on_disk(client, project):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    (project / "requirements.txt").write_text("pure==1.0\n")
    changes = [{"uri": client.uri("requirements.txt"), "type": 2}]
    client.notify("workspace/didChangeWatchedFiles", {"changes": changes})
    client.until("Dockerfile")


def test_a_new_dockerfile_on_disk(client, project):
    (project / "Dockerfile").unlink()
    client.open("requirements.txt")
    assert client.hover("requirements.txt", 2) is None
    (project / "Dockerfile").write_text(GIT + "COPY requirements.txt .\nRUN pip install -r requirements.txt\n")
    client.notify("workspace/didChangeWatchedFiles", {"changes": [{"uri": client.uri("Dockerfile"), "type": 1}]})
    client.until("requirements.txt", "FL201")


# --- broken files -----------------------------------------------------------------------------------------------------


def test_a_broken_pyproject_keeps_what_was_known(client, project):
    (project / "Dockerfile").write_text(
        "FROM python:3.12-alpine\nWORKDIR /app\nCOPY pyproject.toml .\nRUN pip install .\n"
    )
    text = '[project]\nname = "x"\nversion = "1"\ndependencies = [\n  "pure",\n  "psycopg2==2.9.10",\n]\n'
    (project / "pyproject.toml").write_text(text)
    client.open("pyproject.toml")
    assert line_range(client.until("pyproject.toml", "FL201")[0])[0] == 5
    client.change("pyproject.toml", text.replace('  "pure",', '  "pure",\n  "half'))
    client.until("pyproject.toml", "FL201", "FL903")
    by_code = {each["code"]: line_range(each)[0] for each in client.until("pyproject.toml", "FL201", "FL903")}
    assert by_code == {"FL903": 5, "FL201": 6}
    assert "psycopg2" in client.hover("Dockerfile", 0)
    client.change("pyproject.toml", text.replace('"psycopg2==2.9.10"', '"pure"'))
    client.until("pyproject.toml")


def test_a_half_typed_from_keeps_what_was_known(client):
    client.open("Dockerfile")
    client.until("requirements.txt", "FL201")
    text = (client.folder / "Dockerfile").read_text()
    client.change("Dockerfile", "FRO" + text.removeprefix("FROM"))
    client.wait(lambda: "FL901" in client.codes("Dockerfile"), "no syntax error")
    assert "FL201" in client.codes("Dockerfile")
    assert client.codes("requirements.txt") == ["FL201"]
    client.change("Dockerfile", text)
    client.until("Dockerfile", "FL201")


# --- columns ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "agreed", "column"),
    [(["utf-8", "utf-16"], "utf-8", 18), (["utf-32"], "utf-32", 14), (None, "utf-16", 15), (["utf-7"], "utf-16", 15)],
)
def test_columns_are_counted_as_agreed(start, offered, agreed, column):
    client = start(capabilities={"general": {"positionEncodings": offered}} if offered else {})
    assert client.initialized["capabilities"]["positionEncoding"] == agreed
    client.open("Dockerfile", "FROM python:3.12-slim-trixie\nRUN echo '😀é' ; \\\n  echo '😀é' ; git clone https://x\n")
    (found,) = client.until("Dockerfile", "FL206")
    assert line_range(found)[:2] == (2, column)


# --- questions --------------------------------------------------------------------------------------------------------


def test_hover_on_from_says_what_the_image_is(client):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    text = client.hover("Dockerfile", 0, 7)
    assert text.startswith("**python:3.12-alpine**: Alpine 3.24, musl 1.2\n")
    for words in (
        "CPython 3.12.14 in /usr/local, pip 25.0.1",
        "MB to pull for linux/amd64",
        "supported until 20",
        "the tag moves; this is how it was on 2026-11-22",
        "On linux/amd64: 1 wheel, 1 compiled",
        "- pure 1.0: wheel pure-1.0-py3-none-any.whl",
        "- psycopg2 2.9.10: compiled: only an sdist fits; psycopg2 publishes no wheels; "
        "needs gcc musl-dev libpq-dev, not there by then",
    ):
        assert words in text


def test_hover_on_a_requirement_has_each_base_of_the_project(client, project):
    (project / "slim.Dockerfile").write_text((project / "Dockerfile").read_text().replace("alpine", "slim-trixie"))
    client.open("requirements.txt")
    client.until("requirements.txt", "FL201", "FL201")
    assert client.hover("requirements.txt", 1, 3) == (
        "**pure 1.0**\n\n- python:3.12-alpine (Dockerfile:1): wheel pure-1.0-py3-none-any.whl (0.0 MB)\n"
        "- python:3.12-slim-trixie (slim.Dockerfile:1): wheel pure-1.0-py3-none-any.whl (0.0 MB)"
    )
    text = client.hover("requirements.txt", 2, 3)
    assert "- python:3.12-alpine (Dockerfile:1): compiled: only an sdist fits" in text
    assert "needs gcc musl-dev libpq-dev, not there by then" in text
    assert "- python:3.12-slim-trixie (slim.Dockerfile:1): compiled" in text
    assert client.hover("requirements.txt", 0) is None


def test_hover_on_a_base_that_is_not_known(client):
    client.open(
        "Dockerfile", "FROM registry.example.com/base:7\nRUN pip install pure 'x @ git+https://example.com/x'\n"
    )
    text = client.hover("Dockerfile", 0)
    assert text.startswith(
        "**registry.example.com/base:7** is not in the data: say in \\[tool.fromlint.images\\] which"
    )
    assert "\nOn linux/amd64: 2 unknown\n" in text


def test_hover_on_what_comes_from_a_repository(client):
    client.open("Dockerfile", GIT)
    assert "- flask: built from what the requirement names; needs git, not there by then" in client.hover(
        "Dockerfile", 0
    )


def test_hover_without_markdown(start):
    capabilities = {**CAPABILITIES, "textDocument": {"hover": {"contentFormat": ["plaintext"]}}}
    client = start(capabilities=capabilities)
    client.open("Dockerfile")
    assert client.hover("Dockerfile", 0).startswith("python:3.12-alpine: Alpine 3.24")


def test_the_lens_counts_wheels(client):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    (lens,) = client.on("textDocument/codeLens", "Dockerfile")
    assert lens["range"]["start"]["line"] == 0
    assert lens["command"]["title"] == "1 wheel, 1 compiled"
    command = {"command": lens["command"]["command"], "arguments": lens["command"]["arguments"]}
    assert "psycopg2" in client.request("workspace/executeCommand", command)
    assert any("psycopg2" in message for message in client.messages)
    assert client.refreshed > 0


def test_links_lead_to_files(client, project):
    (project / "requirements.txt").write_text("-r more/base.txt\n")
    (project / "more").mkdir()
    (project / "more" / "base.txt").write_text("pure\n")
    client.open("Dockerfile")
    links = client.on("textDocument/documentLink", "Dockerfile")
    places = [(link["range"]["start"]["line"], link["range"]["start"]["character"], link["target"]) for link in links]
    target = client.uri("requirements.txt")
    assert places == [(2, 5, target), (3, 34, target)]
    client.open("requirements.txt")
    (link,) = client.on("textDocument/documentLink", "requirements.txt")
    assert (link["range"]["start"]["character"], link["target"]) == (3, client.uri("more/base.txt"))


def applied(text: str, edits: list) -> str:
    lines = text.splitlines(keepends=True)
    for edit in reversed(edits):
        (first, start), (last, end) = (
            (edit["range"][at]["line"], edit["range"][at]["character"]) for at in ("start", "end")
        )
        head, tail = "".join(lines[:first]) + (lines[first] if first < len(lines) else "")[:start], ""
        tail = (lines[last][end:] if last < len(lines) else "") + "".join(lines[last + 1 :])
        lines = (head + edit["newText"] + tail).splitlines(keepends=True)
    return "".join(lines)


def edited(client: Client, action: dict, name: str) -> str:
    (change,) = action["edit"]["documentChanges"]
    assert change["textDocument"]["uri"] == client.uri(name)
    return applied((client.folder / name).read_text(), change["edits"])


def test_fixes_are_offered_and_said_to_be_safe_or_not(client):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    actions = {action["title"]: action for action in client.actions("Dockerfile", 3)}
    safe = actions["FL201: install gcc musl-dev libpq-dev before it (safe fix)"]
    assert safe["isPreferred"]
    assert safe["kind"] == "quickfix"
    assert [each["code"] for each in safe["diagnostics"]] == ["FL201"]
    assert edited(client, safe, "Dockerfile").splitlines()[3] == "RUN apk add --no-cache gcc musl-dev libpq-dev"
    unsafe = actions["FL201: ask for psycopg2-binary (unsafe fix)"]
    assert edited(client, unsafe, "requirements.txt").splitlines()[2] == "psycopg2-binary==2.9.10"
    (everything,) = client.actions("Dockerfile", 0, ["source.fixAll"])
    assert edited(client, everything, "Dockerfile").splitlines()[3] == "RUN apk add --no-cache gcc musl-dev libpq-dev"


def test_the_fix_takes_the_finding_away(client):
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    (fix, *_) = client.actions("Dockerfile", 3)
    client.change("Dockerfile", edited(client, fix, "Dockerfile"))
    client.until("Dockerfile", "FL107", "FL503")


@pytest.mark.parametrize(
    ("title", "name", "line", "expected"),
    [
        ("fromlint: ignore FL201 here", "Dockerfile", 3, "# fromlint: ignore=FL201"),
        ("fromlint: ignore FL201 in this Dockerfile", "Dockerfile", 0, "# fromlint: ignore-file=FL201"),
        ("fromlint: ignore FL201 for psycopg2", "requirements.txt", 2, "psycopg2==2.9.10  # fromlint: ignore=FL201"),
    ],
)
def test_a_finding_can_be_ignored(client, title, name, line, expected):
    client.open("Dockerfile")
    client.open("requirements.txt")
    client.until("Dockerfile", "FL201")
    actions = {action["title"]: action for action in client.actions("requirements.txt", 2)}
    text = edited(client, actions[title], name)
    assert text.splitlines()[line] == expected
    client.change(name, text)
    client.until("Dockerfile")
    client.until("requirements.txt")


def test_edits_for_a_client_that_knows_no_versions(start):
    client = start(capabilities={})
    client.open("Dockerfile")
    client.until("Dockerfile", "FL201")
    (fix, *_) = client.actions("Dockerfile", 3)
    assert list(fix["edit"]["changes"]) == [client.uri("Dockerfile")]


def test_a_request_can_be_cancelled(client, monkeypatch):
    cancelled = threading.Event()

    def waiting(*args, **kwargs):
        cancelled.wait(PATIENCE)
        return check(*args, **kwargs)

    monkeypatch.setattr("fromlint.editor.session.check", waiting)
    client.open("Dockerfile")
    place = {"textDocument": {"uri": client.uri("Dockerfile")}, "position": {"line": 0, "character": 6}}
    number = client.ask("textDocument/hover", place)
    client.notify("$/cancelRequest", {"id": number})
    try:
        with pytest.raises(Failed, match="cancel"):
            client.answer(number)
    finally:
        cancelled.set()
    assert client.hover("Dockerfile", 0) is not None


# --- settings ---------------------------------------------------------------------------------------------------------


def test_the_editors_settings_come_on_top(start):
    client = start(initial={"settings": {"ignore": ["FL2"]}})
    client.open("Dockerfile", GIT)
    assert client.diagnostics("Dockerfile") == []


def test_settings_change(client):
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    client.settings = {"settings": {"ignore": ["FL202"]}}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.until("Dockerfile")


def test_settings_are_pushed_by_a_client_that_cannot_be_asked(start):
    client = start(capabilities={})
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    settings = {"fromlint": {"settings": {"select": ["FL1"]}}}
    client.notify("workspace/didChangeConfiguration", {"settings": settings})
    client.until("Dockerfile")


def test_wrong_settings_are_said_and_the_old_ones_stay(client):
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    client.settings = {"settings": {"ignored": ["FL202"]}}
    client.notify("workspace/didChangeConfiguration", {"settings": None})
    client.wait(lambda: client.messages, "no message")
    assert client.messages == ["fromlint: the editor's settings: unknown setting 'ignored'; did you mean 'ignore'?"]
    client.change("Dockerfile", CLEAN)
    client.until("Dockerfile")


def test_a_settings_file_is_watched_and_a_wrong_one_says_so(client, project):
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    settings = project / "fromlint.toml"

    def write(text: str) -> None:
        settings.write_text(text)
        changes = {"changes": [{"uri": settings.as_uri(), "type": 2}]}
        client.notify("workspace/didChangeWatchedFiles", changes)

    write('ignor = ["FL202"]\n')
    (found,) = client.diagnostics("fromlint.toml")
    assert found["message"] == "unknown setting 'ignor'; did you mean 'ignore'?"
    assert client.codes("Dockerfile") == ["FL202"]  # what was found stays
    write('ignore = ["FL202"]\n')
    client.until("fromlint.toml")
    client.until("Dockerfile")
    watched = [each for each in client.registered if each["method"] == "workspace/didChangeWatchedFiles"]
    assert {"globPattern": "**/fromlint.toml"} in watched[0]["registerOptions"]["watchers"]


def test_a_baseline_counts(client, project):
    (project / "baseline.json").write_text(
        json.dumps(
            {
                "version": 1,
                "findings": [{"code": "FL201", "file": "Dockerfile", "about": "psycopg2", "severity": "error"}],
            }
        )
    )
    with (project / "fromlint.toml").open("a") as file:
        file.write('baseline = "baseline.json"\n')
    client.open("Dockerfile", (project / "Dockerfile").read_text() + "RUN git clone x\n")
    client.until("Dockerfile", "FL206")


def test_a_workspace_folder_is_a_project_without_a_repository(start, project):
    (project / ".git").rmdir()
    (project / "docker").mkdir()
    (project / "Dockerfile").rename(project / "docker" / "Dockerfile")
    (project / "compose.yaml").write_text(
        "services:\n  x:\n    build:\n      context: .\n      dockerfile: docker/Dockerfile\n"
    )
    (project / "docker" / "requirements.txt").write_text("psycopg2==2.9.10\n")
    (project / "docker" / "compose.yaml").write_text("services:\n  x:\n    build: .\n")
    client = start()
    client.open("docker/requirements.txt")
    client.until("docker/requirements.txt", "FL201")


def test_workspace_folders_come_and_go(client, project):
    event = {"added": [{"uri": (project / "docker").as_uri(), "name": "docker"}], "removed": []}
    client.notify("workspace/didChangeWorkspaceFolders", {"event": event})
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")


# --- bad messages -----------------------------------------------------------------------------------------------------


def test_no_message_is_too_bad(client):
    client.send_bytes(b"{not json")
    client.send_bytes(b"[]")
    client.send_bytes(b"null")
    client.send_bytes(b"\xff\xfe\x00")
    client.send({"jsonrpc": "2.0", "method": "textDocument/didOpen", "params": {"nothing": 1}})
    client.send({"jsonrpc": "2.0", "method": "textDocument/didChange", "params": None})
    client.send({"jsonrpc": "1.0", "id": 77, "method": "textDocument/hover"})
    client.send({"jsonrpc": "2.0", "id": {}, "method": "textDocument/hover", "params": {}})
    client.notify("no/such/notification", {"a": 1})
    client.notify("textDocument/didSave", {"textDocument": {"uri": "file:///%00/Dockerfile"}})
    client.notify("textDocument/didClose", {"textDocument": {"uri": "http://[bad"}})
    version = {"uri": client.uri("Dockerfile"), "version": 2}
    client.notify("textDocument/didChange", {"textDocument": version, "contentChanges": [{"text": "FROM x"}]})
    client.to.write(b"X" * 50_000 + b"\r\nnonsense\r\n")
    client.to.write(b"Content-Length: 12345678901234\r\n\r\n{")
    with pytest.raises(Failed):
        client.request("no/such/request", {})
    client.open("Dockerfile", GIT)
    client.until("Dockerfile", "FL202")
    assert client.hover("Dockerfile", 10_000, 10_000) is None
    assert client.log
    assert not any("Traceback" in line for line in client.log)


def test_a_fault_of_our_own_is_logged_and_what_prints_does_not_disturb_the_protocol(start):
    code = (
        "import os, sys; from fromlint.editor import server, session, stdio\n"
        "def check(*_, **__): print('noise'); os.system('echo more'); raise RuntimeError('boom')\n"
        "session.check = check\n"
        "sys.exit(server.serve(*stdio.taken()))"
    )
    client = start(command=(sys.executable, "-c", code))
    client.open("Dockerfile", GIT)
    client.wait(lambda: client.log, "nothing logged")
    assert "internal error, please report it: RuntimeError: boom" in client.log[0]
    assert client.hover("Dockerfile", 0) is None
    assert "noise\n" in client.stderr
