import json
from pathlib import Path

import pytest

from fromlint.history import baseline
from fromlint.history.identity import Identity, identity, new, worst
from fromlint.model.finding import Finding, Severity, Subject
from fromlint.model.place import Span


def finding(name="psycopg2", *, code="FL201", severity=Severity.ERROR, line=3, file="Dockerfile"):
    subject = Subject(name, "1.0", "requirements.txt", 1, ()) if name else None
    return Finding(code, "rule", severity, f"{name} fails", Span(file, line, 1, line, 9), subject=subject)


def test_a_finding_is_the_same_when_its_line_moves_and_its_requirement_goes_up():
    later = finding(line=30)._replace(message="psycopg2 2.9.10 fails", subject=Subject("psycopg2", "2", "r.txt", 9, ()))
    assert identity(finding()) == identity(later)
    assert identity(finding("lxml")) != identity(finding())
    assert identity(finding("", code="FL505")).about == " fails"


def test_of_equal_findings_as_many_are_new_as_are_more_than_before():
    first, second, third = finding(line=3), finding(line=5), finding(line=7)
    assert new([first, second, third], worst([finding(), finding()])) in ((third,), (second,), (first,))
    assert new([first], worst([first, second])) == ()


def test_what_became_more_severe_is_new():
    assert new([finding()], worst([finding(severity=Severity.INFO)])) == (finding(),)
    assert new([finding(severity=Severity.INFO)], worst([finding()])) == ()


def test_the_order_of_findings_stays():
    mixed = (finding("b", severity=Severity.INFO), finding("a"), finding("c", severity=Severity.WARNING))
    assert new(mixed, {}) == mixed


def test_a_written_baseline_is_read_back_and_does_not_depend_on_the_order(tmp_path):
    findings = (finding("ä"), finding('"b"'), finding("b", severity=Severity.INFO), finding("b"))
    file = tmp_path / "baseline.json"
    file.write_text(baseline.written(findings), encoding="utf-8")
    assert baseline.read(file) == worst(findings)
    assert baseline.written(reversed(findings)) == baseline.written(findings)
    assert len(file.read_text().splitlines()) == len(findings) + 2


def test_what_no_finding_answers_to_is_stale_in_the_files_that_were_looked_at():
    before = worst([finding(), finding(), finding("gone"), finding("gone", file="other/Dockerfile")])
    found = baseline.compared((finding(),), before, frozenset({"Dockerfile"}))
    assert found.fresh == ()
    assert found.known == 1
    assert sorted(found.stale) == [Identity("FL201", "Dockerfile", name) for name in ("gone", "psycopg2")]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"nonsense",
        b"\xff\xfe",
        b'{"version": 2, "findings": []}',
        b'{"version": 1}',
        b'{"version": 1, "findings": [7]}',
        b'{"version": 1, "findings": [{"code": "FL201", "file": 3, "about": "x", "severity": "error"}]}',
        b'{"version": 1, "findings": [{"code": "FL201", "file": "D", "about": "x", "severity": "fatal"}]}',
        b"[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_refused_with_its_path_and_what_to_do(tmp_path, content):
    file = tmp_path / "baseline.json"
    file.write_bytes(content)
    with pytest.raises(baseline.BaselineError, match=r"baseline\.json: .*--update-baseline"):
        baseline.read(file)


def test_a_baseline_that_is_not_there_or_a_folder_is_refused(tmp_path):
    with pytest.raises(baseline.BaselineError, match="no such baseline"):
        baseline.read(tmp_path / "none.json")
    with pytest.raises(baseline.BaselineError, match="cannot be read"):
        baseline.read(Path(tmp_path))


def test_the_file_is_json_that_others_can_read():
    document = json.loads(baseline.written([finding()]))
    assert document["findings"] == [{"code": "FL201", "file": "Dockerfile", "about": "psycopg2", "severity": "error"}]
