"""One report in every format: what machines read must be well formed, whatever the names in it are."""

import json
from xml.etree import ElementTree

import pytest

from fromlint.model.finding import Label, Severity
from fromlint.model.place import Span
from fromlint.reports import checkstyle, concise, github, gitlab, junit, markdown, rdjson, sarif, text
from fromlint.reports import json as json_report
from fromlint.rules import pages
from report_example import DOCKERFILE, NASTY, finding, report


def test_text_shows_each_place_with_its_source_and_groups_by_instruction():
    shown = text.render(report(finding(), finding("lightgbm")))
    assert shown == (
        "Dockerfile:4:1: FL201 error: psycopg2 2.9.10 has no musllinux wheel and cannot be compiled here\n"
        "Dockerfile:4:1: FL201 error: lightgbm 2.9.10 has no musllinux wheel and cannot be compiled here\n"
        "  |\n"
        "1 | FROM python:3.12-alpine\n"
        "  |      ------------------ musl 1.2 (Alpine 3.24), CPython 3.12\n"
        "4 | RUN pip install -r requirements.txt\n"
        "  | ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ needs gcc musl-dev\n"
        "  |\n"
        " ::: requirements.txt:2\n"
        "2 | psycopg2==2.9.10\n"
        "  | ---------------- only an sdist fits\n"
        "  = help: add before it: apk add --no-cache gcc musl-dev\n"
        "\n"
        "Dockerfile:4: skipped env.yml: conda is out of scope\n"
        "\n"
        "Found 2 errors, 0 warnings (0 requirements, 0 stages, linux/amd64)\n"
    )


def test_text_of_a_block_with_many_findings_is_cut_unless_all_is_asked_for():
    lines = tuple(f"demo{number}==1\n" for number in range(30))
    findings = [
        finding(f"demo{number}")._replace(
            related=(Label(Span("requirements.txt", number + 1, 1, number + 1, 4), "only an sdist fits"),),
            help=(f"demo{number} 2 has a wheel here",),
        )
        for number in range(30)
    ]
    many = report(*findings)._replace(sources={**report().sources, "requirements.txt": lines})
    shown = text.render(many)
    assert shown.count("FL201 error") == 30
    assert shown.count("only an sdist fits") == 12
    assert "… and 18 more places (--verbose)\n" in shown
    assert shown.count("has a wheel here") == 8
    assert "= help: … and 22 more (--verbose)\n" in shown
    whole = text.render(many, verbose=True)
    assert whole.count("only an sdist fits") == whole.count("has a wheel here") == 30
    assert "more places" not in whole


def test_text_shows_the_first_of_many_releases_that_an_old_python_holds_back():
    held = [finding(f"demo{number}")._replace(code="FL109", severity=Severity.WARNING) for number in range(9)]
    shown = text.render(report(finding(), *held))
    assert shown.count("FL109 warning: demo") == 3
    assert "Dockerfile:4:1: FL109 warning: … and 6 more like these (--verbose)\n" in shown
    assert text.render(report(*held[:4])).count("FL109 warning: demo") == 4
    assert text.render(report(*held), verbose=True).count("FL109 warning: demo") == 9


def test_text_joins_the_help_of_a_block_that_differs_in_the_names_alone():
    base = "FROM python:3.12-slim has a wheel for"
    first, second = finding("one"), finding("two")._replace(missing=("gcc", "libpq-dev"))
    shown = text.render(
        report(
            first._replace(help=("add: apk add gcc musl-dev", f"{base} one", "one 2 has a wheel here")),
            second._replace(help=("add: apk add gcc libpq-dev", f"{base} two")),
        )
    )
    helps = [line.strip() for line in shown.splitlines() if "= help" in line]
    assert helps == [
        "= help: add: apk add gcc musl-dev libpq-dev",
        f"= help: {base} one, two",
        "= help: one 2 has a wheel here",
    ]


def test_text_leaves_out_what_another_package_of_the_block_brings():
    add, together = "add before it: apt-get install {}", ("g++", "libpq-dev")
    found = [
        finding(name)._replace(missing=missing, together=together, help=(add.format(" ".join(missing)),))
        for name, missing in (("one", ("g++",)), ("two", ("gcc", "libc6-dev", "libpq-dev")))
    ]
    shown = text.render(report(*found))
    assert "needs g++ libpq-dev\n" in shown
    assert f"= help: {add.format('g++ libpq-dev')}\n" in shown
    # Where the first is not shown, nothing brings gcc.
    assert "needs gcc libc6-dev libpq-dev\n" in text.render(report(found[1]))


