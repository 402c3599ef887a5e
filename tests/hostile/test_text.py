"""Names and texts that want to be more than text: escape sequences, markup, links, commands of a build service."""

from __future__ import annotations

import html.parser
import json
import re
import xml.etree.ElementTree as ElementTree

import pytest
from click.testing import CliRunner

from fromlint import rules, run
from fromlint.cli.common import complain
from fromlint.model.finding import Edit, Finding, Fix, Label, Severity, Skipped, Subject
from fromlint.model.place import Span
from fromlint.model.project import Report
from hostile.conftest import ALPINE, FORMATS, SLIM, decoded, rendered
from index_server import wheel

NASTY = (
    "esc\x1b[2J\x1b]0;title\x07\x9b31m\b\r\n::error file=x::owned\n##[error]owned\n::set-output name=x::y\n"
    "right\u202eleft\u2066\u200b\u2028line\x85next\x0b\x00 <script>alert(1)</script><img src=x onerror=alert(1)> "
    "[click](http://evil.example) ![i](http://evil.example/p.png) <http://evil.example> @everyone #1 | a | `b` ]]> &lt; "
    "'\"><b> %0A::warning::x %25 \\u001b {0} {{7*7}} ${jndi:ldap://x} \udc80"
)  # fmt: skip
"""Every trick at once, a byte that is no UTF-8 included."""


@pytest.fixture
def nasty() -> Report:
    """A report in which every text from outside is nasty."""
    span = Span(f"folder/{NASTY}", 3, 1, 3, 9)
    finding = Finding(
        "FL201",
        "missing-build-tools",
        Severity.ERROR,
        NASTY,
        span,
        stage=0,
        platforms=("linux/amd64",),
        subject=Subject(NASTY, NASTY, f"other/{NASTY}", 7, (NASTY,)),
        related=(Label(span, NASTY), Label(Span(NASTY, 1, 1, 1, 2), NASTY)),
        help=(NASTY,),
        notes=(NASTY,),
        missing=(NASTY,),
        fixes=(Fix(NASTY, True, (Edit(span, NASTY),)),),
    )
    sources = {span.file: (NASTY,) * 5, NASTY: (NASTY,)}
    return Report((), (finding,), (Skipped(NASTY, NASTY, span.file, 2),), sources, (NASTY,))


@pytest.mark.parametrize("name", [*FORMATS, "sarif", "text"])
def test_nothing_that_a_terminal_obeys(nasty, name):
    content = rendered(nasty)[name]
    assert all(character.isprintable() or character == "\n" for character in content)
    assert content.encode("utf-8")
    # A line end would begin a line of one's own, with whatever a build service obeys there.
    assert not re.search(r"^(?:##\[|::(?!error file=folder|error file=other))", content, re.M)


@pytest.mark.parametrize("name", ["json", "gitlab", "rdjson", "sarif"])
def test_json_is_json_for_everybody(nasty, name):
    content = rendered(nasty)[name]
    assert content.isascii()
    assert json.loads(content)


@pytest.mark.parametrize("name", ["junit", "checkstyle"])
def test_xml_holds_no_element_of_others(nasty, name):
    content = rendered(nasty)[name]
    tags = {element.tag for element in ElementTree.fromstring(content).iter()}
    assert tags <= {
        "testsuites",
        "testsuite",
        "testcase",
        "failure",
        "skipped",
        "error",
        "checkstyle",
        "file",
        "system-out",
    }
    assert "<!" not in content.replace("<![CDATA[", "")


def test_markdown_holds_no_markup_of_others(nasty):
    content = rendered(nasty)["markdown"]
    for sign in ("<script", "<img", "](", "<http", "@everyone", "`b`", "http://"):
        assert sign not in content
    rows = [line for line in content.splitlines() if line.startswith("| ") and "FL201" in line]
    assert [len(re.split(r"(?<!\\)\|", row)) for row in rows] == [6]


def test_annotations_are_one_command_a_line(nasty):
    lines = rendered(nasty)["github"].splitlines()
    assert len(lines) == 2
    for line in lines:
        command, _, data = line.removeprefix("::error ").partition("::")
        assert [part.partition("=")[0] for part in command.split(",")][:2] == ["file", "line"]
        assert "%0A::" not in command
        assert "::set-output" not in data.replace("%0A", "\n").splitlines()


def test_sarif_has_no_links_of_others(nasty):
    document = json.loads(rendered(nasty)["sarif"])
    result = document["runs"][0]["results"][0]
    texts = [result["message"]["text"], *(place["message"]["text"] for place in result["relatedLocations"])]
    texts.append(document["runs"][0]["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"])
    for text in texts:
        # A bracket that begins the text of a link is escaped (SARIF 2.1.0, 3.11.6).
        assert not re.search(r"(?<!\\)\[[^\]]*\]\(", text)
    for place in result["locations"] + result["relatedLocations"]:
        assert re.fullmatch(r"[\w/:@!$&'()*+,;=~.%-]*", place["physicalLocation"]["artifactLocation"]["uri"])


def test_complaints_are_plain(capsys):
    complain(NASTY)
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.rstrip("\n").isprintable()


# --- from one end to the other -------------------------------------------------------------------------------------

