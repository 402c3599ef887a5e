"""fromlint's verdicts against real builds: what it calls fails, for that reason; what it suggests is enough, and needed."""

import datetime
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from cases import Case, Expected, laid_out, read
from real_builds import Tried, bases, folder, packages, tried
from results import shortened

from fromlint import run
from fromlint.images import catalogue, reference

CASES = read()
Note = Callable[[str, str, str], None]
pytestmark = pytest.mark.builds


def _parameters(cases: list[Case]) -> list[object]:
    return [pytest.param(case, id=case.name, marks=[pytest.mark.quick] if case.quick else []) for case in cases]


def _called(cases: list[Case]) -> list[object]:
    """With those that fromlint misses as tests that are to fail: they tell when it no longer does."""
    known = [pytest.mark.quick], [pytest.mark.xfail(strict=True, raises=AssertionError)]
    return [
        pytest.param(case, id=case.name, marks=(known[0] if case.quick else []) + (known[1] if case.missed else []))
        for case in cases
    ]


@pytest.mark.parametrize("case", _called(list(CASES)))
def test_the_verdict(case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, note: Note):
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
    if case.missed is not None:
        note(case.name, "codes", f"nothing: {case.missed}")
    counted = {finding for finding in found if finding.severity == "error" or finding in expected}
    for finding in sorted(counted, key=lambda finding: (finding.line, finding.code, finding.requirement or "")):
        note(case.name, "codes", " ".join(filter(None, (finding.code, finding.requirement))))
        note(case.name, "missing", " ".join(finding.missing))
    if not counted and case.missed is None:
        note(case.name, "codes", "nothing")
    assert counted == expected
    if case.together:
        assert {finding.together for finding in report.findings if finding.missing} == {case.together}


@pytest.mark.parametrize("case", _parameters(list(CASES)))
def test_what_really_happens(case: Case, tmp_path: Path, note: Note):
    """A good case builds and runs; a bad one fails, and for the reason that it gives."""
    note(case.name, "expected", "builds and runs" if case.error is None else f"fails: {case.says}")
    if case.findings and not case.curable:
        note(case.name, "cure", "not tried: the cure is outside of the Dockerfile")
    result = tried(case.built, laid_out(case, tmp_path), case.run)
    note(case.name, "happened", _outcome(result, case.error))
    if case.error is None:
        assert result.ran, _tail(result)
    else:
        assert not result.ran, "it builds and runs"
        assert re.search(case.error, result.output), _tail(result)


@pytest.mark.parametrize("case", _parameters([case for case in CASES if case.curable]))
def test_what_is_suggested_is_enough(case: Case, tmp_path: Path, note: Note):
    result = tried(case.cured(case.missing), laid_out(case, tmp_path), case.cured_run)
    note(case.name, "cure", "builds and runs" if result.ran else _outcome(result, None))
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
def test_what_is_suggested_is_needed(case: Case, name: str, tmp_path: Path, note: Note):
    """With one of the names left out it fails again."""
    rest = tuple(each for each in case.missing if each != name)
    result = tried(case.cured(rest), laid_out(case, tmp_path), case.run)
    note(case.name, "cure", f"without {name} it {'does all the same' if result.ran else 'fails'}")
    assert not result.ran


@pytest.mark.parametrize("image", [image for image, base in bases().items() if "run" not in base])
def test_a_base_holds_what_the_catalogue_says(image: str):
    """The bases are made as the official images are; so their packages are what fromlint takes to be there."""
    parsed = reference.parse(image)
    assert parsed is not None
    environment = catalogue.environment(parsed, platform="linux/amd64", as_of=datetime.date.today())
    assert packages(image) == environment.packages


def _outcome(result: Tried, cause: str | None) -> str:
    if result.ran:
        return "builds and runs"
    what = "builds, does not run" if result.built else "build fails"
    lines = [line for line in result.output.splitlines() if not line.startswith("STEP ")]
    told = next((line for line in lines if cause is not None and re.search(cause, line)), None)
    return f"{what}: {shortened(told or 'for another reason')}" if cause is not None else what


def _tail(result: Tried) -> str:
    return result.output[-3000:]
