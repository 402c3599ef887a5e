"""Ignores that an edit writes, and that the reader of ignores understands."""

from __future__ import annotations

import pytest

from fromlint.dockerfile.parse import parse
from fromlint.editor.ignoring import ignores
from fromlint.fixes.text import Text
from fromlint.model.finding import Finding, Severity, Subject
from fromlint.model.place import Span
from fromlint.settings import inline

DOCKERFILE = "# syntax=docker/dockerfile:1\nFROM x\n\n# why\nRUN a && \\\n    pip install b\n"


def found(line: int, subject: Subject | None = None) -> Finding:
    return Finding("FL201", "r", Severity.ERROR, "m", Span("Dockerfile", line, 1, line, 2), subject=subject)


def applied(finding: Finding, title: str, **files: str) -> str:
    files.setdefault("Dockerfile", DOCKERFILE)

    def line(file: str, number: int) -> str:
        lines = files[file].splitlines()
        return lines[number - 1] if 0 < number <= len(lines) else ""

    dockerfile = parse(files["Dockerfile"].encode(), "Dockerfile")
    (fix,) = (fix for fix in ignores(finding, dockerfile, line) if fix.title == title)
    (edit,) = fix.edits
    text = Text(files[edit.span.file].encode()).edited(fix.edits)
    assert text is not None
    return text.decode()


def silenced(text: str, line: int) -> bool:
    moved = found(line)
    return any(inline.applies(ignore, moved) for ignore in inline.in_dockerfile(parse(text.encode(), "Dockerfile")))


def test_above_the_instruction_even_from_its_second_line():
    text = applied(found(6), "ignore FL201 here")
    assert text.splitlines()[3:6] == ["# why", "# fromlint: ignore=FL201", "RUN a && \\"]
    assert silenced(text, 7)


def test_one_that_is_there_gets_longer():
    there = DOCKERFILE.replace("# why", "# fromlint: ignore=FL101, FL105 because")
    text = applied(found(6), "ignore FL201 here", Dockerfile=there)
    assert text.splitlines()[3] == "# fromlint: ignore=FL101, FL105,FL201 because"
    assert silenced(text, 6)


def test_in_the_whole_dockerfile_behind_its_directives():
    text = applied(found(6), "ignore FL201 in this Dockerfile")
    assert text.splitlines()[:3] == ["# syntax=docker/dockerfile:1", "# fromlint: ignore-file=FL201", "FROM x"]
    assert silenced(text, 2)
    assert silenced(text, 7)
    assert parse(text.encode(), "Dockerfile").directives == {"syntax": "docker/dockerfile:1"}


@pytest.mark.parametrize(
    ("file", "before", "after"),
    [
        ("requirements.txt", "a==1\n", "a==1  # fromlint: ignore=FL201\n"),
        ("requirements.txt", "a==1", "a==1  # fromlint: ignore=FL201"),
        ("requirements.txt", "a==1   # note\n", "a==1   # note  # fromlint: ignore=FL201\n"),
        ("requirements.txt", "a==1  # fromlint: ignore=FL101\n", "a==1  # fromlint: ignore=FL101,FL201\n"),
        ("requirements.txt", "a==1 \\\n  --hash=x\n", "# fromlint: ignore=FL201\na==1 \\\n  --hash=x\n"),
        ("pyproject.toml", '  "a==1",\n', '  "a==1",  # fromlint: ignore=FL201\n'),
        ("setup.cfg", "  a==1\n", "  # fromlint: ignore=FL201\n  a==1\n"),
    ],
)
def test_at_the_requirement(file, before, after):
    finding = found(5, Subject("a", "1", file, 1, ()))
    text = applied(finding, "ignore FL201 for a", **{file: before})
    assert text == after
    ignored = inline.in_requirements(file, text.splitlines())
    moved = finding._replace(subject=Subject("a", "1", file, text.splitlines().index(after.splitlines()[-1]) + 1, ()))
    if "hash" not in before:
        assert any(inline.applies(ignore, moved) for ignore in ignored)


@pytest.mark.parametrize("file", ["uv.lock", "pylock.toml", "pylock.dev.toml", "Pipfile.lock"])
def test_not_in_what_the_next_lock_drops(file):
    finding = found(5, Subject("a", "1", file, 1, ()))
    titles = [fix.title for fix in ignores(finding, parse(DOCKERFILE.encode(), "Dockerfile"), lambda *_: "")]
    assert titles == ["ignore FL201 here", "ignore FL201 in this Dockerfile"]
