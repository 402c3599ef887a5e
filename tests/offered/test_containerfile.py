"""The image of our own passes our own check."""

from pathlib import Path

import pytest

from fromlint import run
from fromlint.model.finding import Severity
from fromlint.model.verdict import Outcome

CONTAINERFILE = Path(__file__).parent.parent.parent / "Containerfile"
BOTH = ("linux/amd64", "linux/arm64")


def test_nothing_is_wrong_with_it(tmp_path, monkeypatch):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    report = run.check([CONTAINERFILE], {"offline": True, "platform": BOTH}).report
    assert [finding for finding in report.findings if finding.severity > Severity.INFO] == []
    (project,) = report.projects
    assert [install.install.tool for stage in project.stages for install in stage.installs] == ["pip"]
    assert all(stage.environment.known for stage in project.stages)


@pytest.mark.live
def test_all_that_it_installs_has_a_wheel_on_both_platforms(tmp_path, monkeypatch):
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(tmp_path))
    report = run.check([CONTAINERFILE], {"platform": BOTH}).report
    assert report.findings == ()
    (install,) = [install for stage in report.projects[0].stages for install in stage.installs]
    verdicts = {
        (facts.package.name, platform): verdict.outcome
        for facts in install.packages
        for platform, verdict in facts.package.verdicts.items()
    }
    for platform in BOTH:
        assert verdicts.pop(("fromlint", platform)) is Outcome.SOURCE
    assert len(verdicts) >= 20
    assert set(verdicts.values()) == {Outcome.WHEEL}
