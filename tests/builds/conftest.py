"""What real builds need to be run at all: root, buildah and debootstrap; and where their results are written."""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import real_builds
import results

_SEEN: list[results.Seen] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--results", metavar="FOLDER", help="write tables of the real builds to this folder")


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "quick: of the real builds those that CI makes, too")


@pytest.fixture(scope="session", autouse=True)
def builder() -> None:
    why = real_builds.lacking()
    if why is not None:
        pytest.fail(f"{why} (make test-builds does that)", pytrace=False)


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[str, str, str], None]:
    """Notes for the table of results what a test saw: ``note(case, column, text)``."""
    return _notes("cases", record_property)


@pytest.fixture
def note_sdist(record_property: Callable[[str, object], None]) -> Callable[[str, str, str], None]:
    """The same for the table of sdists."""
    return _notes("sdists", record_property)


@pytest.fixture
def note_wheel(record_property: Callable[[str, object], None]) -> Callable[[str, str, str], None]:
    """The same for the table of wheels."""
    return _notes("wheels", record_property)


def _notes(kind: str, record: Callable[[str, object], None]) -> Callable[[str, str, str], None]:
    return lambda case, aspect, text: record(aspect, {"kind": kind, "case": case, "text": text})


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        _SEEN.extend(results.seen(report.user_properties, report.passed))


def pytest_sessionfinish(session: pytest.Session) -> None:
    # With xdist only the process that gathers what the others saw.
    if hasattr(session.config, "workerinput"):
        return
    target = session.config.getoption("--results")
    for name, kind in results.KINDS.items() if target else ():
        seen = [each for each in _SEEN if each.kind == name]
        if seen:
            page = results.table(kind, seen, "make test-builds", datetime.date.today())
            (Path(target) / kind.file).write_text(page)
    if _SEEN:
        real_builds.tidy()