HOSTILE_FILES = {
    "Dockerfile": (
        "# \x1b[2J\nARG X=\x1b]0;t\x07\nFROM python:3.12-alpine\x1b[31m AS \x1b[2J\nFROM python:3.12-alpine AS ok\n"
        "COPY . .\nRUN pip install -r r.txt 'a\x1b[1mb' \u202egnp '<script>x</script>' 'x @ git+https://e.com/<b>@\x1b[0m'\n"
        "RUN apk add \x1b[5mgcc && curl \x9b31m\nFOO \x1b[2J\n"
    ),
    "r.txt": "fl\x1b[31mask\n<script>alert(1)</script>\nname\u202e==1\n-r \x1b[2J.txt\n--\x1b]8;;http://evil\x07x\n[click](http://evil)\n",
    "pyproject.toml": '[project]\nname = "a\\u001b[2J"\ndependencies = ["\\u001b[2Jx", "<b>y</b>"]\n',
}


def test_a_hostile_repository_in_every_format(checked):
    report = checked(HOSTILE_FILES)
    assert len(report.findings) > 3
    for name, content in rendered(report).items():
        assert all(character.isprintable() or character == "\n" for character in content), name
        assert "<script>" not in content or name in (
            "text",
            "concise",
            "json",
            "gitlab",
            "rdjson",
            "sarif",
            "github",
        ), name
        if name in ("gitlab", "rdjson", "sarif"):
            assert not re.search(r"\x1b|\x9b", decoded(name, content)), name


@pytest.mark.parametrize("form", ["text", "json", "markdown", "html"])
def test_advice_on_a_hostile_repository(checked, repository, form):
    from fromlint.cli import cli

    checked(
        {
            **HOSTILE_FILES,
            "Dockerfile": HOSTILE_FILES["Dockerfile"].replace("\x1b[31m AS \x1b[2J", "").replace("FOO \x1b[2J\n", ""),
        }
    )
    done = CliRunner().invoke(cli, ["advise", "--offline", "--format", form, str(repository)], catch_exceptions=False)
    assert done.exit_code in (0, 1, 2)
    assert all(character.isprintable() or character == "\n" for character in done.stdout + done.stderr)
    if form == "html":
        assert allowed(done.stdout)
    if form == "markdown":
        assert "<script" not in done.stdout


def allowed(page: str) -> bool:
    """Whether a page has no element that does something."""
    seen: set[str] = set()

    class Reader(html.parser.HTMLParser):
        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            seen.add(tag)
            assert not any(name.startswith("on") or name in ("href", "src") for name, _ in attributes)

    Reader().feed(page)
    return not seen & {"script", "img", "iframe", "object", "a", "b", "link", "form", "svg"}


def test_what_an_index_says_is_shown_and_not_obeyed(checked, server):
    server.add(
        "demo", wheel("demo", "1.0", requires_python=">=3.99"), requires_python=">=3.99", yanked="bad \x1b[2J<script>"
    )
    server.add(
        "demo", wheel("demo", "2.0", requires=["\x1b[2Jx", "<b>", "other\x1b"], tag="cp312-cp312-manylinux_2_99_x86_64")
    )
    report = checked({"Dockerfile": ALPINE + "RUN pip install demo==1.0\nRUN pip install demo\n"}, index_url=server.url)
    assert report.findings
    for name, content in rendered(report).items():
        assert all(character.isprintable() or character == "\n" for character in content), name


# --- ignores -------------------------------------------------------------------------------------------------------

GIT = "pip install 'demo @ git+https://example.com/demo'"
NO_IGNORES = {
    "in a heredoc": f"RUN <<EOF\n# fromlint: ignore-file\n{GIT} # fromlint: ignore\nEOF\n",
    "in a string": f'RUN echo "# fromlint: ignore-file" && {GIT}\n',
    "in a copied file": f"COPY <<EOF /x\n# fromlint: ignore-file\nEOF\nRUN {GIT}\n",
    "in a label": f'LABEL a="# fromlint: ignore-file"\nRUN {GIT}\n',
    "on another instruction": f"# fromlint: ignore=FL202\nRUN true\nRUN {GIT}\n",
    "for another rule": f"# fromlint: ignore=FL2\u0660\u0662 FL202\n# fromlint: ignore=FL201\nRUN {GIT}\n",
    "at the end of a line": f"RUN {GIT} # fromlint: ignore-file\n",
}


@pytest.mark.parametrize("where", NO_IGNORES)
def test_what_is_no_comment_of_the_dockerfile_ignores_nothing(checked, where):
    assert "FL202" in [finding.code for finding in checked({"Dockerfile": SLIM + NO_IGNORES[where]}).findings]


def test_a_requirement_cannot_silence_the_dockerfile(checked):
    files = {
        "Dockerfile": SLIM + f"COPY r.txt .\nRUN {GIT}\nRUN pip install -r r.txt\n",
        "r.txt": "# fromlint: ignore-file\nother @ git+https://example.com/other\n",
    }
    found = [(finding.code, finding.subject.name) for finding in checked(files).findings if finding.subject]
    assert found == [("FL202", "demo")]


def test_a_hostile_name_of_a_rule_is_wrong_usage(checked):
    with pytest.raises(run.UsageError) as caught:
        checked({"Dockerfile": SLIM}, select=("\x1b[2J",))
    assert str(caught.value).isprintable()
    assert rules.named("\x1b[2J") == ()
