"""File names against packaging.utils and pip's own rules."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from fromlint.wheels import filename, versions

_part = st.sampled_from(
    ["foo", "Foo_Bar", "foo.bar", "1.0", "2", "1_post1", "py3", "cp312", "none", "any", "a b", "", "é"]
)


@pytest.mark.parametrize(
    "name",
    [
        "numpy-2.1.0-cp312-cp312-manylinux_2_17_x86_64.manylinux2014_x86_64.whl",
        "numpy-2.1.0-1-cp312-cp312-win_amd64.whl",
        "numpy-2.1.0-1local-cp312-cp312-win_amd64.whl",
        "Foo_Bar-1.0+cu118-py2.py3-none-any.whl",
        "foo__bar-1.0-py3-none-any.whl",
        "foo-1.0-x1-py3-none-any.whl",
        "foo-1.0-py3-none.whl",
        "foo-notaversion-py3-none-any.whl",
        "foo-1.0-py3-none-any.whl.asc",
    ],
)
def test_a_wheel_is_split_as_packaging_splits_it(name: str) -> None:
    _same(name)


@given(st.lists(_part, min_size=3, max_size=7).map("-".join))
@settings(max_examples=250, deadline=None)
def test_any_wheel_name_is_split_as_packaging_splits_it(stem: str) -> None:
    _same(stem + ".whl")


def _same(name: str) -> None:
    try:
        project, version, build, tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        found = filename.split(name, filename.normalised(name.split("-")[0]))
        # What is left of packaging's checks cannot match a tag, or has no version.
        if found is not None:
            pythons, abis, platforms = filename.tag_sets(found.tags)
            parts = (*pythons, *abis, *platforms)
            assert versions.parse(found.version) is None or "" in parts or not all(map(str.isidentifier, pythons))
        return
    found = filename.split(name, project)
    assert found is not None
    assert versions.parse(found.version) == versions.parse(str(version))
    assert found.build == (build or None)
    pythons, abis, platforms = filename.tag_sets(found.tags)
    assert {str(tag) for tag in tags} == {f"{a}-{b}-{c}".lower() for a in pythons for b in abis for c in platforms}


@pytest.mark.parametrize(
    ("name", "project", "expected"),
    [
        ("foo-bar-1.0.tar.gz", "foo-bar", "1.0"),
        ("foo__bar-1.0.zip", "foo-bar", "1.0"),
        ("Foo.Bar-1.0.tar.bz2", "foo-bar", "1.0"),
        ("foo-bar-1.0.tar.gz", "foo", "bar-1.0"),
        ("foo-1.0-py2.7.tar.gz", "foo", "1.0"),
        ("foo-1.0.egg", "foo", None),
        ("foo-1.0.win32-py2.7.exe", "foo", None),
        ("foo-1.0.rpm", "foo", None),
        ("foo-1.0-macosx10.zip", "foo", None),
        ("bar-1.0.tar.gz", "foo", None),
        ("foo.tar.gz", "foo", None),
        ("foo-.tar.gz", "foo", None),
        ("", "foo", None),
    ],
)
def test_an_sdist_gives_its_version(name: str, project: str, expected: str | None) -> None:
    found = filename.split(name, project)
    assert (found.version if found else None) == expected


def test_an_old_sdist_names_its_python() -> None:
    found = filename.split("foo-1.0-py2.7.tar.gz", "foo")
    assert found is not None
    assert found.python == "2.7"


@given(st.text(max_size=40), st.sampled_from(["", ".whl", ".tar.gz", ".zip"]), st.text(max_size=10))
@settings(max_examples=250, deadline=None)
def test_no_name_is_too_odd(stem: str, ending: str, project: str) -> None:
    filename.split(stem + ending, project)
    filename.split("-" * 3000 + ending, project)


@given(st.text(alphabet="aB1-_.", max_size=12))
@settings(max_examples=200, deadline=None)
def test_names_are_normalised_as_packaging_does(name: str) -> None:
    assert filename.normalised(name) == canonicalize_name(name)
