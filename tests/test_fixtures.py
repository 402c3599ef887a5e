"""Every fixture project has its expected findings beside it, as `fromlint check --offline` must print them.

`expected.json` lists code, severity, file, line, the requirement's name and the missing packages. After a change that
is meant to change findings `python tests/test_fixtures.py` writes them anew, to be read in the diff.
"""

import json
import os
from pathlib import Path

import pytest

from fromlint import run

FIXTURES = Path(__file__).parent.parent / "fixtures"
AS_OF = "2026-11-22"
PROJECTS = sorted(path.name for path in FIXTURES.iterdir() if path.is_dir())


def findings(project: str) -> list[dict[str, object]]:
    outcome = run.check([Path(project)], {"offline": True, "as_of": AS_OF})
    assert not outcome.missing_paths
    assert not outcome.nothing_found
    return [
        {
            "code": finding.code,
            "severity": finding.severity.word,
            "file": finding.span.file,
            "line": finding.span.line,
            "requirement": finding.subject.name if finding.subject is not None else None,
            "missing": list(finding.missing),
        }
        for finding in outcome.report.findings
    ]


@pytest.mark.parametrize("project", PROJECTS)
def test_a_fixture_has_exactly_its_expected_findings(project, monkeypatch, tmp_path):
    monkeypatch.chdir(FIXTURES)
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    expected = json.loads((FIXTURES / project / "expected.json").read_text())
    assert findings(project) == expected


def write() -> None:
    """Writes what is found today; without a cache, as the test sees it."""
    os.environ["FROMLINT_CACHE_DIR"] = os.devnull
    os.chdir(FIXTURES)
    for project in PROJECTS:
        lines = ",\n".join(" " + json.dumps(finding) for finding in findings(project))
        (FIXTURES / project / "expected.json").write_text(f"[\n{lines}\n]\n" if lines else "[]\n")


if __name__ == "__main__":
    write()
