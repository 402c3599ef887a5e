import pytest

from fromlint.dockerfile.parse import parse
from fromlint.model.finding import Finding, Severity, Subject
from fromlint.model.place import Span
from fromlint.settings.inline import in_dockerfile, in_requirements, split


def finding(line, code="FL201", rule="missing-build-tools", file="Dockerfile", subject=None):
    return Finding(code, rule, Severity.ERROR, "x", Span(file, line, 1, line, 5), subject=subject)


DOCKERFILE = b"""FROM python:3.12-slim
# fromlint: ignore=FL201 psycopg2 is built elsewhere
RUN pip install psycopg2 \\
    # fromlint: ignore=FL301,missing-vcs-tool
    gunicorn
RUN pip install flask
"""


def test_an_ignore_above_an_instruction_covers_all_its_lines():
    ignores = in_dockerfile(parse(DOCKERFILE, "Dockerfile"))
    kept, unused, silenced = split([finding(3), finding(5), finding(6)], ignores)
    assert [entry.span.line for entry in kept] == [6]
    assert [ignore.span.line for ignore in unused] == [4]
    assert silenced == {"FL201": 2}


def test_an_ignore_inside_an_instruction_works_by_code_and_by_name():
    ignores = in_dockerfile(parse(DOCKERFILE, "Dockerfile"))
    kept, _, _ = split(
        [finding(5, "FL202", "missing-vcs-tool"), finding(5, "FL105", "no-matching-distribution")], ignores
    )
    assert [entry.code for entry in kept] == ["FL105"]


def test_an_ignore_for_the_whole_file():
    ignores = in_dockerfile(
        parse(b"# fromlint: ignore-file=FL201\n\nFROM python:3.12\nRUN pip install x\n", "Dockerfile")
    )
    kept, unused, _ = split([finding(4), finding(3, "FL501", "better-base")], ignores)
    assert [entry.code for entry in kept] == ["FL501"]
    assert unused == ()


def test_a_requirement_line_silences_findings_on_its_requirement():
    lines = [
        "flask\n",
        "psycopg2==2.9.10  # fromlint: ignore=FL201 built elsewhere\n",
        "# fromlint: ignore\n",
        "lxml\n",
    ]
    ignores = in_requirements("requirements.txt", lines)
    about = Subject("psycopg2", "2.9.10", "requirements.txt", 2, ())
    other = Subject("flask", "3", "requirements.txt", 1, ())
    lxml = Subject("lxml", "5", "requirements.txt", 4, ())
    kept, unused, _ = split([finding(9, subject=about), finding(9, subject=other), finding(9, subject=lxml)], ignores)
    assert [entry.subject.name for entry in kept] == ["flask"]
    assert unused == ()


def test_other_comments_are_not_ours():
    assert in_requirements("requirements.txt", ["flask  # see fromlint docs\n", "x  # noqa\n"]) == ()


@pytest.mark.parametrize(
    ("comment", "rules"),
    [
        ("fromlint: ignore=FL201", ("FL201",)),
        ("fromlint: ignore=FL101,FL105 because", ("FL101", "FL105")),
        ("fromlint: ignore = FL101, FL105, source-build because", ("FL101", "FL105", "source-build")),
        ("fromlint: ignore=FL101, because it is so", ("FL101",)),
        ("fromlint: ignore", ()),
    ],
)
def test_rules_are_told_from_the_reason(comment, rules):
    (ignore,) = in_dockerfile(parse(f"# {comment}\nFROM x\n".encode(), "Dockerfile"))
    assert ignore.rules == rules
