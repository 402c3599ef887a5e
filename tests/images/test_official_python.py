"""Every tag of the official python image, by date."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fromlint.images import official_python
from fromlint.images.official_python import Line, Missing, resolve

TODAY = "2026-11-22"

ONBUILD = "onbuild"  # FROM python:MINOR, rebuilt later than what it stands on


def _history() -> list[tuple[str, str, list[tuple[str, str, str]]]]:
    rows = []
    for line in (Path(__file__).parent / "python_tags.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            tag, version, *spans = line.split(" ")
            rows.append((tag, version, [(name, first, last) for name, first, last in (s.split(":") for s in spans)]))
    return rows


def _name(line: Line) -> str:
    return "windows" if line.name.startswith("windows") else line.name


def test_every_tag_is_today_what_it_was_on_its_last_day() -> None:
    rows = _history()
    assert len(rows) == 3914
    wrong = []
    for tag, version, spans in rows:
        found = resolve(tag, "2026-08-13")
        name = spans[-1][0]
        right = isinstance(found, Line) and (_name(found), found.status) == (name, "real")
        if right and isinstance(found, Line) and version != "-" and name != ONBUILD:
            right = found.version == version
        if not right:
            wrong.append((tag, found))
    assert wrong == []


def test_every_tag_had_the_release_of_the_day() -> None:
    wrong = []
    for tag, _, spans in _history():
        for number, (name, first, last) in enumerate(spans):
            next_first = spans[number + 1][1] if number + 1 < len(spans) else "9999"
            for day in {first, last}:
                found = resolve(tag, day)
                if day != next_first and (not isinstance(found, Line) or _name(found) != name):
                    wrong.append((tag, day, name, found))
    # On one day three tags were listed for Windows alone, the rest having gone on.
    assert sorted((tag, day) for tag, day, name, _ in wrong if name == "windows") == [
        ("3.10.1", "2022-01-18"),
        ("3.11.0a3", "2022-01-18"),
        ("3.9.9", "2022-01-18"),
    ]
    assert [entry for entry in wrong if entry[2] != "windows"] == []


@pytest.mark.parametrize(
    ("tag", "day", "line", "version"),
    [
        ("3.12-slim", "2025-07-01", "slim-bookworm", "3.12.11"),
        ("3.12-slim", TODAY, "slim-trixie", "3.12.14"),
        ("3.9-slim", "2021-08-15", "slim-buster", "3.9.6"),
        ("3.9-slim", "2021-08-16", "slim-bullseye", "3.9.6"),
        ("3.9-slim", TODAY, "slim-trixie", "3.9.25"),
        ("3.8-slim", TODAY, "slim-bookworm", "3.8.20"),
        ("3.6", TODAY, "bullseye", "3.6.15"),
        ("3.12.4-slim", TODAY, "slim-bookworm", "3.12.4"),
        ("3.12.4-alpine", TODAY, "alpine3.20", "3.12.4"),
        ("3.11.0", "2023-01-01", "bullseye", "3.11.0"),
        ("3", "2024-10-06", "bookworm", "3.12.7"),
        ("3", "2024-10-08", "bookworm", "3.13.0"),
        ("latest", "2026-09-30", "trixie", "3.14.7"),
        ("latest", TODAY, "trixie", "3.15.0"),
        ("3-slim-bullseye", TODAY, "slim-bullseye", "3.13.6"),
        ("2.7-alpine", TODAY, "alpine3.11", "2.7.18"),
        ("alpine3.19", TODAY, "alpine3.19", "3.13.1"),
        ("3.13-rc-slim", TODAY, "slim-bookworm", "3.13.0rc3"),
        ("rc-slim", "2019-09-01", "slim-buster", "3.8.0b3"),
        ("3.16-rc", TODAY, "trixie", "3.16.0a1"),
        ("3.7.0b1-alpine", TODAY, "alpine3.7", "3.7.0b1"),
        ("3-onbuild", TODAY, "onbuild", "3.6.6"),
    ],
)
def test_as_of(tag: str, day: str, line: str, version: str) -> None:
    found = resolve(tag, day)
    assert isinstance(found, Line)
    assert (found.name, found.version, found.status) == (line, version, "real")


@pytest.mark.parametrize(
    ("tag", "nearest"),
    [
        ("latest-slim", "slim"),
        ("latest-alpine", "alpine"),
        ("3.12-bookworm-slim", "3.12-slim-bookworm"),
        ("3.12-trixie-slim", "3.12-slim-trixie"),
        ("bookworm-slim", "slim-bookworm"),
        ("3.12-slim-alpine", "3.12-alpine"),
        ("3.12-alpine-slim", "3.12-alpine"),
        ("3.12-slim-jessie", "3.12-slim"),
        ("3.12-buster", "3.12"),
        ("3.12-alpine3.10", "3.12-alpine"),
        ("3.12-onbuild", "3.12"),
        ("3.12-focal", "3.12"),
        ("3.8.99", "3.8.20"),
        ("3.8.21-slim", "3.8.20-slim"),
        ("3.12.4-slim-trixie", "3.12.4-slim"),
        ("2.7.3", "2.7.7"),
        ("3.1", "3.2"),
        ("3.8-slim-trixie", "3.8-slim"),
    ],
)
def test_never(tag: str, nearest: str) -> None:
    found = resolve(tag, TODAY)
    assert isinstance(found, Missing)
    assert (found.status, found.nearest) == ("never", nearest)
    real = resolve(nearest, TODAY)
    assert isinstance(real, Line)
    assert real.status == "real"


@pytest.mark.parametrize(
    "tag",
    ["3.17", "3.16-slim", "4", "3.12-forky", "3.12-slim-forky", "3.12-alpine3.25", "3.12-distroless", "3.13t", "🐍"],
)
def test_newer_or_stranger_than_the_data_is_unknown(tag: str) -> None:
    found = resolve(tag, TODAY)
    assert isinstance(found, Missing)
    assert (found.status, found.nearest) == ("unknown", None)


@pytest.mark.parametrize(
    ("tag", "line", "version"),
    [
        ("3.12.15-slim", "slim-trixie", "3.12.15"),
        ("3.15.1", "trixie", "3.15.1"),
        ("3.15-bookworm", "bookworm", "3.15.0"),
        ("3.15-slim-bookworm", "slim-bookworm", "3.15.0"),
        ("3-slim-bookworm", "slim-bookworm", "3.14.7"),
    ],
)
def test_a_later_patch_or_variant_is_inferred(tag: str, line: str, version: str) -> None:
    found = resolve(tag, TODAY)
    assert isinstance(found, Line)
    assert (found.name, found.version) == (line, version)
    assert found.status == ("real" if tag == "3-slim-bookworm" else "inferred")


def test_before_its_time_a_tag_is_what_it_was_first() -> None:
    found = resolve("3.12-slim", "2020-01-01")
    assert isinstance(found, Line)
    assert (found.name, found.version, found.status) == ("slim-bookworm", "3.12.0", "inferred")


@pytest.mark.parametrize(
    ("tag", "day", "pip"),
    [
        ("3.6-slim", TODAY, "21.2.4"),
        ("3.7.2-slim", "2019-02-01", "19.0.1"),
        ("3.8-slim", "2020-01-01", "19.3.1"),
        ("3.11-slim", "2023-12-01", "23.2.1"),
        ("3.11-slim", TODAY, "24.0"),
        ("3.12-slim", "2024-08-10", "24.2"),
        ("3.13-slim", TODAY, "26.2.1"),
        ("3.14.4-slim", TODAY, "26.0.1"),
    ],
)
def test_pip(tag: str, day: str, pip: str) -> None:
    found = resolve(tag, day)
    assert isinstance(found, Line)
    assert found.pip == pip


def test_a_name_without_release_floats() -> None:
    floating = {tag: resolve(tag, TODAY) for tag in ("3.12", "slim", "3.12.4-alpine", "3.12-slim-trixie", "alpine3.20")}
    assert {tag: isinstance(line, Line) and line.floating for tag, line in floating.items()} == {
        "3.12": True,
        "slim": True,
        "3.12.4-alpine": True,
        "3.12-slim-trixie": False,
        "alpine3.20": False,
    }


def test_platforms_changed() -> None:
    def platforms(tag: str, day: str) -> tuple[str, ...]:
        found = resolve(tag, day)
        assert isinstance(found, Line)
        return found.platforms

    assert "linux/s390x" in platforms("3.12-slim-bookworm", "2026-08-03")
    assert "linux/s390x" not in platforms("3.12-slim-bookworm", "2026-08-05")
    assert "linux/riscv64" in platforms("3.12-slim-trixie", TODAY)


def test_lines_of_a_minor() -> None:
    assert [line.name for line in official_python.lines("3.12", TODAY)] == [
        "slim-trixie",
        "trixie",
        "slim-bookworm",
        "bookworm",
        "alpine3.24",
    ]
    assert [line.name for line in official_python.lines("3.8", TODAY)] == [
        "slim-bookworm",
        "bookworm",
        "slim-bullseye",
        "bullseye",
        "alpine3.20",
    ]
    assert official_python.lines("9.9", TODAY) == ()


_PREFIXES = ["latest", "3", "2", "4", "rc", "3.12", "3.12.4", "3.12.0rc1", "3.13-rc", "3.8.99", "3.99"]
_WORDS = ["slim", "alpine", "alpine3.20", "bookworm", "trixie", "forky", "onbuild", "windowsservercore"]
_TAGS = st.builds(
    lambda prefix, words: "-".join([*prefix, *words]),
    st.lists(st.sampled_from(_PREFIXES), max_size=1),
    st.lists(st.sampled_from(_WORDS), max_size=3),
)


@given(st.text(max_size=30) | _TAGS, st.dates().map(str))
def test_any_text_has_an_answer(tag: str, day: str) -> None:
    found = resolve(tag, day)
    if isinstance(found, Missing) and found.nearest is not None:
        assert found.status == "never"
        assert isinstance(resolve(found.nearest, day), Line)
