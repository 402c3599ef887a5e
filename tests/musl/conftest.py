"""What tests on a real musl CPython need, and where their table is written."""

import datetime
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import musl_results
import musl_root

_SEEN: list[musl_results.Row] = []


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--musl-results", metavar="FILE", help="write a table of what was tried on musl to this file")


@pytest.fixture(scope="session", autouse=True)
def musl() -> None:
    why = musl_root.lacking()
    if why is not None:
        pytest.fail(why, pytrace=False)


@pytest.fixture
def note(record_property: Callable[[str, object], None]) -> Callable[[musl_results.Row], None]:
    """Notes a line for the table."""
    return lambda row: record_property("row", list(row))


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "call":
        for name, value in report.user_properties:
            if name == "row" and isinstance(value, list):
                _SEEN.append(musl_results.Row(*value)._replace(equal="yes" if report.passed else "**no**"))


def pytest_sessionfinish(session: pytest.Session) -> None:
    target = session.config.getoption("--musl-results")
    if target and _SEEN and not hasattr(session.config, "workerinput"):
        Path(target).write_text(musl_results.table(_SEEN, datetime.date.today()))
