"""Every family of images: tags that there are, tags that never were, and tags by date."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from fromlint.images import catalogue, store
from fromlint.images.reference import parse
from images.looked_up import known, short
from images.tables import DATED, INSTEAD, NEVER, REAL


@pytest.mark.parametrize(("text", "day", "expected"), REAL, ids=[f"{row[0]}@{row[1] or 'today'}" for row in REAL])
def test_tags_that_there_are(text: str, day: str | None, expected: tuple[str, str, str]) -> None:
    found = known(text, day)
    assert found.known, found.unknown
    assert found.image == text
    assert short(found) == expected
    assert found.tag_status in ("real", "inferred")


@pytest.mark.parametrize(("text", "nearest"), NEVER)
def test_tags_that_never_were(text: str, nearest: str) -> None:
    found = known(text)
    assert not found.known
    assert (found.tag_status, found.nearest_tag) == ("never", nearest)
    real = known(f"{text.rpartition(':')[0]}:{nearest}")
    assert real.tag_status in ("real", "inferred")
    assert real.known
    # What others go on with is what the nearest one holds.
    assert (found.distro, found.release, found.python) == (real.distro, real.release, real.python)


@pytest.mark.parametrize(("text", "day", "then", "now"), DATED)
def test_tags_by_date(text: str, day: str, then: str, now: str) -> None:
    for found, expected in ((known(text, day), then), (known(text), now)):
        assert found.known, found.unknown
        release, _, python = short(found)
        assert f"{release}, {python}" == expected


@pytest.mark.parametrize(("text", "why"), INSTEAD)
def test_what_is_said_where_no_tag_is_known_never_to_have_been(text: str, why: str) -> None:
    found = known(text)
    assert not found.known
    assert (found.tag_status, found.nearest_tag) == ("unknown", None)
    assert found.unknown == why


@pytest.mark.parametrize(
    ("text", "nearest"),
    [("postgres:16-slim", "16"), ("redis:slim", "latest"), ("php:8.3-fpm-slim", "8.3-fpm")],
)
def test_the_nearest_tag_may_be_one_whose_release_is_not_known(text: str, nearest: str) -> None:
    found = known(text)
    assert (found.known, found.tag_status, found.nearest_tag) == (False, "never", nearest)


def test_a_variant_that_others_have_is_none_that_never_was() -> None:
    assert known("ruby:3.3-slim-bookworm").tag_status == "real"
    assert known("ruby:3.3-slim").tag_status == "unknown"


def test_every_family_is_in_every_table() -> None:
    files = {path.stem for path in (Path(store.__file__).parent.parent / "data" / "images" / "families").iterdir()}
    # Of superset no tag's Python is known, at no date.
    assert _families(text for text, *_ in REAL) == files - {"superset"}
    assert _families(text for text, _ in NEVER) | _families(text for text, _ in INSTEAD) == files
    assert _families(text for text, *_ in DATED) == files - {"superset"}


def _families(texts: Iterable[str]) -> set[str]:
    references = (parse(text) for text in texts)
    found = {catalogue._family(catalogue.canonical(reference)[0]) for reference in references if reference}
    return {family for family in found if family is not None}
