"""A result is kept for as long as another run would find the same."""

from __future__ import annotations

import os

import pytest

from fromlint.editor import kept
from fromlint.editor.results import Results

GIVEN: dict[str, object] = {}


@pytest.fixture
def result(project):
    """A result with a buffer for the Dockerfile; the requirements come from disk."""
    buffers = {str(project / "Dockerfile"): (project / "Dockerfile").read_bytes()}
    return buffers, kept.check(str(project / "Dockerfile"), buffers, GIVEN, ask=False)


def test_the_same_holds(result):
    buffers, found = result
    assert found.holds(buffers, GIVEN)
    assert found.report.unasked


def test_other_settings_or_another_text_do_not(result, project):
    buffers, found = result
    assert not found.holds(buffers, {"strict": True})
    assert not found.holds({str(project / "Dockerfile"): b"FROM x\n"}, GIVEN)


def test_a_buffer_that_says_what_the_disk_says_changes_nothing(result, project):
    buffers, found = result
    requirements = str(project / "requirements.txt")
    assert found.holds({**buffers, requirements: (project / "requirements.txt").read_bytes()}, GIVEN)
    assert not found.holds({**buffers, requirements: b"x\n"}, GIVEN)
    assert found.holds({}, GIVEN)  # closed, and the disk says the same


def test_a_buffer_of_what_was_not_looked_at_changes_nothing(result, project):
    buffers, found = result
    assert found.holds({**buffers, str(project / "README.md"): b"x"}, GIVEN)


def test_a_file_that_is_written_anew_by_renaming_changes_nothing(result, project):
    buffers, found = result
    (project / "new").write_bytes((project / "Dockerfile").read_bytes())
    os.replace(project / "new", project / "Dockerfile")
    assert found.holds(buffers, GIVEN)


@pytest.mark.parametrize("name", ["compose.yaml", ".dockerignore", "pyproject.toml"])
def test_a_new_file_may_change_everything(result, project, name):
    buffers, found = result
    (project / name).write_text("x: 1\n")
    assert not found.holds(buffers, GIVEN)


def test_a_file_that_is_gone_does(result, project):
    buffers, found = result
    (project / "requirements.txt").unlink()
    assert not found.holds(buffers, GIVEN)


def test_what_is_undone_is_known_still(result, project):
    buffers, found = result
    other = {str(project / "Dockerfile"): b"FROM python:3.12-slim-trixie\n"}
    results = Results()
    results.keep(found)
    assert results.known(found.dockerfile, other, GIVEN) is None
    results.keep(kept.check(found.dockerfile, other, GIVEN, ask=False))
    assert results.known(found.dockerfile, buffers, GIVEN) is found
    assert results.known(found.dockerfile, other, GIVEN) is not None


def test_the_index_is_asked_once_for_what_it_does_not_have(result, index):
    buffers, found = result
    results = Results()
    results.keep(found)
    assert results.due(found)
    asked = kept.check(found.dockerfile, buffers, GIVEN, ask=True)
    results.asked(found.dockerfile, results.unasked(found.dockerfile), asked)
    assert not results.due(asked)
    assert not results.due(found)
    results.ask_anew()
    assert results.due(found)


def test_who_wants_no_network_is_not_asked_again_and_hears_that(project):
    with (project / "fromlint.toml").open("a") as file:
        file.write("offline = true\n")
    results = Results()
    found = kept.check(str(project / "Dockerfile"), {}, GIVEN, ask=False)
    assert not results.complete(found)
    results.asked(found.dockerfile, frozenset(), kept.check(found.dockerfile, {}, GIVEN, ask=True))
    assert results.complete(found)
    assert not results.due(found)
