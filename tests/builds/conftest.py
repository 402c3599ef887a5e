"""What real builds need to be run at all: root, buildah and debootstrap; and where their results are written."""

import datetime
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

import journal
import real_builds
import results


def _journal() -> Path:
    return real_builds.folder() / "seen.jsonl"


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


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Before -k and -m choose: tests that a module no longer has leave the tables."""
    if getattr(config, "workerinput", {"workerid": "gw0"})["workerid"] != "gw0" or not config.getoption("--results"):
        return
    in_part = {argument.partition("::")[0] for argument in config.args if "::" in argument}
    modules = {item.nodeid.partition("::")[0] for item in items} - in_part
    journal.forget(_journal(), modules, {item.nodeid for item in items})


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    # The process that gathers what those of xdist saw writes it, at once: an interrupted run loses nothing.
    if (
        "PYTEST_XDIST_WORKER" not in os.environ
        and report.when == "call"
        and (seen := results.seen(report.user_properties, report.passed))
    ):
        journal.add(_journal(), journal.Entry(report.nodeid, datetime.date.today().isoformat(), tuple(seen)))


def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    target = session.config.getoption("--results")
    if target:
        entries = journal.read(_journal())
        for name, kind in results.KINDS.items():
            told = [entry for entry in entries if entry.seen and entry.seen[0].kind == name]
            if told:
                page = results.table(kind, (each for entry in told for each in entry.seen), _how(told))
                (Path(target) / kind.file).write_text(page)
        real_builds.tidy()


def _how(entries: list[journal.Entry]) -> str:
    days = sorted({entry.on for entry in entries})
    return f"Made by `make test-builds` {'on' if len(days) == 1 else 'from'} {' to '.join(dict.fromkeys((days[0], days[-1])))}."