def test_text_without_colour_has_no_escape_sequence_even_for_nasty_names():
    assert "\x1b" not in text.render(report(finding(NASTY)))
    assert "\x1b[1m" in text.render(report(finding()), colour=True)


def test_concise_is_one_line_a_finding():
    assert concise.render(report(finding(NASTY), finding())).count("\n") == 2


def test_json_has_the_keys_of_the_contract():
    document = json.loads(json_report.render(report(finding())))
    assert document["version"] == 1
    assert document["summary"] == {"error": 1, "warning": 0, "info": 0}
    (entry,) = document["findings"]
    assert entry["code"] == "FL201"
    assert (entry["line"], entry["column"], entry["end_line"], entry["end_column"]) == (4, 1, 4, 36)
    assert entry["stage"] == "0"
    assert entry["missing"] == ["gcc", "musl-dev"]
    assert entry["requirement"] == {
        "name": "psycopg2",
        "version": "2.9.10",
        "file": "requirements.txt",
        "line": 2,
        "parents": [],
    }
    assert entry["related"][1] == {"file": "requirements.txt", "line": 2, "column": 1, "label": "only an sdist fits"}
    assert document["skipped"] == [{"what": "env.yml", "why": "conda is out of scope", "file": "Dockerfile", "line": 4}]


def test_sarif_has_rules_regions_related_places_and_fingerprints_that_differ():
    document = json.loads(sarif.render(report(finding(), finding(), finding(NASTY)), pages()))
    (run,) = document["runs"]
    rules = run["tool"]["driver"]["rules"]
    assert len({result["partialFingerprints"]["fromlint/v1"] for result in run["results"]}) == 3
    for result in run["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["locations"][0]["physicalLocation"]["region"]["endColumn"] == 36
        assert len(result["relatedLocations"]) == 2
        assert "\x1b" not in result["message"]["text"]


def test_fingerprints_survive_moved_lines():
    moved = finding()._replace(span=Span("Dockerfile", 5, 1, 5, 36))
    one = report(finding())
    two = report(moved)._replace(sources={"Dockerfile": ("\n", *DOCKERFILE.splitlines(keepends=True))})
    first, second = (json.loads(gitlab.render(entry))[0]["fingerprint"] for entry in (one, two))
    assert first == second


def test_github_annotates_both_files_and_escapes():
    lines = github.render(report(finding(NASTY))).splitlines()
    assert len(lines) == 2
    assert lines[0].startswith("::error file=Dockerfile,line=4,col=1,endColumn=36,title=FL201 missing-build-tools::")
    assert lines[1].startswith("::error file=requirements.txt,line=2,")
    assert "%25" in lines[0]


def test_gitlab_has_what_gitlab_reads():
    (issue,) = json.loads(gitlab.render(report(finding())))
    assert issue["severity"] == "major"
    assert issue["location"] == {"path": "Dockerfile", "lines": {"begin": 4, "end": 4}}


def test_rdjson_has_ranges():
    (diagnostic,) = json.loads(rdjson.render(report(finding())))["diagnostics"]
    assert diagnostic["location"]["range"]["end"] == {"line": 4, "column": 36}


def test_rdjson_counts_columns_in_bytes():
    lines = ("# äöü 😀 \n",)
    place = finding()._replace(span=Span("Dockerfile", 1, 4, 1, 8))
    shown = rdjson.render(report(place)._replace(sources={"Dockerfile": lines}))
    range_ = json.loads(shown)["diagnostics"][0]["location"]["range"]
    assert (range_["start"]["column"], range_["end"]["column"]) == (5, 14)


@pytest.mark.parametrize("module", [checkstyle, junit])
def test_xml_is_well_formed_for_nasty_names(module):
    tree = ElementTree.fromstring(module.render(report(finding(NASTY), finding(severity=Severity.INFO))))
    assert len(list(tree.iter())) > 3


def test_junit_fails_for_warnings_and_not_for_advice():
    shown = junit.render(report(finding(severity=Severity.WARNING), finding(severity=Severity.INFO)))
    tree = ElementTree.fromstring(shown)
    assert [suite.get("failures") for suite in tree.iter("testsuite")] == ["1"]


def test_junit_has_a_passed_case_for_a_clean_dockerfile():
    tree = ElementTree.fromstring(junit.render(report()))
    assert [case.get("name") for case in tree.iter("testcase")] == ["Dockerfile"]


def test_markdown_leaves_no_markup_from_names():
    shown = markdown.render(report(finding(NASTY)))
    assert "<script>" not in shown
    assert "@everyone" not in shown
    assert "`" not in shown
