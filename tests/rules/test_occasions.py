"""Which rules are asked: that none is left out that would speak is checked with every Dockerfile of this folder."""

from fromlint import rules, run
from fromlint.rules import occasions


def test_of_a_good_dockerfile_few_rules_are_asked(check, tmp_path):
    dockerfile = "FROM python:3.12-slim-trixie\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n"
    check("FL901", dockerfile, {"requirements.txt": "# none\n"})
    (project,) = run.check([tmp_path / "project" / "Dockerfile"], {"offline": True}).report.projects
    signs = occasions.given(project)
    asked = [code for code in rules.CODES if occasions.speaks(code, signs)]
    assert asked == ["FL206", "FL304", "FL503", "FL507"]
