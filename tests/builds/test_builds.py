"""fromlint's verdicts against real builds: what it calls fails, for that reason; what it suggests is enough, and needed."""

import re

import pytest
from cases import Case, Expected, laid_out, read
from real_builds import Tried, bases, folder, packages, tried

from fromlint import run

CASES = read()
pytestmark = pytest.mark.builds


def _parameters(cases: list[Case], *, quick: bool) -> list[object]:
    return [
        pytest.param(case, id=case.name, marks=[pytest.mark.quick] if case.quick and quick else []) for case in cases
    ]


def _tail(result: Tried) -> str:
    return result.output[-3000:]


@pytest.mark.parametrize("case", _parameters(list(CASES), quick=True))
def test_the_verdict(case: Case, tmp_path, monkeypatch):
    """Every error that there is, at the right requirement with the right list, and no other."""
    monkeypatch.setenv("FROMLINT_CACHE_DIR", str(folder() / "index"))
    monkeypatch.chdir(laid_out(case, tmp_path))
    report = run.check([tmp_path / case.name / "Dockerfile"], {}).report
    found = {
        Expected(
            finding.code,
            # A bare git+https://… has no name before it is fetched.
            (finding.subject.name or None) if finding.subject is not None else None,
            finding.span.line,
            tuple(sorted(finding.missing)),
            finding.severity.word,
        )
        for finding in report.findings
    }
    expected = {finding._replace(missing=tuple(sorted(finding.missing))) for finding in case.findings}
    assert {finding for finding in found if finding.severity == "error" or finding in expected} == expected


@pytest.mark.parametrize("case", _parameters(list(CASES), quick=True))
def test_what_really_happens(case: Case, tmp_path):
    """A good case builds and runs; a bad one fails, and for the reason that it gives."""
    result = tried(case.dockerfile, laid_out(case, tmp_path), case.run)
    if case.error is None:
        assert result.ran, _tail(result)
    else:
        assert not result.ran, "it builds and runs"
        assert re.search(case.error, result.output), _tail(result)


@pytest.mark.parametrize("case", _parameters([case for case in CASES if case.curable], quick=True))
def test_what_is_suggested_is_enough(case: Case, tmp_path):
    result = tried(case.cured(case.missing), laid_out(case, tmp_path), case.run)
    assert result.ran, _tail(result)


@pytest.mark.parametrize(
    ("case", "name"),
    [
        pytest.param(case, name, id=f"{case.name}-{name}")
        for case in CASES
        if case.curable and case.minimal and not case.replace and len(case.missing) > 1
        for name in case.missing
    ],
)
def test_what_is_suggested_is_needed(case: Case, name: str, tmp_path):
    """With one of the names left out it fails again."""
    rest = tuple(each for each in case.missing if each != name)
    assert not tried(case.cured(rest), laid_out(case, tmp_path), case.run).ran


@pytest.mark.parametrize("image", bases())
def test_a_base_holds_what_the_catalogue_says(image: str):
    """The bases are made as the official images are; so their packages are what fromlint takes to be there."""
    import datetime

    from fromlint.images import catalogue, reference

    parsed = reference.parse(image)
    assert parsed is not None
    environment = catalogue.environment(parsed, platform="linux/amd64", as_of=datetime.date.today())
    assert packages(image) == environment.packages
