"""Every family of images: tags that there are, tags that never were, and tags by date."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from fromlint.images import catalogue, store
from fromlint.images.reference import parse
from images.looked_up import known, short
from images.tables import DATED, NEVER, OPEN, REAL


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


@pytest.mark.parametrize("text", ["dhi.io/python:x", "apache/superset:x", "scratch:x"])
def test_where_the_tags_are_not_written_down_none_is_said_never_to_have_been(text: str) -> None:
    found = known(text)
    assert not found.known
    assert found.tag_status == "unknown"


def test_every_family_is_in_every_table() -> None:
    files = {path.stem for path in (Path(store.__file__).parent.parent / "data" / "images" / "families").iterdir()}
    # Of superset no tag's Python is known.
    assert _families(text for text, *_ in REAL) == files - {"superset"}
    assert _families(text for text, _ in NEVER) == files - OPEN
    assert _families(text for text, *_ in DATED) == files - {"superset"}


def _families(texts: Iterable[str]) -> set[str]:
    references = (parse(text) for text in texts)
    found = {catalogue._family(catalogue.canonical(reference)[0]) for reference in references if reference}
    return {family for family in found if family is not None}
