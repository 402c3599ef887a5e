"""Tags that move from release to release: said only where that is asked for."""

import pytest

from fromlint import rules


def test_a_moving_tag_is_named_with_the_one_that_stays(check):
    (found,) = check("FL504", "FROM python:3.12-slim\n")
    assert found.message == "python:3.12-slim moves from release to release; it is Debian 13 (trixie) now"
    assert found.help == ("FROM python:3.12-slim-trixie",)
    (found,) = check("FL504", "FROM python:3.12-alpine\n")
    assert found.help == ("FROM python:3.12-alpine3.24",)


@pytest.mark.parametrize("image", ["python:3.12-slim-bookworm", "python:3.12-alpine3.22", "registry.corp/base:1"])
def test_a_tag_that_names_its_release_is_left_alone(check, image):
    assert not check("FL504", f"FROM {image}\n")


def test_a_code_s_beginning_does_not_switch_it_on(check):
    assert "FL504" in rules.OPT_IN
    assert not check("FL5", "FROM python:3.12-slim\n")
