"""Tags that never were."""

import pytest


def test_a_tag_in_the_wrong_order_is_named_with_the_right_one(check):
    (found,) = check("FL508", "FROM python:3.12-bookworm-slim AS build\nRUN true\n")
    assert found.message == "there never was an image python:3.12-bookworm-slim"
    assert (found.span.line, found.span.column) == (1, 6)
    assert found.help == ("FROM python:3.12-slim-bookworm",)


def test_once_for_a_from_and_not_for_what_goes_on_from_it(check):
    assert len(check("FL508", "FROM python:3.12-bookworm-slim AS a\nFROM a\nRUN true\n")) == 1


@pytest.mark.parametrize(
    "image", ["python:3.12-slim-bookworm", "python:3.12.99-slim", "python:3.27", "registry.corp/base:none", "scratch"]
)
def test_real_tags_and_those_newer_than_the_data_are_left_alone(check, image):
    assert not check("FL508", f"FROM {image}\n")


def test_that_the_image_is_not_known_is_not_said_besides(check):
    assert not check("FL907", "FROM python:3.12-bookworm-slim\nRUN pip install six\n")
